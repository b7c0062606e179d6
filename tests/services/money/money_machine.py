"""Hypothesis' machine over all that happens to money: it does what people, banks and jobs do, to the services and the model.

The database, the sandbox and the services are the real ones. After every step each balance, each purchase and each
letter must be what the model says; in the end nothing may be under way, and the ledger and the processor must agree.
"""

from __future__ import annotations

import functools
import os
import secrets
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from rxconnect import db
from rxconnect.config import settings
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, ActorKind, Role
from rxconnect.domain.drafts import DraftChange
from rxconnect.domain.errors import IllegalMove, InsufficientCredits, Invalid, NotReachable
from rxconnect.domain.messages import Reason
from rxconnect.domain.terms import VERSION
from rxconnect.models import Contact, Draft, Facility, Inmate, InmateMove
from rxconnect.payments.published import BY_NAME
from rxconnect.payments.sandbox_faults import Fault
from rxconnect.services.inside import replies
from rxconnect.services.leaving import departures
from rxconnect.services.messages import expiries, reply_credits, withdrawals
from rxconnect.services.money import ledger, processor
from rxconnect.services.purchases import checkout, purchases, webhooks
from rxconnect.services.purchases.webhooks import Taken
from rxconnect.services.refunds import refund_payouts, refunds, staff_refunds
from rxconnect.services.review import review
from rxconnect.services.screening import submissions
from tests import people
from tests.services.buying import buy, later
from tests.services.money.money_model import AT_THE_BANK, LEASE, Bought, Contested, Letter, Model, Person
from tests.services.scheduling.running import run_job
from tests.worlds import installed

# Cents a credit at the two facilities. Neither price divides the other, so that every move between them is rounded.
PRICES = (25, 7)
CHARACTERS_PER_CREDIT = 10
FAULTS = {"before": Fault.TIMEOUT_BEFORE, "after": Fault.TIMEOUT_AFTER}
_STEPS, _STEP = 50, timedelta(minutes=3)
_FILES = ("rxconnect.db", "sandbox.db")
# In memory where there is such a folder: the disk is not what is tested here.
_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
# More questions of the processor than this must not be needed to bring everything to its end.
_ROUNDS = 4


class World:
    """Two facilities, two families with credits at both, two people in custody and staff, before anything happens."""

    def __init__(self) -> None:
        with db.transaction() as session:
            places = [
                Facility(
                    key=f"f{price}", name=f"Facility {price}", opening="open", price_cents=price, min_credits=1,
                    characters_per_credit=CHARACTERS_PER_CREDIT, reads_on_kiosks=True,
                )
                for price in PRICES
            ]  # fmt: skip
            session.add_all(places)
            session.flush()
            self.places: list[int] = [_id(place) for place in places]
            people = [
                Inmate(facility_id=place, number=f"A{place}", number_key=f"A{place}", first_name="Jo", last_name="Ray")
                for place in self.places
            ]
            session.add_all(people)
            session.flush()
            self.people: list[int] = [_id(person) for person in people]
            self.families = [_account(session, f"family{number}") for number in range(2)]
            self.reviewers = {
                place: _account(session, f"reviewer{place}", Role.REVIEWER, place) for place in self.places
            }
            self.administrators = {
                place: _account(session, f"administrator{place}", Role.ADMINISTRATOR, place) for place in self.places
            }
            self.kiosks = {
                person: replace(_account(session, f"kiosk{person}", kind=ActorKind.KIOSK), inmate_id=person)
                for person in self.people
            }
            contacts = {
                (family.account_id, person): Contact(account_id=family.account_id, inmate_id=person)
                for family in self.families
                for person in self.people
            }
            session.add_all(contacts.values())
            session.flush()
            self.contacts = {tie: _id(contact) for tie, contact in contacts.items()}
        self.cards = {
            name: processor.sandbox().tokenize(BY_NAME[name].number, later(), "737", "99362")[0]
            for name in ("visa", "declined", "asks", "no refund")
        }
        self.bought = [
            (family.account_id, place, buy(family, place, AT_FIRST).id)
            for family in self.families
            for place in self.places
        ]

    def family(self, account_id: int) -> Actor:
        return next(family for family in self.families if family.account_id == account_id)


