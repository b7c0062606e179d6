"""Auto-reloads: a family sets them up, and a job carries them out.

An auto-reload makes one purchase at a time. It keeps that purchase's id until the family has been told how it ended, so
a crash between two steps neither charges twice nor skips the email. When something differs from what the family agreed
to, the auto-reload stops and charges nothing more until they turn it on again.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session, and_, col, func, or_, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.auto_reloads import AutoReloadView, Pause, Terms
from rxconnect.domain.errors import FacilityClosed, NotFound, PriceChanged
from rxconnect.domain.facilities import Opening
from rxconnect.domain.ledger import AccountKind
from rxconnect.domain.purchases import Failure, PurchaseStatus
from rxconnect.models import (
    Account,
    AutoReload,
    Card,
    Facility,
    LedgerAccount,
    Purchase,
)
from rxconnect.services.money import cards, wallets
from rxconnect.services.purchases import auto_reload_emails, auto_reload_terms, auto_reload_views, checkout
from rxconnect.services.scheduling.batches import Batch

_UNDER_WAY = [status for status in PurchaseStatus if status.is_under_way]
_BATCH = 100


@dataclass(frozen=True, slots=True)
class _Due:
    auto_reload_id: int
    has_something_to_do: bool


def get(session: Session, actor: Actor, facility_id: int) -> AutoReloadView:
    """The actor's auto-reload at a facility, or the suggested one when they have none. Raises `NotFound`."""
    facility = _facility(session, facility_id)
    auto_reload = session.exec(_own(actor, facility_id)).one_or_none()
    if auto_reload:
        return auto_reload_views.view_of_existing(session, auto_reload)
    usable = [card.id for card in cards.my_cards(session, actor) if not card.is_expired]
    return auto_reload_views.view_of_new(session, actor.account_id, facility, usable[0] if usable else 0)


def my_auto_reloads(session: Session, actor: Actor) -> list[AutoReloadView]:
    """Every auto-reload that the actor has set, on or off."""
    auto_reloads = session.exec(select(AutoReload).where(AutoReload.account_id == actor.account_id))
    return [auto_reload_views.view_of_existing(session, auto_reload) for auto_reload in auto_reloads]


def save(session: Session, actor: Actor, facility_id: int, terms: Terms) -> AutoReloadView:
    """Turn auto-reload on with these terms, or change its terms.

    Raises `Invalid` with `level`, `credits`, `cap`, `card` or `form`; `PriceChanged` when the price is no longer the
    one in `terms`; `FacilityClosed`, `NotFound`, `NotAllowed` and `PasswordNeeded`.
    """
    actor.must(Permission.SET_AUTO_RELOAD)
    facility = _facility(session, facility_id)
    if facility.opening != Opening.OPEN:
        raise FacilityClosed(facility.name)
    if facility.price_cents != terms.price_cents:
        raise PriceChanged(facility.price_cents)
    auto_reload_terms.check_terms(session, actor, facility, terms)
    agreed: dict[str, Any] = asdict(terms) | {"is_on": True, "paused": "", "changed_at": clock.now()}
    auto_reload = AutoReload(account_id=actor.account_id, facility_id=facility_id, **agreed)
    if not db.add_once(session, auto_reload):
        auto_reload = session.exec(_own(actor, facility_id).with_for_update()).one()
        auto_reload.sqlmodel_update(agreed)
    session.flush()
    return auto_reload_views.view_of_existing(session, auto_reload)


def turn_off(session: Session, actor: Actor, facility_id: int) -> AutoReloadView:
    """Turn auto-reload off. A charge that is under way still ends by itself. Raises `NotFound`."""
    auto_reload = session.exec(_own(actor, facility_id).with_for_update()).one_or_none()
    if auto_reload is None:
        raise NotFound("auto-reload")
    auto_reload.is_on, auto_reload.paused = False, ""
    session.flush()
    return auto_reload_views.view_of_existing(session, auto_reload)


def reload_due(after: int = 0) -> Batch:
    """Buy credits for one batch of wallets below their auto-reload's level. `done` counts the purchases that ended.

    Any number of workers may call this at once. Opens its own transactions, none of them around the processor.
    """
    due = db.read(_due_auto_reloads, after)
    batch = Batch(resume_after=due[-1].auto_reload_id if len(due) == _BATCH else None)
    batch.each(_carry_out, [one.auto_reload_id for one in due if one.has_something_to_do])
    return batch


def _carry_out(auto_reload_id: int) -> bool:
    """Make an auto-reload's purchase, and email the family its result. Returns whether they were emailed."""
    purchase_id = db.write(_prepare_due_purchase, auto_reload_id)
    if purchase_id:
        # If the facility changed since the claim, the next claim notices it.
        with suppress(FacilityClosed, PriceChanged):
            checkout.submit_auto(purchase_id)
    return db.write(_email_result, auto_reload_id)


def _facility(session: Session, facility_id: int) -> Facility:
    facility = session.get(Facility, facility_id)
    if facility is None:
        raise NotFound("facility")
    return facility


def _own(actor: Actor, facility_id: int) -> Any:
    return select(AutoReload).where(AutoReload.account_id == actor.account_id, AutoReload.facility_id == facility_id)


