"""Refunds: unused credits become money on the card that paid for them, once, whatever breaks in between.

Asking takes the credits out of the wallet and sets the money aside in one transaction; carrying out tells the processor,
under a key that makes it happen once, however often it is told. What the processor cannot pay back returns to the wallet.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, or_, update
from sqlmodel import Session, col, select

from rxconnect import db, routes
from rxconnect.config import settings
from rxconnect.domain import cards, dates, money
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.clock import now
from rxconnect.domain.errors import InsufficientCredits, Invalid, NotAllowed, NotFound, Overspent
from rxconnect.domain.ledger import AccountKind, Entry
from rxconnect.domain.purchases import receipt_number
from rxconnect.domain.refunds import REASON_MAX, Cause, RefundOffer, RefundStatus, RefundView
from rxconnect.domain.text import one_line
from rxconnect.models import Account, Facility, Journal, Lot, Purchase, Receipt, Refund
from rxconnect.payments.port import ProcessorUnavailable, RefundOutcome, RefundState
from rxconnect.services import emails, ledger, lots, processor, wallets
from rxconnect.services.lots import Part

# How long one process may be busy with a refund before another asks again: as long as with a charge. Asking twice pays
# once.
LEASE = timedelta(seconds=40)
# A refund that the processor has accepted may take days; it is looked at this often.
_PATIENCE = timedelta(hours=1)
_BATCH = 100
_CALL_US = "We keep the money safe for you. Please answer this email, so that we can find another way."


@dataclass(frozen=True, slots=True)
class Order:
    """What is needed of a refund while no transaction is open. `processor_id` is "" until it was accepted."""

    id: str
    intent_id: str
    cents: int
    processor_id: str


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
    return [_offer(session, part) for part in lots.newest(session, actor.account_id, facility_id, credits)]


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
        raise Invalid(form="This page is out of date. Load it again, and then refund.")
    asked = db.write(_ask, actor.account_id, facility_id, credits, _Why(Cause.ASKED), press)
    carry_out(asked)
    return [view for view in db.read(my_refunds, actor) if view.id in asked]


def ask_as_staff(actor: Actor, number: str, credits: int, reason: str) -> list[RefundView]:
    """Refund unused credits of one purchase at the actor's own facility, for a reason that the family will read.

    Raises `NotAllowed`, `NotFound` for a receipt of another facility, and `Invalid` with `credits` or `reason`.
    """
    if not actor.may(Permission.REFUND) or actor.facility_id is None:
        raise NotAllowed
    reason = one_line(reason)
    if not 3 <= len(reason) <= REASON_MAX:
        raise Invalid(
            reason=f"Give the reason in a sentence of up to {REASON_MAX} characters. The family will read it."
        )
    why = _Why(Cause.STAFF, reason, actor.account_id)
    asked = db.write(_ask_for_purchase, actor.facility_id, number, credits, why)
    carry_out(asked)
    return db.read(_views, col(Refund.id).in_(asked))


def staff_offer(session: Session, actor: Actor, number: str) -> RefundOffer:
    """All that staff could refund of a receipt of their own facility. Raises `NotAllowed` and `NotFound`."""
    if not actor.may(Permission.REFUND) or actor.facility_id is None:
        raise NotAllowed
    part = _unused_of(session, actor.facility_id, number)
    return _offer(session, part)


def empty(session: Session, account_id: int, facility_id: int, cause: Cause) -> list[str]:
    """Refund all of a wallet that was paid for: somebody was released, or the account closed. The ids of the refunds."""
    credits = refundable(session, account_id, facility_id)
    if not credits:
        return []
    return _ask(session, account_id, facility_id, credits, _Why(cause), secrets.token_hex(16))


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


def carry_out(refund_ids: list[str]) -> None:
    """Tell the processor about these refunds now, instead of when `carry_out_due` finds them."""
    for refund_id in refund_ids:
        order = db.write(_claim, refund_id)
        if order:
            _tell(order)


def carry_out_due() -> int:
    """Tell the processor about every refund that nobody is busy with. Returns how many have ended now."""
    ended = 0
    for refund_id in db.read(_due):
        order = db.write(_claim, refund_id)
        ended += bool(order and _tell(order))
    return ended


def check(processor_id: str) -> None:
    """The processor says that one of its refunds has changed: ask where it stands. One that is not ours is ignored."""
    order = db.read(_known, processor_id)
    if order:
        _tell(order)


def my_refunds(session: Session, actor: Actor) -> list[RefundView]:
    """The actor's refunds, newest first."""
    return _views(session, col(Refund.account_id) == actor.account_id)


