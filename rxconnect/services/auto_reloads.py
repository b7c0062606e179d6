"""Auto-reloads: set by the family, and carried out by a job while nobody is there to press a button.

An order makes one purchase at a time and remembers which until the family has been told how it ended, so a crash between
any two steps neither charges twice nor leaves anybody untold. Whatever the family has not agreed to stops the order: it
charges nothing more until they turn it on again.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, func, or_, select

from rxconnect import db
from rxconnect.domain import clock, money
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.auto_reloads import CAP_MAX_CENTS, AutoReloadView, Pause, Terms
from rxconnect.domain.cards import is_expired
from rxconnect.domain.errors import FacilityClosed, Invalid, NotAllowed, NotFound, PriceChanged
from rxconnect.domain.facilities import Opening
from rxconnect.domain.inmates import Custody
from rxconnect.domain.ledger import AccountKind
from rxconnect.domain.purchases import Failure, PurchaseStatus
from rxconnect.domain.refunds import RefundStatus
from rxconnect.models import (
    Account,
    AutoReload,
    Card,
    Contact,
    Dispute,
    Facility,
    Inmate,
    LedgerAccount,
    Purchase,
    Refund,
)
from rxconnect.services import auto_reload_emails, auto_reload_views, cards, checkout, wallets

_UNDER_WAY = [status for status in PurchaseStatus if status.is_under_way]


def get(session: Session, actor: Actor, facility_id: int) -> AutoReloadView:
    """The actor's auto-reload at a facility, or what they might turn on there. Raises `NotFound`."""
    facility = _facility(session, facility_id)
    order = session.exec(_of(actor, facility_id)).one_or_none()
    if order:
        return auto_reload_views.existing(session, order)
    usable = [card.id for card in cards.my_cards(session, actor) if not card.is_expired]
    return auto_reload_views.new(session, actor.account_id, facility, usable[0] if usable else 0)


def mine(session: Session, actor: Actor) -> list[AutoReloadView]:
    """Every auto-reload that the actor has set, on or off."""
    orders = session.exec(select(AutoReload).where(AutoReload.account_id == actor.account_id))
    return [auto_reload_views.existing(session, order) for order in orders]


def save(session: Session, actor: Actor, facility_id: int, terms: Terms) -> AutoReloadView:
    """Turn auto-reload on, on these terms, or change those it has.

    Raises `Invalid` with `level`, `credits`, `cap`, `card` or `form`; `PriceChanged` when the price is no longer the one
    in `terms`; `FacilityClosed`, `NotFound` and `NotAllowed`.
    """
    if not actor.may(Permission.BUY_CREDITS):
        raise NotAllowed
    facility = _facility(session, facility_id)
    if facility.opening != Opening.OPEN:
        raise FacilityClosed(facility.name)
    if facility.price_cents != terms.price_cents:
        raise PriceChanged(facility.price_cents)
    _check(session, actor, facility, terms)
    agreed: dict[str, Any] = asdict(terms) | {"is_on": True, "paused": "", "changed_at": clock.now()}
    order = AutoReload(account_id=actor.account_id, facility_id=facility_id, **agreed)
    if not db.add_once(session, order):
        order = session.exec(_of(actor, facility_id).with_for_update()).one()
        order.sqlmodel_update(agreed)
    session.flush()
    return auto_reload_views.existing(session, order)


def turn_off(session: Session, actor: Actor, facility_id: int) -> AutoReloadView:
    """Nothing more is charged; a charge that is under way ends as it will. Raises `NotFound`."""
    order = session.exec(_of(actor, facility_id).with_for_update()).one_or_none()
    if order is None:
        raise NotFound("auto-reload")
    order.is_on, order.paused = False, ""
    session.flush()
    return auto_reload_views.existing(session, order)


def reload_due() -> int:
    """Buy credits for every wallet that is low and whose family asked for it. Returns how many purchases have ended.

    Any number of workers may call it. Opens its own transactions, none of them around the processor.
    """
    for order_id in db.read(_low):
        purchase_id = db.write(_claim, order_id)
        if purchase_id:
            # What has changed since the claim, the next round's claim finds out.
            with suppress(FacilityClosed, PriceChanged):
                checkout.submit_auto(purchase_id)
    return sum(db.write(_tell, order_id) for order_id in db.read(_ended))


def _facility(session: Session, facility_id: int) -> Facility:
    facility = session.get(Facility, facility_id)
    if facility is None:
        raise NotFound("facility")
    return facility


