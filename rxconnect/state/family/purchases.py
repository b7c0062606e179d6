"""Buying credits: amount and review. The purchase is in the database, under the id in the address."""

import reflex as rx

from rxconnect import routes
from rxconnect.domain import money
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import FacilityClosed, Invalid, PriceChanged
from rxconnect.domain.facilities import FacilityView
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.problems import Problem
from rxconnect.domain.purchases import SUGGESTED_CREDITS, PurchaseStep, PurchaseView
from rxconnect.domain.topics import Subject, Topic
from rxconnect.domain.walkthrough import WalkthroughStep
from rxconnect.i18n import _
from rxconnect.services.dashboard import walkthrough
from rxconnect.services.directory import contacts, facilities
from rxconnect.services.purchases import checkout, purchases
from rxconnect.state import address, words
from rxconnect.state.caller import Caller
from rxconnect.state.family.receipts import ReceiptState
from rxconnect.state.guard import Text, family, while_typing
from rxconnect.state.listening import listen
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import in_thread, read, write

# No price is shown for a larger number while the user types.
_SHOWN_UP_TO = 999_999


class AmountState(Screen, rx.State):
    """Step "Amount": the facility and the number of message credits."""

    locations: list[FacilityView] = []
    facility_id: str = ""
    credits: str = ""
    price: str = ""
    total: str = ""
    # The full name of the person to whom the walkthrough leads, and "" without one.
    recipient: str = ""
    suggestions: list[dict[str, str]] = []
    bounds: str = ""
    is_open: bool = True
    closed_because: str = ""
    _purchase_id: str | None = None

    @family
    async def load(self, caller: Caller):
        """Load the locations, and the purchase if the user comes back to one."""
        self._purchase_id = address.query_value(self, "purchase") or None
        self.locations, purchase, guided_to, self.recipient = await caller.read(
            _locations_and_purchase, self._purchase_id
        )
        if purchase:
            if purchase.receipt_number or purchase.step.is_under_way:
                return rx.redirect(await address_of_step(self, purchase), replace=True)
            self.facility_id, self.credits = str(purchase.facility_id), str(purchase.credits)
        else:
            self.facility_id = self._preselected_facility(guided_to)
            self.credits = self.credits or str(SUGGESTED_CREDITS[1])
        self._show_price()
        self.ready = True
        return None

    @family
    async def choose_facility(self, _actor: Actor, facility_id: Text):
        """Choose another location."""
        self.facility_id = facility_id
        self._show_price()

    @family
    @while_typing
    async def type_credits(self, _actor: Actor, credits: Text):
        """Show the price while the user types a number."""
        if self._update_field("credits", credits):
            self._show_price()

    @family
    async def choose_suggested(self, _actor: Actor, credits: Text):
        """Take one of the suggested numbers."""
        self.credits = credits
        self._show_price()

    @family
    async def continue_to_payment(self, actor: Actor, form: dict[str, Text]):
        """NEXT: save the purchase and go on to the payment."""
        self.facility_id = form.get("facility_id", self.facility_id)
        self.credits = form.get("credits", self.credits)
        self._show_price()
        purchase = await write(
            _save_purchase, actor, self._facility_id(), parse_credits(self.credits), self._purchase_id
        )
        return rx.redirect(routes.fill(routes.PAYMENT, purchase.id))

    def _preselected_facility(self, guided_to: int | None) -> str:
        """The facility in the address, else the walkthrough's, else the first open location."""
        wanted = address.id_in_query(self, "facility", "facility") or guided_to
        mine = [facility.id for facility in self.locations]
        if wanted in mine:
            return str(wanted)
        still_open = [facility.id for facility in self.locations if facility.is_open]
        return str((still_open or mine or [""])[0])

    def _facility_id(self) -> int:
        chosen = self._chosen_facility()
        if chosen is None:
            raise Invalid(facility_id=Problem.FACILITY_MISSING())
        return chosen.id

    def _chosen_facility(self) -> FacilityView | None:
        return next((facility for facility in self.locations if str(facility.id) == self.facility_id), None)

    def _show_price(self) -> None:
        chosen = self._chosen_facility()
        if chosen is None:
            self.price = self.total = self.bounds = ""
            return
        self.is_open, self.closed_because = chosen.is_open, chosen.opening_explanation
        self.price = _("{price} each, everything included").format(price=chosen.price)
        self.bounds = _("From {min_credits} to {max_credits} credits. They never expire.").format(
            min_credits=chosen.min_credits, max_credits=chosen.max_credits
        )
        self.suggestions = [
            {"credits": str(count), "total": money.dollars(count * chosen.price_cents)}
            for count in SUGGESTED_CREDITS
            if chosen.min_credits <= count <= chosen.max_credits
        ]
        count = whole_number(self.credits, most=_SHOWN_UP_TO) or 0
        self.total = money.dollars(count * chosen.price_cents)


