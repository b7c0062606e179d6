"""Wallets: an account's credits at a facility."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WalletView:
    """Credits at one facility.

    `held` credits are set aside for undecided messages, `frozen` ones while a bank looks into a payment.
    """

    facility_id: int
    facility_key: str
    facility: str
    # The name for narrow places.
    facility_short: str
    price: str
    credits: int
    held: int
    frozen: int
    is_open: bool
