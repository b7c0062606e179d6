"""The emails to families about their refunds."""

from __future__ import annotations

from sqlmodel import Session, col

from rxconnect import routes
from rxconnect.domain.notices import NoticeKind
from rxconnect.domain.refunds import RefundStatus
from rxconnect.i18n import _, counted
from rxconnect.models import Account, Refund
from rxconnect.services.notices.notices import notify
from rxconnect.services.refunds import refund_views


def email_result(session: Session, refund: Refund, *, back: int = 0) -> None:
    """Email the family the result of a refund. `back` is the credits that a failed one returned to the wallet."""
    account = session.get_one(Account, refund.account_id)
    (view,) = refund_views.refund_views(session, col(Refund.id) == refund.id)
    path = routes.fill(routes.RECEIPT, view.receipt_number) if refund.lot_id else routes.RECEIPTS
    notify(session, account, NoticeKind.REFUND, lambda: _wording(session, account.name, refund, back), path=path)


def _wording(session: Session, name: str, refund: Refund, back: int) -> tuple[str, str]:
    (view,) = refund_views.refund_views(session, col(Refund.id) == refund.id)
    if refund.status == RefundStatus.PAID:
        subject = _("Your refund of {amount}").format(amount=view.amount)
        what = _("{amount} is on its way back to your {card}.").format(amount=view.amount, card=view.card_label)
        more = _("Banks usually show it within five to ten days.")
    else:
        subject = _("A refund was not possible")
        what = _("Your bank did not accept the {amount} that we sent back to your {card}.").format(
            amount=view.amount, card=view.card_label
        )
        more = _next_step(refund, back)
    why = f"{view.cause}{f': {view.reason}' if view.reason else ''}."
    link = routes.absolute_url(routes.fill(routes.RECEIPT, view.receipt_number)) if refund.lot_id else ""
    lines = (_("Hello {name},").format(name=name), f"{what} {more}", why, link, _("Warm regards,\nRxConnect\n"))
    return subject, "\n\n".join(filter(None, lines))


def _next_step(refund: Refund, back: int) -> str:
    """The sentence about the money of a failed refund. The bank may have taken part of it by now."""
    if refund.lot_id is None:
        return _("We keep the money safe for you. Please answer this email, so that we can find another way.")
    if back == refund.credits:
        return _("Your credits are back in your wallet, and you can use them.")
    at_bank = _(
        "Your bank has already reversed some of this payment by itself. Your receipt shows what has come of it so far."
    )
    if not back:
        return at_bank
    rest = counted(
        "{count} credit of it is back in your wallet.", "{count} credits of it are back in your wallet.", back
    )
    return f"{at_bank} {rest}"