def _of(actor: Actor, facility_id: int) -> Any:
    return select(AutoReload).where(AutoReload.account_id == actor.account_id, AutoReload.facility_id == facility_id)


def _check(session: Session, actor: Actor, facility: Facility, terms: Terms) -> None:
    """Say everything that is wrong at once; level and limit are measured by the number of credits when that is right."""
    is_sold = _is_sold(facility, terms.credits)
    problems = {
        "level": _level_problem(terms.level, terms.credits if is_sold else facility.max_credits),
        "credits": "" if is_sold else _bounds(facility),
        "cap": _cap_problem(
            terms.cap_cents, terms.cost_cents if is_sold else facility.min_credits * facility.price_cents
        ),
        "card": _card_problem(session, actor, terms.card_id),
        "form": "" if _is_somebody_there(session, actor.account_id, facility) else _nobody_there(facility),
    }
    if any(problems.values()):
        raise Invalid(**{field: problem for field, problem in problems.items() if problem})


def _level_problem(level: int, credits: int) -> str:
    """A reload that leaves the wallet below its level would be followed by another at once."""
    return "" if 1 <= level <= credits else f"Enter a number from 1 to {credits}: at most what one reload buys."


def _cap_problem(cap_cents: int, cost_cents: int) -> str:
    if cap_cents < cost_cents:
        return f"The monthly limit must allow at least one reload, {money.dollars(cost_cents)}."
    if cap_cents > CAP_MAX_CENTS:
        return f"The monthly limit can be at most {money.dollars(CAP_MAX_CENTS)}."
    return ""


def _card_problem(session: Session, actor: Actor, card_id: int) -> str:
    if not card_id:
        return "Choose the card that pays."
    card = cards.own(session, actor, card_id)
    if is_expired(card.expiry_month, card.expiry_year):
        return "This card has expired. Correct its expiry date, or choose another card."
    return ""


def _is_sold(facility: Facility, credits: int) -> bool:
    return facility.min_credits <= credits <= facility.max_credits


def _bounds(facility: Facility) -> str:
    return f"{facility.name} sells from {facility.min_credits} to {facility.max_credits} credits at a time."


def _nobody_there(facility: Facility) -> str:
    return f"None of your contacts is at {facility.name} now. Add the person you write to first."


def _is_somebody_there(session: Session, account_id: int, facility: Facility) -> bool:
    """Whether the family has anybody there to write to: nothing is bought for somebody who has left."""
    there = (
        select(Contact.id)
        .join(Inmate, col(Inmate.id) == col(Contact.inmate_id))
        .where(Contact.account_id == account_id, col(Contact.removed_at).is_(None))
        .where(Inmate.facility_id == facility.id, Inmate.custody == Custody.HELD)
    )
    return session.exec(there.limit(1)).first() is not None


def _low(session: Session) -> list[int]:
    """The orders whose wallet is below its level, with room under their cap, and with no charge under way."""
    wallet = and_(
        col(LedgerAccount.kind) == AccountKind.WALLET,
        col(LedgerAccount.owner_id) == col(AutoReload.account_id),
        col(LedgerAccount.facility_id) == col(AutoReload.facility_id),
    )
    rows = session.exec(
        select(AutoReload, Facility)
        .join(Facility, col(Facility.id) == col(AutoReload.facility_id))
        .join(Account, col(Account.id) == col(AutoReload.account_id))
        .outerjoin(LedgerAccount, wallet)
        .outerjoin(Purchase, col(Purchase.id) == col(AutoReload.purchase_id))
        .where(col(AutoReload.is_on), col(Account.closed_at).is_(None), Facility.opening == Opening.OPEN)
        .where(func.coalesce(col(LedgerAccount.balance), 0) < col(AutoReload.level), _is_free())
        .order_by(col(AutoReload.id))
    )
    return [order.id for order, facility in rows if order.id and _has_room(session, order, facility)]


def _is_free() -> ColumnElement[bool]:
    """No purchase of the order's is waiting for its end to be told. One that was never submitted may be used again."""
    return or_(col(Purchase.id).is_(None), col(Purchase.status) == PurchaseStatus.DRAFT)


def _ended(session: Session) -> list[int]:
    """The orders whose purchase has an outcome that the family has not been told."""
    has_outcome = col(Purchase.status).not_in([PurchaseStatus.DRAFT, *_UNDER_WAY])
    orders = (
        select(AutoReload.id)
        .join(Purchase, col(Purchase.id) == col(AutoReload.purchase_id))
        .where(has_outcome)
        .order_by(col(AutoReload.id))
    )
    return [order_id for order_id in session.exec(orders) if order_id]


