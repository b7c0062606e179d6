"""The ledger's terms: kinds of accounts and of journals, the entries of a journal, and the report of a check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What an account counts. Every journal balances in each unit."""

    CENT = "cent"
    CREDIT = "credit"


class AccountKind(StrEnum):
    """A kind of ledger account.

    Cents come from `processor` into a facility's `takings`, wait in an account's `refunding` while they are on their
    way back to its card, and return to `processor`. Credits come from a facility's `issued` into an account's `wallet`
    there, wait in its `hold` while a message is undecided and in `frozen` while a bank disputes them, and end in the
    facility's `earned`, or in `issued` again when they are refunded. `processor` and `issued` stand for the world outside,
    so their balances are negative; no other kind's balance may be.
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


class JournalGroup(StrEnum):
    """What a journal is about. The value is the word that its subject begins with."""

    PURCHASE = "purchase"
    MESSAGE = "message"
    REFUND = "refund"
    TRANSFER = "transfer"
    DISPUTE = "dispute"

    def subject(self, about: int | str | None) -> str:
        """The subject of the journals about one purchase, message and so on: `refund:8f3c`."""
        return f"{self}:{about}"


class JournalKind(StrEnum):
    """Why a journal was posted. The value is what the database keeps.

    A new kind needs a row in `_KINDS`, and in each table that reads kinds: the walk over all kinds in
    `tests/services/test_journal_kinds.py` names the tables. The check of the ledger reports a kind that is not listed here.
    """

    PURCHASE = "purchase"
    HOLD = "hold"
    SPEND = "spend"
    GIVE_BACK = "give back"
    REFUND = "refund"
    REFUND_PAID = "refund paid"
    REFUND_FAILED = "refund failed"
    CORRECTION = "correction"
    TRANSFER = "transfer"
    DISPUTE = "dispute"
    DISPUTE_WON = "dispute won"
    DISPUTE_LOST = "dispute lost"

    @property
    def group(self) -> JournalGroup:
        """What journals of this kind are about."""
        return _KINDS[self][0]

    @property
    def label(self) -> str:
        """What a yearly statement calls it; "" for a kind that has no line there."""
        return _KINDS[self][1]

    def subject(self, about: int | str | None) -> str:
        """The subject of a journal of this kind: `refund:8f3c`."""
        return self.group.subject(about)


_KINDS = {
    JournalKind.PURCHASE: (JournalGroup.PURCHASE, "Credits bought"),
    JournalKind.HOLD: (JournalGroup.MESSAGE, ""),
    JournalKind.SPEND: (JournalGroup.MESSAGE, ""),
    JournalKind.GIVE_BACK: (JournalGroup.MESSAGE, ""),
    JournalKind.REFUND: (JournalGroup.REFUND, "Refund asked for"),
    # The statement dates a refund by the day it was asked for.
    JournalKind.REFUND_PAID: (JournalGroup.REFUND, ""),
    JournalKind.REFUND_FAILED: (JournalGroup.REFUND, "Refund not possible, credits returned"),
    JournalKind.CORRECTION: (JournalGroup.REFUND, "Charged by mistake"),
    JournalKind.TRANSFER: (JournalGroup.TRANSFER, "Credits moved"),
    JournalKind.DISPUTE: (JournalGroup.DISPUTE, "Payment taken back by your bank"),
    JournalKind.DISPUTE_WON: (JournalGroup.DISPUTE, "Dispute settled, the payment stands"),
    JournalKind.DISPUTE_LOST: (JournalGroup.DISPUTE, "Dispute settled, the credits are gone"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """`amount` (never zero) into an account, or out of it when negative."""

    kind: AccountKind
    amount: int
    owner_id: int = 0
    facility_id: int = 0

    @property
    def account(self) -> tuple[str, int, int]:
        """The account's key. Every writer locks accounts in this order, so that writers cannot deadlock."""
        return (self.kind, self.owner_id, self.facility_id)


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of the balances of all accounts of a kind."""

    kind: str
    unit: str
    accounts: int
    balance: int


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """The result of a check of the whole ledger. Each difference is a sentence for the operator."""

    journals: int
    postings: int
    totals: list[Total]
    differences: list[str]

    @property
    def is_sound(self) -> bool:
        """Whether no difference was found."""
        return not self.differences
