"""Transfers: what credits of one facility are at another, and how a transfer is shown."""

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
    """How many credits so many cents are at another facility's price. A part of one counts as a whole one."""
    return -(-cents // price_cents)
