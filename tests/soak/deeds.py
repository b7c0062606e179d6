"""Operations with money by a family, staff and jobs, each of which may be interrupted anywhere and repeated.

`begin` prepares a deed. Once a deed is done, repeating it changes nothing, as with a second press of a button. Then
`wrong` returns the differences from a single undisturbed run.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import func, select

from rxconnect import db
from rxconnect.domain.accounts import Actor
from rxconnect.domain.messages import MessageStatus
from rxconnect.domain.purchases import PurchaseView
from rxconnect.domain.terms import VERSION
from rxconnect.models import Message
from rxconnect.payments.published import BY_NAME
from rxconnect.payments.sandbox_faults import Fault
from rxconnect.services.messages import drafts, withdrawals
from rxconnect.services.money import cards, processor, wallets
from rxconnect.services.purchases import charges, checkout, purchases
from rxconnect.services.refunds import refund_payouts, refunds
from rxconnect.services.review import review
from rxconnect.services.screening import submissions
from tests.services.buying import DECLINED, VISA, buy, new_card, order
from tests.services.moneyed import intent_of
from tests.services.scheduling.running import run_job
from tests.soak.books import charged
from tests.soak.worlds import World, reconcile

ASKS, NO_REFUND = BY_NAME["asks"].number, BY_NAME["no refund"].number
_LEASE = charges.LEASE.total_seconds() + 1
_BANK = charges.BUYER_ACTS.total_seconds() + 1
# The jobs check accepted refunds every hour.
_HOURS = timedelta(hours=2).total_seconds()
_DAY = tuple(round_ * _HOURS for round_ in (1, 2, 3))


@dataclass(frozen=True)
class Deed:
    """A prepared deed. `patience`: the seconds after an interruption at which the jobs run; the last run finishes it."""

    do: Callable[[], object]
    wrong: Callable[[], list[str]]
    patience: tuple[float, ...] = (_LEASE,)


Begin = Callable[[World], Deed]


def purchase(world: World) -> Deed:
    """Buy with a new card and store it."""
    family, _ = world.family()
    purchase_id = order(family, world.place, 20, save=True)

    def wrong() -> list[str]:
        stored = len(db.read(cards.my_cards, family))
        return _unpaid(world, family, purchase_id) + _unless(stored == 1, f"{stored} cards are stored")

    return Deed(lambda: checkout.submit(family, purchase_id), wrong)


def purchase_with_stored_card(world: World) -> Deed:
    """Buy with a stored card, with its CVV typed again for every try."""
    family, _ = world.family()
    buy(family, world.place, 10, save=True)
    (card,) = db.read(cards.my_cards, family)
    purchase_id = db.write(purchases.begin_or_change, family, facility_id=world.place, credits=20).id

    def do() -> None:
        if _view(family, purchase_id).step == "payment":
            checkout.use_stored_card(family, purchase_id, card.id, processor.sandbox().tokenize_cvv("737"))
        checkout.submit(family, purchase_id)

    return Deed(do, lambda: _unpaid(world, family, purchase_id, wallet=30))


def purchase_after_a_refusal(world: World) -> Deed:
    """Buy with a card that is declined, and then with another."""
    family, _ = world.family()
    purchase_id = order(family, world.place, 20, number=DECLINED)

    def do() -> None:
        for _ in range(2):
            if _view(family, purchase_id).step == "payment":
                checkout.use_new_card(family, purchase_id, new_card(VISA), save=False)
            checkout.submit(family, purchase_id)

    return Deed(do, lambda: _unpaid(world, family, purchase_id))


def purchase_at_the_bank(world: World) -> Deed:
    """Buy with a card whose bank asks for confirmation (3-D Secure)."""
    family, _ = world.family()
    purchase_id = order(family, world.place, 20, number=ASKS)

    def do() -> None:
        if checkout.submit(family, purchase_id).step == "action":
            processor.sandbox().authenticate(intent_of(purchase_id), is_buyer=True)
            checkout.check_after_bank(family, purchase_id)

    return Deed(do, lambda: _unpaid(world, family, purchase_id), patience=(_BANK,))


def purchase_of_a_wrong_amount(world: World) -> Deed:
    """Buy while the processor charges a wrong amount, which is refunded; then buy again."""
    family, _ = world.family()
    purchase_id = order(family, world.place, 20)
    processor.sandbox().plan("charge", Fault.WRONG_AMOUNT)

    def do() -> None:
        for _ in range(2):
            checkout.submit(family, purchase_id)
        run_job(refund_payouts.carry_out_due)

    def wrong() -> list[str]:
        cents = sorted(cents for _, cents in charged(purchase_id))
        return _unless(cents == [500, 600], f"charged {cents}") + _without_credits(world, family, 20)

    return Deed(do, wrong)


def send(world: World) -> Deed:
    """Send a message."""
    family, draft_id = _writer(world)
    return Deed(lambda: _send(family, draft_id), lambda: _unsent(family, draft_id, left=9, held=1))


def withdraw(world: World) -> Deed:
    """Withdraw a message before staff have decided."""
    family, draft_id = _writer(world)
    message_id = _send(family, draft_id)

    def do() -> None:
        if _status(message_id) is MessageStatus.IN_REVIEW:
            db.write(withdrawals.withdraw, family, message_id)

    return Deed(do, lambda: _unsent(family, draft_id, left=10, held=0))


def deliver(world: World) -> Deed:
    """Approve a message and hand it over, which spends its credits."""
    family, draft_id = _writer(world)
    message_id = _send(family, draft_id)

    def do() -> None:
        if _status(message_id) is MessageStatus.IN_REVIEW:
            db.write(review.approve, world.reviewer, message_id)
        if _status(message_id) is MessageStatus.APPROVED:
            db.write(review.deliver, world.reviewer, message_id)

    return Deed(do, lambda: _unsent(family, draft_id, left=9, held=0))


def refund(world: World) -> Deed:
    """Refund credits of two purchases to their cards with one press of the button."""
    family, _ = world.family()
    for credits in (5, 10):
        buy(family, world.place, credits)
    press = secrets.token_hex(8)
    return Deed(
        lambda: refunds.request_refund(family, world.place, 12, press),
        lambda: _unrefunded(world, family, {(50, "paid"), (250, "paid")}, left=3),
    )


def refund_that_fails(world: World) -> Deed:
    """Refund to a card that later rejects it: the credits return."""
    family, _ = world.family()
    buy(family, world.place, 10, number=NO_REFUND)
    press = secrets.token_hex(8)

    def do() -> None:
        refunds.request_refund(family, world.place, 4, press)
        reconcile(_HOURS)

    return Deed(do, lambda: _unrefunded(world, family, {(100, "failed")}, left=10), patience=_DAY)


def job_that_finishes_a_purchase(world: World) -> Deed:
    """Let the job finish a charge whose answer was lost."""
    family, _ = world.family()
    purchase_id = order(family, world.place, 20)
    processor.sandbox().plan("confirm", Fault.TIMEOUT_AFTER)
    checkout.submit(family, purchase_id)
    return Deed(lambda: reconcile(_LEASE), lambda: _unpaid(world, family, purchase_id))


def job_that_finishes_a_refund(world: World) -> Deed:
    """Let the job finish a refund whose answer was lost."""
    family, _ = world.family()
    buy(family, world.place, 10)
    processor.sandbox().plan("refund", Fault.TIMEOUT_AFTER)
    refunds.request_refund(family, world.place, 4, secrets.token_hex(8))
    return Deed(
        lambda: reconcile(_LEASE),
        lambda: _unrefunded(world, family, {(100, "paid")}, left=6),
        # Each retry claims the refund again: one lease, and then another.
        patience=(_LEASE, 2 * _LEASE),
    )


DEEDS: tuple[Begin, ...] = (
    purchase,
    purchase_with_stored_card,
    purchase_after_a_refusal,
    purchase_at_the_bank,
    purchase_of_a_wrong_amount,
    send,
    withdraw,
    deliver,
    refund,
    refund_that_fails,
    job_that_finishes_a_purchase,
    job_that_finishes_a_refund,
)
# Its planned fault would hit the next charge of any family.
ALONE = purchase_of_a_wrong_amount


def _writer(world: World) -> tuple[Actor, int]:
    """A family with ten credits and a complete draft."""
    family, contact_id = world.family()
    buy(family, world.place, 10)
    draft_id = db.write(drafts.get_or_create_empty, family, contact_id)
    db.write(drafts.save, family, draft_id, subject="Hello", body="We miss you.")
    return family, draft_id


def _send(family: Actor, draft_id: int) -> int:
    return db.write(submissions.send, family, draft_id, accepted_terms=VERSION)


def _view(family: Actor, purchase_id: str) -> PurchaseView:
    return db.read(purchases.get, family, purchase_id)


def _status(message_id: int) -> MessageStatus:
    return MessageStatus(db.read(lambda session: session.get_one(Message, message_id).status))


def _unless(is_so: bool, sentence: str) -> list[str]:
    return [] if is_so else [sentence]


def _without_credits(world: World, family: Actor, credits: int) -> list[str]:
    has = db.read(wallets.balance, family.account_id, world.place)
    return _unless(has == credits, f"the wallet holds {has} credits instead of {credits}")


def _unpaid(world: World, family: Actor, purchase_id: str, *, wallet: int = 20) -> list[str]:
    status, cents = _view(family, purchase_id).status, [cents for _, cents in charged(purchase_id)]
    return [
        *_unless(status == "paid", f"the purchase is {status}"),
        *_unless(cents == [500], f"charged {cents}"),
        *_without_credits(world, family, wallet),
    ]


def _unsent(family: Actor, draft_id: int, *, left: int, held: int) -> list[str]:
    with db.reading() as session:
        mine = select(func.count()).select_from(Message).where(Message.account_id == family.account_id)
        sent = session.exec(mine).one()
        (wallet,) = wallets.balances(session, family)
    return [
        *_unless(sent == 1, f"{sent} messages were sent"),
        *_unless(
            (wallet.credits, wallet.held) == (left, held),
            f"{wallet.credits} credits are left and {wallet.held} held, instead of {left} and {held}",
        ),
    ]


def _unrefunded(world: World, family: Actor, expected: set[tuple[int, str]], *, left: int) -> list[str]:
    found = [(view.cents, view.status) for view in db.read(refunds.my_refunds, family)]
    is_so = len(found) == len(expected) and set(found) == expected
    return _unless(is_so, f"refunded {found}") + _without_credits(world, family, left)
