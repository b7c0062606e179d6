"""Receipts: written once, at payment, and never changed. Refunds and disputes since then are shown beside them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session, col, select

from rxconnect import routes
from rxconnect.domain import cards, clock, dates, money
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import NotFound
from rxconnect.domain.facilities import city_and_state
from rxconnect.domain.notices import NoticeKind
from rxconnect.domain.purchases import PurchaseStatus, receipt_number
from rxconnect.domain.receipts import ReceiptStatus, ReceiptView, status_of
from rxconnect.domain.refunds import RefundStatus, RefundView
from rxconnect.i18n import _
from rxconnect.models import Account, Dispute, Facility, Purchase, Receipt
from rxconnect.services.notices.notices import notify
from rxconnect.services.refunds import refunds

# The final states of a dispute, as its row stores them.
WON, LOST = "won", "lost"
# A receipt that is opened later than this is no longer the last step of a purchase.
_LAST_STEP = timedelta(minutes=10)
_NUMBER = re.compile(r"RX(-[0-9A-Z]{4}){3}")


def get(session: Session, actor: Actor, number: str) -> ReceiptView:
    """The actor's own receipt. Raises `NotFound`."""
    number = number.strip().upper()
    mine = select(Receipt).where(Receipt.number == number, Receipt.account_id == actor.account_id)
    # The number comes from a URL, and may contain characters that a database refuses.
    receipt = session.exec(mine).one_or_none() if _NUMBER.fullmatch(number) else None
    if receipt is None:
        raise NotFound("receipt")
    # Corrections are left out: the receipt is not about money that the processor charged by mistake.
    back = [refund for refund in refunds.refunds_of_purchase(session, receipt.purchase_id) if refund.credits]
    view = _view(receipt, _status(session, receipt, back), back)
    return replace(view, is_last_step=_is_last_step(session, receipt))


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
        facility_place=city_and_state(facility.city, facility.state),
        time_zone=facility.time_zone,
        credits=purchase.credits,
        price_cents=purchase.price_cents,
        total_cents=purchase.credits * purchase.price_cents,
        card_brand=purchase.card_brand,
        card_last_four=purchase.card_last_four,
    )
    session.add(receipt)
    path = routes.fill(routes.RECEIPT, receipt.number)
    notify(session, buyer, NoticeKind.RECEIPT, lambda: _wording(receipt), path=path)


def status_when_disputed(status: str) -> ReceiptStatus:
    """The status of a payment whose dispute has this status."""
    return ReceiptStatus.TAKEN_BACK if status == LOST else ReceiptStatus.DISPUTED


def _wording(receipt: Receipt) -> tuple[str, str]:
    """The subject and the text of the email with the receipt: everything on it, and a link to it."""
    view = _view(receipt, ReceiptStatus.PAID, [])
    body = _(
        "Hello {buyer},\n\n"
        "Thank you. Your credits are ready to use.\n\n"
        "Receipt {number}\n"
        "{issued}\n\n"
        "{credits} at {facility}, {facility_place}\n"
        "{price} a credit, everything included\n"
        "Total {total}, paid with {card_label}\n\n"
        "Your receipt stays here, to read, or to download as a PDF:\n\n"
        "{link}\n"
    ).format(
        buyer=view.buyer,
        number=view.number,
        issued=view.issued,
        credits=money.credits(view.credits),
        facility=view.facility,
        facility_place=view.facility_place,
        price=view.price,
        total=view.total,
        card_label=view.card_label,
        link=routes.absolute_url(routes.fill(routes.RECEIPT, view.number)),
    )
    return _("Your receipt {number}").format(number=view.number), body


def _is_last_step(session: Session, receipt: Receipt) -> bool:
    """Whether the receipt is the last step of the wizard: the buyer has just paid, and not by auto-reload."""
    is_new = clock.now() < receipt.issued_at + _LAST_STEP
    return is_new and session.get_one(Purchase, receipt.purchase_id).auto_reload_id is None


def _status(session: Session, receipt: Receipt, back: list[RefundView]) -> ReceiptStatus:
    purchase = session.get_one(Purchase, receipt.purchase_id)
    if purchase.status == PurchaseStatus.DISPUTED:
        latest = (
            select(Dispute.status).where(Dispute.purchase_id == purchase.id).order_by(col(Dispute.created_at).desc())
        )
        return status_when_disputed(session.exec(latest).first() or "")
    cents = {status: sum(refund.cents for refund in back if refund.status == status) for status in RefundStatus}
    return status_of(receipt.total_cents, paid_back=cents[RefundStatus.PAID], on_its_way=cents[RefundStatus.PENDING])


def _view(receipt: Receipt, status: ReceiptStatus, back: list[RefundView]) -> ReceiptView:
    refunded = sum(refund.cents for refund in back if refund.status != RefundStatus.FAILED)
    return ReceiptView(
        number=receipt.number,
        issued=dates.day_and_time(receipt.issued_at, receipt.time_zone),
        buyer=receipt.buyer,
        facility_id=receipt.facility_id,
        facility=receipt.facility,
        facility_place=receipt.facility_place,
        credits=receipt.credits,
        price=money.price_each(receipt.price_cents),
        total=money.dollars(receipt.total_cents),
        card_label=cards.card_label(receipt.card_brand, receipt.card_last_four),
        status=status.label,
        status_tone=status.tone,
        explanation=status.explanation,
        refunds=back,
        refunded=money.dollars(refunded) if refunded else "",
        kept=money.dollars(receipt.total_cents - refunded) if refunded else "",
    )
