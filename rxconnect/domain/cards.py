"""Stored cards: what we keep (a processor's token, brand, last four, expiry), never a number or a CVV."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rxconnect.domain import clock

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
    """A card number that is published for testing, which the demonstration shows. No bank ever issued it."""

    number: str
    explanation: str


def label(brand: str, last_four: str) -> str:
    """`visa`, `4242` -> `Visa ending 4242`."""
    return f"{BRANDS.get(brand, brand.capitalize())} ending {last_four}"


def expiry_text(month: int, year: int) -> str:
    """`4`, `2029` -> `04/29`."""
    return f"{month:02d}/{year % 100:02d}"


def read_expiry(text: str) -> tuple[int, int]:
    """`04/29` -> `(4, 2029)`. The text must have passed `expiry_problem`."""
    read = _EXPIRY.fullmatch(text.strip())
    assert read
    return int(read[1]), 2000 + int(read[2])


def expiry_problem(text: str) -> str:
    """What is wrong with an expiry date as typed, in a sentence; "" if nothing is."""
    if not _EXPIRY.fullmatch(text.strip()):
        return "Enter the expiry date as it stands on the card: month and year, like 04/29."
    month, year = read_expiry(text)
    if is_expired(month, year):
        return "This date has passed. Check the expiry date on the card."
    if year > clock.now().year + _YEARS_AHEAD:
        return "Check the year: it is further ahead than any card's."
    return ""


def postcode_problem(text: str) -> str:
    """What is wrong with a billing ZIP code as typed, in a sentence; "" if nothing is."""
    if _POSTCODE.fullmatch(text.strip()):
        return ""
    return "Enter the ZIP code of the card's billing address: five digits, like 99362."


def is_expired(month: int, year: int) -> bool:
    """Whether a card has expired. It is valid through the last day of its month."""
    today = clock.now()
    return (year, month) < (today.year, today.month)


def grouped(number: str) -> str:
    """A number the way it stands on a card: in fours, or 4-6-5 on an American Express."""
    cuts = (4, 10, 15) if len(number) == 15 else (4, 8, 12, 16)
    return " ".join(number[start:end] for start, end in zip((0, *cuts), cuts, strict=False))
