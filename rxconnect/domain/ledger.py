"""The ledger's terms: kinds of accounts and of journals, the entries of a journal, and the report of a check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rxconnect.i18n import N_, _


class Unit(StrEnum):
    """The unit of an account. Every journal balances in each unit."""

    CENT = "cent"
    CREDIT = "credit"


class AccountKind(StrEnum):
    """A kind of ledger account.

    Cents come from `processor` into a facility's `takings`, wait in an account's `refunding` while they are on their
    way back to its card, and return to `processor`. Credits come from a facility's `issued` into an account's `wallet`
    there, wait in its `hold` while a message is undecided and in `frozen` while a bank disputes them, and end in the
    facility's `earned`, or in `issued` again when they are refunded. `processor` and `issued` stand for the world
    outside, so their balances are negative; no other kind's balance may be.
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
        """The unit of this kind of account."""
        in_cents = (AccountKind.PROCESSOR, AccountKind.TAKINGS, AccountKind.REFUNDING)
        return Unit.CENT if self in in_cents else Unit.CREDIT

    @property
    def label(self) -> str:
        """What staff call it."""
        return _(_ACCOUNTS[self])

    @property
    def floor(self) -> int | None:
        """The lowest allowed balance; None for no limit."""
        return None if self in (AccountKind.PROCESSOR, AccountKind.ISSUED) else 0


_ACCOUNTS = {
    AccountKind.PROCESSOR: N_("Card processor"),
    AccountKind.TAKINGS: N_("Takings"),
    AccountKind.REFUNDING: N_("On the way back"),
    AccountKind.ISSUED: N_("Sold"),
    AccountKind.WALLET: N_("Wallet"),
    AccountKind.HOLD: N_("Set aside for messages"),
    AccountKind.FROZEN: N_("Frozen"),
    AccountKind.EARNED: N_("Charged"),
}


class JournalGroup(StrEnum):
    """The kind of object that a journal is about. The value is the prefix of the journal's subject."""

    PURCHASE = "purchase"
    MESSAGE = "message"
    REFUND = "refund"
    TRANSFER = "transfer"
    DISPUTE = "dispute"

    def subject(self, about: int | str | None) -> str:
        """The subject of the journals about one purchase, message and so on: `refund:8f3c`."""
        return f"{self}:{about}"


class JournalKind(StrEnum):
    """The reason why a journal was posted, as the database stores it.

    A new kind needs a row in `_KINDS`, and in each table that reads kinds: `tests/services/test_journal_kinds.py` walks
    over all kinds and names the tables. The check of the ledger reports an unknown kind.
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
        """The kind of object that journals of this kind are about."""
        return _KINDS[self][0]

    @property
    def label(self) -> str:
        """The label in a yearly statement; "" for a kind that has no line there."""
        return _(_KINDS[self][1]) if _KINDS[self][1] else ""

    def subject(self, about: int | str | None) -> str:
        """The subject of a journal of this kind: `refund:8f3c`."""
        return self.group.subject(about)


_KINDS = {
    JournalKind.PURCHASE: (JournalGroup.PURCHASE, N_("Credits bought")),
    JournalKind.HOLD: (JournalGroup.MESSAGE, ""),
    JournalKind.SPEND: (JournalGroup.MESSAGE, ""),
    JournalKind.GIVE_BACK: (JournalGroup.MESSAGE, ""),
    JournalKind.REFUND: (JournalGroup.REFUND, N_("Refund asked for")),
    # A statement shows a refund on the day when it was requested.
    JournalKind.REFUND_PAID: (JournalGroup.REFUND, ""),
    JournalKind.REFUND_FAILED: (JournalGroup.REFUND, N_("Refund not possible, credits returned")),
    JournalKind.CORRECTION: (JournalGroup.REFUND, N_("Charged by mistake")),
    JournalKind.TRANSFER: (JournalGroup.TRANSFER, N_("Credits moved")),
    JournalKind.DISPUTE: (JournalGroup.DISPUTE, N_("Payment reversed by your bank")),
    JournalKind.DISPUTE_WON: (JournalGroup.DISPUTE, N_("Dispute settled, the payment stands")),
    JournalKind.DISPUTE_LOST: (JournalGroup.DISPUTE, N_("Dispute settled, the credits are gone")),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a journal: `amount` (never zero) goes into an account, or out of it when negative."""

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
