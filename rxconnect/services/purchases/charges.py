"""Charges: the attempts to charge a purchase, in our database. Each function is one transaction.

Every function locks the purchase and checks its attempt number before it changes anything. So a slow process that was
taken for dead cannot disturb a later attempt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, select

from rxconnect import live
from rxconnect.domain.accounts import Actor
from rxconnect.domain.clock import now
from rxconnect.domain.errors import FacilityClosed, Invalid, PriceChanged
from rxconnect.domain.facilities import Opening
from rxconnect.domain.ledger import AccountKind, Entry, JournalKind
from rxconnect.domain.problems import Problem
from rxconnect.domain.purchases import Failure, PurchaseStatus, check_move
from rxconnect.domain.topics import Subject, Topic
from rxconnect.models import Facility, Purchase
from rxconnect.payments.port import CardDetails, IntentState, Outcome
from rxconnect.services.accounts import throttle
from rxconnect.services.money import cards, ledger, lots
from rxconnect.services.purchases import purchases, receipts
from rxconnect.services.refunds import refunds

# The time for one process to charge before a job finishes the attempt. It is longer than one response of the processor
# (at most 30 s), and short enough that a purchase has an outcome within a minute of a crash (the job runs every 10 s).
# A slower process does no harm: it finds its attempt closed.
LEASE = timedelta(seconds=40)
# The time that a buyer has at their bank before the payment is cancelled.
BUYER_ACTS = timedelta(minutes=15)
# No buyer charges this often, but a thief who tests stolen cards does.
CHARGES_PER_HOUR = 30
# The most attempts that `charges_left_open` returns.
BATCH = 50
_UNDER_WAY = [status for status in PurchaseStatus if status.is_under_way]


@dataclass(frozen=True, slots=True)
class Charge:
    """The facts of an attempt, for use outside a transaction. `intent_id` is "" until the processor has created one."""

    purchase_id: str
    account_id: int
    attempt: int
    amount_cents: int
    payment_token: str
    cvc_token: str
    saves_card: bool
    off_session: bool
    intent_id: str

    @property
    def key(self) -> str:
        """The idempotency key. Each attempt has its own, because the processor replays a refusal for a used key."""
        return f"{self.purchase_id}:{self.attempt}"


@dataclass(frozen=True, slots=True)
class StoredCard:
    """A card that the processor has stored: its lasting token, and its details."""

    token: str
    details: CardDetails


def begin_attempt(session: Session, actor: Actor, purchase_id: str) -> Charge | None:
    """Begin an attempt with a lease for the caller. None if an attempt is under way, or the purchase is paid.

    Raises `Invalid` with `card` when no card is ready to be charged, `FacilityClosed`, `PriceChanged`, `NotFound` and
    `Throttled`.
    """
    purchase = purchases.get_locked(session, actor, purchase_id)
    if not PurchaseStatus(purchase.status).is_open:
        return None
    _check_purchase(session, purchase)
    throttle.count_attempt(session, "charge", str(actor.account_id), CHARGES_PER_HOUR, timedelta(hours=1))
    return _start_next_attempt(session, purchase)


def begin_auto_attempt(session: Session, purchase_id: str) -> Charge | None:
    """Begin the attempt of an auto-reload's purchase. None if it was begun before.

    Raises `FacilityClosed` and `PriceChanged`.
    """
    mine = select(Purchase).where(Purchase.id == purchase_id, col(Purchase.auto_reload_id).is_not(None))
    purchase = session.exec(mine.with_for_update()).one()
    if purchase.status != PurchaseStatus.DRAFT:
        return None
    _check_offer(session, purchase)
    return _start_next_attempt(session, purchase)


def _start_next_attempt(session: Session, purchase: Purchase) -> Charge:
    """Start the next attempt, with a lease for the caller."""
    check_move(PurchaseStatus(purchase.status), PurchaseStatus.CHARGING)
    purchase.status, purchase.failure, purchase.intent_id, purchase.action_url = PurchaseStatus.CHARGING, "", "", ""
    purchase.attempt += 1
    purchase.lease_until = now() + LEASE
    _notify_buyers_pages(session, purchase)
    return _charge(purchase)


def store_intent(session: Session, charge: Charge, intent_id: str) -> bool:
    """Store the intent's id before it is confirmed. False if the attempt was closed meanwhile: do not confirm then."""
    purchase = _locked_purchase(session, charge)
    if purchase is None:
        return False
    purchase.intent_id = intent_id
    return True


def settle_attempt(session: Session, charge: Charge, outcome: Outcome, stored: StoredCard | None = None) -> bool:
    """Record an attempt's outcome once: the status, and for a paid one also the journal, the receipt and the card.

    Returns False if it was settled before, or if the buyer still has to act at their bank, for which they have
    `BUYER_ACTS`. An attempt that was neither paid nor refused counts as abandoned. A charge of another amount than we
    asked for is refunded.
    """
    assert outcome.state is not IntentState.UNCONFIRMED
    purchase = _locked_purchase(session, charge)
    if purchase is None:
        _refund_stray(session, charge, outcome)
        return False
    _notify_buyers_pages(session, purchase)
    if outcome.state is IntentState.REQUIRES_ACTION:
        _await_buyer(purchase, outcome.action_url)
        return False
    purchase.lease_until, purchase.cvc_token, purchase.action_url = None, "", ""
    if outcome.state is not IntentState.SUCCEEDED:
        _record_failed(purchase, outcome.failure or Failure.ABANDONED)
    elif outcome.amount_cents == charge.amount_cents:
        _record_paid(session, purchase, stored)
    else:
        _refund_stray(session, charge, outcome)
        _record_failed(purchase, Failure.WRONG_AMOUNT)
    return True


