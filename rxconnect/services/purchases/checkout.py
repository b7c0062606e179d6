"""Checkout: choosing the card, and charging it exactly once whatever breaks in between.

These services open their own short transactions, because none may stay open while the processor is asked:
claim · make an intent and keep its id · confirm · settle. Whoever learns an outcome, the buyer's request or
`reconcile`, settles it, and only the first changes anything.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass, replace

from sqlmodel import Session

from rxconnect import db, routes
from rxconnect.config import settings
from rxconnect.domain.accounts import Actor
from rxconnect.domain.cards import is_expired
from rxconnect.domain.errors import Invalid
from rxconnect.domain.problems import Problem
from rxconnect.domain.purchases import Failure, PurchaseStatus, PurchaseView
from rxconnect.payments.port import IntentState, Outcome, ProcessorUnavailable, UnknownToken
from rxconnect.services.money import cards, customers, processor
from rxconnect.services.purchases import charges, purchases
from rxconnect.services.purchases.charges import Charge, StoredCard

_TOKEN_MAX = 80


@dataclass(frozen=True, slots=True)
class _Choice:
    """The chosen card, in the words of the purchase's columns."""

    payment_token: str
    card_brand: str
    card_last_four: str
    card_id: int | None = None
    cvc_token: str = ""
    saves_card: bool = False


def use_stored_card(actor: Actor, purchase_id: str, card_id: int, cvc_token: str) -> PurchaseView:
    """Choose a stored card, with the processor's token for its CVV, typed again.

    Raises `Invalid` with `card` when it has expired and with `cvv` when the CVV is missing, and `NotFound`.
    """
    return db.write(_choose_stored_card, actor, purchase_id, card_id, cvc_token)


def use_new_card(actor: Actor, purchase_id: str, payment_token: str, *, save: bool) -> PurchaseView:
    """Choose a card that the processor's form has just made a token of, and whether to store it once it has paid.

    Raises `Invalid` with `form` for a token that the processor does not know, `CardRefused` and `NotFound`.
    """
    with processor.asked():
        details = processor.current().describe(payment_token)
    choice = _Choice(payment_token, details.brand, details.last_four, saves_card=save)
    return db.write(_choose, actor, purchase_id, choice)


def submit(actor: Actor, purchase_id: str) -> PurchaseView:
    """Charge the chosen card and deliver the credits. Pressed again, it only tells where the purchase stands.

    The view's status is `paid`; `failed`, with a sentence; `requires_action`, with the address of the buyer's bank; or
    `charging` when the outcome is not known yet. Raises what `charges.claim` raises.
    """
    charge = db.write(charges.claim, actor, purchase_id)
    if charge:
        _carry_out(charge)
    return db.read(purchases.get, actor, purchase_id)


def submit_auto(purchase_id: str) -> None:
    """Charge the stored card of a purchase that an auto-reload has made, while nobody is there to be asked.

    Raises `FacilityClosed` and `PriceChanged`.
    """
    charge = db.write(charges.claim_auto, purchase_id)
    if charge:
        _carry_out(charge)


def check(actor: Actor, purchase_id: str) -> PurchaseView:
    """The buyer is back from their bank: ask the processor how it went there. Nothing is given up by asking."""
    charge = db.read(charges.under_way, actor, purchase_id)
    if charge:
        with suppress(ProcessorUnavailable):
            _ask(charge)
    return db.read(purchases.get, actor, purchase_id)


def check_intent(intent_id: str) -> None:
    """The processor says that something happened to an intent: ask what. One that is not ours is ignored.

    Raises `ProcessorUnavailable`.
    """
    charge = db.read(charges.of_intent, intent_id)
    if charge:
        _ask(charge)


def reconcile() -> int:
    """Finish what a crash, a silent processor or a buyer who went away left open. Returns how many are settled now."""
    return sum(_finish(charge) for charge in db.read(charges.left_open))


def _carry_out(charge: Charge) -> None:
    """Make the intent, keep its id, confirm, settle. An outcome that is not known is left to `reconcile`."""
    port = processor.current()
    try:
        customer = customers.customer_of(charge.account_id)
        intent_id = port.create_intent(charge.key, charge.amount_cents, customer)
    except ProcessorUnavailable:
        db.write(charges.settle, charge, Outcome(IntentState.FAILED, Failure.PROCESSOR_ERROR))
        return
    if not db.write(charges.keep_intent, charge, intent_id):
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
            return_url=settings().origin + routes.fill(routes.REVIEW, charge.purchase_id),
        )
    except ProcessorUnavailable:
        return
    _settle(charge, outcome)


def _ask(charge: Charge) -> None:
    """Settle an attempt if it has an outcome by now. Raises `ProcessorUnavailable`."""
    outcome = processor.current().retrieve(charge.intent_id)
    if outcome.state not in (IntentState.UNCONFIRMED, IntentState.REQUIRES_ACTION):
        _settle(charge, outcome)


def _finish(charge: Charge) -> bool:
    """Ask the processor what became of an attempt, and see to it that nothing more does. False if it cannot tell.

    An attempt without an intent was never confirmed, and once settled it never will be: see `charges.keep_intent`.
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
        outcome = _close(charge, outcome)
    stored = _store(charge) if charge.saves_card and outcome.state is IntentState.SUCCEEDED else None
    is_settled = db.write(charges.settle, charge, outcome, stored)
    if stored:
        with suppress(ProcessorUnavailable):
            cards.forget_unless_kept(stored.token)
    return is_settled


def _close(charge: Charge, outcome: Outcome) -> Outcome:
    """Let a refused intent never be tried again, not even by a browser that still knows it. Its last word counts."""
    try:
        closed = processor.current().cancel(charge.intent_id)
    except ProcessorUnavailable:
        return outcome
    return closed if closed.state is IntentState.SUCCEEDED else outcome


def _store(charge: Charge) -> StoredCard | None:
    """Let the processor store the card. None if it does not: the credits are paid for and do not wait for that."""
    try:
        token = processor.current().store_card(charge.payment_token, customers.customer_of(charge.account_id))
        return StoredCard(token, processor.current().describe(token))
    except (ProcessorUnavailable, UnknownToken):
        return None


def _choose_stored_card(session: Session, actor: Actor, purchase_id: str, card_id: int, cvc_token: str) -> PurchaseView:
    card = cards.own(session, actor, card_id)
    if is_expired(card.expiry_month, card.expiry_year):
        raise Invalid(card=Problem.CARD_EXPIRED())
    if not 0 < len(cvc_token) <= _TOKEN_MAX:
        raise Invalid(cvv=Problem.CVV_MISSING())
    choice = _Choice(card.token, card.brand, card.last_four, card_id=card.id, cvc_token=cvc_token)
    return _choose(session, actor, purchase_id, choice)


def _choose(session: Session, actor: Actor, purchase_id: str, choice: _Choice) -> PurchaseView:
    """Note the chosen card on a purchase that is still open; one that is not stays as it is."""
    purchase = purchases.own(session, actor, purchase_id)
    if PurchaseStatus(purchase.status).is_open:
        purchase.sqlmodel_update(asdict(choice) | {"failure": ""})
        session.flush()
    return purchases.view(session, purchase)
