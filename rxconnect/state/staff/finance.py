"""Finance: a facility's income and refunds in a period, and a refund in two steps."""

import reflex as rx

from rxconnect.domain import money
from rxconnect.domain.accounts import Actor
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import Invalid, NotAllowed, NotFound
from rxconnect.domain.finance import FinanceView, Period, RefundLookUp
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.problems import Problem
from rxconnect.domain.refunds import RefundStatus
from rxconnect.i18n import _
from rxconnect.services.audit.recording import record
from rxconnect.services.books import finance
from rxconnect.services.refunds import staff_refunds
from rxconnect.state import address
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Text, staff, while_typing
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
            self.view = await caller.write(_seen, *self._wanted())
        except NotAllowed:
            self.view, self.is_refused = None, True
        if not await self._returns_with_password(caller.actor):
            self._close_form()
        self.ready = True

    @staff
    async def look_up_receipt(self, caller: Caller, form: dict[str, Text]):
        """First step: show how much of a receipt can be refunded."""
        self._close_form()
        try:
            self.found = await caller.write(finance.look_up_receipt, form.get("number", ""))
        except NotFound:
            raise Invalid(number=Problem.RECEIPT_UNKNOWN()) from None
        if self.found.credits:
            self._show_refund_value(str(self.found.credits))

    @staff
    @while_typing
    async def type_credits(self, _actor: Actor, credits: Text):
        """Show the value of another number of credits."""
        if self.found and self._update_field("credits", credits):
            self._show_refund_value(credits)

    @staff
    async def close_refund(self, _actor: Actor):
        """Close the form without a refund."""
        self._close_form()

    @staff
    async def refund(self, caller: Caller, form: dict[str, Text]):
        """Second step: refund what the button says."""
        found = self.found
        if found is None:
            return
        self.reason = form.get("reason", "")
        credits = self._show_refund_value(form.get("credits", self.credits))
        if not self.refund_label:
            raise Invalid(credits=Problem.REFUND_OUT_OF_BOUNDS(most=found.credits))
        (made,) = await in_thread(
            staff_refunds.request_refund, await caller.require_actor(), found.number, credits, self.reason
        )
        self._close_form()
        self.view = await caller.read(finance.overview, *self._wanted())
        (await self.get_state(SessionState))._show_notice(
            _("The card did not take {amount} back, so the credits are in the wallet again.").format(amount=made.amount)
            if made.status == RefundStatus.FAILED
            else _("{amount} is going back to {card}. The family gets an email with your reason.").format(
                amount=made.amount, card=made.card_label
            )
        )

    def _wanted(self) -> tuple[Period, int | None]:
        """The period and the facility in the address."""
        chosen = address.query_value(self, "period")
        period = Period(chosen) if chosen in list(Period) else Period.THIS_MONTH
        return period, address.id_in_query(self, "facility", "facility")

    def _show_refund_value(self, typed: str) -> int:
        """Put the value of the typed credits on the button. Returns the number, or 0 if they cannot be refunded."""
        credits = whole_number(typed, most=self.found.credits) or 0
        cents = self.found.cents_for(credits)
        self.credits = typed
        label = _("Refund {amount} to {card}").format(amount=money.dollars(cents), card=self.found.card_label)
        self.refund_label = label if cents else ""
        return credits

    def _close_form(self) -> None:
        self.found, self.credits, self.reason, self.refund_label = None, "", "", ""


def _seen(session, actor: Actor, period: Period, facility_id: int | None) -> FinanceView:
    """The finances for somebody who opens the page, which is recorded."""
    view = finance.overview(session, actor, period, facility_id)
    record(session, actor, view.facility_id, AuditKind.FINANCE_SHOWN, period=period.value)
    return view
