"""The terms of an auto-reload: which a family may choose, and whether they still hold."""

from __future__ import annotations

from sqlmodel import Session, col, select

from rxconnect.domain import money
from rxconnect.domain.accounts import Actor
from rxconnect.domain.auto_reloads import CAP_MAX_CENTS, Pause, Terms
from rxconnect.domain.cards import is_expired
from rxconnect.domain.errors import Invalid
from rxconnect.domain.inmates import Custody
from rxconnect.domain.refunds import RefundStatus
from rxconnect.models import AutoReload, Card, Contact, Dispute, Facility, Inmate, Purchase, Refund
from rxconnect.services.money import cards


def check(session: Session, actor: Actor, facility: Facility, terms: Terms) -> None:
    """Refuse terms that make no sense, and name everything that is wrong at once.

    The level and the cap are compared with the number of credits only when that number is right. Raises `Invalid` with
    `level`, `credits`, `cap`, `card` or `form`, and `NotFound` for a card that is not the actor's.
    """
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


def reason_to_stop(session: Session, order: AutoReload, facility: Facility, card: Card) -> Pause | None:
    """Why the order must stop: something differs from what the family agreed to. None when nothing does."""
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


def _level_problem(level: int, credits: int) -> str:
    """Refuse a reload that would leave the wallet below its level: another would follow at once."""
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
    """Whether the family has a contact held at the facility. Nothing is bought for a contact who has left."""
    there = (
        select(Contact.id)
        .join(Inmate, col(Inmate.id) == col(Contact.inmate_id))
        .where(Contact.account_id == account_id, col(Contact.removed_at).is_(None))
        .where(Inmate.facility_id == facility.id, Inmate.custody == Custody.HELD)
    )
    return session.exec(there.limit(1)).first() is not None


def _where_money_went(session: Session, order: AutoReload) -> Pause | None:
    """The reason to stop if credits were refunded since the order was turned on: the family does not want them back."""
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
