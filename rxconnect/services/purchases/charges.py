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
from rxconnect.domain.problems import Problem
from rxconnect.domain.purchases import Failure, PurchaseStatus, check_move
from rxconnect.models import Facility, Purchase
from rxconnect.payments.port import CardDetails, IntentState, Outcome
from rxconnect.services.accounts import throttle
from rxconnect.services.money import cards, ledger, lots
from rxconnect.services.purchases import purchases, receipts
from rxconnect.services.refunds import refunds

# How long one process may be busy charging before another finishes for it. Longer than a processor takes to answer one
# question (30 s at most), and with the job's 10 s still so short that a crash is over within a minute. Whoever is slower
# than this disturbs nobody: it finds that its attempt was closed.
LEASE = timedelta(seconds=40)
# How long a buyer may take at their bank before the payment is given up.
BUYER_ACTS = timedelta(minutes=15)
# Nobody buys this often; whoever tries out stolen cards would.
CHARGES_PER_HOUR = 30
_BATCH = 100
_UNDER_WAY = [status for status in PurchaseStatus if status.is_under_way]


@dataclass(frozen=True, slots=True)
class Charge:
    """What is needed of an attempt while no transaction is open. `intent_id` is "" until the processor gave one."""

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
    throttle.allow(session, "charge", str(actor.account_id), CHARGES_PER_HOUR, timedelta(hours=1))
    return _begin(purchase)


def claim_auto(session: Session, purchase_id: str) -> Charge | None:
    """Begin the attempt of a purchase that an auto-reload has made. None if that was done before.

    Raises `FacilityClosed` and `PriceChanged`.
    """
    mine = select(Purchase).where(Purchase.id == purchase_id, col(Purchase.auto_reload_id).is_not(None))
    purchase = session.exec(mine.with_for_update()).one()
    if purchase.status != PurchaseStatus.DRAFT:
        return None
    _check_offer(session, purchase)
    return _begin(purchase)


def _begin(purchase: Purchase) -> Charge:
    check_move(PurchaseStatus(purchase.status), PurchaseStatus.CHARGING)
    purchase.status, purchase.failure, purchase.intent_id, purchase.action_url = PurchaseStatus.CHARGING, "", "", ""
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

    False if it was settled before, or if the buyer still has to act: then it is theirs for `BUYER_ACTS`. An attempt that
    was neither paid nor refused was abandoned. What was charged, but not as we asked, goes back.
    """
    assert outcome.state is not IntentState.UNCONFIRMED
    purchase = _of(session, charge)
    if purchase is None:
        _give_back_stray(session, charge, outcome)
        return False
    if outcome.state is IntentState.REQUIRES_ACTION:
        _await_buyer(purchase, outcome.action_url)
        return False
    purchase.lease_until, purchase.cvc_token, purchase.action_url = None, "", ""
    if outcome.state is not IntentState.SUCCEEDED:
        _fail(purchase, outcome.failure or Failure.ABANDONED)
    elif outcome.amount_cents == charge.amount_cents:
        _pay(session, purchase, stored)
    else:
        _give_back_stray(session, charge, outcome)
        _fail(purchase, Failure.WRONG_AMOUNT)
    return True


def of_intent(session: Session, intent_id: str) -> Charge | None:
    """The attempt that an intent belongs to, if it is still the purchase's latest. None for an intent that is not."""
    purchase = session.exec(select(Purchase).where(Purchase.intent_id == intent_id)).first()
    return _charge(purchase) if purchase and intent_id else None


def under_way(session: Session, actor: Actor, purchase_id: str) -> Charge | None:
    """The attempt of the actor's own purchase that waits for them at their bank; None if it does not."""
    mine = select(Purchase).where(Purchase.id == purchase_id, Purchase.account_id == actor.account_id)
    purchase = session.exec(mine.where(Purchase.status == PurchaseStatus.REQUIRES_ACTION)).one_or_none()
    return _charge(purchase) if purchase else None


def left_open(session: Session) -> list[Charge]:
    """The attempts whose lease has ended without an outcome, the oldest first."""
    rows = session.exec(
        select(Purchase)
        .where(col(Purchase.status).in_(_UNDER_WAY), col(Purchase.lease_until) <= now())
        .order_by(col(Purchase.lease_until))
        .limit(_BATCH)
    )
    return [_charge(purchase) for purchase in rows]


def _check(session: Session, purchase: Purchase) -> None:
    """Refuse what the buyer would not expect: a closed facility, another price than was shown, no card."""
    _check_offer(session, purchase)
    if not purchases.is_ready(purchase):
        raise Invalid(card=Problem.CARD_MISSING())


def _check_offer(session: Session, purchase: Purchase) -> None:
    facility = session.get_one(Facility, purchase.facility_id)
    if facility.opening != Opening.OPEN:
        raise FacilityClosed(facility.name)
    if facility.price_cents != purchase.price_cents:
        raise PriceChanged(facility.price_cents)


def _of(session: Session, charge: Charge) -> Purchase | None:
    """The purchase of an attempt, locked, if it is still under way, in this attempt and with this intent."""
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
    """Let the buyer go to their bank. Told again, nothing changes, so that the time to do it ends."""
    if purchase.status == PurchaseStatus.REQUIRES_ACTION:
        return
    check_move(PurchaseStatus(purchase.status), PurchaseStatus.REQUIRES_ACTION)
    purchase.status, purchase.action_url = PurchaseStatus.REQUIRES_ACTION, action_url
    purchase.lease_until = now() + BUYER_ACTS


def _give_back_stray(session: Session, charge: Charge, outcome: Outcome) -> None:
    """Money that came without credits goes back: a payment we had given up, or one of another amount."""
    if outcome.state is not IntentState.SUCCEEDED or not outcome.amount_cents:
        return
    purchase = session.get_one(Purchase, charge.purchase_id, with_for_update=True)
    if purchase.paid_at is None or purchase.intent_id != charge.intent_id:
        refunds.correct(session, purchase, charge.intent_id, outcome.amount_cents)


def _pay(session: Session, purchase: Purchase, stored: StoredCard | None) -> None:
    check_move(PurchaseStatus(purchase.status), PurchaseStatus.PAID)
    purchase.status, purchase.paid_at, purchase.payment_token = PurchaseStatus.PAID, now(), ""
    if stored:
        # First, since it locks the account: whoever closes that locks it before the wallets, too.
        cards.keep(session, purchase.account_id, stored.token, stored.details)
    cents, where = purchase.credits * purchase.price_cents, purchase.facility_id
    subject = f"purchase:{purchase.id}"
    entries = [
        Entry(AccountKind.PROCESSOR, -cents),
        Entry(AccountKind.TAKINGS, cents, facility_id=where),
        Entry(AccountKind.ISSUED, -purchase.credits, facility_id=where),
        Entry(AccountKind.WALLET, purchase.credits, owner_id=purchase.account_id, facility_id=where),
    ]
    ledger.post(session, kind="purchase", key=subject, subject=subject, entries=entries)
    lots.grant(session, purchase)
    receipts.issue(session, purchase)


def _fail(purchase: Purchase, failure: Failure) -> None:
    check_move(PurchaseStatus(purchase.status), PurchaseStatus.FAILED)
    purchase.status, purchase.failure = PurchaseStatus.FAILED, failure
    if failure.rules_out_card:
        purchase.payment_token = ""


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
