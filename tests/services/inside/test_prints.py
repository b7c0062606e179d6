"""Paper where people read on kiosks: nothing is printed by surprise, and nothing is lost when the kiosks come or go."""

from __future__ import annotations

import pytest

from rxconnect import db, live
from rxconnect.domain.errors import NotFound
from rxconnect.domain.messages import Reason
from rxconnect.domain.print_batches import Handover
from rxconnect.domain.review import Outcome
from rxconnect.domain.topics import Subject, Topic
from rxconnect.models import Facility, Message
from rxconnect.services.inside import letters, notices, prints
from rxconnect.services.messages import deliveries
from rxconnect.services.paper import batches
from rxconnect.services.privilege import sealed
from rxconnect.services.review import appeals, review
from tests.services.inside.kiosks import inside
from tests.services.lawyers.verified import administrator, verify
from tests.services.leaving.test_departures import move
from tests.services.messages.test_items import send
from tests.services.scheduling.running import run_job


@pytest.fixture
def here(pair, actor):
    return inside(pair, actor)


def use_kiosks(here, is_so):
    with db.transaction() as session:
        session.get_one(Facility, here.pair.facility_id).reads_on_kiosks = is_so


def to_print(here):
    (ready,) = db.read(batches.ready, here.pair.reviewer)
    return ready.letters, ready.notices


def test_a_letter_that_is_read_on_a_kiosk_is_not_printed(here):
    here.delivered()
    here.opened()
    assert to_print(here) == (0, 0)


def test_a_person_asks_for_a_letter_on_paper_and_it_comes_with_the_next_batch(here):
    with pytest.raises(NotFound):
        db.write(prints.ask, here.person, here.delivered())
    letter = here.opened()
    assert db.read(letters.get, here.person, letter).can_ask_for_print
    for _time in range(2):
        db.write(prints.ask, here.person, letter)
    shown = db.read(letters.get, here.person, letter)
    assert (shown.can_ask_for_print, shown.print_note) == (
        False,
        "You asked for it on paper. Staff print it with the next letters.",
    )
    assert to_print(here) == (1, 0)
    batch = db.write(batches.create, here.pair.reviewer, here.pair.facility_id)
    (page,) = db.write(batches.for_print, here.pair.reviewer, batch).pages
    assert page.text == "We miss you."
    credits = here.pair.credits()
    db.write(batches.confirm, here.pair.reviewer, batch)
    assert (to_print(here), here.pair.credits()) == ((0, 0), credits)
    assert db.read(letters.get, here.person, letter).print_note == "It was printed for you."


def test_a_print_that_could_not_be_handed_over_changes_nothing_and_can_be_asked_for_again(here):
    letter = here.opened()
    db.write(prints.ask, here.person, letter)
    batch = db.write(batches.create, here.pair.reviewer, here.pair.facility_id)
    (page,) = db.read(batches.get, here.pair.reviewer, batch).pages
    db.write(batches.confirm, here.pair.reviewer, batch, {page.id: Handover.UNDELIVERABLE})
    assert here.pair.message(letter).status == "delivered"
    assert db.read(letters.get, here.person, letter).can_ask_for_print


def test_a_letter_is_not_printed_where_its_person_is_not_held_any_more(here, facility):
    asked, other = here.opened(), here.opened()
    db.write(prints.ask, here.person, asked)
    assert to_print(here) == (1, 0)
    move(here.pair.inmate_id, facility())
    assert to_print(here) == (0, 0)
    with pytest.raises(NotFound):
        db.write(prints.ask, here.person, other)


def test_a_privileged_letter_is_printed_sealed_at_its_persons_wish(here, actor):
    boss = administrator(actor, here.pair)
    verify(boss, here.pair.family, here.pair.facility_id)
    letter = here.letter("Only for you.")
    assert db.read(sealed.ready, boss) == []
    db.write(letters.open_letter, here.person, letter)
    db.write(prints.ask, here.person, letter)
    assert to_print(here) == (0, 0)
    batch = db.write(sealed.create, boss, here.pair.facility_id)
    assert [one.body for one in db.write(sealed.for_print, boss, batch)] == ["Only for you."]
    db.write(sealed.confirm, boss, batch)
    assert db.read(sealed.ready, boss) == []


