"""On both databases, writers of one chain take turns, and those of another chain do not wait for them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from rxconnect import db
from rxconnect.domain.audit import AuditKind
from rxconnect.services.audit import verification
from rxconnect.services.audit.recording import record, record_at
from rxconnect.services.directory import facilities
from tests.databases import server_for
from tests.soak import worlds


@pytest.fixture(params=[worlds.SQLITE, worlds.POSTGRESQL])
def world(request):
    """A world in a database of its own, and a second facility."""
    with worlds.database(server_for(request.param, request)):
        made = worlds.build()
        yield made, db.write(facilities.create_facility, name="Birch House", opening="open", price_cents=25)


def lengths():
    return {end.facility_id: end.head.sequence for end in db.read(verification.ends)}


def are_sound():
    with db.reading() as session:
        return all(
            verification.verify_chain(session, end.facility_id, end.head).first_broken is None
            for end in verification.ends(session)
        )


def test_writers_at_two_facilities_at_once_lose_no_row_and_break_no_chain(world):
    made, other = world
    before = lengths()
    places = [made.place, other] * 3

    def write(place):
        for number in range(30):
            db.write(record, made.reviewer, place, AuditKind.LETTER_OPENED, message_id=number)
            db.write(record_at, made.reviewer, [other, made.place], AuditKind.SEARCHED)

    with ThreadPoolExecutor(len(places)) as pool:
        list(pool.map(write, places))
    # Each of the six wrote 30 at its own and 30 at both.
    assert lengths() == {made.place: before[made.place] + 90 + 180, other: 90 + 180}
    assert are_sound()


def test_a_long_act_keeps_nobody_waiting_neither_elsewhere_nor_at_its_own_facility(postgres_server):
    with worlds.database(postgres_server):
        made = worlds.build()
        other = db.write(facilities.create_facility, name="Birch House", opening="open", price_cents=25)
        db.write(record, made.reviewer, other, AuditKind.QUEUE_SHOWN)
        is_recorded, may_end = Event(), Event()

        def long_act(session):
            record(session, made.reviewer, made.place, AuditKind.QUEUE_SHOWN)
            is_recorded.set()
            assert may_end.wait(30)

        with ThreadPoolExecutor(2) as pool:
            long = pool.submit(db.write, long_act)
            assert is_recorded.wait(30)
            for place in (other, made.place):
                pool.submit(db.write, record, made.reviewer, place, AuditKind.SEARCHED).result(timeout=20)
            assert not long.done()
            may_end.set()
            long.result(timeout=20)
        assert are_sound()