def charge_of_intent(session: Session, intent_id: str) -> Charge | None:
    """The attempt of an intent, if it is its purchase's latest attempt; None otherwise."""
    purchase = session.exec(select(Purchase).where(Purchase.intent_id == intent_id)).first()
    return _charge(purchase) if purchase and intent_id else None


def charge_under_way(session: Session, actor: Actor, purchase_id: str) -> Charge | None:
    """The attempt of the actor's own purchase that waits for the buyer at their bank; None if none does."""
    mine = select(Purchase).where(Purchase.id == purchase_id, Purchase.account_id == actor.account_id)
    purchase = session.exec(mine.where(Purchase.status == PurchaseStatus.REQUIRES_ACTION)).one_or_none()
    return _charge(purchase) if purchase else None


def charges_left_open(session: Session, after: str = "") -> list[Charge]:
    """The next attempts whose lease has ended without an outcome, at most `BATCH`, sorted by their purchase's id."""
    rows = session.exec(
        select(Purchase)
        .where(col(Purchase.status).in_(_UNDER_WAY), col(Purchase.lease_until) <= now(), Purchase.id > after)
        .order_by(Purchase.id)
        .limit(BATCH)
    )
    return [_charge(purchase) for purchase in rows]


def _check_purchase(session: Session, purchase: Purchase) -> None:
    """Refuse a closed facility, a price that differs from the one shown, and a missing card."""
    _check_offer(session, purchase)
    if not purchases.is_ready(purchase):
        raise Invalid(card=Problem.CARD_MISSING())


def _check_offer(session: Session, purchase: Purchase) -> None:
    facility = session.get_one(Facility, purchase.facility_id)
    if facility.opening != Opening.OPEN:
        raise FacilityClosed(facility.name)
    if facility.price_cents != purchase.price_cents:
        raise PriceChanged(facility.price_cents)


def _locked_purchase(session: Session, charge: Charge) -> Purchase | None:
    """The purchase, locked, if this attempt and this intent of it are still under way; None otherwise."""
    return session.exec(
        select(Purchase)
        .where(
            Purchase.id == charge.purchase_id,
            col(Purchase.status).in_(_UNDER_WAY),
            Purchase.attempt == charge.attempt,
            Purchase.intent_id == charge.intent_id,
        )
        .with_for_update()
    ).one_or_none()


def _await_buyer(purchase: Purchase, action_url: str) -> None:
    """Send the buyer to their bank. A second call does not extend the time that they have there."""
    if purchase.status == PurchaseStatus.REQUIRES_ACTION:
        return
    check_move(PurchaseStatus(purchase.status), PurchaseStatus.REQUIRES_ACTION)
    purchase.status, purchase.action_url = PurchaseStatus.REQUIRES_ACTION, action_url
    purchase.lease_until = now() + BUYER_ACTS


def _refund_stray(session: Session, charge: Charge, outcome: Outcome) -> None:
    """Refund a payment that brought no credits: one we had cancelled, or one of a wrong amount."""
    if outcome.state is not IntentState.SUCCEEDED or not outcome.amount_cents:
        return
    purchase = session.get_one(Purchase, charge.purchase_id, with_for_update=True)
    if purchase.paid_at is None or purchase.intent_id != charge.intent_id:
        refunds.refund_wrong_charge(session, purchase, charge.intent_id, outcome.amount_cents)


def _record_paid(session: Session, purchase: Purchase, stored: StoredCard | None) -> None:
    """Record a paid purchase: credits, lot, receipt and stored card."""
    check_move(PurchaseStatus(purchase.status), PurchaseStatus.PAID)
    purchase.status, purchase.paid_at, purchase.payment_token = PurchaseStatus.PAID, now(), ""
    if stored:
        # This comes first because it locks the account. Closing an account uses the same lock order: account, then
        # wallets.
        cards.find_or_store(session, purchase.account_id, stored.token, stored.details)
    cents, where = purchase.credits * purchase.price_cents, purchase.facility_id
    subject = JournalKind.PURCHASE.subject(purchase.id)
    entries = [
        Entry(AccountKind.PROCESSOR, -cents),
        Entry(AccountKind.TAKINGS, cents, facility_id=where),
        Entry(AccountKind.ISSUED, -purchase.credits, facility_id=where),
        Entry(AccountKind.WALLET, purchase.credits, owner_id=purchase.account_id, facility_id=where),
    ]
    ledger.post_journal(session, kind=JournalKind.PURCHASE, key=subject, subject=subject, entries=entries)
    lots.create_lot(session, purchase)
    receipts.issue(session, purchase)


def _record_failed(purchase: Purchase, failure: Failure) -> None:
    check_move(PurchaseStatus(purchase.status), PurchaseStatus.FAILED)
    purchase.status, purchase.failure = PurchaseStatus.FAILED, failure
    if failure.rules_out_card:
        purchase.payment_token = ""


def _notify_buyers_pages(session: Session, purchase: Purchase) -> None:
    """Notify the buyer's open pages that the purchase has changed."""
    live.publish(session, Topic(Subject.PURCHASES, purchase.account_id))


def _charge(purchase: Purchase) -> Charge:
    return Charge(
        purchase_id=purchase.id,
        account_id=purchase.account_id,
        attempt=purchase.attempt,
        amount_cents=purchase.credits * purchase.price_cents,
        payment_token=purchase.payment_token,
        cvc_token=purchase.cvc_token,
        saves_card=purchase.saves_card,
        off_session=purchase.auto_reload_id is not None,
        intent_id=purchase.intent_id,
    )