def run(times: int) -> None:
    """Run the machine so many times, 50 steps each. Raises, with the shortest way there, when something is not as it must be."""
    thorough = hypothesis.settings(
        max_examples=times, stateful_step_count=_STEPS, deadline=None, suppress_health_check=list(HealthCheck)
    )
    with _world() as MoneyMachine.world:
        run_state_machine_as_test(MoneyMachine, settings=thorough)


@contextmanager
def _world() -> Iterator[World]:
    """A new world, in use inside the block. Every machine begins with it as it is now."""
    with tempfile.TemporaryDirectory(dir=_MEMORY) as folder, installed(data_dir=folder, database_url=""):
        db.upgrade()
        made = World()
        for name in _FILES:
            _copy(Path(folder, name), Path(folder, f"{name}.first"))
        yield made


def _begin_again() -> None:
    """Let everything be as it was at first, with the engines and their compiled statements kept."""
    for name in _FILES:
        _copy(settings().data_dir / f"{name}.first", settings().data_dir / name)


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def step(**given: Any) -> Callable[[Callable[..., None]], Any]:
    """A rule, at the machine's own time, which then goes on by some minutes."""

    def decorate(do: Callable[..., None]) -> Any:
        @functools.wraps(do)
        def timed(self: MoneyMachine, **drawn: Any) -> None:
            with clock.at(self.now):
                do(self, **drawn)
            self.now += _STEP

        return rule(**given)(timed)

    return decorate


ANY = st.integers(0, 2**16)
FAMILY, PLACE, WHO = st.integers(0, 1), st.integers(0, 1), st.integers(0, 1)
FAULT = st.sampled_from(["", "", "", "", "before", "after"])
# What every family has bought at every facility before a machine begins.
AT_FIRST = 12


