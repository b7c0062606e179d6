"""Disputes: a buyer's bank takes the money of a purchase back, and perhaps returns it.

While the bank has the money, the unused credits that it paid for are frozen (`disputed_lots`). If we win the dispute,
both come back; if we lose it, the frozen credits are cancelled.
"""

from __future__ import annotations

from sqlmodel import Session, select

from rxconnect import db
from rxconnect.domain.clock import now
from rxconnect.domain.purchases import PurchaseStatus, check_move
from rxconnect.models import Dispute, Purchase
from rxconnect.payments.port import DisputeRecord, DisputeState
from rxconnect.services.money import processor
from rxconnect.services.purchases import checkout
from rxconnect.services.refunds import disputed_lots


def check_dispute(dispute_id: str) -> None:
    """Ask the processor about a dispute after it sent an event. A dispute about no purchase of ours is ignored.

    Raises `ProcessorUnavailable`.
    """
    record = processor.current().retrieve_dispute(dispute_id)
    # Events may arrive out of order: the payment succeeded, even if we have not received that event yet.
    checkout.check_intent(record.intent_id)
    db.write(record_dispute, record)


def record_dispute(session: Session, record: DisputeRecord) -> bool:
    """Record a dispute's state, each change once. False when nothing has changed, or the purchase is not ours."""
    purchase = session.exec(select(Purchase).where(Purchase.intent_id == record.intent_id).with_for_update()).first()
    if purchase is None or not PurchaseStatus(purchase.status).has_receipt:
        return False
    dispute = session.get(Dispute, record.id, with_for_update=True)
    if dispute is None:
        dispute = _open_dispute(session, record, purchase)
    elif dispute.status == record.state:
        return False
    if record.state is not DisputeState.OPEN and dispute.status == DisputeState.OPEN:
        _close_dispute(session, dispute, purchase, record.state)
    return True


def _open_dispute(session: Session, record: DisputeRecord, purchase: Purchase) -> Dispute:
    """Store a new dispute, and freeze the credits that it took."""
    # A bank may dispute a purchase twice: first a part of it, then the rest.
    if purchase.status != PurchaseStatus.DISPUTED:
        check_move(PurchaseStatus(purchase.status), PurchaseStatus.DISPUTED)
        purchase.status = PurchaseStatus.DISPUTED
    dispute = Dispute(id=record.id, purchase_id=purchase.id, cents=record.amount_cents)
    session.add(dispute)
    session.flush()
    disputed_lots.write_off(session, dispute, purchase)
    return dispute


def _close_dispute(session: Session, dispute: Dispute, purchase: Purchase, state: DisputeState) -> None:
    """Record the end of a dispute: cancel the frozen credits, or return them."""
    dispute.status, dispute.ended_at = state, now()
    if state is DisputeState.LOST:
        disputed_lots.cancel_frozen(session, dispute)
        return
    disputed_lots.return_frozen(session, dispute)
    disputed_lots.write_off_returned(session, purchase)
    if not _is_disputed(session, purchase):
        check_move(PurchaseStatus(purchase.status), PurchaseStatus.PAID)
        purchase.status = PurchaseStatus.PAID


def _is_disputed(session: Session, purchase: Purchase) -> bool:
    """Whether the bank has taken money of this purchase, for now or for good."""
    others = select(Dispute.id).where(Dispute.purchase_id == purchase.id, Dispute.status != DisputeState.WON)
    return session.exec(others).first() is not None
