"""Auto-reload at one facility: show its cost while the user types, turn it on, change it, turn it off."""

import re

import reflex as rx

from rxconnect.domain import money
from rxconnect.domain.accounts import Actor
from rxconnect.domain.auto_reloads import AutoReloadView, Terms
from rxconnect.domain.cards import CardView
from rxconnect.domain.errors import Invalid, NotFound, PriceChanged
from rxconnect.domain.facilities import FacilityView
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.problems import Problem
from rxconnect.domain.purchases import SUGGESTED_CREDITS
from rxconnect.i18n import _
from rxconnect.services.directory import facilities
from rxconnect.services.money import cards
from rxconnect.services.purchases import auto_reloads
from rxconnect.state import address
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Id, Text, family, while_typing
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import write

_DOLLARS = re.compile(r"\$?\s*([0-9]{1,6})(?:\.([0-9]{2}))?")


class AutoReloadState(Screen, rx.State):
    """The auto-reload of one facility. `level`, `credits` and `cap` are as typed, the cap in dollars.

    `consent` is the full text that the user agrees to by turning it on; "" while the fields hold no valid values.
    """

    auto_reload: AutoReloadView | None = None
    cards: list[CardView] = []
    level: str = ""
    credits: str = ""
    cap: str = ""
    card_id: int = 0
    suggestions: list[dict[str, str]] = []
    bounds: str = ""
    price: str = ""
    cost: str = ""
    consent: str = ""
    is_open: bool = True
    closed_because: str = ""
    _facility: FacilityView | None = None

    @family
    async def load(self, caller: Caller):
        """Load the current auto-reload, or suggested values for a new one."""
        self.auto_reload, self._facility = None, None
        auto_reload = await self._read_auto_reload(caller)
        if not await self._returns_with_password(caller.actor):
            self._fill_form(auto_reload)
        self.auto_reload = auto_reload
        self._show_cost_and_consent()
        self.ready = True

    @family
    @while_typing
    async def type_level(self, _actor: Actor, level: Text):
        """Update the number of credits below which to buy."""
        if self._update_field("level", level):
            self._show_cost_and_consent()

    @family
    @while_typing
    async def type_credits(self, _actor: Actor, credits: Text):
        """Update the number of credits to buy."""
        if self._update_field("credits", credits):
            self._show_cost_and_consent()

    @family
    @while_typing
    async def type_cap(self, _actor: Actor, cap: Text):
        """Update the most dollars a month."""
        if self._update_field("cap", cap):
            self._show_cost_and_consent()

    @family
    async def choose_suggested(self, _actor: Actor, credits: Text):
        """Take one of the suggested numbers of credits."""
        self.credits = credits
        self._show_cost_and_consent()

    @family
    async def choose_card(self, _actor: Actor, card_id: Id):
        """Choose the card that pays."""
        self.card_id = card_id
        self._show_cost_and_consent()

    @family
    async def turn_on(self, caller: Caller, form: dict[str, Text]):
        """Agree to the terms shown. When the fields have changed since, show the new terms first."""
        shown = self.consent
        self.level, self.credits = form.get("level", self.level), form.get("credits", self.credits)
        self.cap = form.get("cap", self.cap)
        self._show_cost_and_consent()
        if self.consent and self.consent != shown:
            raise Invalid(form=Problem.RELOAD_TERMS_CHANGED())
        try:
            self.auto_reload = await caller.write(
                auto_reloads.save, address.id_in_path(self, "facility", 3), self._typed_terms()
            )
        except PriceChanged:
            # Keep the fields, and show the current cost.
            self.auto_reload = await self._read_auto_reload(caller)
            self._show_cost_and_consent()
            raise
        self._show_cost_and_consent()
        await self._show_notice(_("Auto-reload is on. We email you each time."))

    @family
    async def turn_off(self, actor: Actor):
        """Turn the auto-reload off, so that nothing more is charged."""
        self.auto_reload = await write(auto_reloads.turn_off, actor, address.id_in_path(self, "facility", 3))
        self._show_cost_and_consent()
        await self._show_notice(_("Auto-reload is off. Nothing more is charged."))

    async def _read_auto_reload(self, caller: Caller) -> AutoReloadView:
        facility_id = address.id_in_path(self, "facility", 3)
        self._facility, auto_reload, self.cards = await caller.read(_page_data, facility_id)
        return auto_reload

    async def _show_notice(self, notice: str) -> None:
        (await self.get_state(SessionState))._show_notice(notice)

    def _fill_form(self, auto_reload: AutoReloadView) -> None:
        self.card_id = auto_reload.card_id
        self.level, self.credits = str(auto_reload.level), str(auto_reload.credits)
        self.cap = money.dollars(auto_reload.cap_cents).removeprefix("$")

    def _typed_terms(self) -> Terms:
        """The terms as typed. Text that is not a number becomes 0, which the service refuses with its sentence."""
        if self.auto_reload is None:
            # Only a browser that never loaded the page sends this.
            raise NotFound("facility")
        return Terms(
            _parse_number(self.level),
            _parse_number(self.credits),
            self.auto_reload.price_cents,
            _parse_cents(self.cap),
            self.card_id,
        )

    def _show_cost_and_consent(self) -> None:
        """Show the cost and the consent text for the current fields."""
        if self.auto_reload is None or self._facility is None:
            return
        facility, terms = self._facility, self._typed_terms()
        self.is_open, self.closed_because = facility.is_open, facility.opening_explanation
        self.price = _("{price} each, everything included").format(price=money.price_each(terms.price_cents))
        self.cost = money.dollars(terms.cost_cents)
        self.bounds = _("From {least} to {most} at a time.").format(
            least=facility.min_credits, most=facility.max_credits
        )
        self.suggestions = [
            {"credits": str(count), "total": money.dollars(count * terms.price_cents)}
            for count in SUGGESTED_CREDITS
            if facility.min_credits <= count <= facility.max_credits
        ]
        card = next((card.label for card in self.cards if card.id == terms.card_id), "")
        is_low = self.auto_reload.unused < terms.level and not self.auto_reload.is_on
        self.consent = _consent_text(facility.name, terms, card, is_low)


def _page_data(session, actor: Actor, facility_id: int) -> tuple[FacilityView, AutoReloadView, list[CardView]]:
    auto_reload = auto_reloads.get(session, actor, facility_id)
    return facilities.get(session, actor, facility_id), auto_reload, cards.my_cards(session, actor)


def _consent_text(facility: str, terms: Terms, card: str, is_low: bool) -> str:
    if not (card and terms.level and terms.credits and terms.cap_cents):
        return ""
    consent = _(
        "You agree that we charge {price} to your {card} whenever you have fewer than {credits} left at "
        "{facility}, and no more than {limit} in a calendar month. We email you each time. You can turn it off at any "
        "time."
    ).format(
        price=money.dollars(terms.cost_cents),
        card=card,
        credits=money.credits(terms.level),
        facility=facility,
        limit=money.dollars(terms.cap_cents),
    )
    at_once = _("You have fewer left now, so the first reload happens within a minute.")
    return f"{consent} {at_once}" if is_low else consent


def _parse_number(text: str) -> int:
    return whole_number(text, most=999_999) or 0


def _parse_cents(text: str) -> int:
    amount = _DOLLARS.fullmatch(text.strip().replace(",", ""))
    return int(amount[1]) * 100 + int(amount[2] or 0) if amount else 0