def test_letters_that_wait_when_the_kiosks_come_are_delivered_there(here):
    use_kiosks(here, is_so=False)
    waits, printed = here.letter(), here.letter()
    db.write(review.approve, here.pair.reviewer, printed)
    batch = db.write(batches.create, here.pair.reviewer, here.pair.facility_id)
    db.write(review.approve, here.pair.reviewer, waits)
    use_kiosks(here, is_so=True)
    assert to_print(here) == (0, 0)
    assert run_job(deliveries.deliver_due) == 1
    assert [here.pair.message(one).status for one in (waits, printed)] == ["delivered", "approved"]
    db.write(batches.confirm, here.pair.reviewer, batch)
    with db.reading() as session:
        on_kiosk = [session.get_one(Message, one).on_kiosk_at is not None for one in (waits, printed)]
    assert on_kiosk == [True, False]


def test_a_part_that_is_approved_after_the_kiosks_went_is_handed_over_on_paper(here, actor):
    letter, (text, photo) = send(here.pair)
    db.write(review.reject, here.pair.reviewer, letter, Reason.EXPLICIT, items=[photo])
    db.write(review.approve, here.pair.reviewer, letter, items=[text])
    assert here.pair.message(letter).status == "delivered"
    use_kiosks(here, is_so=False)
    db.write(appeals.appeal, here.pair.family, letter, "It is our garden.")
    db.write(review.decide_appeal, administrator(actor, here.pair), letter, Outcome.OVERTURNED, "A garden.")
    assert here.pair.message(letter).status == "approved"
    db.write(batches.confirm, here.pair.reviewer, db.write(batches.create, here.pair.reviewer, here.pair.facility_id))
    assert here.pair.message(letter).status == "delivered"


def test_a_photo_that_was_added_and_not_opened_is_printed_when_the_kiosks_go(here, actor):
    letter, (text, photo) = send(here.pair)
    db.write(review.reject, here.pair.reviewer, letter, Reason.EXPLICIT, items=[photo])
    db.write(review.approve, here.pair.reviewer, letter, items=[text])
    db.write(letters.open_letter, here.person, letter)
    db.write(appeals.appeal, here.pair.family, letter, "It is our garden.")
    db.write(review.decide_appeal, administrator(actor, here.pair), letter, Outcome.OVERTURNED, "A garden.")
    use_kiosks(here, is_so=False)
    assert to_print(here) == (1, 0)


@pytest.mark.parametrize("handover", [Handover.HANDED_OVER, Handover.UNDELIVERABLE])
def test_an_open_kiosk_learns_at_once_what_became_of_a_wish_for_paper(here, handover):
    letter = here.opened()
    db.write(prints.ask, here.person, letter)
    batch = db.write(batches.create, here.pair.reviewer, here.pair.facility_id)
    (page,) = db.read(batches.get, here.pair.reviewer, batch).pages
    woken, address = [], live.address_of(Topic(Subject.INSIDE, here.person.inmate_id))
    live.listen(address, wake := lambda: woken.append(handover))
    exceptions = {} if handover is Handover.HANDED_OVER else {page.id: handover}
    db.write(batches.confirm, here.pair.reviewer, batch, exceptions)
    live.stop_listening(address, wake)
    assert woken == [handover]


def test_what_nobody_opened_is_printed_when_the_kiosks_go(here):
    here.opened()
    unopened = here.delivered()
    rejected = [here.letter(), here.letter()]
    for letter in rejected:
        db.write(review.reject, here.pair.reviewer, letter, Reason.CODED)
    db.write(notices.read, here.person, db.read(notices.mine, here.person)[0].id)
    assert to_print(here) == (0, 0)
    use_kiosks(here, is_so=False)
    assert to_print(here) == (1, 1)
    batch = db.write(batches.create, here.pair.reviewer, here.pair.facility_id)
    assert unopened in [page.message_id for page in db.read(batches.get, here.pair.reviewer, batch).pages]
    db.write(batches.confirm, here.pair.reviewer, batch)
    assert to_print(here) == (0, 0)
