"""Stored cards: a processor's token, brand, last four digits and expiry, but never a number or a CVV."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rxconnect.domain import clock
from rxconnect.domain.problems import Fact, Problem
from rxconnect.i18n import _

BRANDS = {"visa": "Visa", "mastercard": "Mastercard", "amex": "American Express", "discover": "Discover"}

# As printed on the card, or without the slash, which a phone's number pad lacks: 12/30, 12 / 2030, 1230.
_EXPIRY = re.compile(r"(0[1-9]|1[0-2]|[1-9](?=[\s/]))\s*/?\s*(?:20)?([0-9]{2})")
_POSTCODE = re.compile(r"[0-9]{5}(-[0-9]{4})?")
# No card is valid for longer, so a later year is a typing error.
_YEARS_AHEAD = 20


@dataclass(frozen=True, slots=True)
class CardView:
    """A stored card as shown. `expiry` is `MM/YY`; `reloads` names the facilities whose auto-reload it pays for."""

    id: int
    brand: str
    last_four: str
    label: str
    expiry: str
    postcode: str
    is_expired: bool
    is_default: bool
    reloads: list[str]


@dataclass(frozen=True, slots=True)
class TestCard:
    """A card number that is published for testing, as the demonstration shows it. No bank has issued it."""

    number: str
    explanation: str


def card_label(brand: str, last_four: str) -> str:
    """`visa`, `4242` -> `Visa ending 4242`."""
    return _("{brand} ending {digits}").format(brand=BRANDS.get(brand, brand.capitalize()), digits=last_four)


def expiry_text(month: int, year: int) -> str:
    """`4`, `2029` -> `04/29`."""
    return f"{month:02d}/{year % 100:02d}"


def read_expiry(text: str) -> tuple[int, int]:
    """`04/29` -> `(4, 2029)`. The text must have passed `expiry_problem`."""
    read = _EXPIRY.fullmatch(text.strip())
    assert read
    return int(read[1]), 2000 + int(read[2])


def expiry_problem(text: str) -> Fact | None:
    """The problem with a typed expiry date; None when it is valid."""
    if not _EXPIRY.fullmatch(text.strip()):
        return Problem.EXPIRY_UNREADABLE()
    month, year = read_expiry(text)
    if is_expired(month, year):
        return Problem.EXPIRY_PAST()
    return Problem.EXPIRY_TOO_FAR() if year > clock.now().year + _YEARS_AHEAD else None


def postcode_problem(text: str) -> Fact | None:
    """The problem with a typed billing ZIP code; None when it is valid."""
    return None if _POSTCODE.fullmatch(text.strip()) else Problem.POSTCODE_UNREADABLE()


def is_expired(month: int, year: int) -> bool:
    """Whether a card has expired. It is valid through the last day of its month."""
    today = clock.now()
    return (year, month) < (today.year, today.month)


def grouped_number(number: str) -> str:
    """A card number with spaces, as printed on the card: in fours, or 4-6-5 for American Express."""
    cuts = (4, 10, 15) if len(number) == 15 else (4, 8, 12, 16)
    return " ".join(number[start:end] for start, end in zip((0, *cuts), cuts, strict=False))
