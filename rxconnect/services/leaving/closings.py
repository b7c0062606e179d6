"""Closing an account: unused credits are refunded to their cards, and nothing is charged any more.

Messages and receipts stay. Whoever signs in again may open the account again, so a family never loses its messages.
"""

from __future__ import annotations

from contextlib import suppress

from sqlmodel import Session, col, select

from rxconnect import db, routes
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.errors import CardRefused, NotAllowed, NotFound
from rxconnect.domain.ledger import AccountKind
from rxconnect.domain.messages import Direction, MessageStatus
from rxconnect.domain.notices import NoticeKind
from rxconnect.domain.refunds import Cause
from rxconnect.models import Account, LedgerAccount, Message
from rxconnect.services.accounts import account_emails, accounts, sign_ins
from rxconnect.services.messages import withdrawals
from rxconnect.services.money import cards
from rxconnect.services.notices.notices import notify
from rxconnect.services.purchases import auto_reloads
from rxconnect.services.refunds import refund_payouts, refunds

_MAY_BE_WITHDRAWN = [status for status in MessageStatus if status.is_undecided]


def close_account(actor: Actor, password: str) -> None:
    """Close the actor's own family account: undecided messages are withdrawn, unused credits refunded, cards removed.

    A message that staff have approved is still delivered; if it comes back, its credits are refunded too
    (`departures`). Opens its own transactions, none around the processor. Raises `Invalid` with `password`,
    `NotAllowed` for any other kind, and `Throttled`.
    """
    if actor.kind is not ActorKind.FAMILY:
        raise NotAllowed
    accounts.check_password(actor, password)
    refund_payouts.carry_out(db.write(_close_account, actor))
    for card in db.read(cards.my_cards, actor):
        # If the processor does not answer, the card stays there, but a closed account is never charged.
        with suppress(CardRefused, NotFound):
            cards.remove(actor, card.id)


def _close_account(session: Session, actor: Actor) -> list[str]:
    """Close the account in our database. Returns the ids of the refunds that the processor has yet to carry out."""
    account = session.exec(select(Account).where(Account.id == actor.account_id).with_for_update()).one()
    for auto_reload in auto_reloads.my_auto_reloads(session, actor):
        auto_reloads.turn_off(session, actor, auto_reload.facility_id)
    # A reply that waits is the writer's, and is delivered to a closed account as well.
    mine = Message.account_id == actor.account_id, Message.direction == Direction.OUTGOING
    pending = select(Message.id).where(*mine)
    for message_id in session.exec(pending.where(col(Message.status).in_(_MAY_BE_WITHDRAWN))).all():
        assert message_id is not None
        withdrawals.withdraw(session, actor, message_id)
    wallets = select(LedgerAccount.facility_id).where(
        LedgerAccount.kind == AccountKind.WALLET, LedgerAccount.owner_id == actor.account_id
    )
    asked = [
        refund_id
        for facility_id in session.exec(wallets.order_by(col(LedgerAccount.facility_id))).all()
        for refund_id in refunds.refund_whole_wallet(session, actor.account_id, facility_id, Cause.CLOSED, again=True)
    ]
    account.closed_at = clock.now()
    sign_ins.end_all_sign_ins(session, actor.account_id)
    notify(session, account, NoticeKind.SIGN_IN, account_emails.account_closed_email, path=routes.SIGN_IN)
    return asked