class MoneyMachine(RuleBasedStateMachine):
    """See the module."""

    world: World

    @initialize()
    def begin(self) -> None:
        _begin_again()
        here = self.world
        self.now = clock.now()
        self.model = Model(
            dict(zip(here.places, PRICES, strict=True)),
            [Person(inmate, place) for inmate, place in zip(here.people, here.places, strict=True)],
            [family.account_id for family in here.families],
        )
        for account_id, place, purchase_id in here.bought:
            cents = AT_FIRST * self.model.prices[place]
            bought = Bought(purchase_id, (account_id, place), AT_FIRST, cents, self.now, "charging", "paid", cents)
            self.model.bought.append(bought)
            self.model.settle(bought)
        self.seen = 0

    # Buying.

    @step(
        family=FAMILY,
        place=PLACE,
        credits=st.integers(1, 30),
        card=st.sampled_from(["visa", "visa", "visa", "visa", "declined", "asks", "no refund"]),
        at=st.sampled_from(["create_intent", "confirm", "confirm", "charge"]),
        fault=FAULT,
    )
    def buy(self, family: int, place: int, credits: int, card: str, at: str, fault: str) -> None:
        """`at` is where the processor fails, if it does: its worst is to charge another amount."""
        actor, where = self.world.families[family], self.world.places[place]
        is_wrong = bool(fault) and at == "charge"
        card = "visa" if is_wrong else card
        bought = self._order(actor, where, credits, card)
        if fault:
            processor.sandbox().plan(at, Fault.WRONG_AMOUNT if is_wrong else FAULTS[fault])
        view = checkout.submit(actor, bought.id)
        if fault and at == "create_intent":
            bought.at_processor = "refused"
            self.model.settle(bought)
        else:
            self._confirm(bought, card, "" if is_wrong else fault, 100 if is_wrong else 0)
        assert view.status == bought.status

    def _order(self, actor: Actor, where: int, credits: int, card: str) -> Bought:
        draft = db.write(purchases.begin_or_change, actor, facility_id=where, credits=credits)
        checkout.use_new_card(actor, draft.id, self.world.cards[card], save=False)
        cents = credits * self.model.prices[where]
        assert draft.total_cents == cents
        wallet = (actor.account_id, where)
        bought = Bought(draft.id, wallet, credits, cents, self.now + LEASE, can_refund=card != "no refund")
        self.model.bought.append(bought)
        return bought

    def _confirm(self, bought: Bought, card: str, fault: str, extra_cents: int) -> None:
        if fault == "before":
            return
        bought.at_processor = {"declined": "refused", "asks": "asks"}.get(card, "paid")
        bought.charged = bought.cents + extra_cents if bought.at_processor == "paid" else 0
        if fault == "after":
            return
        if bought.at_processor == "asks":
            bought.status, bought.until = "requires_action", self.now + AT_THE_BANK
        else:
            self.model.settle(bought)

    @precondition(lambda self: self._at_bank())
    @step(which=ANY, is_buyer=st.booleans(), returns=st.booleans())
    def answer_the_bank(self, which: int, *, is_buyer: bool, returns: bool) -> None:
        bought = _one(self._at_bank(), which)
        processor.sandbox().authenticate(self._intent(bought), is_buyer=is_buyer)
        bought.at_processor = "paid" if is_buyer else "refused"
        bought.charged = bought.cents if is_buyer else 0
        if returns:
            view = checkout.check_after_bank(self._owner(bought), bought.id)
            self.model.settle(bought)
            assert view.status == bought.status

    @precondition(lambda self: self.model.bought)
    @step(which=ANY)
    def press_submit_again(self, which: int) -> None:
        """A purchase that failed needs a new try; every other one is only told how it stands."""
        bought = _one(self.model.bought, which)
        if bought.status != "failed":
            assert checkout.submit(self._owner(bought), bought.id).status == bought.status

    # Letters.

    @step(family=FAMILY, who=WHO, words=st.integers(1, 8), answer=st.integers(0, 1))
    def send(self, family: int, who: int, words: int, answer: int) -> None:
        actor, person = self.world.families[family], self.model.people[who]
        contact = self.world.contacts[actor.account_id, person.id]
        wallet, cost = (actor.account_id, person.place), words + answer
        with db.transaction() as session:
            draft = Draft(
                account_id=actor.account_id, contact_id=contact, subject="Hello", pays_for_answer=bool(answer)
            )
            draft.body = "x" * (CHARACTERS_PER_CREDIT * words - 3)
            session.add(draft)
            session.flush()
            draft_id = _id(draft)
        if person.is_held and self.model.wallet.get(wallet, 0) >= cost:
            sent = db.write(submissions.send, actor, draft_id, accepted_terms=VERSION)
            assert db.write(submissions.send, actor, draft_id, accepted_terms=VERSION) == sent
            self.model.send(Letter(sent, wallet, person.id, cost, answer))
        else:
            with pytest.raises(InsufficientCredits if person.is_held else NotReachable):
                db.write(submissions.send, actor, draft_id, accepted_terms=VERSION)

    @precondition(lambda self: self.model.letters)
    @step(
        which=ANY,
        verdict=st.sampled_from(["onward", "onward", "onward", "approved", "rejected", "withdrawn", "undone"]),
    )
    def decide(self, which: int, verdict: str) -> None:
        """A letter goes on its way, or is decided about, now or too late."""
        letter = _one([one for one in self.model.letters if one.is_pending] or self.model.letters, which)
        if verdict == "onward":
            verdict = "approved" if letter.status == "in review" else "delivered"
        do = {
            "approved": lambda: db.write(review.approve, reviewer, letter.id),
            "delivered": lambda: db.write(review.deliver, reviewer, letter.id),
            "rejected": lambda: db.write(review.reject, reviewer, letter.id, Reason.CODED),
            "withdrawn": lambda: db.write(withdrawals.withdraw, *mine),
            "undone": lambda: (db.write(withdrawals.withdraw, *mine), db.write(withdrawals.undo, *mine)),
        }[verdict]
        mine = self.world.family(letter.wallet[0]), letter.id
        reviewer = self.world.reviewers[letter.wallet[1]]
        if letter.status == ("approved" if verdict == "delivered" else "in review"):
            do()
            person = next(one for one in self.model.people if one.id == letter.person)
            if verdict == "approved" and person.is_held and person.place == letter.wallet[1]:
                # It is on the kiosk at once.
                verdict = "delivered"
            if verdict != "undone":
                self.model.end(letter, verdict)
        else:
            with pytest.raises(IllegalMove):
                do()

    @step(family=FAMILY, who=WHO, is_approved=st.booleans())
    def answer(self, family: int, who: int, *, is_approved: bool) -> None:
        """Somebody answers if their family has paid for it, and staff decide the answer."""
        owner, person = self.world.families[family].account_id, self.model.people[who]
        if not person.is_held or not self.model.payable(owner, person.id):
            return
        kiosk = self.world.kiosks[person.id]
        draft = db.write(replies.start, kiosk, self.world.contacts[owner, person.id])
        db.write(replies.save, kiosk, draft, DraftChange("a", 1, 0), "Thank you.")
        reply = db.write(replies.send, kiosk, draft)
        reviewer = self.world.reviewers[person.place]
        if is_approved:
            db.write(review.approve, reviewer, reply)
            self.model.answer(owner, person.id)
        else:
            db.write(review.reject, reviewer, reply, Reason.CODED)

    @step(is_time_over=st.booleans())
    def give_up_answers(self, *, is_time_over: bool) -> None:
        """No answer came, or none can come any more."""
        with clock.at(self.now + timedelta(days=61 if is_time_over else 0)):
            assert run_job(reply_credits.return_due) == self.model.give_up_answers(is_time_over=is_time_over)

    @step()
    def expire(self) -> None:
        """Nobody decides for a month."""
        waiting = [letter for letter in self.model.letters if letter.status == "in review"]
        with clock.at(self.now + timedelta(days=31)):
            assert run_job(expiries.expire_due) == len(waiting)
        for letter in waiting:
            self.model.end(letter, "expired")

    # Refunds.

    @step(family=FAMILY, place=PLACE, credits=st.integers(1, 40), everything=st.booleans(), fault=FAULT)
    def refund(self, family: int, place: int, credits: int, fault: str, *, everything: bool) -> None:
        actor, where = self.world.families[family], self.world.places[place]
        wallet = (actor.account_id, where)
        most = self.model.refundable(wallet)
        credits, press = most if everything and most else credits, secrets.token_hex(8)
        if credits > most:
            with pytest.raises(Invalid):
                refunds.request_refund(actor, where, credits, press)
            return
        if fault:
            processor.sandbox().plan("refund", FAULTS[fault])
        asked = refunds.request_refund(actor, where, credits, press)
        for number, one in enumerate(self.model.set_aside(list(self.model.unused(wallet, credits)))):
            self.model.tell(one, self.now, "" if number else fault)
        assert {one.id for one in refunds.request_refund(actor, where, credits, press)} == {one.id for one in asked}

    @precondition(lambda self: self._paid())
    @step(which=ANY, credits=st.integers(1, 10))
    def refund_as_staff(self, which: int, credits: int) -> None:
        bought = _one(self._paid(), which)
        # However much time has passed: the password was given just now.
        administrator = replace(self.world.administrators[bought.wallet[1]], password_at=clock.now())
        parts = [part for part in self.model.unused(bought.wallet) if part[0].bought is bought]
        number = db.read(purchases.get, self._owner(bought), bought.id).receipt_number
        if not parts or credits > parts[0][1]:
            with pytest.raises(Invalid):
                staff_refunds.request_refund(administrator, number, credits, "It was a mistake of ours.")
            return
        staff_refunds.request_refund(administrator, number, credits, "It was a mistake of ours.")
        piece = parts[0][0]
        (one,) = self.model.set_aside([(piece, credits, piece.cents * credits // piece.credits)])
        self.model.tell(one, self.now)

    # People come and go.

    @step(who=WHO, place=PLACE)
    def move(self, who: int, place: int) -> None:
        """What a roster does that lists somebody, here or elsewhere."""
        person, where = self.model.people[who], self.world.places[place]
        with db.transaction() as session:
            row = session.get_one(Inmate, person.id)
            row.custody, person.is_held = "held", True
            if where != person.place:
                session.add(InmateMove(inmate_id=person.id, from_facility_id=person.place, number=row.number))
                person.left.add(person.place)
                row.facility_id = person.place = where

    @step(who=WHO)
    def release(self, who: int) -> None:
        person = self.model.people[who]
        with db.transaction() as session:
            session.get_one(Inmate, person.id).custody = "released"
        person.is_held = False

    @step()
    def look_around(self) -> None:
        run_job(departures.follow_up_departures)
        self.model.follow_up()

    # The jobs, and the processor's news.

    @step(hours=st.sampled_from([0, 0, 2]))
    def finish_what_is_open(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        with clock.at(self.now):
            run_job(checkout.reconcile)
            self.model.reconcile(self.now)
            run_job(refund_payouts.carry_out_due)
            self.model.carry_out(self.now)

    @precondition(lambda self: self._disputable())
    @step(which=ANY, parts=st.sampled_from([1, 3]))
    def open_dispute(self, which: int, parts: int) -> None:
        """A bank takes back all that is left, or a third of it; perhaps not for the first time."""
        bought, left = _one(self._disputable(), which)
        cents = -(-left // parts)
        dispute_id = processor.sandbox().open_dispute(self._intent(bought), cents)
        self.model.contested.append(Contested(dispute_id, bought, cents))

    @precondition(lambda self: any(one.state == "open" for one in self.model.contested))
    @step(which=ANY, is_won=st.booleans())
    def close_dispute(self, which: int, *, is_won: bool) -> None:
        dispute = _one([one for one in self.model.contested if one.state == "open"], which)
        processor.sandbox().close_dispute(dispute.id, is_won=is_won)
        dispute.state = "won" if is_won else "lost"

    @step(random=st.randoms(use_true_random=False))
    def deliver_news(self, random: Any) -> None:
        """Every event that was not delivered yet, shuffled, some of them twice, and some old ones among them."""
        events = processor.sandbox().events()
        new, old = events[self.seen :], events[: self.seen]
        self.seen = len(events)
        disputes = {one.id: one for one in self.model.contested}
        about = [next((one for one in disputes.values() if one.id.encode() in body), None) for body, _ in new]
        # What becomes of several disputes depends on their order, which the model has to know.
        first = [event for event, dispute in zip(new, about, strict=True) if not dispute]
        again = random.sample(old, min(2, len(old))) + first[:1]
        mixed = [*first, *again]
        random.shuffle(mixed)
        for event in mixed:
            assert webhooks.receive(*event) is Taken.IN
            for dispute in disputes.values():
                if dispute.id.encode() in event[0]:
                    self.model.hear_of(dispute)
        for bought in self.model.bought:
            if bought.is_under_way and bought.at_processor in ("paid", "refused"):
                self.model.settle(bought)
        self.model.hear_of_refunds()
        last = [(event, dispute) for event, dispute in zip(new, about, strict=True) if dispute]
        random.shuffle(last)
        for event, dispute in last:
            assert webhooks.receive(*event) is Taken.IN
            self.model.hear_of(dispute)

    @invariant()
    def agree(self) -> None:
        """Every balance, purchase and letter is what the model says."""
        with db.reading() as session:
            ask = session.connection().exec_driver_sql
            balances = ask(
                "SELECT kind, owner_id, facility_id, balance FROM ledger_account WHERE balance <> 0 AND kind <> 'issued'"
            ).all()
            bought = ask("SELECT id, status, refunded_cents FROM purchase").all()
            letters = ask("SELECT id, status FROM message WHERE direction = 'outgoing'").all()
        assert {(kind, owner, place): balance for kind, owner, place, balance in balances} == self.model.balances()
        assert {(one.id, one.status, self.model.refunded(one)) for one in self.model.bought} == set(bought)
        assert all(refunded <= one.cents for one, (_, _, refunded) in zip(self.model.bought, bought, strict=True))
        assert {(one.id, one.status) for one in self.model.letters} == set(letters)

    def teardown(self) -> None:
        """Let everything come to its end; then the ledger must be sound, and the processor must hold what it says."""
        if not hasattr(self, "model"):
            return
        for _ in range(_ROUNDS):
            self.finish_what_is_open(hours=2)
        assert not [one for one in self.model.bought if one.is_under_way]
        assert not [one for one in self.model.returns if one.status == "pending"]
        self.agree()
        with db.reading() as session:
            assert ledger.check_ledger(session).differences == []
        assert self._at_processor() == self.model.processor - self._not_heard_of()

    def _at_processor(self) -> int:
        """What the sandbox holds for us, in cents."""
        with closing(sqlite3.connect(settings().data_dir / "sandbox.db")) as file:
            (cents,) = file.execute(
                """SELECT (SELECT coalesce(sum(charged_cents), 0) FROM intent WHERE state = 'succeeded')
                        - (SELECT coalesce(sum(amount_cents), 0) FROM refund WHERE state = 'succeeded')
                        - (SELECT coalesce(sum(amount_cents), 0) FROM dispute WHERE state <> 'won')"""
            ).fetchone()
        return cents

    def _not_heard_of(self) -> int:
        """The cents that banks have taken, and that we do not know of yet or have noted as a discrepancy."""
        taken = sum(one.cents for one in self.model.contested if one.state != "won")
        known = sum(cents for one in self.model.contested if one.ours in ("open", "lost") for _, _, cents in one.parts)
        return taken - known

    def _paid(self) -> list[Bought]:
        return [bought for bought in self.model.bought if bought.status == "paid"]

    def _disputable(self) -> list[tuple[Bought, int]]:
        """The purchases that were paid, each with the cents that a bank could take back: also those of a refund that is
        on its way to the card."""
        found = []
        for bought in [one for one in self.model.bought if one.status in ("paid", "disputed")]:
            returns = [one for one in self.model.returns if one.bought is bought and one.status == "paid"]
            contested = [one for one in self.model.contested if one.bought is bought and one.state != "won"]
            left = bought.cents - sum(one.cents for one in returns) - sum(one.cents for one in contested)
            if left > 0:
                found.append((bought, left))
        return found

    def _at_bank(self) -> list[Bought]:
        return [one for one in self.model.bought if one.status == "requires_action" and one.at_processor == "asks"]

    def _owner(self, bought: Bought) -> Actor:
        return self.world.family(bought.wallet[0])

    def _intent(self, bought: Bought) -> str:
        with db.reading() as session:
            intents = "SELECT intent_id FROM purchase WHERE id = ?"
            return session.connection().exec_driver_sql(intents, (bought.id,)).scalar_one()


def _one(choices: list[Any], which: int) -> Any:
    return choices[which % len(choices)]


def _id(row: Any) -> int:
    assert row.id is not None
    return row.id


def _account(
    session: Any,
    name: str,
    role: Role | None = None,
    facility_id: int | None = None,
    kind: ActorKind = ActorKind.FAMILY,
) -> Actor:
    return people.add(session, f"{name}@example.org", name, role, facility_id, kind)
