"""Yearly statements: what a family paid, got back and used in one year, facility by facility."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rxconnect.i18n import _, number_text


def small_print() -> str:
    """The notes that explain a statement's figures."""
    return _(
        "Each facility's year is the one on its own calendar, as on your receipts. A refund stands on the day it was asked "
        "for; your bank may show it days later. Credits that are set aside for a message count until it is delivered."
    )


@dataclass(frozen=True, slots=True)
class CreditChange:
    """The sum of one category of changes to the credits at a facility in a year. `credits` is signed text."""

    label: str
    credits: str


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line of a statement. `credits` and `amount` are signed text; either is "" where it does not apply."""

    date: str
    what: str
    about: str
    credits: str
    amount: str


@dataclass(frozen=True, slots=True)
class FacilityYear:
    """A year at one facility, on the facility's own calendar. Credits include those that are set aside.

    `opening` plus all changes is `closing`. `taken_back_cents` is what a bank took back, less what it returned.
    `hidden` counts the lines that were left out of `lines`.
    """

    facility_id: int
    facility: str
    facility_place: str
    opening: int
    changes: list[CreditChange]
    closing: int
    paid_cents: int
    refunded_cents: int
    taken_back_cents: int
    lines: list[StatementLine]
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class StatementView:
    """A year of an account's money and credits. `as_of` is today's date while the year is not over, then "".

    It is made from the ledger alone, so a past year never changes. `taken_back` is "" when it is zero.
    """

    year: int
    name: str
    as_of: str
    paid: str
    refunded: str
    taken_back: str
    kept: str
    facilities: list[FacilityYear]


def year_bounds(year: int, zone: str) -> tuple[datetime, datetime]:
    """The start of a year in a time zone, and the start of the next year."""
    return datetime(year, 1, 1, tzinfo=ZoneInfo(zone)), datetime(year + 1, 1, 1, tzinfo=ZoneInfo(zone))


def signed_credits(credits: int) -> str:
    """A change of credits: `40` -> `+40`, `-10` -> `−10`."""
    return f"{'+' if credits > 0 else '−'}{number_text(abs(credits))}" if credits else "0"
