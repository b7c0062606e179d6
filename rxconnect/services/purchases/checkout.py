"""Checkout: choose a card, and charge it exactly once, even if a process or the processor fails in between.

The steps are: claim · make an intent and store its id · confirm · settle. Each is a short transaction of its own,
because none may stay open during a call to the processor. The buyer's request, a webhook and `reconcile` may all settle
the same outcome; only the first changes anything.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass, replace

from sqlmodel import Session

from rxconnect import db, routes
from rxconnect.domain.accounts import Actor
from rxconnect.domain.cards import is_expired
from rxconnect.domain.errors import Invalid
from rxconnect.domain.problems import Problem
from rxconnect.domain.purchases import Failure, PurchaseStatus, PurchaseView
from rxconnect.payments.port import IntentState, Outcome, ProcessorUnavailable, UnknownToken
from rxconnect.services.money import cards, customers, processor
from rxconnect.services.purchases import charges, purchases
from rxconnect.services.purchases.charges import Charge, StoredCard
from rxconnect.services.scheduling.batches import Batch

_TOKEN_MAX = 80


@dataclass(frozen=True, slots=True)
class _Choice:
    """The chosen card, as columns of the purchase."""

    payment_token: str
    card_brand: str
    card_last_four: str
    card_id: int | None = None
    cvc_token: str = ""
    saves_card: bool = False


def use_stored_card(actor: Actor, purchase_id: str, card_id: int, cvc_token: str) -> PurchaseView:
    """Choose a stored card, with the processor's token for its CVV, which the buyer types again.

    Raises `Invalid` with `card` for an expired card and with `cvv` for a missing CVV, and `NotFound`.
    """
    return db.write(_choose_stored_card, actor, purchase_id, card_id, cvc_token)


def use_new_card(actor: Actor, purchase_id: str, payment_token: str, *, save: bool) -> PurchaseView:
    """Choose a new card by the token of the processor's form. `save` stores it once it has paid.

    Raises `Invalid` with `form` for a token that the processor does not know, `CardRefused` and `NotFound`.
    """
    with processor.translated_errors():
        details = processor.current().describe(payment_token)
    choice = _Choice(payment_token, details.brand, details.last_four, saves_card=save)
    return db.write(_store_choice, actor, purchase_id, choice)


def submit(actor: Actor, purchase_id: str) -> PurchaseView:
    """Charge the chosen card and deliver the credits. A second call charges nothing and returns the present state.

    The view's status is `paid`; `failed`, with a sentence; `requires_action`, with the address of the buyer's bank; or
    `charging` when the outcome is not known yet. Raises the errors of `charges.begin_attempt`.
    """
    charge = db.write(charges.begin_attempt, actor, purchase_id)
    if charge:
        _carry_out(charge)
    return db.read(purchases.get, actor, purchase_id)


def submit_auto(purchase_id: str) -> None:
    """Charge the stored card for an auto-reload's purchase, without the buyer present.

    Raises `FacilityClosed` and `PriceChanged`.
    """
    charge = db.write(charges.begin_auto_attempt, purchase_id)
    if charge:
        _carry_out(charge)


def check_after_bank(actor: Actor, purchase_id: str) -> PurchaseView:
    """Ask the processor for the outcome when the buyer comes back from their bank. Asking cancels nothing."""
    charge = db.read(charges.charge_under_way, actor, purchase_id)
    if charge:
        with suppress(ProcessorUnavailable):
            _settle_if_ended(charge)
    return db.read(purchases.get, actor, purchase_id)


def check_intent(intent_id: str) -> None:
    """Ask the processor about an intent after it sent an event. An intent that is not ours is ignored.

    Raises `ProcessorUnavailable`.
    """
    charge = db.read(charges.charge_of_intent, intent_id)
    if charge:
        _settle_if_ended(charge)


def reconcile(after: str = "") -> Batch:
    """Finish one batch of attempts that a crash, a silent processor or an absent buyer left open. Counts them."""
    left_open = db.read(charges.charges_left_open, after)
    batch = Batch(resume_after=left_open[-1].purchase_id if len(left_open) == charges.BATCH else None)
    batch.each(_settle_or_cancel, left_open)
    return batch


def _carry_out(charge: Charge) -> None:
    """Make the intent, store its id, confirm, settle. An unknown outcome is left to `reconcile`."""
    port = processor.current()
    try:
        customer = customers.customer_of(charge.account_id)
        intent_id = port.create_intent(charge.key, charge.amount_cents, customer)
    except ProcessorUnavailable:
        db.write(charges.settle_attempt, charge, Outcome(IntentState.FAILED, Failure.PROCESSOR_ERROR))
        return
    if not db.write(charges.store_intent, charge, intent_id):
        return
    charge = replace(charge, intent_id=intent_id)
    try:
        outcome = port.confirm(
            intent_id,
            charge.key,
            charge.payment_token,
            charge.cvc_token,
            saves_card=charge.saves_card,
            off_session=charge.off_session,
            return_url=routes.absolute_url(routes.fill(routes.REVIEW, charge.purchase_id)),
        )
    except ProcessorUnavailable:
        return
    _settle(charge, outcome)


def _settle_if_ended(charge: Charge) -> None:
    """Settle an attempt if the processor has an outcome. Raises `ProcessorUnavailable`."""
    outcome = processor.current().retrieve(charge.intent_id)
    if outcome.state not in (IntentState.UNCONFIRMED, IntentState.REQUIRES_ACTION):
        _settle(charge, outcome)


def _settle_or_cancel(charge: Charge) -> bool:
    """Ask the processor for an attempt's outcome, and cancel the attempt if it has none. False if it does not answer.

    An attempt without an intent was never confirmed, and once settled it never can be: see `charges.store_intent`.
    """
    try:
        outcome = processor.current().retrieve(charge.intent_id) if charge.intent_id else Outcome(IntentState.CANCELED)
        if outcome.state in (IntentState.UNCONFIRMED, IntentState.REQUIRES_ACTION):
            outcome = processor.current().cancel(charge.intent_id)
    except ProcessorUnavailable:
        return False
    return _settle(charge, outcome)


def _settle(charge: Charge, outcome: Outcome) -> bool:
    if outcome.state is IntentState.FAILED:
        outcome = _cancel_refused(charge, outcome)
    stored = _store_card(charge) if charge.saves_card and outcome.state is IntentState.SUCCEEDED else None
    is_settled = db.write(charges.settle_attempt, charge, outcome, stored)
    if stored:
        with suppress(ProcessorUnavailable):
            cards.delete_unless_stored(stored.token)
    return is_settled


def _cancel_refused(charge: Charge, outcome: Outcome) -> Outcome:
    """Cancel a refused intent, so that a browser that still knows it cannot confirm it. Returns its final outcome."""
    try:
        closed = processor.current().cancel(charge.intent_id)
    except ProcessorUnavailable:
        return outcome
    return closed if closed.state is IntentState.SUCCEEDED else outcome


def _store_card(charge: Charge) -> StoredCard | None:
    """Store the card at the processor. Returns None if that fails, because the paid credits must not wait for it."""
    try:
        token = processor.current().store_card(charge.payment_token, customers.customer_of(charge.account_id))
        return StoredCard(token, processor.current().describe(token))
    except (ProcessorUnavailable, UnknownToken):
        return None


def _choose_stored_card(session: Session, actor: Actor, purchase_id: str, card_id: int, cvc_token: str) -> PurchaseView:
    card = cards.get_locked(session, actor, card_id)
    if is_expired(card.expiry_month, card.expiry_year):
        raise Invalid(card=Problem.CARD_EXPIRED())
    if not 0 < len(cvc_token) <= _TOKEN_MAX:
        raise Invalid(cvv=Problem.CVV_MISSING())
    choice = _Choice(card.token, card.brand, card.last_four, card_id=card.id, cvc_token=cvc_token)
    return _store_choice(session, actor, purchase_id, choice)


def _store_choice(session: Session, actor: Actor, purchase_id: str, choice: _Choice) -> PurchaseView:
    """Write the chosen card to a purchase that is still open; any other purchase stays unchanged."""
    purchase = purchases.get_locked(session, actor, purchase_id)
    if PurchaseStatus(purchase.status).is_open:
        purchase.sqlmodel_update(asdict(choice) | {"failure": ""})
        session.flush()
    return purchases.view(session, purchase)
