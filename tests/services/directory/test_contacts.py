from datetime import timedelta

import pytest

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import Invalid, NotAllowed, NotFound
from rxconnect.domain.inmates import Custody
from rxconnect.domain.ledger import AccountKind, Entry, JournalKind
from rxconnect.domain.problems import Problem
from rxconnect.models import Inmate
from rxconnect.services.directory import contacts, facilities, tickets
from rxconnect.services.money import ledger


@pytest.fixture
def sam(actor):
    return actor()


@pytest.fixture
def cedar(sam, facility):
    facility_id = facility(name="Cedar Ridge", key="cedar")
    db.write(facilities.add_location, sam, facility_id)
    return facility_id


def test_a_person_at_my_location_becomes_a_contact(sam, cedar, inmate):
    marcus = inmate(cedar, first_name="Marcus", last_name="Delgado", number="20418873")

    contact = db.write(contacts.add_at_my_location, sam, marcus)

    assert (contact.name, contact.initials, contact.number) == ("Marcus Delgado", "MD", "20418873")
    assert (contact.facility, contact.facility_key, contact.credits) == ("Cedar Ridge", "cedar", 0)
    assert contact.is_reachable
    assert db.read(contacts.my_contacts, sam) == [contact]


def test_adding_a_person_twice_adds_them_once(sam, cedar, inmate):
    marcus = inmate(cedar)

    assert db.write(contacts.add_at_my_location, sam, marcus) == db.write(contacts.add_at_my_location, sam, marcus)
    assert len(db.read(contacts.my_contacts, sam)) == 1


def test_a_removed_contact_is_gone_and_comes_back_as_the_same_one(sam, cedar, inmate):
    marcus = inmate(cedar)
    contact = db.write(contacts.add_at_my_location, sam, marcus)

    db.write(contacts.remove, sam, contact.id)

    assert db.read(contacts.my_contacts, sam) == []
    with pytest.raises(NotFound):
        db.read(contacts.get, sam, contact.id)
    assert db.write(contacts.add_at_my_location, sam, marcus) == contact


@pytest.mark.parametrize("number", [0, -1, 4711])
def test_a_person_who_does_not_exist_and_one_elsewhere_get_the_same_answer(sam, cedar, inmate, facility, number):
    for inmate_id in (number, inmate(facility())):
        with pytest.raises(NotFound) as refused:
            db.write(contacts.add_at_my_location, sam, inmate_id)
        assert refused.value.what == "person"

    assert db.read(contacts.my_contacts, sam) == []


def test_adding_a_contact_never_adds_a_location(sam, inmate, facility):
    with pytest.raises(NotFound):
        db.write(contacts.add_at_my_location, sam, inmate(facility()))

    assert db.read(facilities.my_locations, sam) == []


def shown(actor, inmate_id):
    return tickets.issue_ticket(actor, inmate_id)


def test_whom_a_search_has_shown_becomes_a_contact_and_their_facility_a_location(sam, inmate, facility):
    harbor = facility()
    marcus = inmate(harbor)

    contact = db.write(contacts.add_by_ticket, sam, shown(sam, marcus))

    assert db.read(contacts.my_contacts, sam) == [contact]
    assert [place.id for place in db.read(facilities.my_locations, sam)] == [harbor]
    assert db.write(contacts.add_by_ticket, sam, shown(sam, marcus)) == contact


def test_a_ticket_holds_for_its_account_alone_and_for_a_day(sam, inmate, facility, actor):
    ticket = shown(sam, inmate(facility()))

    with pytest.raises(NotFound):
        db.write(contacts.add_by_ticket, actor(), ticket)
    with clock.at(clock.now() + timedelta(days=1, seconds=2)), pytest.raises(Invalid) as refused:
        db.write(contacts.add_by_ticket, sam, ticket)
    assert refused.value.fields == {"form": Problem.INMATE_LIST_OUTDATED()}

    assert db.read(contacts.my_contacts, sam) == []
    assert db.read(facilities.my_locations, sam) == []


def test_a_ticket_of_somebody_who_is_on_no_roster_any_more_finds_nobody(sam, database):
    with pytest.raises(NotFound):
        db.write(contacts.add_by_ticket, sam, shown(sam, 4711))


