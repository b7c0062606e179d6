"""Transfers: converting credits from one facility to another."""

from __future__ import annotations


def new_credits(cents: int, price_cents: int) -> int:
    """The credits that an amount buys at another facility's price, rounded up."""
    return -(-cents // price_cents)
