"""The ledger's words: kinds of accounts, entries of a journal, and the report that proves it all balances."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What an account counts. The two never mix: each journal balances in both."""

    CENT = "cent"
    CREDIT = "credit"


class AccountKind(StrEnum):
    """A kind of ledger account.

    Cents come from `processor` into a facility's `takings`, wait in an account's `refunding` while they are on their
    way back to its card, and return to `processor`. Credits come from a facility's `issued` into an account's `wallet`
    there, wait in its `hold` while a message is undecided and in `frozen` while a bank disputes them, and end in the
    facility's `earned`, or in `issued` again when they are refunded. `processor` and `issued` are the world outside,
    so they run below zero; no other kind may.
    """

    PROCESSOR = "processor"
    TAKINGS = "takings"
    REFUNDING = "refunding"
    ISSUED = "issued"
    WALLET = "wallet"
    HOLD = "hold"
    FROZEN = "frozen"
    EARNED = "earned"

    @property
    def unit(self) -> Unit:
        """What this kind of account counts."""
        in_cents = (AccountKind.PROCESSOR, AccountKind.TAKINGS, AccountKind.REFUNDING)
        return Unit.CENT if self in in_cents else Unit.CREDIT

    @property
    def floor(self) -> int | None:
        """The least its balance may be; None for no limit."""
        return None if self in (AccountKind.PROCESSOR, AccountKind.ISSUED) else 0


@dataclass(frozen=True, slots=True)
class Entry:
    """`amount` (never zero) into an account, or out of it when negative."""

    kind: AccountKind
    amount: int
    owner_id: int = 0
    facility_id: int = 0

    @property
    def account(self) -> tuple[str, int, int]:
        """What names the account: every writer touches accounts in this order, so that none waits in a circle."""
        return (self.kind, self.owner_id, self.facility_id)


@dataclass(frozen=True, slots=True)
class Total:
    """The balances of all accounts of a kind together."""

    kind: str
    unit: str
    accounts: int
    balance: int


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """What a check of the whole ledger found. Each difference is a sentence for the operator."""

    journals: int
    postings: int
    totals: list[Total]
    differences: list[str]

    @property
    def is_sound(self) -> bool:
        """Whether nothing is amiss."""
        return not self.differences
