"""Payouts of refunds: the calls to the processor. An idempotency key makes repeated calls pay only once.

When the processor cannot pay a refund, the credits return to the wallet, or are written off if the buyer's bank has
taken the money meanwhile. These services open their own short transactions, none of them around the processor.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, or_, update
from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.domain.clock import now
from rxconnect.domain.ledger import AccountKind, Entry, JournalKind
from rxconnect.domain.refunds import RefundStatus
from rxconnect.models import Journal, Purchase, Refund
from rxconnect.payments.port import ProcessorUnavailable, RefundOutcome, RefundState
from rxconnect.services.money import ledger, lots, processor
from rxconnect.services.refunds import disputed_lots, refund_emails
from rxconnect.services.scheduling.batches import Batch

# The time for one process to make a refund before another retries it, the same as for a charge. A retry pays only once.
LEASE = timedelta(seconds=40)
# An accepted refund may take days. We poll it this often.
_PATIENCE = timedelta(hours=1)
_BATCH = 20


@dataclass(frozen=True, slots=True)
class Payout:
    """The facts of a refund, for use outside a transaction. `processor_id` is "" until the processor accepts it."""

    id: str
    intent_id: str
    cents: int
    processor_id: str


def carry_out(refund_ids: list[str]) -> None:
    """Have the processor pay these refunds now, without waiting for the job."""
    for refund_id in refund_ids:
        for payout in db.write(_claim_pending, col(Refund.id) == refund_id):
            _pay_or_poll(payout)


def carry_out_due(after: str = "") -> Batch:
    """Have the processor pay one batch of pending refunds, or poll them. `done` counts those that have ended."""
    orders = db.write(_claim_pending, col(Refund.id) > after)
    batch = Batch(resume_after=orders[-1].id if len(orders) == _BATCH else None)
    batch.each(_pay_or_poll, orders)
    return batch


def check_refund(processor_id: str) -> None:
    """Ask the processor about a refund after it sent an event. A refund that is not ours is ignored."""
    payout = db.read(_payout_by_processor_id, processor_id)
    if payout:
        _pay_or_poll(payout)


def settle_refund(session: Session, refund_id: str, outcome: RefundOutcome) -> bool:
    """Record a refund's outcome, once. False while it is pending at the processor, or if it was recorded before."""
    refund = session.exec(
        select(Refund).where(Refund.id == refund_id, Refund.status == RefundStatus.PENDING).with_for_update()
    ).one_or_none()
    if refund is None:
        return False
    refund.processor_id = refund.processor_id or outcome.id
    if outcome.state is RefundState.PENDING:
        refund.lease_until = now() + _PATIENCE
        return False
    refund.lease_until, refund.ended_at = None, now()
    if outcome.state is RefundState.SUCCEEDED:
        _record_paid(session, refund)
        refund_emails.email_result(session, refund)
    else:
        refund_emails.email_result(session, refund, back=_record_failed(session, refund))
    return True


def add_refunded_cents(session: Session, purchase_id: str, cents: int) -> None:
    """Add cents to the refunded amount of a purchase. The table's CHECK refuses more than was paid."""
    session.exec(
        update(Purchase)
        .where(col(Purchase.id) == purchase_id)
        .values(refunded_cents=col(Purchase.refunded_cents) + cents)
        .execution_options(synchronize_session="fetch")
    )


def _claim_pending(session: Session, which: ColumnElement[bool]) -> list[Payout]:
    """Lease one batch of pending refunds, except those under another process's lease or lock."""
    lease = col(Refund.lease_until)
    free = select(Refund).where(which, Refund.status == RefundStatus.PENDING, or_(lease.is_(None), lease <= now()))
    claimed = session.exec(free.order_by(Refund.id).limit(_BATCH).with_for_update(skip_locked=True)).all()
    for refund in claimed:
        refund.lease_until = now() + LEASE
    return [_payout(refund) for refund in claimed]


def _payout_by_processor_id(session: Session, processor_id: str) -> Payout | None:
    mine = select(Refund).where(Refund.processor_id == processor_id, Refund.status == RefundStatus.PENDING)
    refund = session.exec(mine).first()
    return _payout(refund) if refund else None


def _payout(refund: Refund) -> Payout:
    return Payout(refund.id, refund.intent_id, refund.cents, refund.processor_id)


def _pay_or_poll(payout: Payout) -> bool:
    """Request the payout at the processor, or poll it. Returns whether it has ended; False without an answer."""
    try:
        if payout.processor_id:
            outcome = processor.current().retrieve_refund(payout.processor_id)
        else:
            outcome = processor.current().refund(payout.intent_id, payout.id, payout.cents)
    except ProcessorUnavailable:
        return False
    return db.write(settle_refund, payout.id, outcome)


def _record_paid(session: Session, refund: Refund) -> None:
    refund.status = RefundStatus.PAID
    entries = [
        Entry(AccountKind.REFUNDING, -refund.cents, owner_id=refund.account_id),
        Entry(AccountKind.PROCESSOR, refund.cents),
    ]
    subject = JournalKind.REFUND_PAID.subject(refund.id)
    ledger.post_journal(session, kind=JournalKind.REFUND_PAID, key=f"{subject}:paid", subject=subject, entries=entries)


def _record_failed(session: Session, refund: Refund) -> int:
    """Return the credits to the wallet after a failed refund. A failed correction stays set aside for staff.

    Returns how many credits are in the wallet again.
    """
    refund.status = RefundStatus.FAILED
    if refund.lot_id is None:
        return 0
    # The lock on the purchase makes a new dispute wait until this has committed.
    purchase = session.get_one(Purchase, refund.purchase_id, with_for_update=True)
    subject = JournalKind.REFUND_FAILED.subject(refund.id)
    entries = [
        Entry(AccountKind.REFUNDING, -refund.cents, owner_id=refund.account_id),
        Entry(AccountKind.TAKINGS, refund.cents, facility_id=refund.facility_id),
        Entry(AccountKind.ISSUED, -refund.credits, facility_id=refund.facility_id),
        Entry(AccountKind.WALLET, refund.credits, owner_id=refund.account_id, facility_id=refund.facility_id),
    ]
    asked = session.exec(select(Journal.id).where(Journal.idempotency_key == subject)).one()
    ledger.post_journal(
        session,
        kind=JournalKind.REFUND_FAILED,
        key=f"{subject}:failed",
        subject=subject,
        entries=entries,
        reverses=asked,
    )
    lots.put_back_into_lot(session, refund.lot_id, refund.credits, refund.cents)
    add_refunded_cents(session, refund.purchase_id, -refund.cents)
    return refund.credits - disputed_lots.write_off_returned(session, purchase)
