"""Refunds: return the money of unused credits to the card that paid for them, exactly once, even after a crash.

One transaction takes the credits out of the wallet and sets the money aside; `refund_payouts` then has the processor
pay.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.errors import InsufficientCredits, Invalid, NotAllowed, Overspent
from rxconnect.domain.ledger import AccountKind, Entry, JournalKind
from rxconnect.domain.problems import Problem
from rxconnect.domain.refunds import Cause, RefundOffer, RefundStatus, RefundView
from rxconnect.models import Account, Purchase, Refund
from rxconnect.services.money import ledger, lots, wallets
from rxconnect.services.money.lots import Part
from rxconnect.services.refunds import refund_payouts, refund_views


@dataclass(frozen=True, slots=True)
class Why:
    """The cause of a refund, and for a staff refund the member of staff and their reason."""

    cause: Cause
    reason: str = ""
    by_account_id: int | None = None


def offers(session: Session, actor: Actor, facility_id: int, credits: int) -> list[RefundOffer]:
    """The offers to refund `credits` unused credits, one for each card and purchase, newest purchase first.

    Raises `Invalid` with `credits` when there are fewer unused credits that were paid for.
    """
    _check_credits(session, actor.account_id, facility_id, credits)
    return [
        refund_views.offer(session, part) for part in lots.newest_parts(session, actor.account_id, facility_id, credits)
    ]


def refundable_credits(session: Session, account_id: int, facility_id: int) -> int:
    """The number of a wallet's unused credits that can be refunded."""
    return sum(part.credits for part in lots.unused_parts(session, account_id, facility_id))


def request_refund(actor: Actor, facility_id: int, credits: int, press: str) -> list[RefundView]:
    """Refund unused credits of the actor's own to the cards that paid for them.

    `press` is an idempotency key of 8 to 40 characters, new for each intended press of the button: a second call with
    the same key refunds nothing more. Opens its own transactions, none of them around the processor. Raises `Invalid`
    with `credits`.
    """
    if not actor.may(Permission.BUY_CREDITS):
        raise NotAllowed
    if not 8 <= len(press) <= 40:
        raise Invalid(form=Problem.REFUND_PAGE_OUTDATED())
    refund_ids = db.write(_create_pending_refunds, actor.account_id, facility_id, credits, Why(Cause.ASKED), press)
    refund_payouts.carry_out(refund_ids)
    return [view for view in db.read(my_refunds, actor) if view.id in refund_ids]


def refund_whole_wallet(
    session: Session, account_id: int, facility_id: int, cause: Cause, *, again: bool = False
) -> list[str]:
    """Refund all paid credits of a wallet after a release or a closed account. Returns the refunds' ids.

    Unless `again`, each part is tried only once for the same cause. A refund that fails is not retried every minute,
    but shown to staff (`unreconciled`). The caller has locked the account.
    """
    parts = lots.unused_parts(session, account_id, facility_id, lock=True)
    failed = select(Refund.lot_id).where(
        Refund.account_id == account_id, Refund.cause == cause, Refund.status == RefundStatus.FAILED
    )
    tried = set() if again else set(session.exec(failed))
    press = secrets.token_hex(16)
    return [create_pending_refund(session, part, Why(cause), press) for part in parts if part.lot.id not in tried]


def refund_wrong_charge(session: Session, purchase: Purchase, intent_id: str, cents: int) -> None:
    """Refund money that the processor charged by mistake: a wrong amount, or a payment that was cancelled.

    This happens once for each intent. No credits were given for the money, so none are taken.
    """
    entries = [Entry(AccountKind.PROCESSOR, -cents), Entry(AccountKind.REFUNDING, cents, owner_id=purchase.account_id)]
    key = f"correction:{intent_id}"
    refund_id = secrets.token_hex(16)
    subject = JournalKind.CORRECTION.subject(refund_id)
    if not ledger.post_journal(session, kind=JournalKind.CORRECTION, key=key, subject=subject, entries=entries):
        return
    session.add(
        Refund(
            id=refund_id,
            purchase_id=purchase.id,
            account_id=purchase.account_id,
            facility_id=purchase.facility_id,
            credits=0,
            cents=cents,
            intent_id=intent_id,
            cause=Cause.CORRECTION,
            press=refund_id,
        )
    )


def my_refunds(session: Session, actor: Actor) -> list[RefundView]:
    """The actor's refunds, newest first."""
    return refund_views.refund_views(session, col(Refund.account_id) == actor.account_id)


def refunds_of_purchase(session: Session, purchase_id: str) -> list[RefundView]:
    """The refunds of a purchase, newest first. The caller has checked that the purchase is the actor's."""
    return refund_views.refund_views(session, col(Refund.purchase_id) == purchase_id)


def _check_credits(session: Session, account_id: int, facility_id: int, credits: int) -> None:
    most = refundable_credits(session, account_id, facility_id)
    if credits < 1 or credits > most:
        raise Invalid(credits=Problem.REFUND_OUT_OF_BOUNDS(most=most) if most else Problem.NOTHING_TO_REFUND())


def _create_pending_refunds(
    session: Session, account_id: int, facility_id: int, credits: int, why: Why, press: str
) -> list[str]:
    """Set aside the money for `credits` of a wallet's credits. Returns the refunds' ids, the same for one `press`."""
    # A second press at the same moment waits for this lock until the first one has committed.
    session.exec(select(Account.id).where(Account.id == account_id).with_for_update()).one()
    requested = session.exec(select(Refund.id).where(Refund.account_id == account_id, Refund.press == press)).all()
    if requested:
        return list(requested)
    _check_credits(session, account_id, facility_id, credits)
    parts = lots.newest_parts(session, account_id, facility_id, credits, lock=True)
    return [create_pending_refund(session, part, why, press) for part in parts]


def create_pending_refund(session: Session, part: Part, why: Why, press: str) -> str:
    """Create a pending refund for a part of a lot, and take it out of its wallet. Returns the refund's id.

    The caller has locked the lot.
    """
    lot, where = part.lot, part.lot.facility_id
    assert lot.id is not None
    refund_id = secrets.token_hex(16)
    entries = [
        Entry(AccountKind.WALLET, -part.credits, owner_id=lot.account_id, facility_id=where),
        Entry(AccountKind.ISSUED, part.credits, facility_id=where),
        Entry(AccountKind.TAKINGS, -part.cents, facility_id=where),
        Entry(AccountKind.REFUNDING, part.cents, owner_id=lot.account_id),
    ]
    subject = JournalKind.REFUND.subject(refund_id)
    try:
        ledger.post_journal(session, kind=JournalKind.REFUND, key=subject, subject=subject, entries=entries)
    except Overspent:
        raise InsufficientCredits(part.credits, wallets.balance(session, lot.account_id, where)) from None
    lots.take_from_lot(session, lot.id, part.credits, part.cents)
    refund_payouts.add_refunded_cents(session, lot.purchase_id, part.cents)
    session.add(
        Refund(
            id=refund_id,
            purchase_id=lot.purchase_id,
            lot_id=lot.id,
            account_id=lot.account_id,
            facility_id=where,
            credits=part.credits,
            cents=part.cents,
            intent_id=session.get_one(Purchase, lot.purchase_id).intent_id,
            cause=why.cause,
            reason=why.reason,
            by_account_id=why.by_account_id,
            press=press,
        )
    )
    session.flush()
    return refund_id
