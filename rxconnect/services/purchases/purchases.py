"""Purchases before they are paid: the amount, the card, and the step of the wizard."""

from __future__ import annotations

import secrets
from typing import Any

from sqlmodel import Session, select
from sqlmodel.sql.expression import SelectOfScalar

from rxconnect.domain import cards, money
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.errors import FacilityClosed, Invalid, NotAllowed, NotFound
from rxconnect.domain.facilities import Opening, city_and_state
from rxconnect.domain.problems import Problem
from rxconnect.domain.purchases import Failure, PurchaseStatus, PurchaseStep, PurchaseView, receipt_number
from rxconnect.models import Facility, Purchase


def begin_or_change(
    session: Session, actor: Actor, *, facility_id: int, credits: int, purchase_id: str | None = None
) -> PurchaseView:
    """Begin a purchase, or change the amount or facility of the actor's own open one, at today's price.

    A card chosen before stays chosen. A purchase that is being charged or is paid stays unchanged, as its view shows.
    Raises `Invalid` with `credits`, `FacilityClosed`, `NotFound` and `NotAllowed`.
    """
    if not actor.may(Permission.BUY_CREDITS):
        raise NotAllowed
    facility = _open_facility(session, facility_id)
    _check_credits(facility, credits)
    amount: dict[str, Any] = {"facility_id": facility_id, "credits": credits, "price_cents": facility.price_cents}
    if purchase_id is None:
        purchase = Purchase(id=secrets.token_hex(16), account_id=actor.account_id, **amount)
        session.add(purchase)
    else:
        purchase = get_locked(session, actor, purchase_id)
        if PurchaseStatus(purchase.status).is_open:
            purchase.sqlmodel_update(amount | {"failure": ""})
    session.flush()
    return view(session, purchase)


def get(session: Session, actor: Actor, purchase_id: str) -> PurchaseView:
    """The actor's own purchase. Raises `NotFound`."""
    return view(session, _require_found(session.exec(_select_mine(actor, purchase_id)).one_or_none()))


def get_locked(session: Session, actor: Actor, purchase_id: str) -> Purchase:
    """The actor's own purchase, locked until the transaction ends. Raises `NotFound`."""
    return _require_found(session.exec(_select_mine(actor, purchase_id).with_for_update()).one_or_none())


def is_ready(purchase: Purchase) -> bool:
    """Whether a card is chosen that can be charged. A stored card needs its CVV again for every attempt."""
    return bool(purchase.payment_token and (purchase.card_id is None or purchase.cvc_token))


def view(session: Session, purchase: Purchase) -> PurchaseView:
    """The purchase as its buyer sees it."""
    facility = session.get_one(Facility, purchase.facility_id)
    has_card = bool(purchase.card_brand)
    is_paid = PurchaseStatus(purchase.status).has_receipt
    return PurchaseView(
        id=purchase.id,
        facility_id=purchase.facility_id,
        facility=facility.name,
        facility_place=city_and_state(facility.city, facility.state),
        credits=purchase.credits,
        price=money.price_each(purchase.price_cents),
        total=money.dollars(purchase.credits * purchase.price_cents),
        total_cents=purchase.credits * purchase.price_cents,
        status=purchase.status,
        step=_next_step(purchase, facility),
        card_label=cards.card_label(purchase.card_brand, purchase.card_last_four) if has_card else "",
        saves_card=purchase.saves_card,
        failure=Failure(purchase.failure).sentence if purchase.failure else "",
        receipt_number=receipt_number(purchase.id) if is_paid else "",
        action_url=purchase.action_url,
    )


def _select_mine(actor: Actor, purchase_id: str) -> SelectOfScalar[Purchase]:
    return select(Purchase).where(Purchase.id == purchase_id, Purchase.account_id == actor.account_id)


def _require_found(purchase: Purchase | None) -> Purchase:
    if purchase is None:
        raise NotFound("purchase")
    return purchase


def _next_step(purchase: Purchase, facility: Facility) -> PurchaseStep:
    """The next page of the wizard. A changed price or a closed facility leads back to the amount."""
    status = PurchaseStatus(purchase.status)
    if status.has_receipt:
        return PurchaseStep.RECEIPT
    if status.is_under_way:
        return PurchaseStep.ACTION if status is PurchaseStatus.REQUIRES_ACTION else PurchaseStep.CHARGING
    if facility.opening != Opening.OPEN or facility.price_cents != purchase.price_cents:
        return PurchaseStep.AMOUNT
    return PurchaseStep.REVIEW if is_ready(purchase) else PurchaseStep.PAYMENT


def _open_facility(session: Session, facility_id: int) -> Facility:
    facility = session.get(Facility, facility_id)
    if facility is None:
        raise NotFound("facility")
    if facility.opening != Opening.OPEN:
        raise FacilityClosed(facility.name)
    return facility


def _check_credits(facility: Facility, credits: int) -> None:
    least, most = facility.min_credits, facility.max_credits
    if credits < least:
        raise Invalid(credits=Problem.TOO_FEW_CREDITS(facility=facility.name, credits=least))
    if credits > most:
        raise Invalid(credits=Problem.TOO_MANY_CREDITS(facility=facility.name, credits=most))
