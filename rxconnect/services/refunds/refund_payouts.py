"""Paying refunds out: the processor is told, under a key that makes it happen once, however often it is told.

What it cannot pay back returns to the wallet, or to the buyer's bank if that has taken it already. These services open
their own short transactions, none of them around the processor.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.domain.clock import now
from rxconnect.domain.ledger import AccountKind, Entry, JournalKind
from rxconnect.domain.refunds import RefundStatus
from rxconnect.models import Journal, Purchase, Refund
from rxconnect.payments.port import ProcessorUnavailable, RefundOutcome, RefundState
from rxconnect.services.money import ledger, lots, processor
from rxconnect.services.purchases import purchases
from rxconnect.services.refunds import disputed_lots, refund_emails

# How long one process may be busy with a refund before another asks again: as long as with a charge. Asking twice pays
# once.
LEASE = timedelta(seconds=40)
# A refund that the processor has accepted may take days; it is looked at this often.
_PATIENCE = timedelta(hours=1)
_BATCH = 100


@dataclass(frozen=True, slots=True)
class Order:
    """What is needed of a refund while no transaction is open. `processor_id` is "" until it was accepted."""

    id: str
    intent_id: str
    cents: int
    processor_id: str


def carry_out(refund_ids: list[str]) -> None:
    """Tell the processor about these refunds now, instead of when `carry_out_due` finds them."""
    for refund_id in refund_ids:
        order = db.write(_claim, refund_id)
        if order:
            _tell(order)


def carry_out_due() -> int:
    """Tell the processor about every refund that nobody is busy with. Returns how many have ended now."""
    ended = 0
    for refund_id in db.read(_due):
        order = db.write(_claim, refund_id)
        ended += bool(order and _tell(order))
    return ended


def check(processor_id: str) -> None:
    """The processor says that one of its refunds has changed: ask where it stands. One that is not ours is ignored."""
    order = db.read(_known, processor_id)
    if order:
        _tell(order)


def settle(session: Session, refund_id: str, outcome: RefundOutcome) -> bool:
    """Record what became of a refund, once. False while the processor still works on it, or if it has ended before."""
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
        _pay(session, refund)
        refund_emails.tell(session, refund)
    else:
        refund_emails.tell(session, refund, back=_fail(session, refund))
    return True


def _due(session: Session) -> list[str]:
    lease = col(Refund.lease_until)
    pending = select(Refund.id).where(Refund.status == RefundStatus.PENDING, or_(lease.is_(None), lease <= now()))
    return list(session.exec(pending.order_by(col(Refund.created_at)).limit(_BATCH)))


def _claim(session: Session, refund_id: str) -> Order | None:
    """Take a refund over until the lease ends. None if it has ended, or somebody is busy with it."""
    lease = col(Refund.lease_until)
    refund = session.exec(
        select(Refund)
        .where(Refund.id == refund_id, Refund.status == RefundStatus.PENDING, or_(lease.is_(None), lease <= now()))
        .with_for_update()
    ).one_or_none()
    if refund is None:
        return None
    refund.lease_until = now() + LEASE
    return _order(refund)


def _known(session: Session, processor_id: str) -> Order | None:
    mine = select(Refund).where(Refund.processor_id == processor_id, Refund.status == RefundStatus.PENDING)
    refund = session.exec(mine).first()
    return _order(refund) if refund else None


def _order(refund: Refund) -> Order:
    return Order(refund.id, refund.intent_id, refund.cents, refund.processor_id)


def _tell(order: Order) -> bool:
    """Ask the processor to pay, or how far it is. Whether it has ended; silence is left to the next round."""
    try:
        if order.processor_id:
            outcome = processor.current().retrieve_refund(order.processor_id)
        else:
            outcome = processor.current().refund(order.intent_id, order.id, order.cents)
    except ProcessorUnavailable:
        return False
    return db.write(settle, order.id, outcome)


def _pay(session: Session, refund: Refund) -> None:
    refund.status = RefundStatus.PAID
    entries = [
        Entry(AccountKind.REFUNDING, -refund.cents, owner_id=refund.account_id),
        Entry(AccountKind.PROCESSOR, refund.cents),
    ]
    subject = JournalKind.REFUND_PAID.subject(refund.id)
    ledger.post(session, kind=JournalKind.REFUND_PAID, key=f"{subject}:paid", subject=subject, entries=entries)


def _fail(session: Session, refund: Refund) -> int:
    """The card takes nothing back: the credits return. What was charged wrongly stays set aside, for staff to see to.

    Returns how many credits are in the wallet again.
    """
    refund.status = RefundStatus.FAILED
    if refund.lot_id is None:
        return 0
    # A dispute that begins meanwhile waits, or is known here.
    purchase = session.get_one(Purchase, refund.purchase_id, with_for_update=True)
    subject = JournalKind.REFUND_FAILED.subject(refund.id)
    entries = [
        Entry(AccountKind.REFUNDING, -refund.cents, owner_id=refund.account_id),
        Entry(AccountKind.TAKINGS, refund.cents, facility_id=refund.facility_id),
        Entry(AccountKind.ISSUED, -refund.credits, facility_id=refund.facility_id),
        Entry(AccountKind.WALLET, refund.credits, owner_id=refund.account_id, facility_id=refund.facility_id),
    ]
    asked = session.exec(select(Journal.id).where(Journal.idempotency_key == subject)).one()
    ledger.post(
        session,
        kind=JournalKind.REFUND_FAILED,
        key=f"{subject}:failed",
        subject=subject,
        entries=entries,
        reverses=asked,
    )
    lots.put_back(session, refund.lot_id, refund.credits, refund.cents)
    purchases.count_refund(session, refund.purchase_id, -refund.cents)
    return refund.credits - disputed_lots.take_what_came_back(session, purchase)
