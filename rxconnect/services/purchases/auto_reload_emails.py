"""The emails about an auto-reload: one each time it buys credits, and one when it stops by itself."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import Session

from rxconnect import routes
from rxconnect.domain import cards, money
from rxconnect.domain.auto_reloads import Pause
from rxconnect.domain.notices import NoticeKind
from rxconnect.domain.purchases import receipt_number
from rxconnect.i18n import _
from rxconnect.models import Account, AutoReload, Facility, Purchase
from rxconnect.services.notices.notices import notify
from rxconnect.services.purchases import auto_reload_views


def notify_bought(session: Session, auto_reload: AutoReload, purchase: Purchase) -> None:
    """Email how many credits were bought, for how much, and what is left of the month's cap."""
    _notify(session, auto_reload, lambda: _bought_email(session, auto_reload, purchase))


def notify_paused(session: Session, auto_reload: AutoReload) -> None:
    """Email that auto-reload has stopped by itself, why, and that nothing more is charged."""
    _notify(session, auto_reload, lambda: _paused_email(session, auto_reload))


def _notify(session: Session, auto_reload: AutoReload, email: Callable[[], tuple[str, list[str]]]) -> None:
    """Notify the owner; `email` returns the subject, and the paragraphs between greeting and signature."""
    account = session.get_one(Account, auto_reload.account_id)

    def wording() -> tuple[str, str]:
        subject, lines = email()
        body = [_("Hello {name},").format(name=account.name), *lines, _("Warm regards,\nRxConnect\n")]
        return subject, "\n\n".join(body)

    path = routes.fill(routes.AUTO_RELOAD, auto_reload.facility_id)
    notify(session, account, NoticeKind.AUTO_RELOAD, wording, path=path)


def _bought_email(session: Session, auto_reload: AutoReload, purchase: Purchase) -> tuple[str, list[str]]:
    facility = session.get_one(Facility, auto_reload.facility_id)
    terms = auto_reload_views.terms_of(auto_reload)
    charged = auto_reload_views.charged_cents(session, auto_reload, facility)
    rests = auto_reload_views.rests_until(facility, terms, charged)
    total = money.dollars(purchase.credits * purchase.price_cents)
    fell = _(
        "Your credits at {facility} fell below {level}, so we bought {credits} for {total} with your {card}, as you asked "
        "us to."
    ).format(
        facility=facility.name,
        level=auto_reload.level,
        credits=money.credits(purchase.credits),
        total=total,
        card=cards.card_label(purchase.card_brand, purchase.card_last_four),
    )
    so_far = (
        _(
            "Auto-reload has charged {charged} here this month. Your limit is {limit} a month, so it buys nothing more until {rests}."
        )
        if rests
        else _("Auto-reload has charged {charged} here this month. Your limit is {limit} a month.")
    ).format(charged=money.dollars(charged), limit=money.dollars(terms.cap_cents), rests=rests)
    receipt = routes.absolute_url(routes.fill(routes.RECEIPT, receipt_number(purchase.id)))
    lines = [
        fell,
        so_far,
        _("The receipt: {link}").format(link=receipt),
        _("Change it or turn it off: {link}").format(link=_page_address(auto_reload)),
    ]
    return _("Auto-reload: {credits} for {total}").format(credits=money.credits(purchase.credits), total=total), lines


def _paused_email(session: Session, auto_reload: AutoReload) -> tuple[str, list[str]]:
    facility = session.get_one(Facility, auto_reload.facility_id)
    lines = [
        _("Auto-reload at {facility} is off now. {why}").format(
            facility=facility.name, why=Pause(auto_reload.paused).sentence
        ),
        _("It charges nothing more until you turn it on again. Your credits stay as they are."),
        _("Look at it: {link}").format(link=_page_address(auto_reload)),
    ]
    return _("Auto-reload is off"), lines


def _page_address(auto_reload: AutoReload) -> str:
    return routes.absolute_url(routes.fill(routes.AUTO_RELOAD, auto_reload.facility_id))