def of_purchase(session: Session, purchase_id: str) -> list[RefundView]:
    """The refunds of a purchase, newest first. The caller has seen to it that the purchase is the actor's."""
    return _views(session, col(Refund.purchase_id) == purchase_id)


def settle(session: Session, refund_id: str, outcome: RefundOutcome) -> bool:
    """Record what became of a refund, once. False while the processor still works on it, or if it has ended before."""
    refund = session.exec(
        select(Refund).where(Refund.id == refund_id, Refund.status == RefundStatus.PENDING).with_for_update()
    ).one_or_none()
    if refund is None:
        return False
    refund.processor_id = refund.processor_id or outcome.id
    if outcome.state is RefundState.PENDING:
        refund.lease_until = now() + _PATIENCE
        return False
    refund.lease_until, refund.ended_at = None, now()
    if outcome.state is RefundState.SUCCEEDED:
        _pay(session, refund)
    else:
        _fail(session, refund)
    _notify(session, refund)
    return True


def _check_credits(session: Session, account_id: int, facility_id: int, credits: int) -> None:
    most = refundable(session, account_id, facility_id)
    if credits < 1 or credits > most:
        some = f"Enter a whole number from 1 to {most}." if most else "There are no unused credits to refund here."
        raise Invalid(credits=some)


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
    part = _unused_of(session, facility_id, number)
    if not 1 <= credits <= part.credits:
        raise Invalid(credits=f"Enter a whole number from 1 to {part.credits}: so many credits of it are unused.")
    return [_set_aside(session, lots.part_of(part.lot, credits), why, secrets.token_hex(16))]


def _unused_of(session: Session, facility_id: int, number: str) -> Part:
    """What of a purchase at this facility is unused. Raises `NotFound` when it was not made there, or is all used."""
    row = session.exec(
        select(Lot)
        .join(Receipt, col(Receipt.purchase_id) == Lot.purchase_id)
        .where(Receipt.number == number.strip().upper(), Receipt.facility_id == facility_id)
        .where(Lot.facility_id == facility_id)
    ).first()
    if row is None:
        raise NotFound("receipt")
    unused = wallets.balance(session, row.account_id, facility_id)
    parts = lots.newest(session, row.account_id, facility_id, unused)
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
    _count(session, lot.purchase_id, part.cents)
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


def _count(session: Session, purchase_id: str, cents: int) -> None:
    """Count cents as refunded. The table's own check stops whoever would refund more than was paid."""
    session.exec(
        update(Purchase)
        .where(col(Purchase.id) == purchase_id)
        .values(refunded_cents=col(Purchase.refunded_cents) + cents)
        .execution_options(synchronize_session="fetch")
    )


def _due(session: Session) -> list[str]:
    lease = col(Refund.lease_until)
    pending = select(Refund.id).where(Refund.status == RefundStatus.PENDING, or_(lease.is_(None), lease <= now()))
    return list(session.exec(pending.order_by(col(Refund.created_at)).limit(_BATCH)))


def _claim(session: Session, refund_id: str) -> Order | None:
    """Take a refund over until the lease ends. None if it has ended, or somebody is busy with it."""
    lease = col(Refund.lease_until)
    refund = session.exec(
        select(Refund)
        .where(Refund.id == refund_id, Refund.status == RefundStatus.PENDING, or_(lease.is_(None), lease <= now()))
        .with_for_update()
    ).one_or_none()
    if refund is None:
        return None
    refund.lease_until = now() + LEASE
    return _order(refund)


