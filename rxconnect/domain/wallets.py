"""Wallets: an account's credits at a facility."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WalletView:
    """Credits at one facility.

    `held` are set aside for messages that are not yet decided, `frozen` while a bank looks into a payment.
    """

    facility_id: int
    facility_key: str
    facility: str
    price: str
    credits: int
    held: int
    frozen: int
    is_open: bool
