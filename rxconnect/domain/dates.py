"""Dates and times as people read them. Times at a facility are in the facility's own time zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rxconnect.domain import clock
from rxconnect.domain.text import count


def full(moment: datetime, zone: str) -> str:
    """Day and time, for a timeline or a receipt: `Mar 3, 2026, 3:42 PM PST`."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{_day(local)}, {local.year}, {_time(local)} {local.tzname()}"


def day(moment: datetime, zone: str) -> str:
    """The day alone, for a statement: `Mar 3, 2026`."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{_day(local)}, {local.year}"


def short(moment: datetime, zone: str) -> str:
    """For a list: `3:42 PM` today, `Mar 3` this year, else `Mar 3, 2025`."""
    local, today = moment.astimezone(ZoneInfo(zone)), clock.now().astimezone(ZoneInfo(zone))
    if local.date() == today.date():
        return _time(local)
    return _day(local) if local.year == today.year else f"{_day(local)}, {local.year}"


def ago(moment: datetime) -> str:
    """How long since: `just now`, `1 minute ago`, `5 hours ago`, `3 days ago`."""
    minutes = int((clock.now() - moment) / timedelta(minutes=1))
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{count(minutes, 'minute')} ago"
    if minutes < 24 * 60:
        return f"{count(minutes // 60, 'hour')} ago"
    return f"{count(minutes // (24 * 60), 'day')} ago"


def _day(local: datetime) -> str:
    return f"{local:%b} {local.day}"


def _time(local: datetime) -> str:
    return f"{local.hour % 12 or 12}:{local:%M %p}"
