"""Credits: what is left at each facility, the auto-reloads, and refunds of unused credits."""

import secrets
from typing import Any

import reflex as rx

from rxconnect.domain import money
from rxconnect.domain.accounts import Actor
from rxconnect.domain.auto_reloads import AutoReloadView
from rxconnect.domain.errors import Invalid
from rxconnect.domain.problems import Problem
from rxconnect.domain.refunds import RefundOffer, RefundStatus, RefundView
from rxconnect.domain.wallets import WalletView
from rxconnect.i18n import _, ngettext
from rxconnect.services.money import wallets
from rxconnect.services.purchases import auto_reloads
from rxconnect.services.refunds import refunds
from rxconnect.state.caller import Caller
from rxconnect.state.family.purchases import parse_credits
from rxconnect.state.guard import Id, Text, family, while_typing
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import in_thread, read

_REFUNDS_SHOWN = 10


class CreditsState(Screen, rx.State):
    """The account's wallets, and the form that refunds one of them to its cards.

    `refundable`, `reloads` and `stopped` have facility ids as keys. `offers` is for exactly `offered` credits.
    """

    wallets: list[WalletView] = []
    refundable: dict[int, int] = {}
    reloads: dict[int, str] = {}
    stopped: dict[int, str] = {}
    refunds: list[RefundView] = []
    refunded_id: int = 0
    credits: str = ""
    offered: int = 0
    offers: list[RefundOffer] = []
    refund_label: str = ""
    # The button's idempotency key: a second click with the same key refunds nothing more.
    _press: str = ""

    @family
    async def load(self, caller: Caller):
        """Load the credits at every facility."""
        self._close_form()
        self._show_wallets(await caller.read(_page_data))
        self.ready = True

    @family
    async def open_refund(self, actor: Actor, facility_id: Id):
        """Open the refund form with all unused credits of a facility."""
        self._close_form()
        self.refunded_id, self._press = facility_id, secrets.token_hex(16)
        self.credits = str(self.refundable.get(facility_id, 0))
        await self._show_refund_offer(actor)

    @family
    async def close_refund(self, _actor: Actor):
        """Close the refund form."""
        self._close_form()

    @family
    @while_typing
    async def type_credits(self, actor: Actor, credits: Text):
        """Show the refund for another number of credits."""
        if self.refunded_id and self._update_field("credits", credits):
            await self._show_refund_offer(actor)

    @family
    async def request_refund(self, actor: Actor, form: dict[str, Text]):
        """Refund what the button says. If the amount has changed since, refund nothing and say so."""
        if not self.refunded_id:
            return
        self.credits, before = form.get("credits", self.credits), self.offers
        await self._show_refund_offer(actor)
        if self.offers != before:
            raise Invalid(form=Problem.REFUND_AMOUNT_CHANGED())
        requested = await in_thread(refunds.request_refund, actor, self.refunded_id, self.offered, self._press)
        self._close_form()
        self._show_wallets(await read(_page_data, actor))
        (await self.get_state(SessionState))._show_notice(_refund_notice(requested))

    async def _show_refund_offer(self, actor: Actor) -> None:
        """Show the refund to each card for the number of credits typed. Raises `Invalid` with `credits`."""
        self.offers, self.offered, self.refund_label = [], 0, ""
        credits = parse_credits(self.credits)
        self.offers = await read(refunds.offers, actor, self.refunded_id, credits)
        self.offered = credits
        total = money.dollars(sum(offer.cents for offer in self.offers))
        cards = list(dict.fromkeys(offer.card_label for offer in self.offers))
        self.refund_label = (
            _("Refund {amount} to {card}").format(amount=total, card=cards[0])
            if len(cards) == 1
            else _("Refund {amount} to {count} cards").format(amount=total, count=len(cards))
        )

    def _show_wallets(self, found: dict[str, Any]) -> None:
        self.wallets, self.refundable, self.refunds = found["wallets"], found["refundable"], found["refunds"]
        mine: list[AutoReloadView] = found["auto_reloads"]
        self.reloads = {one.facility_id: one.summary for one in mine if one.is_on}
        self.stopped = {one.facility_id: one.paused for one in mine if one.paused}

    def _close_form(self) -> None:
        self.refunded_id, self.credits, self.offers, self.offered, self.refund_label = 0, "", [], 0, ""
        self._press = ""


def _refund_notice(requested: list[RefundView]) -> str:
    """A sentence with the refunded amount, and the promise of an email when each refund has ended."""
    taken = [refund for refund in requested if refund.status != RefundStatus.FAILED]
    if not taken:
        return _("Your bank did not accept the refund. Your credits are in your wallet as before.")
    amount, cards = money.dollars(sum(refund.cents for refund in taken)), {refund.card_label for refund in taken}
    told = ngettext(
        "{amount} is going back to your card.", "{amount} is going back to {count} of your cards.", len(cards)
    ).format(amount=amount, count=len(cards))
    one_email, many = _("You will get an email about it."), _("You will get an email about each refund.")
    return f"{told} {one_email if len(requested) == 1 else many}"


def _page_data(session, actor: Actor) -> dict:
    mine = wallets.balances(session, actor)
    return {
        "wallets": mine,
        "refundable": {
            wallet.facility_id: refunds.refundable_credits(session, actor.account_id, wallet.facility_id)
            for wallet in mine
        },
        "refunds": refunds.my_refunds(session, actor)[:_REFUNDS_SHOWN],
        "auto_reloads": auto_reloads.my_auto_reloads(session, actor),
    }