def _claim(session: Session, order_id: int) -> str | None:
    """Prepare the purchase that the order makes next, and return its id; None when it must not or need not.

    Workers queue at the order's row, and look again at everything once they have it.
    """
    order = session.exec(select(AutoReload).where(AutoReload.id == order_id).with_for_update()).one()
    facility = session.get_one(Facility, order.facility_id)
    purchase = _prepared(session, order)
    is_busy = bool(order.purchase_id) and purchase is None
    if not order.is_on or is_busy or facility.opening != Opening.OPEN:
        return None
    if wallets.balance(session, order.account_id, order.facility_id) >= order.level:
        return None
    if not _has_room(session, order, facility):
        return None
    card = session.get_one(Card, order.card_id)
    reason = _reason_to_stop(session, order, facility, card)
    if reason:
        _stop(session, order, reason)
        return None
    return _prepare(session, order, card, purchase)


def _prepared(session: Session, order: AutoReload) -> Purchase | None:
    """The order's purchase that was made and never submitted: its worker died, or the facility closed just then."""
    draft = select(Purchase).where(Purchase.id == order.purchase_id, Purchase.status == PurchaseStatus.DRAFT)
    return session.exec(draft.with_for_update()).one_or_none()


def _prepare(session: Session, order: AutoReload, card: Card, purchase: Purchase | None) -> str:
    if purchase is None:
        purchase = Purchase(
            id=secrets.token_hex(16),
            account_id=order.account_id,
            facility_id=order.facility_id,
            credits=order.credits,
            price_cents=order.price_cents,
            auto_reload_id=order.id,
        )
        session.add(purchase)
    purchase.credits, purchase.price_cents, purchase.created_at = order.credits, order.price_cents, clock.now()
    purchase.card_id, purchase.payment_token = card.id, card.token
    purchase.card_brand, purchase.card_last_four = card.brand, card.last_four
    order.purchase_id = purchase.id
    return purchase.id


def _has_room(session: Session, order: AutoReload, facility: Facility) -> bool:
    charged = auto_reload_views.charged_cents(session, order, facility)
    return charged + auto_reload_views.terms_of(order).cost_cents <= order.cap_cents


def _reason_to_stop(session: Session, order: AutoReload, facility: Facility, card: Card) -> Pause | None:
    """What the family has not agreed to; None when everything is as they know it."""
    if facility.price_cents != order.price_cents:
        return Pause.PRICE_CHANGED
    if not _is_sold(facility, order.credits):
        return Pause.AMOUNT_NOT_SOLD
    if card.removed_at:
        return Pause.CARD_REMOVED
    if is_expired(card.expiry_month, card.expiry_year):
        return Pause.CARD_EXPIRED
    if not _is_somebody_there(session, order.account_id, facility):
        return Pause.NOBODY_THERE
    return _where_money_went(session, order)


def _where_money_went(session: Session, order: AutoReload) -> Pause | None:
    """Whether credits became money again since the order was turned on: then nobody wants them bought back."""
    refunded = select(Refund.id).where(
        Refund.account_id == order.account_id,
        Refund.facility_id == order.facility_id,
        Refund.credits > 0,
        Refund.status != RefundStatus.FAILED,
        Refund.created_at >= order.changed_at,
    )
    if session.exec(refunded.limit(1)).first():
        return Pause.REFUNDED
    disputed = (
        select(Dispute.id)
        .join(Purchase, col(Purchase.id) == col(Dispute.purchase_id))
        .where(Purchase.account_id == order.account_id, Purchase.facility_id == order.facility_id)
        .where(Dispute.created_at >= order.changed_at)
    )
    return Pause.DISPUTED if session.exec(disputed.limit(1)).first() else None


def _tell(session: Session, order_id: int) -> bool:
    """Tell the family how the order's purchase ended, once. A failure stops the order."""
    order = session.exec(select(AutoReload).where(AutoReload.id == order_id).with_for_update()).one()
    purchase = session.get(Purchase, order.purchase_id)
    if purchase is None or purchase.status == PurchaseStatus.DRAFT or purchase.status in _UNDER_WAY:
        return False
    order.purchase_id = ""
    if purchase.status != PurchaseStatus.FAILED:
        auto_reload_emails.tell_bought(session, order, purchase)
    elif order.is_on:
        _stop(session, order, Pause.after(Failure(purchase.failure)))
    return True


def _stop(session: Session, order: AutoReload, reason: Pause) -> None:
    order.is_on, order.paused = False, reason
    auto_reload_emails.tell_paused(session, order)
