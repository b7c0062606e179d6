"""Stored cards, and the card that pays. Card data never reaches the server, only tokens do."""

import reflex as rx

from rxconnect import routes
from rxconnect.domain.accounts import Actor
from rxconnect.domain.cards import CardView, TestCard, expiry_problem, postcode_problem
from rxconnect.domain.purchases import PurchaseView
from rxconnect.i18n import _
from rxconnect.services.money import cards, processor
from rxconnect.services.purchases import checkout, purchases
from rxconnect.state import address
from rxconnect.state.caller import Caller
from rxconnect.state.family.purchases import ReviewState, address_of_step
from rxconnect.state.guard import Id, Text, family, while_typing
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import in_thread, read, write


class EditedCard(Screen, rx.State, mixin=True):
    """The stored cards, and the one whose expiry date and postcode are being edited."""

    cards: list[CardView] = []
    edited_card_id: int = 0
    expiry: str = ""
    postcode: str = ""
    # `_update_processor` sets those of the current world. The built pages contain what stands here, so it has no words.
    test_cards: list[TestCard] = []
    publishable_key: str = processor.publishable_key()

    @family
    async def edit_card(self, _actor: Actor, card_id: Id):
        """Open the form for the expiry date and the postcode of one card."""
        for card in self.cards:
            if card.id == card_id:
                self.edited_card_id, self.expiry, self.postcode = card.id, card.expiry, card.postcode

    @family
    async def close_edit(self, _actor: Actor):
        """Leave the card as it was."""
        self.edited_card_id = 0

    @family
    @while_typing
    async def type_expiry(self, _actor: Actor, text: Text):
        """Clear the error of an expiry date once it is valid."""
        self._clear_problem_if_valid("expiry", expiry_problem(text))

    @family
    @while_typing
    async def type_postcode(self, _actor: Actor, text: Text):
        """Clear the error of a ZIP code once it is valid."""
        self._clear_problem_if_valid("postcode", postcode_problem(text))

    def _update_processor(self) -> None:
        key, shown = processor.publishable_key(), processor.test_cards()
        if (key, shown) != (self.publishable_key, self.test_cards):
            self.publishable_key, self.test_cards = key, shown

    def _clear_problem_if_valid(self, field: str, problem: str) -> None:
        if not problem and self.problems.get(field):
            self.problems = {name: sentence for name, sentence in self.problems.items() if name != field}

    @family
    async def save_edit(self, actor: Actor, form: dict[str, Text]):
        """Save the new expiry date and postcode. A card's number cannot change."""
        self.expiry, self.postcode = form.get("expiry", ""), form.get("postcode", "")
        await in_thread(cards.edit, actor, self.edited_card_id, expiry=self.expiry, postcode=self.postcode)
        self.cards = await read(cards.my_cards, actor)
        self.edited_card_id = 0


class CardsState(EditedCard, rx.State):
    """The stored cards: add, edit, make the default, remove."""

    @family
    async def load(self, caller: Caller):
        """Load the account's cards."""
        self._update_processor()
        self.edited_card_id = 0
        self.cards = await caller.read(cards.my_cards)
        self.ready = True

    @family
    async def add(self, actor: Actor, payment_token: Text):
        """Store a card, given as the processor's token."""
        before = [card.id for card in self.cards]
        card = await in_thread(cards.add, actor, payment_token)
        self.cards = await read(cards.my_cards, actor)
        await self._show_notice(
            (_("{card} is already stored.") if card.id in before else _("{card} is stored.")).format(card=card.label)
        )

    @family
    async def make_default(self, actor: Actor, card_id: Id):
        """Offer this card first."""
        await write(cards.make_default, actor, card_id)
        self.cards = await read(cards.my_cards, actor)

    @family
    async def remove(self, actor: Actor, card_id: Id):
        """Remove a card."""
        await in_thread(cards.remove, actor, card_id)
        self.cards = await read(cards.my_cards, actor)
        await self._show_notice(_("The card was removed."))

    async def _show_notice(self, notice: str) -> None:
        (await self.get_state(SessionState))._show_notice(notice)


class PaymentState(EditedCard, rx.State):
    """Step "Payment": a stored card with its CVV entered again, or a new card. Only tokens reach the server."""

    purchase: PurchaseView | None = None
    uses_stored: bool = False
    card_id: int = 0
    saves_card: bool = True

    @family
    async def load(self, caller: Caller):
        """Load the purchase and the account's cards."""
        self._update_processor()
        self.purchase = None
        self.purchase, self.cards = await caller.read(_purchase_and_cards, address.path_segment(self, 3))
        if self.purchase.receipt_number or self.purchase.step.is_under_way:
            return rx.redirect(await address_of_step(self, self.purchase), replace=True)
        self.uses_stored = bool(self.cards)
        if self.card_id not in [card.id for card in self.cards]:
            self.card_id = next((card.id for card in self.cards), 0)
        self.edited_card_id = 0
        self.problem = self.purchase.failure
        self.ready = True
        return None

    @family
    async def choose_stored_or_new(self, _actor: Actor, is_stored: bool):
        """Switch between a stored card and a new card."""
        self.uses_stored = is_stored and bool(self.cards)

    @family
    async def choose_card(self, _actor: Actor, card_id: Id):
        """Choose a stored card."""
        self.card_id = card_id

    @family
    async def choose_to_save_card(self, _actor: Actor, is_saved: bool):
        """Choose whether a new card is stored for the next purchase."""
        self.saves_card = is_saved

    @family
    async def use_stored_card(self, actor: Actor, cvc_token: Text):
        """CONFIRM: pay with the stored card and the processor's token for the CVV."""
        await in_thread(checkout.use_stored_card, actor, address.path_segment(self, 3), self.card_id, cvc_token)
        await self._reset_screen(ReviewState)
        return rx.redirect(routes.fill(routes.REVIEW, address.path_segment(self, 3)))

    @family
    async def use_new_card(self, actor: Actor, payment_token: Text):
        """CONTINUE: pay with a new card, given as the processor's token."""
        await in_thread(
            checkout.use_new_card, actor, address.path_segment(self, 3), payment_token, save=self.saves_card
        )
        await self._reset_screen(ReviewState)
        return rx.redirect(routes.fill(routes.REVIEW, address.path_segment(self, 3)))


def _purchase_and_cards(session, actor: Actor, purchase_id: str) -> tuple[PurchaseView, list[CardView]]:
    return purchases.get(session, actor, purchase_id), cards.my_cards(session, actor)
