"""The emails about an auto-reload: one each time it buys credits, and one when it stops by itself."""

from __future__ import annotations

from sqlmodel import Session

from rxconnect import routes
from rxconnect.domain import cards, money
from rxconnect.domain.auto_reloads import Pause
from rxconnect.domain.purchases import receipt_number
from rxconnect.models import Account, AutoReload, Facility, Purchase
from rxconnect.services.notices import emails
from rxconnect.services.purchases import auto_reload_views


def tell_bought(session: Session, order: AutoReload, purchase: Purchase) -> None:
    """Email how many credits were bought, for how much, and what is left of the month's cap."""
    facility = session.get_one(Facility, order.facility_id)
    terms = auto_reload_views.terms_of(order)
    charged = auto_reload_views.charged_cents(session, order, facility)
    rests = auto_reload_views.rests_until(facility, terms, charged)
    total = money.dollars(purchase.credits * purchase.price_cents)
    lines = [
        f"your credits at {facility.name} fell below {order.level}, so we bought {money.credits(purchase.credits)} for "
        f"{total} with your {cards.label(purchase.card_brand, purchase.card_last_four)}, as you asked us to.",
        f"Auto-reload has charged {money.dollars(charged)} here this month. Your limit is "
        f"{money.dollars(terms.cap_cents)} a month" + (f", so it rests until {rests}." if rests else "."),
        f"The receipt: {routes.absolute(routes.fill(routes.RECEIPT, receipt_number(purchase.id)))}",
        f"Change it or turn it off: {_address(order)}",
    ]
    _queue(session, order, f"Auto-reload: {money.credits(purchase.credits)} for {total}", lines)


def tell_paused(session: Session, order: AutoReload) -> None:
    """Email that auto-reload has stopped by itself, why, and that nothing more is charged."""
    facility = session.get_one(Facility, order.facility_id)
    lines = [
        f"auto-reload at {facility.name} is off now. {Pause(order.paused).sentence}",
        "It charges nothing more until you turn it on again. Your credits stay as they are.",
        f"Look at it: {_address(order)}",
    ]
    _queue(session, order, f"Auto-reload at {facility.name} is off", lines)


def _queue(session: Session, order: AutoReload, subject: str, lines: list[str]) -> None:
    account = session.get_one(Account, order.account_id)
    body = "\n\n".join([f"Hello {account.name},", *lines, "Warm regards,\nRxConnect\n"])
    emails.queue(session, account.email, subject, body)


def _address(order: AutoReload) -> str:
    return routes.absolute(routes.fill(routes.AUTO_RELOAD, order.facility_id))
