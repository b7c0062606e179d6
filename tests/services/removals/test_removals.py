"""Removals: a deleted row comes back as it was, also in PostgreSQL, and of many presses one undoes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.errors import TooLate
from rxconnect.domain.removals import LATENCY, NAME_MAX, SHOWN_FOR, UNDO_FOR, RemovalKind
from rxconnect.models import Draft, Location, Removal
from rxconnect.services.directory import contacts, facilities
from rxconnect.services.messages import drafts
from rxconnect.services.removals import removals
from tests.databases import server_for
from tests.soak import worlds


@pytest.fixture(params=[worlds.SQLITE, worlds.POSTGRESQL])
def family(request):
    """A family with a contact and a location, in a database of its own: the account, and the ids of both."""
    with worlds.database(server_for(request.param, request)):
        world = worlds.build()
        actor, contact_id = world.family()
        db.write(facilities.add_location, actor, world.place)
        yield actor, contact_id, world.place


@pytest.fixture
def removal(pair):
    """A contact that was just removed: its account, its id, and the removal."""
    writer = pair()
    contact_id = db.read(contacts.my_contacts, writer.family)[0].id
    return writer.family, contact_id, db.write(contacts.remove, writer.family, contact_id)


def rows(model, actor):
    with db.reading() as session:
        return [row.model_dump() for row in session.exec(select(model).where(model.account_id == actor.account_id))]


def test_a_draft_and_a_location_come_back_as_they_were(family):
    actor, contact_id, facility_id = family
    draft_id = db.write(drafts.get_or_create_empty, actor, contact_id)
    db.write(drafts.save, actor, draft_id, subject="x" * 500, body="Zoë 王\n" * 200)
    before = rows(Draft, actor), rows(Location, actor)
    db.write(drafts.discard, actor, draft_id)
    db.write(facilities.remove_location, actor, facility_id)
    assert (rows(Draft, actor), rows(Location, actor)) == ([], [])
    location, draft = rows(Removal, actor)[::-1]
    assert len(draft["name"]) == NAME_MAX
    db.write(lambda session: drafts.restore(session, draft["facts"]))
    db.write(lambda session: facilities.restore_location(session, location["facts"]))
    assert (rows(Draft, actor), rows(Location, actor)) == before


def test_of_eight_presses_at_once_one_undoes(family):
    actor, contact_id, _facility_id = family
    removed = db.write(contacts.remove, actor, contact_id)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _turn: db.write(removals.take, actor, removed.id)[1], range(8)))
    assert sorted(taken) == [False] * 7 + [True]


def test_a_removal_is_shown_for_ten_seconds_can_be_undone_for_a_minute_and_is_gone_after_that(removal):
    actor, _contact_id, removed = removal
    offer = db.read(removals.newest, actor)
    assert (offer.seconds, offer.undoable_seconds) == (10, 60)
    with clock.at(clock.now() + SHOWN_FOR):
        offer = db.read(removals.newest, actor)
    assert (offer.seconds, offer.undoable_seconds) == (0, 50)
    with clock.at(clock.now() + UNDO_FOR):
        assert db.read(removals.newest, actor) is None
        db.write(removals.clear_old)
    with clock.at(clock.now() + UNDO_FOR + LATENCY):
        with pytest.raises(TooLate):
            db.write(removals.take, actor, removed.id)
        assert db.write(removals.clear_old).done == 1
    assert rows(Removal, actor) == []


def test_what_is_not_recent_of_another_kind_or_of_another_thing_is_told_apart(removal):
    _actor, contact_id, _removed = removal

    def is_recent(kind, subject_id):
        return db.read(lambda session: session.exec(select(removals.is_recent(kind, subject_id))).one())

    assert is_recent(RemovalKind.CONTACT, contact_id)
    assert not is_recent(RemovalKind.DRAFT, contact_id)
    assert not is_recent(RemovalKind.CONTACT, contact_id + 1)
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert not is_recent(RemovalKind.CONTACT, contact_id)