def _known(session: Session, processor_id: str) -> Order | None:
    mine = select(Refund).where(Refund.processor_id == processor_id, Refund.status == RefundStatus.PENDING)
    refund = session.exec(mine).first()
    return _order(refund) if refund else None


def _order(refund: Refund) -> Order:
    return Order(refund.id, refund.intent_id, refund.cents, refund.processor_id)


def _tell(order: Order) -> bool:
    """Ask the processor to pay, or how far it is. Whether it has ended; silence is left to the next round."""
    try:
        if order.processor_id:
            outcome = processor.current().retrieve_refund(order.processor_id)
        else:
            outcome = processor.current().refund(order.intent_id, order.id, order.cents)
    except ProcessorUnavailable:
        return False
    return db.write(settle, order.id, outcome)


def _pay(session: Session, refund: Refund) -> None:
    refund.status = RefundStatus.PAID
    entries = [
        Entry(AccountKind.REFUNDING, -refund.cents, owner_id=refund.account_id),
        Entry(AccountKind.PROCESSOR, refund.cents),
    ]
    subject = f"refund:{refund.id}"
    ledger.post(session, kind="refund paid", key=f"{subject}:paid", subject=subject, entries=entries)


def _fail(session: Session, refund: Refund) -> None:
    """The card takes nothing back: the credits return. What was charged wrongly stays set aside, for staff to see to."""
    refund.status = RefundStatus.FAILED
    if refund.lot_id is None:
        return
    subject = f"refund:{refund.id}"
    entries = [
        Entry(AccountKind.REFUNDING, -refund.cents, owner_id=refund.account_id),
        Entry(AccountKind.TAKINGS, refund.cents, facility_id=refund.facility_id),
        Entry(AccountKind.ISSUED, -refund.credits, facility_id=refund.facility_id),
        Entry(AccountKind.WALLET, refund.credits, owner_id=refund.account_id, facility_id=refund.facility_id),
    ]
    asked = session.exec(select(Journal.id).where(Journal.idempotency_key == subject)).one()
    ledger.post(
        session, kind="refund failed", key=f"{subject}:failed", subject=subject, entries=entries, reverses=asked
    )
    lots.put_back(session, refund.lot_id, refund.credits, refund.cents)
    _count(session, refund.purchase_id, -refund.cents)


def _notify(session: Session, refund: Refund) -> None:
    account = session.get_one(Account, refund.account_id)
    (view,) = _views(session, col(Refund.id) == refund.id)
    if refund.status == RefundStatus.PAID:
        subject, what = f"Your refund of {view.amount}", f"{view.amount} is on its way back to your {view.card_label}."
        more = "Banks usually show it within five to ten days."
    else:
        subject, what = "A refund was not possible", f"Your bank did not take {view.amount} back on {view.card_label}."
        more = "Your credits are back in your wallet, and you can use them." if refund.lot_id else _CALL_US
    why = f"{view.cause}{f': {view.reason}' if view.reason else ''}."
    link = f"{settings().origin}{routes.fill(routes.RECEIPT, view.receipt_number)}" if refund.lot_id else ""
    lines = (f"Hello {account.name},", f"{what} {more}", why, link, "Warm regards,\nRxConnect\n")
    emails.queue(session, account.email, subject, "\n\n".join(filter(None, lines)))


def _offer(session: Session, part: Part) -> RefundOffer:
    purchase = session.get_one(Purchase, part.lot.purchase_id)
    label = cards.label(purchase.card_brand, purchase.card_last_four)
    return RefundOffer(part.credits, part.cents, money.dollars(part.cents), label)


def _views(session: Session, *which: ColumnElement[bool]) -> list[RefundView]:
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
        card_label=cards.label(purchase.card_brand, purchase.card_last_four),
        cause=Cause(refund.cause).label,
        reason=refund.reason,
        status=refund.status,
        status_label=RefundStatus(refund.status).label,
        at=dates.stamp(refund.created_at, facility.time_zone),
    )
