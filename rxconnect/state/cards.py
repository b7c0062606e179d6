"""Payment: a stored card with its CVV entered again, or a new card. Card data never comes here, only tokens."""

import reflex as rx

from rxconnect import routes
from rxconnect.domain.accounts import Actor
from rxconnect.domain.cards import CardView, TestCard
from rxconnect.domain.purchases import PurchaseView
from rxconnect.services import cards, checkout, processor, purchases
from rxconnect.state import address
from rxconnect.state.guard import Id, Text, family, in_thread, read
from rxconnect.state.purchases import ReviewState
from rxconnect.state.session import Screen


class PaymentState(Screen, rx.State):
    """Step "Payment": a stored card with its CVV again, or a new card. Card data never comes here, only tokens."""

    purchase: PurchaseView | None = None
    cards: list[CardView] = []
    uses_stored: bool = False
    card_id: int = 0
    edited_card_id: int = 0
    expiry: str = ""
    postcode: str = ""
    saves_card: bool = True
    test_cards: list[TestCard] = processor.test_cards()

    @family
    async def load(self, actor: Actor):
        """The purchase and my stored cards."""
        self.purchase = None
        self.purchase = await read(purchases.get, actor, address.part(self, 3))
        if self.purchase.receipt_number:
            return rx.redirect(routes.fill(routes.RECEIPT, self.purchase.receipt_number), replace=True)
        self.cards = await read(cards.my_cards, actor)
        self.uses_stored = bool(self.cards)
        if self.card_id not in [card.id for card in self.cards]:
            self.card_id = next((card.id for card in self.cards), 0)
        self.edited_card_id = 0
        self.problem = self.purchase.failure
        self.ready = True
        return None

    @family
    async def use_stored(self, _actor: Actor, is_stored: bool):
        """Stored card or new card."""
        self.uses_stored = is_stored and bool(self.cards)

    @family
    async def choose_card(self, _actor: Actor, card_id: Id):
        """One of my stored cards."""
        self.card_id = card_id

    @family
    async def save_card(self, _actor: Actor, is_saved: bool):
        """Whether a new card is stored for the next time."""
        self.saves_card = is_saved

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
    async def save_edit(self, actor: Actor, form: dict[str, Text]):
        """Keep the new expiry date and postcode; the number cannot change."""
        self.expiry, self.postcode = form.get("expiry", ""), form.get("postcode", "")
        await in_thread(cards.edit, actor, self.edited_card_id, expiry=self.expiry, postcode=self.postcode)
        self.cards = await read(cards.my_cards, actor)
        self.edited_card_id = 0

    @family
    async def confirm(self, actor: Actor, cvc_token: Text):
        """CONFIRM: the stored card, with the processor's token for the CVV that was entered again."""
        await in_thread(checkout.use_stored_card, actor, address.part(self, 3), self.card_id, cvc_token)
        await self._clear(ReviewState)
        return rx.redirect(routes.fill(routes.REVIEW, address.part(self, 3)))

    @family
    async def continue_with(self, actor: Actor, payment_token: Text):
        """CONTINUE: a new card, by the processor's token."""
        await in_thread(checkout.use_new_card, actor, address.part(self, 3), payment_token, save=self.saves_card)
        await self._clear(ReviewState)
        return rx.redirect(routes.fill(routes.REVIEW, address.part(self, 3)))
