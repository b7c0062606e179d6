"""A family to whom everything happened that can happen to money, through the services that do it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, Role
from rxconnect.domain.clock import now
from rxconnect.domain.inmates import InmateQuery, Person
from rxconnect.domain.terms import VERSION
from rxconnect.models import Purchase
from rxconnect.payments.published import BY_NAME
from rxconnect.payments.sandbox_faults import Fault
from rxconnect.services.directory import contacts, facilities, inmates
from rxconnect.services.messages import drafts, withdrawals
from rxconnect.services.money import processor, transfers
from rxconnect.services.purchases import checkout, disputes
from rxconnect.services.refunds import refund_payouts, refunds
from rxconnect.services.review import review
from rxconnect.services.screening import submissions
from tests import people
from tests.services.buying import buy, order

NO_REFUND = BY_NAME["no refund"].number


@dataclass(frozen=True)
class Moneyed:
    """Who and where, and the ids of purchases by what happened to them."""

    family: Actor
    reviewer: Actor
    administrator: Actor
    alder: int
    birch: int
    purchases: dict[str, str]
    delivered_id: int
    waiting_id: int
    returned_id: int


def live() -> Moneyed:
    """At Alder (25 ¢ a credit) letters, refunds and disputes; and from there a move to Birch (20 ¢)."""
    alder = db.write(facilities.create_facility, name="Alder County Jail", opening="open", price_cents=25, state="OR")
    birch = db.write(facilities.create_facility, name="Birch County Jail", opening="open", price_cents=20, state="OR")
    family = account("Ada Young")
    reviewer = account("Robin Reed", Role.REVIEWER, alder)
    administrator = account("Paula Stone", Role.ADMINISTRATOR, alder)
    db.write(inmates.add_to_roster, alder, [Person(number="A1", first_name="Marcus", last_name="Rivera")])
    db.write(facilities.add_location, family, alder)
    (marcus,), _more = db.read(inmates.find, family, alder, InmateQuery(first_name="Marcus"))
    contact_id = db.write(contacts.add_at_my_location, family, marcus.id).id

    bought = {"letters": buy(family, alder, 20).id}
    delivered, waiting, returned = (_send(family, contact_id) for _ in range(3))
    db.write(review.approve, reviewer, delivered)
    db.write(review.deliver, reviewer, delivered)
    db.write(withdrawals.withdraw, family, returned)

    bought["refunded"] = buy(family, alder, 8).id
    refunds.request_refund(family, alder, 3, secrets.token_hex(16))
    bought["refused refund"] = buy(family, alder, 6, number=NO_REFUND).id
    refunds.request_refund(family, alder, 2, secrets.token_hex(16))
    _later(refund_payouts.carry_out_due)
    bought["pending refund"] = buy(family, alder, 5, number=NO_REFUND).id
    refunds.request_refund(family, alder, 1, secrets.token_hex(16))
    bought["wrong amount"] = order(family, alder, 7)
    processor.sandbox().plan("charge", Fault.WRONG_AMOUNT)
    checkout.submit(family, bought["wrong amount"])
    refund_payouts.carry_out_due()

    other = account("Ben Old")
    bought["moved"] = buy(other, alder, 9).id
    db.write(transfers.transfer_credits, other.account_id, marcus.id, alder, birch)
    for outcome in ("open", "won", "lost"):
        bought[outcome] = buy(account(f"{outcome} dispute"), alder, 10).id
        dispute_id = processor.sandbox().open_dispute(intent_of(bought[outcome]))
        disputes.check_dispute(dispute_id)
        if outcome != "open":
            processor.sandbox().close_dispute(dispute_id, is_won=outcome == "won")
            disputes.check_dispute(dispute_id)
    return Moneyed(family, reviewer, administrator, alder, birch, bought, delivered, waiting, returned)


def account(name: str, role: Role | None = None, facility_id: int | None = None) -> Actor:
    """A new account with a verified address, which cannot sign in."""
    email = f"{secrets.token_hex(6)}@example.org"
    with db.transaction() as session:
        return people.add(session, email, name, role, facility_id)


@contextmanager
def within_a_month() -> Iterator[None]:
    """Inside the block it is noon in the middle of a month, so that two hours later it is still the same one."""
    token = clock.behind.set(datetime.now(UTC) - datetime(2026, 11, 20, 20, tzinfo=UTC))
    try:
        yield
    finally:
        clock.behind.reset(token)


def intent_of(purchase_id: str) -> str:
    """The processor's id of a purchase's payment."""
    with db.reading() as session:
        return session.get_one(Purchase, purchase_id).intent_id


def _send(family: Actor, contact_id: int) -> int:
    draft_id = db.write(drafts.get_or_create_empty, family, contact_id)
    db.write(drafts.save, family, draft_id, subject="Hello", body="We miss you.")
    return db.write(submissions.send, family, draft_id, accepted_terms=VERSION)


def _later(do: Callable[[], object]) -> None:
    """Do something in two hours, when the processor has made up its mind."""
    with clock.at(now() + timedelta(hours=2)):
        do()
