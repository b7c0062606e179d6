"""Checks of an auto-reload's terms: when the family chooses them, and before each reload."""

from __future__ import annotations

from sqlmodel import Session, col, select

from rxconnect.domain.accounts import Actor
from rxconnect.domain.auto_reloads import CAP_MAX_CENTS, Pause, Terms
from rxconnect.domain.cards import is_expired
from rxconnect.domain.errors import Invalid
from rxconnect.domain.inmates import Custody
from rxconnect.domain.problems import Fact, Problem, fields_with_problems
from rxconnect.domain.refunds import RefundStatus
from rxconnect.models import AutoReload, Card, Contact, Dispute, Facility, Inmate, Purchase, Refund
from rxconnect.services.money import cards


def check_terms(session: Session, actor: Actor, facility: Facility, terms: Terms) -> None:
    """Refuse terms that make no sense, and name every wrong field at once.

    The level and the cap are compared with the number of credits only when that number is right. Raises `Invalid` with
    `level`, `credits`, `cap`, `card` or `form`, and `NotFound` for a card that is not the actor's.
    """
    is_sold = _is_sold(facility, terms.credits)
    wrong = fields_with_problems(
        level=_level_problem(terms.level, terms.credits if is_sold else facility.max_credits),
        credits=None if is_sold else _amount_not_sold_problem(facility),
        cap=_cap_problem(terms.cap_cents, terms.cost_cents if is_sold else facility.min_credits * facility.price_cents),
        card=_card_problem(session, actor, terms.card_id),
        form=None if _has_contact(session, actor.account_id, facility) else _no_contact_problem(facility),
    )
    if wrong:
        raise Invalid(**wrong)


def reason_to_stop(session: Session, auto_reload: AutoReload, facility: Facility, card: Card) -> Pause | None:
    """The reason why the auto-reload must stop, when the family's terms no longer hold; None when they do."""
    if facility.price_cents != auto_reload.price_cents:
        return Pause.PRICE_CHANGED
    if not _is_sold(facility, auto_reload.credits):
        return Pause.AMOUNT_NOT_SOLD
    if card.removed_at:
        return Pause.CARD_REMOVED
    if is_expired(card.expiry_month, card.expiry_year):
        return Pause.CARD_EXPIRED
    if not _has_contact(session, auto_reload.account_id, facility):
        return Pause.NOBODY_THERE
    return _pause_after_refund(session, auto_reload)


def _level_problem(level: int, credits: int) -> Fact | None:
    """Refuse a reload that would leave the wallet below its level: another would follow at once."""
    return None if 1 <= level <= credits else Problem.RELOAD_LEVEL_OUT_OF_BOUNDS(most=credits)


def _cap_problem(cap_cents: int, cost_cents: int) -> Fact | None:
    if cap_cents < cost_cents:
        return Problem.RELOAD_LIMIT_TOO_LOW(cents=cost_cents)
    return Problem.RELOAD_LIMIT_TOO_HIGH(cents=CAP_MAX_CENTS) if cap_cents > CAP_MAX_CENTS else None


def _card_problem(session: Session, actor: Actor, card_id: int) -> Fact | None:
    if not card_id:
        return Problem.RELOAD_CARD_MISSING()
    card = cards.get_locked(session, actor, card_id)
    return Problem.RELOAD_CARD_EXPIRED() if is_expired(card.expiry_month, card.expiry_year) else None


def _is_sold(facility: Facility, credits: int) -> bool:
    return facility.min_credits <= credits <= facility.max_credits


def _amount_not_sold_problem(facility: Facility) -> Fact:
    return Problem.RELOAD_AMOUNT_NOT_SOLD(facility=facility.name, least=facility.min_credits, most=facility.max_credits)


def _no_contact_problem(facility: Facility) -> Fact:
    return Problem.RELOAD_FOR_NOBODY(facility=facility.name)


def _has_contact(session: Session, account_id: int, facility: Facility) -> bool:
    """Whether the family has a contact held at the facility. Nothing is bought for a contact who has left."""
    there = (
        select(Contact.id)
        .join(Inmate, col(Inmate.id) == col(Contact.inmate_id))
        .where(Contact.account_id == account_id, col(Contact.removed_at).is_(None))
        .where(Inmate.facility_id == facility.id, Inmate.custody == Custody.HELD)
    )
    return session.exec(there.limit(1)).first() is not None


def _pause_after_refund(session: Session, auto_reload: AutoReload) -> Pause | None:
    """The reason to stop if credits were refunded since the auto-reload was turned on; None otherwise."""
    refunded = select(Refund.id).where(
        Refund.account_id == auto_reload.account_id,
        Refund.facility_id == auto_reload.facility_id,
        Refund.credits > 0,
        Refund.status != RefundStatus.FAILED,
        Refund.created_at >= auto_reload.changed_at,
    )
    if session.exec(refunded.limit(1)).first():
        return Pause.REFUNDED
    disputed = (
        select(Dispute.id)
        .join(Purchase, col(Purchase.id) == col(Dispute.purchase_id))
        .where(Purchase.account_id == auto_reload.account_id, Purchase.facility_id == auto_reload.facility_id)
        .where(Dispute.created_at >= auto_reload.changed_at)
    )
    return Pause.DISPUTED if session.exec(disputed.limit(1)).first() else None
