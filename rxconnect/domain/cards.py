"""Stored cards: what we keep (a processor's token, brand, last four, expiry), never a number or a CVV."""

from __future__ import annotations

from dataclasses import dataclass

BRANDS = {"visa": "Visa", "mastercard": "Mastercard", "amex": "American Express", "discover": "Discover"}


@dataclass(frozen=True, slots=True)
class CardView:
    """A stored card as shown. `expiry` is `MM/YY`."""

    id: int
    brand: str
    last_four: str
    label: str
    expiry: str
    postcode: str
    is_expired: bool
    is_default: bool


def label(brand: str, last_four: str) -> str:
    """`visa`, `4242` -> `Visa ending 4242`."""
    return f"{BRANDS.get(brand, brand.capitalize())} ending {last_four}"