class ReviewState(Screen, rx.State):
    """Step "Review": what will be bought and charged; SUBMIT charges once, however often it is pressed.

    `is_charging`: the card processor has not answered yet. `is_at_bank`: the buyer's bank wants to confirm the payment.
    """

    purchase: PurchaseView | None = None
    is_charging: bool = False
    is_at_bank: bool = False
    _is_submitting: bool = False

    @family
    async def load(self, actor: Actor):
        """Load the purchase, and listen for changes."""
        self._is_submitting, self.purchase = False, None
        listen(actor, Topic(Subject.PURCHASES, actor.account_id), ReviewState.reload)
        # A buyer who loads this page while the bank waits has most likely just answered there.
        purchase = await in_thread(checkout.check_after_bank, actor, address.path_segment(self, 3))
        self.ready = True
        return self._show_or_redirect(purchase)

    @family
    async def reload(self, actor: Actor):
        """Reload after a purchase of the account changed, unless SUBMIT in this tab shows the result itself."""
        listen(actor, Topic(Subject.PURCHASES, actor.account_id), ReviewState.reload)
        purchase = await read(purchases.get, actor, address.path_segment(self, 3))
        return None if self._is_submitting or purchase == self.purchase else await self._show_result(purchase)

    @family
    async def recheck_payment(self, actor: Actor):
        """Check the payment again when the buyer says that they have answered their bank."""
        purchase = await in_thread(checkout.check_after_bank, actor, address.path_segment(self, 3))
        event = await self._show_result(purchase)
        if self.is_at_bank:
            self.problem = _("Your bank has not heard from you yet. Please open its page once more.")
        return event

    @rx.event(background=True)
    @family
    async def submit(self, actor: Actor):
        """SUBMIT: charge in the background, so that the user may leave the page and come back.

        When the price or the card is no longer valid, redirect to the page that can change it, with the reason.
        """
        async with self:
            purchase_id = address.path_segment(self, 3)
            self.is_charging = self._is_submitting = True
        why = ""
        try:
            purchase = await in_thread(checkout.submit, actor, purchase_id)
        except (Invalid, FacilityClosed, PriceChanged) as refusal:
            why = words.refusal_text(refusal)
            purchase = await read(purchases.get, actor, purchase_id)
        finally:
            async with self:
                self.is_charging = self._is_submitting = False
        async with self:
            onward, session = await self._show_result(purchase), await self.get_state(SessionState)
            if why and onward is not None:
                session._show_notice(why, on_next_page=True)
            elif why and self._is_review_of(purchase):
                self.problem = why
            return onward

    async def _show_result(self, purchase: PurchaseView):
        """Show a purchase, unless the tab has moved to another page or another person meanwhile."""
        return self._show_or_redirect(purchase) if self._is_review_of(purchase) and self.purchase is not None else None

    def _is_review_of(self, purchase: PurchaseView) -> bool:
        return self.router.url.path == routes.fill(routes.REVIEW, purchase.id)

    def _show_or_redirect(self, purchase: PurchaseView):
        """Show the purchase, or redirect to the page of its step; the payment page explains a refused card."""
        self._show_purchase(purchase)
        if purchase.step is PurchaseStep.REVIEW or purchase.step.is_under_way:
            return None
        return rx.redirect(step_address(purchase), replace=True)

    def _show_purchase(self, purchase: PurchaseView) -> None:
        self.purchase = purchase
        self.is_charging = purchase.step is PurchaseStep.CHARGING
        self.is_at_bank = purchase.step is PurchaseStep.ACTION
        self.problem = purchase.failure


def _locations_and_purchase(
    session, actor: Actor, purchase_id: str | None
) -> tuple[list[FacilityView], PurchaseView | None, int | None, str]:
    """The locations, the purchase if there is one, else the walkthrough's facility; and the walkthrough's person."""
    mine, journey = facilities.my_locations(session, actor), walkthrough.get(session, actor)
    is_led = journey.is_active and journey.contact_id is not None
    recipient = contacts.get(session, actor, journey.contact_id or 0).name if is_led else ""
    if purchase_id:
        return mine, purchases.get(session, actor, purchase_id), None, recipient
    return mine, None, journey.facility_id, recipient


def _save_purchase(session, actor: Actor, facility_id: int, credits: int, purchase_id: str | None) -> PurchaseView:
    purchase = purchases.begin_or_change(
        session, actor, facility_id=facility_id, credits=credits, purchase_id=purchase_id
    )
    if walkthrough.get(session, actor).is_active:
        walkthrough.go_to_step(session, actor, WalkthroughStep.CREDITS, purchase_id=purchase.id)
    return purchase


def step_address(purchase: PurchaseView) -> str:
    """The address of the page for a purchase's step."""
    match purchase.step:
        case PurchaseStep.RECEIPT:
            return routes.fill(routes.RECEIPT, purchase.receipt_number)
        case PurchaseStep.AMOUNT:
            return routes.with_query(routes.BUY_CREDITS, purchase=purchase.id)
        case PurchaseStep.PAYMENT:
            return routes.fill(routes.PAYMENT, purchase.id)
        case PurchaseStep.REVIEW | PurchaseStep.CHARGING | PurchaseStep.ACTION:
            return routes.fill(routes.REVIEW, purchase.id)


async def address_of_step(screen: Screen, purchase: PurchaseView) -> str:
    """`step_address`. To somebody who goes back from the receipt it would be the receipt again; they get their credits."""
    receipt = (await screen.get_state(ReceiptState)).receipt
    if receipt and receipt.number == purchase.receipt_number and not await screen._is_whole_page():
        return routes.CREDITS
    return step_address(purchase)


def parse_credits(text: str) -> int:
    """Parse a number of credits. Raises `Invalid` with `credits`."""
    credits = whole_number(text)
    if credits is None:
        raise Invalid(credits=Problem.CREDITS_UNREADABLE())
    return credits
