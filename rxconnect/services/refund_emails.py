"""What we write to families about their refunds."""

from __future__ import annotations

from sqlmodel import Session, col

from rxconnect import routes
from rxconnect.config import settings
from rxconnect.domain.purchases import PurchaseStatus
from rxconnect.domain.refunds import RefundStatus
from rxconnect.models import Account, Purchase, Refund
from rxconnect.services import emails, refund_views

_BACK = "Your credits are back in your wallet, and you can use them."
_AT_BANK = "Your bank has taken money of this payment back by itself. Your receipt says how that stands."
_CALL_US = "We keep the money safe for you. Please answer this email, so that we can find another way."


def tell(session: Session, refund: Refund) -> None:
    """Email the family how a refund ended."""
    account = session.get_one(Account, refund.account_id)
    (view,) = refund_views.views(session, col(Refund.id) == refund.id)
    if refund.status == RefundStatus.PAID:
        subject, what = f"Your refund of {view.amount}", f"{view.amount} is on its way back to your {view.card_label}."
        more = "Banks usually show it within five to ten days."
    else:
        subject, what = "A refund was not possible", f"Your bank did not take {view.amount} back on {view.card_label}."
        more = _what_now(session, refund)
    why = f"{view.cause}{f': {view.reason}' if view.reason else ''}."
    link = f"{settings().origin}{routes.fill(routes.RECEIPT, view.receipt_number)}" if refund.lot_id else ""
    lines = (f"Hello {account.name},", f"{what} {more}", why, link, "Warm regards,\nRxConnect\n")
    emails.queue(session, account.email, subject, "\n\n".join(filter(None, lines)))


def _what_now(session: Session, refund: Refund) -> str:
    """What became of the money that the card did not take."""
    if refund.lot_id is None:
        return _CALL_US
    is_at_bank = session.get_one(Purchase, refund.purchase_id).status == PurchaseStatus.DISPUTED
    return _AT_BANK if is_at_bank else _BACK
