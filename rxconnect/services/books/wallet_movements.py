"""Journals of one wallet in plain words, in the order of the ledger, each with the balances after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, case, cast, func
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from rxconnect.domain import dates, money
from rxconnect.domain.ledger import AccountKind, JournalKind
from rxconnect.domain.messages import ItemKind
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.purchases import receipt_number
from rxconnect.models import Facility, Item, Journal, LedgerAccount, Posting, Transfer

IN_WALLET = (AccountKind.WALLET, AccountKind.HOLD, AccountKind.FROZEN)
_ROWS_AT_ONCE = 500
# Other kinds move nothing in a wallet, except a transfer, which has a sentence for each end (`_transfer_sentence`).
_SENTENCES: dict[str, str] = {
    JournalKind.PURCHASE: "{credits} bought for {cents}, receipt {number}.",
    JournalKind.HOLD: "{credits} set aside for message {about}.",
    JournalKind.SPEND: "{credits} spent: message {about} was delivered.",
    JournalKind.GIVE_BACK: "{credits} returned: message {about} was not delivered.",
    JournalKind.REFUND: "{credits} refunded: {cents} set aside for the card.",
    JournalKind.REFUND_FAILED: "{credits} returned: the card did not take {cents} back.",
    JournalKind.DISPUTE: "{credits} frozen: the buyer’s bank took {cents} back (dispute {about}).",
    JournalKind.DISPUTE_WON: "{credits} returned: the bank gave {cents} back (dispute {about}).",
    JournalKind.DISPUTE_LOST: "{credits} gone: the bank reversed the payment for good (dispute {about}).",
}
# Of the reply credit of a message.
_ANSWER_SENTENCES: dict[str, str] = {
    JournalKind.HOLD: "{credits} set aside for the answer to message {about}.",
    JournalKind.SPEND: "{credits} spent: the answer to message {about} was delivered.",
    JournalKind.GIVE_BACK: "{credits} returned: no answer to message {about}.",
}


@dataclass(frozen=True, slots=True)
class WalletMovement:
    """A journal's effect on one wallet: the credits moved, and the balances after it (None where nothing moved).

    `cents` is the amount that it moved between this facility's takings and other accounts, and `key` its idempotency key.
    """

    kind: str
    subject: str
    at: datetime
    wallet: int
    held: int
    frozen: int
    wallet_after: int | None
    held_after: int | None
    frozen_after: int | None
    cents: int
    key: str

    @property
    def about(self) -> str:
        """The id in the subject: `message:7` -> `7`."""
        return self.subject.partition(":")[2]


def movements(
    session: Session, owner_id: int | None, facility_id: int | None, *subjects: str
) -> Iterator[WalletMovement]:
    """The journals of a wallet in the order of the ledger; with `subjects`, only the journals about those."""
    amount, after = col(Posting.amount), col(Posting.balance_after)
    moved = [_sum_of(kind, amount) for kind in IN_WALLET]
    balances = [func.max(case((col(LedgerAccount.kind) == kind, after))) for kind in IN_WALLET]
    takings = (
        select(func.coalesce(cast(func.sum(func.abs(Posting.amount)), BigInteger), 0))
        .join(LedgerAccount, col(LedgerAccount.id) == Posting.account_id)
        .where(Posting.journal_id == Journal.id)
        .where(LedgerAccount.kind == AccountKind.TAKINGS, LedgerAccount.facility_id == facility_id)
        .correlate(Journal)
        .scalar_subquery()
    )
    journals = (
        select(Journal.kind, Journal.subject, Journal.created_at, *moved, *balances, takings, Journal.idempotency_key)  # type: ignore[call-overload]
        .join(Posting, col(Posting.journal_id) == Journal.id)
        .join(LedgerAccount, col(LedgerAccount.id) == Posting.account_id)
        .where(LedgerAccount.owner_id == owner_id, LedgerAccount.facility_id == facility_id)
        .where(col(LedgerAccount.kind).in_(IN_WALLET))
        .group_by(Journal.id, Journal.kind, Journal.subject, Journal.created_at, Journal.idempotency_key)
        # Postings get their ids after their accounts are locked, so their order is the order of the balances.
        .order_by(func.min(Posting.id))
    )
    if subjects:
        journals = journals.where(col(Journal.subject).in_(subjects))
    for row in session.exec(journals, execution_options={"yield_per": _ROWS_AT_ONCE}):
        yield WalletMovement(*row)


def _sum_of(kind: AccountKind, amount: Mapped[int]) -> ColumnElement[int]:
    return cast(func.sum(case((col(LedgerAccount.kind) == kind, amount), else_=0)), BigInteger)


def movement_sentence(session: Session, movement: WalletMovement, facility: Facility) -> str:
    """A sentence about a journal's effect on a wallet."""
    if movement.kind == JournalKind.TRANSFER:
        return _transfer_sentence(session, movement, facility)
    credits, cents = (
        money.credits(abs(movement.wallet or movement.held or movement.frozen)),
        money.dollars(movement.cents),
    )
    sentences = _ANSWER_SENTENCES if _is_about_answer(session, movement) else _SENTENCES
    if movement.kind in sentences:
        number = receipt_number(movement.about)
        return sentences[movement.kind].format(credits=credits, cents=cents, about=movement.about, number=number)
    # An unknown kind still gets a sentence, because it is a reason to look closer.
    came = "came" if movement.wallet + movement.held + movement.frozen > 0 else "went"
    return f"{credits} {came} ({movement.kind}, {movement.subject})."


def _is_about_answer(session: Session, movement: WalletMovement) -> bool:
    """Whether a journal moved the reply credit of a message: its key then names that item."""
    group, _colon, rest = movement.key.partition(":")
    item = session.get(Item, whole_number(rest.partition(":")[0]) or 0) if group == "item" else None
    return item is not None and item.kind == ItemKind.REPLY


def _transfer_sentence(session: Session, movement: WalletMovement, facility: Facility) -> str:
    transfer = session.get(Transfer, whole_number(movement.about) or 0)
    credits, cents = money.credits(abs(movement.wallet)), money.dollars(movement.cents)
    if transfer is None:
        return f"{credits} moved in a transfer that does not exist ({movement.subject})."
    if transfer.from_facility_id == facility.id:
        other = session.get_one(Facility, transfer.to_facility_id).name
        return f"{credits}, worth {cents}, moved to {other}, where they became {money.credits(transfer.new_credits)}."
    other = session.get_one(Facility, transfer.from_facility_id).name
    return f"{credits}, worth {cents}, came from {other}, where they were {money.credits(transfer.credits)}."


def local_time(moment: datetime, facility: Facility) -> str:
    """A time, formatted in the facility's time zone."""
    return dates.day_and_time(moment, facility.time_zone)
