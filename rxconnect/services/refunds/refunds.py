"""Refunds: unused credits become money on the card that paid for them, once, whatever breaks in between.

Asking takes the credits out of the wallet and sets the money aside in one transaction; `refund_payouts` then has the
processor pay it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.errors import InsufficientCredits, Invalid, NotAllowed, NotFound, Overspent
from rxconnect.domain.ledger import AccountKind, Entry
from rxconnect.domain.problems import Problem
from rxconnect.domain.refunds import REASON_MAX, Cause, RefundOffer, RefundStatus, RefundView
from rxconnect.domain.text import one_line
from rxconnect.models import Account, Lot, Purchase, Receipt, Refund
from rxconnect.services.money import ledger, lots, wallets
from rxconnect.services.money.lots import Part
from rxconnect.services.purchases import purchases
from rxconnect.services.refunds import refund_payouts, refund_views


@dataclass(frozen=True, slots=True)
class _Why:
    """Why money goes back, and who says so."""

    cause: Cause
    reason: str = ""
    by_account_id: int | None = None


def offers(session: Session, actor: Actor, facility_id: int, credits: int) -> list[RefundOffer]:
    """What would go back to which card if so many unused credits were refunded, newest purchase first.

    Raises `Invalid` with `credits` when there are not so many unused ones that were paid for.
    """
    _check_credits(session, actor.account_id, facility_id, credits)
    return [refund_views.offer(session, part) for part in lots.newest(session, actor.account_id, facility_id, credits)]


def refundable(session: Session, account_id: int, facility_id: int) -> int:
    """How many of a wallet's unused credits can become money again."""
    unused = wallets.balance(session, account_id, facility_id)
    return sum(part.credits for part in lots.newest(session, account_id, facility_id, unused))


def ask(actor: Actor, facility_id: int, credits: int, press: str) -> list[RefundView]:
    """Refund unused credits of the actor's own to the cards that paid for them. `press` is any text of 8 to 40 characters,
    new for each press of the button that is meant: the same one again refunds nothing more.

    Opens its own transactions, none of them around the processor. Raises `Invalid` with `credits`.
    """
    if not actor.may(Permission.BUY_CREDITS):
        raise NotAllowed
    if not 8 <= len(press) <= 40:
        raise Invalid(form=Problem.REFUND_PAGE_OUTDATED())
    asked = db.write(_ask, actor.account_id, facility_id, credits, _Why(Cause.ASKED), press)
    refund_payouts.carry_out(asked)
    return [view for view in db.read(my_refunds, actor) if view.id in asked]


def ask_as_staff(actor: Actor, number: str, credits: int, reason: str) -> list[RefundView]:
    """Refund unused credits of one purchase at the actor's own facility, for a reason that the family will read.

    Raises `NotAllowed`, `PasswordNeeded`, `NotFound` for a receipt of another facility, and `Invalid` with `credits` or
    `reason`.
    """
    actor.must(Permission.REFUND)
    if actor.facility_id is None:
        raise NotAllowed
    reason = one_line(reason)
    if not 3 <= len(reason) <= REASON_MAX:
        raise Invalid(reason=Problem.REFUND_REASON_UNREADABLE(most=REASON_MAX))
    why = _Why(Cause.STAFF, reason, actor.account_id)
    asked = db.write(_ask_for_purchase, actor.facility_id, number, credits, why)
    refund_payouts.carry_out(asked)
    return db.read(refund_views.views, col(Refund.id).in_(asked))


def staff_offer(session: Session, actor: Actor, number: str) -> RefundOffer:
    """All that staff could refund of a receipt of their own facility. Raises `NotAllowed` and `NotFound`."""
    if not actor.may(Permission.REFUND) or actor.facility_id is None:
        raise NotAllowed
    part = _unused_of(session, actor.facility_id, number)
    return refund_views.offer(session, part)


def empty(session: Session, account_id: int, facility_id: int, cause: Cause, *, again: bool = False) -> list[str]:
    """Refund all of a wallet that was paid for: somebody was released, or the account closed. The ids of the refunds.

    Unless `again`, each part is tried once for the same cause: a card that takes nothing back is not asked every minute,
    staff see to it (`unreconciled`). The caller has locked the account.
    """
    unused = wallets.balance(session, account_id, facility_id)
    parts = lots.newest(session, account_id, facility_id, unused, lock=True)
    failed = select(Refund.lot_id).where(
        Refund.account_id == account_id, Refund.cause == cause, Refund.status == RefundStatus.FAILED
    )
    tried = set() if again else set(session.exec(failed))
    press = secrets.token_hex(16)
    return [_set_aside(session, part, _Why(cause), press) for part in parts if part.lot.id not in tried]


