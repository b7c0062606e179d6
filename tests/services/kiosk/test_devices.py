"""Kiosks: codes that work once, the cookie, and who may make or revoke one."""

from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import SYSTEM, Role
from rxconnect.domain.errors import Invalid, NotAllowed, NotFound, Throttled
from rxconnect.models import AuditRow, KioskDevice
from rxconnect.services.kiosk import devices, pins, views
from rxconnect.services.rosters import roster_people
from tests import kiosks


@pytest.fixture
def place(facility):
    return facility(name="Cedar Ridge")


@pytest.fixture
def administrator(actor, place):
    return actor(role=Role.ADMINISTRATOR, facility_id=place)


def enter(code):
    return devices.enter_code(code, "203.0.113.9")


def audited():
    with db.reading() as session:
        return [(row.kind, row.subject) for row in session.exec(select(AuditRow).order_by(AuditRow.sequence))]


def test_a_code_makes_one_browser_a_kiosk(place, administrator):
    made = db.write(devices.make, administrator, place, "  Day   room ")
    token = enter(made.code.lower().replace("-", " "))
    found = db.read(devices.find, token)
    assert (made.device, found.facility_id, found.facility) == ("Day room", place, "Cedar Ridge")
    with pytest.raises(Invalid):
        enter(made.code)


def test_neither_code_nor_cookie_stands_in_the_database(place, administrator, database):
    made = db.write(devices.make, administrator, place, "Day room")
    token = enter(made.code)
    with db.reading() as session:
        row = repr(session.exec(select(KioskDevice)).one())
    assert token not in row
    assert made.code not in row


def test_a_code_is_too_old_after_a_week(place, administrator):
    made = db.write(devices.make, administrator, place, "Day room")
    with clock.at(clock.now() + timedelta(days=7, seconds=1)):
        assert db.read(views.kiosks, administrator).devices[0].state == "Its code is too old"
        with pytest.raises(Invalid):
            enter(made.code)


@pytest.mark.parametrize("code", ["", " - ", "AAAA-AAAA-AAAA", "é", "x" * 9000])
def test_what_is_no_code_opens_nothing(database, code):
    with pytest.raises(Invalid):
        enter(code)


def test_codes_are_not_tried_all_day(database):
    with pytest.raises(Throttled):
        for _ in range(31):
            try:
                enter("AAAA-AAAA-AAAA")
            except Invalid:
                continue


def test_a_new_code_ends_the_old_tablet_and_a_revoked_kiosk_is_gone_for_good(place, administrator):
    made = db.write(devices.make, administrator, place, "Day room")
    old = enter(made.code)
    device_id = db.read(devices.find, old).id
    new = enter(db.write(devices.renew, administrator, place, device_id).code)
    assert db.read(devices.find, old) is None
    assert db.read(devices.find, new).id == device_id
    db.write(devices.revoke, administrator, place, device_id)
    assert db.read(devices.find, new) is None
    for service in (devices.renew, devices.revoke):
        with pytest.raises(NotFound):
            db.write(service, administrator, place, device_id)
    kinds = [kind for kind, subject in audited() if subject == f"kiosk {device_id}"]
    assert kinds == ["kiosk made", "kiosk entered", "kiosk renewed", "kiosk entered", "kiosk revoked"]


def test_only_administrators_of_the_facility_manage_its_kiosks(place, facility, actor, administrator):
    made = db.write(devices.make, administrator, place, "Day room")
    device_id = db.read(devices.find, enter(made.code)).id
    other = facility()
    for who in (
        actor(role=Role.REVIEWER, facility_id=place),
        actor(role=Role.ADMINISTRATOR, facility_id=other),
        actor(),
    ):
        with pytest.raises(NotAllowed):
            db.write(devices.make, who, place, "Another")
        with pytest.raises(NotAllowed):
            db.write(devices.revoke, who, place, device_id)
    with pytest.raises(NotFound):
        db.write(devices.revoke, SYSTEM, other, device_id)


def test_the_mail_room_gives_pins_and_nobody_else(place, inmate, actor):
    person = inmate(place, number="1001")
    new = db.write(pins.give, actor(role=Role.REVIEWER, facility_id=place), place, person)
    assert (len(new.pin), new.number) == (6, "1001")
    for who in (actor(role=Role.AUDITOR, facility_id=place), actor(role=Role.TRAINER, facility_id=place), actor()):
        with pytest.raises(NotAllowed):
            db.write(pins.give, who, place, person)
    assert ("pin set", f"inmate {person}") in audited()


def test_nobody_gets_a_pin_who_is_not_held_there(place, facility, inmate, administrator):
    for person in (inmate(place, custody="released"), inmate(facility()), 999):
        with pytest.raises(NotFound):
            db.write(pins.give, administrator, place, person)


def test_the_demonstrations_code_makes_a_kiosk_of_its_own_for_each_browser(place):
    db.write(devices.make_for_demonstration, place, "Day room", "CEDAR-DEMO")
    first, second = (db.read(devices.find, enter("cedar demo")) for _ in range(2))
    assert first.id != second.id
    assert first.is_demo
    with clock.at(clock.now() + timedelta(days=2)):
        enter("CEDAR-DEMO")
        with db.reading() as session:
            assert len(session.exec(select(KioskDevice)).all()) == 2


def test_a_kiosk_of_the_demonstration_stays_while_it_is_used(place):
    db.write(devices.make_for_demonstration, place, "Day room", "CEDAR-DEMO")
    token = enter("CEDAR-DEMO")
    with clock.at(clock.now() + timedelta(hours=40)):
        db.write(devices.note_use, db.read(devices.find, token).id)
    with clock.at(clock.now() + timedelta(hours=50)):
        enter("CEDAR-DEMO")
        assert db.read(devices.find, token)


def test_a_person_with_a_pin_stays_when_an_import_is_taken_back(place, inmate):
    person = inmate(place)
    assert db.read(roster_people.tied_ids, [person]) == set()
    kiosks.add_person(person)
    assert db.read(roster_people.tied_ids, [person]) == {person}
