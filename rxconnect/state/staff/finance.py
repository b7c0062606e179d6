"""Finance: a facility's income and refunds in a period, and a refund in two steps."""

import reflex as rx

from rxconnect.domain import money
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import Invalid, NotAllowed, NotFound
from rxconnect.domain.finance import FinanceView, Period, RefundLookUp
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.problems import Problem
from rxconnect.domain.refunds import RefundStatus
from rxconnect.i18n import _
from rxconnect.services.books import finance
from rxconnect.services.refunds import staff_refunds
from rxconnect.state import address
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Text, staff, typing
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import in_thread


class FinanceState(Screen, rx.State):
    """The finances of a period, and the receipt looked up for a refund.

    `refund_label` is the button's text, "" while a refund is not possible.
    """

    view: FinanceView | None = None
    is_refused: bool = False
    found: RefundLookUp | None = None
    credits: str = ""
    reason: str = ""
    refund_label: str = ""

    @staff
    async def load(self, caller: Caller):
        """Load the facility and the period in the address."""
        self.is_refused = False
        try:
            await self._reload(caller)
        except NotAllowed:
            self.view, self.is_refused = None, True
        if not await self._returns_with_password(caller.actor):
            self._close()
        self.ready = True

    @staff
    async def look_up(self, caller: Caller, form: dict[str, Text]):
        """First step: show how much of a receipt can be refunded."""
        self._close()
        try:
            self.found = await caller.read(finance.look_up_receipt, form.get("number", ""))
        except NotFound:
            raise Invalid(number=Problem.RECEIPT_UNKNOWN()) from None
        if self.found.credits:
            self._offer(str(self.found.credits))

    @staff
    @typing
    async def type_credits(self, _actor: Actor, credits: Text):
        """Show the value of another number of credits."""
        if self.found and self._update_field("credits", credits):
            self._offer(credits)

    @staff
    async def close(self, _actor: Actor):
        """Close the form without a refund."""
        self._close()

    @staff
    async def refund(self, caller: Caller, form: dict[str, Text]):
        """Second step: refund what the button says."""
        found = self.found
        if found is None:
            return
        self.reason = form.get("reason", "")
        credits = self._offer(form.get("credits", self.credits))
        if not self.refund_label:
            raise Invalid(credits=Problem.REFUND_OUT_OF_BOUNDS(most=found.credits))
        (made,) = await in_thread(
            staff_refunds.request_refund, await caller.look_up(), found.number, credits, self.reason
        )
        self._close()
        await self._reload(caller)
        (await self.get_state(SessionState))._show_notice(
            _("The card did not take {amount} back, so the credits are in the wallet again.").format(amount=made.amount)
            if made.status == RefundStatus.FAILED
            else _("{amount} is going back to {card}. The family gets an email with your reason.").format(
                amount=made.amount, card=made.card_label
            )
        )

    async def _reload(self, caller: Caller) -> None:
        chosen = address.query(self, "period")
        period = Period(chosen) if chosen in list(Period) else Period.THIS_MONTH
        facility_id = address.id_in_query(self, "facility", "facility")
        self.view = await caller.read(finance.overview, period, facility_id)

    def _offer(self, typed: str) -> int:
        """Put the value of the typed credits on the button. Returns the number, or 0 if they cannot be refunded."""
        credits = whole_number(typed, most=self.found.credits) or 0
        cents = self.found.cents_for(credits)
        self.credits = typed
        label = _("Refund {amount} to {card}").format(amount=money.dollars(cents), card=self.found.card_label)
        self.refund_label = label if cents else ""
        return credits

    def _close(self) -> None:
        self.found, self.credits, self.reason, self.refund_label = None, "", "", ""