def correct(session: Session, purchase: Purchase, intent_id: str, cents: int) -> None:
    """Give back what the processor charged and should not have: a wrong amount, or a payment that was given up.

    Happens once an intent. No credits were given for it, so none are taken.
    """
    entries = [Entry(AccountKind.PROCESSOR, -cents), Entry(AccountKind.REFUNDING, cents, owner_id=purchase.account_id)]
    key = f"correction:{intent_id}"
    refund_id = secrets.token_hex(16)
    if not ledger.post(session, kind="correction", key=key, subject=f"refund:{refund_id}", entries=entries):
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
    return refund_views.views(session, col(Refund.account_id) == actor.account_id)


def of_purchase(session: Session, purchase_id: str) -> list[RefundView]:
    """The refunds of a purchase, newest first. The caller has seen to it that the purchase is the actor's."""
    return refund_views.views(session, col(Refund.purchase_id) == purchase_id)


def _check_credits(session: Session, account_id: int, facility_id: int, credits: int) -> None:
    most = refundable(session, account_id, facility_id)
    if credits < 1 or credits > most:
        raise Invalid(credits=Problem.REFUND_OUT_OF_BOUNDS(most=most) if most else Problem.NOTHING_TO_REFUND())


def _ask(session: Session, account_id: int, facility_id: int, credits: int, why: _Why, press: str) -> list[str]:
    """Set aside the money for so many of a wallet's credits. The ids of the refunds, the same ones for the same press."""
    # A second press at the same moment waits here until the first is through.
    session.exec(select(Account.id).where(Account.id == account_id).with_for_update()).one()
    asked = session.exec(select(Refund.id).where(Refund.account_id == account_id, Refund.press == press)).all()
    if asked:
        return list(asked)
    _check_credits(session, account_id, facility_id, credits)
    parts = lots.newest(session, account_id, facility_id, credits, lock=True)
    return [_set_aside(session, part, why, press) for part in parts]


def _ask_for_purchase(session: Session, facility_id: int, number: str, credits: int, why: _Why) -> list[str]:
    part = _unused_of(session, facility_id, number, lock=True)
    if not 1 <= credits <= part.credits:
        raise Invalid(credits=Problem.REFUND_BEYOND_UNUSED(most=part.credits))
    return [_set_aside(session, lots.part_of(part.lot, credits), why, secrets.token_hex(16))]


def _unused_of(session: Session, facility_id: int, number: str, *, lock: bool = False) -> Part:
    """What of a purchase at this facility is unused; with `lock`, nobody else takes of it meanwhile.

    Raises `NotFound` when it was not made there.
    """
    row = session.exec(
        select(Lot)
        .join(Receipt, col(Receipt.purchase_id) == Lot.purchase_id)
        .where(Receipt.number == number.strip().upper(), Receipt.facility_id == facility_id)
        .where(Lot.facility_id == facility_id)
    ).first()
    if row is None:
        raise NotFound("receipt")
    unused = wallets.balance(session, row.account_id, facility_id)
    parts = lots.newest(session, row.account_id, facility_id, unused, lock=lock)
    # Credits that moved away and came back are in a newer lot of the same purchase.
    return next((part for part in parts if part.lot.purchase_id == row.purchase_id), Part(row, 0, 0))


def _set_aside(session: Session, part: Part, why: _Why, press: str) -> str:
    """Take a part of a lot out of its wallet, its money on the way to the card. Returns the refund's id."""
    lot, where = part.lot, part.lot.facility_id
    assert lot.id is not None
    refund_id = secrets.token_hex(16)
    entries = [
        Entry(AccountKind.WALLET, -part.credits, owner_id=lot.account_id, facility_id=where),
        Entry(AccountKind.ISSUED, part.credits, facility_id=where),
        Entry(AccountKind.TAKINGS, -part.cents, facility_id=where),
        Entry(AccountKind.REFUNDING, part.cents, owner_id=lot.account_id),
    ]
    subject = f"refund:{refund_id}"
    try:
        ledger.post(session, kind="refund", key=subject, subject=subject, entries=entries)
    except Overspent:
        raise InsufficientCredits(part.credits, wallets.balance(session, lot.account_id, where)) from None
    lots.take(session, lot.id, part.credits, part.cents)
    purchases.count_refund(session, lot.purchase_id, part.cents)
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
