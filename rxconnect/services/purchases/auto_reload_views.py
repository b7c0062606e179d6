"""Read models of auto-reloads for a family, and the amount that they charged in a calendar month."""

from __future__ import annotations

from sqlmodel import Session, col, func, select

from rxconnect.domain import auto_reloads, clock, dates, money
from rxconnect.domain.auto_reloads import CHARGED, AutoReloadView, Pause, ReloadView, Terms
from rxconnect.domain.purchases import SUGGESTED_CREDITS, PurchaseStatus, receipt_number
from rxconnect.i18n import _
from rxconnect.models import AutoReload, Facility, Purchase
from rxconnect.services.money import wallets

_LEVEL = 5
_RELOADS_A_MONTH = 2


def charged_cents(session: Session, auto_reload: AutoReload, facility: Facility) -> int:
    """The cents that the auto-reload has charged, or may have, since the facility's calendar month began. See `CHARGED`."""
    total = session.exec(
        select(func.coalesce(func.sum(col(Purchase.credits) * col(Purchase.price_cents)), 0)).where(
            Purchase.auto_reload_id == auto_reload.id,
            Purchase.created_at >= auto_reloads.month_start(clock.now(), facility.time_zone),
            col(Purchase.status).in_(CHARGED),
        )
    ).one()
    return int(total)


def suggested_terms(facility: Facility, card_id: int) -> Terms:
    """The default terms in the form of a new auto-reload."""
    usual = SUGGESTED_CREDITS[1]
    credits = min(max(usual, facility.min_credits), facility.max_credits)
    cost = credits * facility.price_cents
    return Terms(min(_LEVEL, credits), credits, facility.price_cents, _RELOADS_A_MONTH * cost, card_id)


def view_of_new(session: Session, account_id: int, facility: Facility, card_id: int) -> AutoReloadView:
    """The view of an auto-reload that is not turned on yet."""
    return _view(session, account_id, facility, suggested_terms(facility, card_id))


def view_of_existing(session: Session, auto_reload: AutoReload) -> AutoReloadView:
    """The view of an auto-reload that exists."""
    facility = session.get_one(Facility, auto_reload.facility_id)
    return _view(session, auto_reload.account_id, facility, terms_of(auto_reload), auto_reload)


def terms_of(auto_reload: AutoReload) -> Terms:
    """The terms that the family has agreed to."""
    return Terms(
        auto_reload.level, auto_reload.credits, auto_reload.price_cents, auto_reload.cap_cents, auto_reload.card_id
    )


def rests_until(facility: Facility, terms: Terms, charged: int) -> str:
    """The day on which the month's cap has room again; "" while it still has room."""
    if charged + terms.cost_cents <= terms.cap_cents:
        return ""
    return dates.short_date(auto_reloads.next_month_start(clock.now(), facility.time_zone), facility.time_zone)


def _view(
    session: Session, account_id: int, facility: Facility, terms: Terms, auto_reload: AutoReload | None = None
) -> AutoReloadView:
    assert facility.id is not None
    charged = charged_cents(session, auto_reload, facility) if auto_reload else 0
    cost = money.dollars(terms.cost_cents)
    return AutoReloadView(
        facility_id=facility.id,
        facility=facility.name,
        is_new=auto_reload is None,
        is_on=bool(auto_reload and auto_reload.is_on),
        paused=Pause(auto_reload.paused).sentence if auto_reload and auto_reload.paused else "",
        level=terms.level,
        credits=terms.credits,
        price_cents=facility.price_cents,
        cap_cents=terms.cap_cents,
        card_id=terms.card_id,
        summary=_("It buys {credits} for {cost} when fewer than {level} are left.").format(
            credits=money.credits(terms.credits), cost=cost, level=terms.level
        ),
        unused=wallets.balance(session, account_id, facility.id),
        spent=_("{charged} of {limit}").format(charged=money.dollars(charged), limit=money.dollars(terms.cap_cents)),
        rests_until=rests_until(facility, terms, charged) if auto_reload and auto_reload.is_on else "",
        this_month=_reloads_this_month(session, auto_reload, facility) if auto_reload else [],
    )


def _reloads_this_month(session: Session, auto_reload: AutoReload, facility: Facility) -> list[ReloadView]:
    rows = session.exec(
        select(Purchase)
        .where(
            Purchase.auto_reload_id == auto_reload.id,
            Purchase.created_at >= auto_reloads.month_start(clock.now(), facility.time_zone),
            Purchase.status != PurchaseStatus.DRAFT,
        )
        .order_by(col(Purchase.created_at).desc())
    )
    return [_reload_view(purchase, facility) for purchase in rows]


def _reload_view(purchase: Purchase, facility: Facility) -> ReloadView:
    status = PurchaseStatus(purchase.status)
    label, tone = (_("Charged"), "good") if status.has_receipt else (_("Not charged"), "bad")
    if status.is_under_way:
        label, tone = _("Being charged"), "wait"
    return ReloadView(
        at=dates.day_and_time(purchase.created_at, facility.time_zone),
        what=f"{money.credits(purchase.credits)}, {money.dollars(purchase.credits * purchase.price_cents)}",
        number=receipt_number(purchase.id) if status.has_receipt else "",
        label=label,
        tone=tone,
    )
