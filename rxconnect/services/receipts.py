"""Receipts: written once, at payment, and the same ever after."""

from __future__ import annotations

from sqlmodel import Session, col, select

from rxconnect import routes
from rxconnect.config import settings
from rxconnect.domain import cards, dates, money
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import NotFound
from rxconnect.domain.facilities import place
from rxconnect.domain.purchases import ReceiptView, receipt_number
from rxconnect.models import Account, Facility, Purchase, Receipt
from rxconnect.services import emails


def my_receipts(session: Session, actor: Actor) -> list[ReceiptView]:
    """The actor's receipts, newest first."""
    rows = session.exec(
        select(Receipt)
        .where(Receipt.account_id == actor.account_id)
        .order_by(col(Receipt.issued_at).desc(), col(Receipt.number))
    )
    return [_view(receipt) for receipt in rows]


def get(session: Session, actor: Actor, number: str) -> ReceiptView:
    """The actor's own receipt. Raises `NotFound`."""
    receipt = session.exec(
        select(Receipt).where(Receipt.number == number.strip().upper(), Receipt.account_id == actor.account_id)
    ).one_or_none()
    if receipt is None:
        raise NotFound("receipt")
    return _view(receipt)


def issue(session: Session, purchase: Purchase) -> None:
    """Write the receipt of a purchase that has just been paid, and email it to the buyer."""
    assert purchase.paid_at is not None
    buyer = session.get_one(Account, purchase.account_id)
    facility = session.get_one(Facility, purchase.facility_id)
    receipt = Receipt(
        number=receipt_number(purchase.id),
        purchase_id=purchase.id,
        account_id=purchase.account_id,
        facility_id=purchase.facility_id,
        issued_at=purchase.paid_at,
        buyer=buyer.name,
        facility=facility.name,
        facility_place=place(facility.city, facility.state),
        time_zone=facility.time_zone,
        credits=purchase.credits,
        price_cents=purchase.price_cents,
        total_cents=purchase.credits * purchase.price_cents,
        card_brand=purchase.card_brand,
        card_last_four=purchase.card_last_four,
    )
    session.add(receipt)
    emails.queue(session, buyer.email, f"Your receipt {receipt.number}", _letter(_view(receipt)))


def _letter(receipt: ReceiptView) -> str:
    """The receipt as an email: everything that it says, and where to find it again."""
    return f"""Hello {receipt.buyer},

thank you. Your credits are ready to use.

Receipt {receipt.number}
{receipt.issued}

{money.credits(receipt.credits)} at {receipt.facility}, {receipt.facility_place}
{receipt.price} a credit, everything included
Total {receipt.total}, paid with {receipt.card_label}

Your receipt stays here: {settings().origin}{routes.fill(routes.RECEIPT, receipt.number)}
"""


def _view(receipt: Receipt) -> ReceiptView:
    return ReceiptView(
        number=receipt.number,
        issued=dates.stamp(receipt.issued_at, receipt.time_zone),
        issued_iso=receipt.issued_at.isoformat(),
        buyer=receipt.buyer,
        facility_id=receipt.facility_id,
        facility=receipt.facility,
        facility_place=receipt.facility_place,
        credits=receipt.credits,
        price=money.each(receipt.price_cents),
        total=money.dollars(receipt.total_cents),
        card_label=cards.label(receipt.card_brand, receipt.card_last_four),
        status="Paid",
    )