def test_another_accounts_contact_can_be_neither_read_nor_removed(sam, cedar, inmate, actor):
    rosa = actor()
    contact = db.write(contacts.add_at_my_location, sam, inmate(cedar))

    for service in (contacts.get, contacts.remove):
        with pytest.raises(NotFound):
            db.write(service, rosa, contact.id)
    assert db.read(contacts.my_contacts, rosa) == []
    assert db.read(contacts.get, sam, contact.id) == contact


def test_the_conversation_with_a_removed_contact_is_still_mine_to_read_but_not_to_go_on_with(sam, cedar, inmate, actor):
    contact = db.write(contacts.add_at_my_location, sam, inmate(cedar))
    db.write(contacts.remove, sam, contact.id)

    known = db.read(contacts.get_even_removed, sam, contact.id)

    assert (known.name, known.is_reachable) == (contact.name, False)
    with pytest.raises(NotFound):
        db.read(contacts.get_even_removed, actor(), contact.id)


def test_a_contact_stays_when_its_location_is_removed(sam, cedar, inmate):
    contact = db.write(contacts.add_at_my_location, sam, inmate(cedar))

    db.write(facilities.remove_location, sam, cedar)

    assert db.read(contacts.my_contacts, sam) == [contact]


def test_contacts_are_in_order_of_their_last_names(sam, cedar, inmate):
    for last_name in ("Zamora", "O'Neill", "Álvarez"):
        db.write(contacts.add_at_my_location, sam, inmate(cedar, last_name=last_name))

    assert [contact.name.split()[-1] for contact in db.read(contacts.my_contacts, sam)] == [
        "Álvarez",
        "O'Neill",
        "Zamora",
    ]


def test_a_contact_shows_the_credits_at_its_facility_only(sam, cedar, inmate, facility):
    harbor = facility()
    db.write(facilities.add_location, sam, harbor)
    here, there = (db.write(contacts.add_at_my_location, sam, inmate(place)) for place in (cedar, harbor))

    entries = [
        Entry(AccountKind.ISSUED, -7, facility_id=cedar),
        Entry(AccountKind.WALLET, 7, owner_id=sam.account_id, facility_id=cedar),
    ]
    db.write(ledger.post_journal, kind=JournalKind.GIVE_BACK, key="gift", subject="test", entries=entries)

    assert db.read(contacts.get, sam, here.id).credits == 7
    assert db.read(contacts.get, sam, there.id).credits == 0


def test_a_released_person_is_a_contact_who_cannot_be_reached(sam, cedar, inmate):
    marcus = inmate(cedar)
    contact = db.write(contacts.add_at_my_location, sam, marcus)

    with db.transaction() as session:
        session.get_one(Inmate, marcus).custody = Custody.RELEASED

    shown = db.read(contacts.get, sam, contact.id)
    assert (shown.is_reachable, shown.custody_label) == (False, "Released")


def test_staff_have_no_contacts_to_add(actor, cedar, inmate):
    with pytest.raises(NotAllowed):
        db.write(contacts.add_at_my_location, actor(role=Role.ADMINISTRATOR, facility_id=cedar), inmate(cedar))


def test_favourites_come_first_and_each_group_is_sorted_by_name(actor, facility, inmate, add_contact):
    family, place = actor(), facility()
    ids = {
        name: add_contact(family, inmate(place, first_name="A", last_name=name)) for name in ("Adams", "Baker", "Cole")
    }
    db.write(contacts.mark_favourite, family, ids["Cole"], is_favourite=True)
    assert [one.name for one in db.read(contacts.my_contacts, family)] == ["A Cole", "A Adams", "A Baker"]
    for _ in range(2):
        db.write(contacts.mark_favourite, family, ids["Baker"], is_favourite=True)
    assert [one.is_favourite for one in db.read(contacts.my_contacts, family)] == [True, True, False]
    db.write(contacts.mark_favourite, family, ids["Cole"], is_favourite=False)
    assert [one.name for one in db.read(contacts.my_contacts, family)] == ["A Baker", "A Adams", "A Cole"]


def test_nobody_marks_the_contact_of_another(actor, facility, inmate, add_contact):
    mine = add_contact(actor(), inmate(facility()))
    with pytest.raises(NotFound):
        db.write(contacts.mark_favourite, actor(), mine, is_favourite=True)
