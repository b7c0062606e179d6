"""Read models of refunds: requested ones, and offers of possible ones."""

from __future__ import annotations

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from rxconnect.domain import cards, dates, money
from rxconnect.domain.purchases import receipt_number
from rxconnect.domain.refunds import Cause, RefundOffer, RefundStatus, RefundView
from rxconnect.models import Facility, Purchase, Refund
from rxconnect.services.money.lots import Part


def offer(session: Session, part: Part) -> RefundOffer:
    """The offer to refund a part of a lot to its card."""
    purchase = session.get_one(Purchase, part.lot.purchase_id)
    label = cards.card_label(purchase.card_brand, purchase.card_last_four)
    return RefundOffer(part.credits, part.cents, money.dollars(part.cents), label)


def refund_views(session: Session, *which: ColumnElement[bool]) -> list[RefundView]:
    """The refunds that match every condition, newest first."""
    rows = session.exec(
        select(Refund, Purchase, Facility)
        .join(Purchase, col(Purchase.id) == Refund.purchase_id)
        .join(Facility, col(Facility.id) == Refund.facility_id)
        .where(*which)
        .order_by(col(Refund.created_at).desc(), Refund.id)
    )
    return [_view(refund, purchase, facility) for refund, purchase, facility in rows]


def _view(refund: Refund, purchase: Purchase, facility: Facility) -> RefundView:
    return RefundView(
        id=refund.id,
        receipt_number=receipt_number(purchase.id),
        facility=facility.name,
        credits=refund.credits,
        cents=refund.cents,
        amount=money.dollars(refund.cents),
        card_label=cards.card_label(purchase.card_brand, purchase.card_last_four),
        cause=Cause(refund.cause).label,
        reason=refund.reason,
        status=refund.status,
        status_label=RefundStatus(refund.status).label,
        at=dates.day_and_time(refund.created_at, facility.time_zone),
    )
