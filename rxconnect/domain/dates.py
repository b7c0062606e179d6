"""Formats dates and times for people. Times at a facility are in the facility's own time zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from rxconnect.domain import clock
from rxconnect.i18n import N_, _, counted

_MONTHS = (
    N_("Jan"),
    N_("Feb"),
    N_("Mar"),
    N_("Apr"),
    N_("May"),
    N_("Jun"),
    N_("Jul"),
    N_("Aug"),
    N_("Sep"),
    N_("Oct"),
    N_("Nov"),
    N_("Dec"),
)

_FULL_MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)


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
    return _(_MONTHS[day.month - 1])


def month_and_year(day: date) -> str:
    """`March 2026`."""
    return _("{month} {year}").format(month=_(_FULL_MONTHS[day.month - 1]), year=day.year)


def full_date(day: date) -> str:
    """`Mar 3, 2026`."""
    return _with_year(day)


def day_of_month(day: date) -> str:
    """`Mar 3`."""
    return _("{month} {day}").format(month=month(day), day=day.day)


def _with_year(local: date) -> str:
    return _("{month} {day}, {year}").format(month=month(local), day=local.day, year=local.year)


def _time(local: datetime) -> str:
    clock_time = _("{hour}:{minute} AM") if local.hour < 12 else _("{hour}:{minute} PM")
    return clock_time.format(hour=local.hour % 12 or 12, minute=f"{local:%M}")
