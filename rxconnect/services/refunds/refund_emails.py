"""The emails to families about their refunds."""

from __future__ import annotations

from sqlmodel import Session, col

from rxconnect import routes
from rxconnect.domain import money
from rxconnect.domain.refunds import RefundStatus
from rxconnect.models import Account, Refund
from rxconnect.services.notices import emails
from rxconnect.services.refunds import refund_views

_BACK = "Your credits are back in your wallet, and you can use them."
_AT_BANK = "Your bank has taken money of this payment back by itself. Your receipt says how that stands."
_CALL_US = "We keep the money safe for you. Please answer this email, so that we can find another way."


def tell(session: Session, refund: Refund, *, back: int = 0) -> None:
    """Email the family how a refund ended. For a failed one, `back` is how many credits are in the wallet again."""
    account = session.get_one(Account, refund.account_id)
    (view,) = refund_views.views(session, col(Refund.id) == refund.id)
    if refund.status == RefundStatus.PAID:
        subject, what = f"Your refund of {view.amount}", f"{view.amount} is on its way back to your {view.card_label}."
        more = "Banks usually show it within five to ten days."
    else:
        subject, what = "A refund was not possible", f"Your bank did not take {view.amount} back on {view.card_label}."
        more = _what_now(refund, back)
    why = f"{view.cause}{f': {view.reason}' if view.reason else ''}."
    link = routes.absolute(routes.fill(routes.RECEIPT, view.receipt_number)) if refund.lot_id else ""
    lines = (f"Hello {account.name},", f"{what} {more}", why, link, "Warm regards,\nRxConnect\n")
    emails.queue(session, account.email, subject, "\n\n".join(filter(None, lines)))


def _what_now(refund: Refund, back: int) -> str:
    """The sentence about the money that the card refused. The bank may have taken part of it by now."""
    if refund.lot_id is None:
        return _CALL_US
    if back == refund.credits:
        return _BACK
    return (
        f"{_AT_BANK} {money.credits(back)} of it {'is' if back == 1 else 'are'} back in your wallet."
        if back
        else _AT_BANK
    )