def _due_auto_reloads(session: Session, after: int) -> list[_Due]:
    """The next auto-reloads that may be due.

    Either their purchase has ended and the family has not been told, or their wallet is below its level and no charge
    is under way. Some of the latter have reached their cap and are skipped later.
    """
    wallet = and_(
        col(LedgerAccount.kind) == AccountKind.WALLET,
        col(LedgerAccount.owner_id) == col(AutoReload.account_id),
        col(LedgerAccount.facility_id) == col(AutoReload.facility_id),
    )
    has_outcome = and_(col(Purchase.id).is_not(None), col(Purchase.status).not_in([PurchaseStatus.DRAFT, *_UNDER_WAY]))
    # A purchase that was made and never submitted may be used again.
    is_free = or_(col(Purchase.id).is_(None), col(Purchase.status) == PurchaseStatus.DRAFT)
    is_low = and_(
        col(AutoReload.is_on),
        col(Account.closed_at).is_(None),
        Facility.opening == Opening.OPEN,
        func.coalesce(col(LedgerAccount.balance), 0) < col(AutoReload.level),
    )
    rows = session.exec(
        select(AutoReload, Facility, has_outcome)
        .join(Facility, col(Facility.id) == col(AutoReload.facility_id))
        .join(Account, col(Account.id) == col(AutoReload.account_id))
        .outerjoin(LedgerAccount, wallet)
        .outerjoin(Purchase, col(Purchase.id) == col(AutoReload.purchase_id))
        .where(or_(has_outcome, and_(is_low, is_free)), col(AutoReload.id) > after)
        .order_by(col(AutoReload.id))
        .limit(_BATCH)
    )
    return [
        _Due(auto_reload.id or 0, has_ended or _has_room_under_cap(session, auto_reload, facility))
        for auto_reload, facility, has_ended in rows
    ]


def _prepare_due_purchase(session: Session, auto_reload_id: int) -> str | None:
    """Prepare the auto-reload's next purchase and return its id; None when it must not buy, or need not.

    One worker at a time locks the auto-reload's row, and checks everything again once it has the lock.
    """
    auto_reload = _lock_auto_reload(session, auto_reload_id)
    if auto_reload is None:
        return None
    facility = session.get_one(Facility, auto_reload.facility_id)
    purchase = _unsubmitted_purchase(session, auto_reload)
    is_busy = bool(auto_reload.purchase_id) and purchase is None
    if not auto_reload.is_on or is_busy or facility.opening != Opening.OPEN:
        return None
    if wallets.balance(session, auto_reload.account_id, auto_reload.facility_id) >= auto_reload.level:
        return None
    if not _has_room_under_cap(session, auto_reload, facility):
        return None
    card = session.get_one(Card, auto_reload.card_id)
    reason = auto_reload_terms.reason_to_stop(session, auto_reload, facility, card)
    if reason:
        _stop(session, auto_reload, reason)
        return None
    return _fill_purchase(session, auto_reload, card, purchase)


def _lock_auto_reload(session: Session, auto_reload_id: int) -> AutoReload | None:
    """The auto-reload, locked until the transaction ends. None while another transaction has the lock."""
    mine = select(AutoReload).where(AutoReload.id == auto_reload_id)
    return session.exec(mine.with_for_update(skip_locked=True)).one_or_none()


def _unsubmitted_purchase(session: Session, auto_reload: AutoReload) -> Purchase | None:
    """The auto-reload's purchase that was never submitted, because its worker died or the facility closed just then."""
    draft = select(Purchase).where(Purchase.id == auto_reload.purchase_id, Purchase.status == PurchaseStatus.DRAFT)
    return session.exec(draft.with_for_update()).one_or_none()


def _fill_purchase(session: Session, auto_reload: AutoReload, card: Card, purchase: Purchase | None) -> str:
    """Fill in a new or a prepared purchase with the terms and the card. Returns its id."""
    if purchase is None:
        purchase = Purchase(
            id=secrets.token_hex(16),
            account_id=auto_reload.account_id,
            facility_id=auto_reload.facility_id,
            credits=auto_reload.credits,
            price_cents=auto_reload.price_cents,
            auto_reload_id=auto_reload.id,
        )
        session.add(purchase)
    purchase.credits, purchase.price_cents = auto_reload.credits, auto_reload.price_cents
    purchase.created_at = clock.now()
    purchase.card_id, purchase.payment_token = card.id, card.token
    purchase.card_brand, purchase.card_last_four = card.brand, card.last_four
    auto_reload.purchase_id = purchase.id
    return purchase.id


def _has_room_under_cap(session: Session, auto_reload: AutoReload, facility: Facility) -> bool:
    charged = auto_reload_views.charged_cents(session, auto_reload, facility)
    return charged + auto_reload_views.terms_of(auto_reload).cost_cents <= auto_reload.cap_cents


def _email_result(session: Session, auto_reload_id: int) -> bool:
    """Email the family the result of the auto-reload's purchase, once. A failed purchase stops the auto-reload."""
    auto_reload = _lock_auto_reload(session, auto_reload_id)
    purchase = session.get(Purchase, auto_reload.purchase_id) if auto_reload else None
    if (
        auto_reload is None
        or purchase is None
        or purchase.status == PurchaseStatus.DRAFT
        or purchase.status in _UNDER_WAY
    ):
        return False
    auto_reload.purchase_id = ""
    if purchase.status != PurchaseStatus.FAILED:
        auto_reload_emails.notify_bought(session, auto_reload, purchase)
    elif auto_reload.is_on:
        _stop(session, auto_reload, Pause.after(Failure(purchase.failure)))
    return True


def _stop(session: Session, auto_reload: AutoReload, reason: Pause) -> None:
    auto_reload.is_on, auto_reload.paused = False, reason
    auto_reload_emails.notify_paused(session, auto_reload)
