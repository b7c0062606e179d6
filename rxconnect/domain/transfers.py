"""Transfers: converting credits from one facility to another, and the read model."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TransferView:
    """`credits` at one facility became `new_credits` at another, worth the same `amount`."""

    id: int
    at: str
    from_facility: str
    to_facility: str
    credits: int
    new_credits: int
    amount: str


def new_credits(cents: int, price_cents: int) -> int:
    """The credits that an amount buys at another facility's price, rounded up."""
    return -(-cents // price_cents)
