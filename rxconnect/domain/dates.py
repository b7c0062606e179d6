"""Formats dates and times for people, as their language does. Times at a facility are in the facility's own time zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from rxconnect.domain import clock
from rxconnect.i18n import _, counted, day_text, time_text

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def day_and_time(moment: datetime, zone: str) -> str:
    """Day and time, for a timeline or a receipt: `Mar 3, 2026, 3:42 PM PST`."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{_with_year(local)}, {_time(local)} {local.tzname()}"


def time_of_day(moment: datetime, zone: str) -> str:
    """The time alone: `6:00 PM PST`."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{_time(local)} {local.tzname()}"


def day_and_year(moment: datetime, zone: str) -> str:
    """The day alone, for a statement: `Mar 3, 2026`."""
    return _with_year(moment.astimezone(ZoneInfo(zone)))


def iso_day(moment: datetime, zone: str) -> str:
    """The day alone, in the name of a file: `2026-03-03`."""
    return moment.astimezone(ZoneInfo(zone)).date().isoformat()


def short_date(moment: datetime, zone: str) -> str:
    """A short form for lists: `3:42 PM` today, `Mar 3` this year, else `Mar 3, 2025`."""
    local, today = moment.astimezone(ZoneInfo(zone)), clock.now().astimezone(ZoneInfo(zone))
    if local.date() == today.date():
        return _time(local)
    return day_of_month(local) if local.year == today.year else _with_year(local)


def short_day(moment: datetime, zone: str) -> str:
    """The day alone, in a sentence: `Mar 3` this year, else `Mar 3, 2025`."""
    local, today = moment.astimezone(ZoneInfo(zone)), clock.now().astimezone(ZoneInfo(zone))
    return day_of_month(local) if local.year == today.year else _with_year(local)


def day_heading(moment: datetime, zone: str) -> str:
    """The day above its letters: `Today`, `Yesterday`, `Tuesday, Mar 3` this year, else `Tuesday, Mar 3, 2025`."""
    local, today = moment.astimezone(ZoneInfo(zone)), clock.now().astimezone(ZoneInfo(zone))
    if local.date() == today.date():
        return _("Today")
    if local.date() == today.date() - timedelta(days=1):
        return _("Yesterday")
    year, english_year = ("", "") if local.year == today.year else ("y", f", {local.year}")
    english = f"{_WEEKDAYS[local.weekday()]}, {_short_month(local)} {local.day}{english_year}"
    return day_text(local, f"{year}MMMEd", english)


def ago(moment: datetime) -> str:
    """The time since `moment`: `just now`, `1 minute ago`, `5 hours ago`, `3 days ago`."""
    minutes = int((clock.now() - moment) / timedelta(minutes=1))
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return counted("{count} minute ago", "{count} minutes ago", minutes)
    if minutes < 24 * 60:
        return counted("{count} hour ago", "{count} hours ago", minutes // 60)
    return counted("{count} day ago", "{count} days ago", minutes // (24 * 60))


def duration(length: timedelta) -> str:
    """A duration, rounded up: `30 seconds`, `5 minutes`."""
    seconds = max(1, -(-length // timedelta(seconds=1)))
    if seconds < 60:
        return counted("{count} second", "{count} seconds", seconds)
    return counted("{count} minute", "{count} minutes", -(-seconds // 60))


def approximate_duration(length: timedelta) -> str:
    """A longer duration, rounded down: `5 minutes`, `3 hours`, `2 days`. Less than a minute is `1 minute`."""
    minutes = max(1, int(length / timedelta(minutes=1)))
    if minutes < 60:
        return counted("{count} minute", "{count} minutes", minutes)
    hours = minutes // 60
    if hours < 48:
        return counted("{count} hour", "{count} hours", hours)
    return counted("{count} day", "{count} days", hours // 24)


def month(day: date) -> str:
    """`Mar`."""
    return day_text(day, "MMM", _short_month(day))


def month_and_year(day: date) -> str:
    """`March 2026`."""
    return day_text(day, "yMMMM", f"{_MONTHS[day.month - 1]} {day.year}")


def full_date(day: date) -> str:
    """`Mar 3, 2026`."""
    return _with_year(day)


def day_of_month(day: date) -> str:
    """`Mar 3`."""
    return day_text(day, "MMMd", f"{_short_month(day)} {day.day}")


def _with_year(local: date) -> str:
    return day_text(local, "yMMMd", f"{_short_month(local)} {local.day}, {local.year}")


def _time(local: datetime) -> str:
    return time_text(local, f"{local.hour % 12 or 12}:{local:%M} {'AM' if local.hour < 12 else 'PM'}")


def _short_month(day: date) -> str:
    return _MONTHS[day.month - 1][:3]
