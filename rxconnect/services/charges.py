"""Charges: each attempt to charge a purchase, as our database sees it. One function is one transaction.

Every function locks the purchase and looks at its attempt before it changes anything, so that a process that was slow,
or was thought dead, cannot disturb a later attempt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, select

from rxconnect.domain.accounts import Actor
from rxconnect.domain.clock import now
from rxconnect.domain.errors import FacilityClosed, Invalid, PriceChanged
from rxconnect.domain.facilities import Opening
from rxconnect.domain.ledger import AccountKind, Entry
from rxconnect.domain.purchases import Failure, PurchaseStatus, check_move
from rxconnect.models import Facility, Purchase
from rxconnect.payments.port import CardDetails, IntentState, Outcome
from rxconnect.services import cards, ledger, purchases, receipts, throttle

# How long one process may be busy charging before another finishes for it. A processor answers within seconds.
LEASE = timedelta(seconds=60)
# Nobody buys this often; whoever tries out stolen cards would.
CHARGES_PER_HOUR = 30
_BATCH = 100


@dataclass(frozen=True, slots=True)
class Charge:
    """What is needed of an attempt while no transaction is open. `intent_id` is "" until the processor gave one."""

    purchase_id: str
    attempt: int
    amount_cents: int
    payment_token: str
    cvc_token: str
    saves_card: bool
    intent_id: str

    @property
    def key(self) -> str:
        """Makes the processor do it once. Each attempt has its own, or a refusal would be replayed for ever."""
        return f"{self.purchase_id}:{self.attempt}"


@dataclass(frozen=True, slots=True)
class StoredCard:
    """A card that the processor has stored: its lasting token, and what it is."""

    token: str
    details: CardDetails


def claim(session: Session, actor: Actor, purchase_id: str) -> Charge | None:
    """Begin an attempt, which is then the caller's until its lease ends. None if one is under way, or paid already.

    Raises `Invalid` with `card` when none is ready to be charged, `FacilityClosed`, `PriceChanged` `NotFound` and
    `Throttled`.
    """
    purchase = purchases.own(session, actor, purchase_id)
    if not PurchaseStatus(purchase.status).is_open:
        return None
    _check(session, purchase)
    check_move(PurchaseStatus(purchase.status), PurchaseStatus.CHARGING)
    throttle.allow(session, "charge", str(actor.account_id), CHARGES_PER_HOUR, timedelta(hours=1))
    purchase.status, purchase.failure, purchase.intent_id = PurchaseStatus.CHARGING, "", ""
    purchase.attempt += 1
    purchase.lease_until = now() + LEASE
    return _charge(purchase)


def keep_intent(session: Session, charge: Charge, intent_id: str) -> bool:
    """Keep the intent's id, before it is confirmed. False if the attempt was closed meanwhile: do not confirm then."""
    purchase = _of(session, charge)
    if purchase is None:
        return False
    purchase.intent_id = intent_id
    return True


def settle(session: Session, charge: Charge, outcome: Outcome, stored: StoredCard | None = None) -> bool:
    """Record what became of an attempt, once: its status, and when paid also the journal, the receipt and the card.

    False if it was settled before. An attempt that was neither paid nor refused was abandoned.
    """
    assert outcome.state is not IntentState.UNCONFIRMED
    purchase = _of(session, charge)
    if purchase is None:
        return False
    purchase.lease_until, purchase.cvc_token = None, ""
    if outcome.state is IntentState.SUCCEEDED:
        _pay(session, purchase, stored)
    else:
        _fail(purchase, outcome.failure or Failure.ABANDONED)
    return True


def left_open(session: Session) -> list[Charge]:
    """The attempts whose lease has ended without an outcome, the oldest first."""
    rows = session.exec(
        select(Purchase)
        .where(Purchase.status == PurchaseStatus.CHARGING, col(Purchase.lease_until) <= now())
        .order_by(col(Purchase.lease_until))
        .limit(_BATCH)
    )
    return [_charge(purchase) for purchase in rows]


def _check(session: Session, purchase: Purchase) -> None:
    """Refuse what the buyer would not expect: a closed facility, another price than was shown, no card."""
    facility = session.get_one(Facility, purchase.facility_id)
    if facility.opening != Opening.OPEN:
        raise FacilityClosed(facility.name)
    if facility.price_cents != purchase.price_cents:
        raise PriceChanged(facility.price_cents)
    if not purchases.is_ready(purchase):
        raise Invalid(card="Choose a card and enter its CVV to go on.")


def _of(session: Session, charge: Charge) -> Purchase | None:
    """The purchase of an attempt, locked, if it is still charging, in this attempt and with this intent."""
    return session.exec(
        select(Purchase)
        .where(
            Purchase.id == charge.purchase_id,
            Purchase.status == PurchaseStatus.CHARGING,
            Purchase.attempt == charge.attempt,
            Purchase.intent_id == charge.intent_id,
        )
        .with_for_update()
    ).one_or_none()


def _pay(session: Session, purchase: Purchase, stored: StoredCard | None) -> None:
    check_move(PurchaseStatus(purchase.status), PurchaseStatus.PAID)
    purchase.status, purchase.paid_at, purchase.payment_token = PurchaseStatus.PAID, now(), ""
    cents, where = purchase.credits * purchase.price_cents, purchase.facility_id
    subject = f"purchase:{purchase.id}"
    entries = [
        Entry(AccountKind.PROCESSOR, -cents),
        Entry(AccountKind.TAKINGS, cents, facility_id=where),
        Entry(AccountKind.ISSUED, -purchase.credits, facility_id=where),
        Entry(AccountKind.WALLET, purchase.credits, owner_id=purchase.account_id, facility_id=where),
    ]
    ledger.post(session, kind="purchase", key=subject, subject=subject, entries=entries)
    receipts.issue(session, purchase)
    if stored:
        cards.keep(session, purchase.account_id, stored.token, stored.details)


def _fail(purchase: Purchase, failure: Failure) -> None:
    check_move(PurchaseStatus(purchase.status), PurchaseStatus.FAILED)
    purchase.status, purchase.failure = PurchaseStatus.FAILED, failure
    if failure.rules_out_card:
        purchase.payment_token = ""


def _charge(purchase: Purchase) -> Charge:
    return Charge(
        purchase_id=purchase.id,
        attempt=purchase.attempt,
        amount_cents=purchase.credits * purchase.price_cents,
        payment_token=purchase.payment_token,
        cvc_token=purchase.cvc_token,
        saves_card=purchase.saves_card,
        intent_id=purchase.intent_id,
    )
