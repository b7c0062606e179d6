"""Signing in at a kiosk: number and PIN, the own PIN, idleness, and who is not let in."""

from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import SYSTEM, ActorKind, Permission
from rxconnect.domain.errors import Invalid, NoKiosk, NotSignedIn, WrongCredentials, WrongPin
from rxconnect.domain.problems import Problem
from rxconnect.models import Account, Inmate, SignIn
from rxconnect.services.accounts import accounts, seen
from rxconnect.services.accounts import sign_ins as door
from rxconnect.services.kiosk import devices, pins, sign_ins
from tests import kiosks

OWN = "739182"


@pytest.fixture
def place(facility):
    return facility(name="Cedar Ridge")


@pytest.fixture
def marcus(place, inmate):
    return inmate(place, first_name="Marcus", last_name="Delgado", number="20418873")


@pytest.fixture
def tablet(place):
    return kiosks.add_device(place)


def with_own_pin(facility_id, tablet, number="20418873", own=OWN):
    """Somebody who got a PIN and has replaced it by their own."""
    first = db.write(pins.give_by_number, SYSTEM, facility_id, number).pin
    sign_ins.choose_pin(sign_ins.sign_in(tablet, number, first), own, own)


def actor_of(token, **how):
    return db.read(sign_ins.actor_for, token, **how)


def test_number_and_pin_sign_a_person_in(place, marcus, tablet):
    with_own_pin(place, tablet)
    found = actor_of(sign_ins.sign_in(tablet, " 2041-8873 ", OWN))
    assert (found.kind, found.name, found.inmate_id) == (ActorKind.KIOSK, "Marcus Delgado", marcus)
    assert found.may(Permission.USE_KIOSK)
    assert found.email == ""


def test_the_pin_that_staff_gave_opens_nothing_but_its_replacement(place, marcus, tablet):
    first = db.write(pins.give_by_number, SYSTEM, place, "20418873").pin
    token = sign_ins.sign_in(tablet, "20418873", first)
    assert actor_of(token) is None
    assert db.read(sign_ins.must_choose_pin, token)
    sign_ins.choose_pin(token, OWN, OWN)
    assert actor_of(token).inmate_id == marcus
    assert not db.read(sign_ins.must_choose_pin, token)
    with pytest.raises(WrongPin):
        sign_ins.sign_in(tablet, "20418873", first)


def test_an_own_pin_is_neither_the_first_one_nor_two_different_ones(place, marcus, tablet):
    first = db.write(pins.give_by_number, SYSTEM, place, "20418873").pin
    token = sign_ins.sign_in(tablet, "20418873", first)
    with pytest.raises(Invalid) as same:
        sign_ins.choose_pin(token, first, first)
    with pytest.raises(Invalid) as different:
        sign_ins.choose_pin(token, OWN, OWN[::-1])
    assert same.value.fields["new_pin"] == Problem.PIN_IS_THE_SAME()
    assert different.value.fields == {"pin_again": Problem.PINS_DIFFER()}


def test_an_own_pin_cannot_be_replaced_through_the_form_for_the_first_one(place, marcus, tablet):
    with_own_pin(place, tablet)
    token = sign_ins.sign_in(tablet, "20418873", OWN)
    with pytest.raises(NotSignedIn):
        sign_ins.choose_pin(token, "918273", "918273")


@pytest.mark.parametrize(("number", "pin"), [("20418873", "739183"), ("99999999", OWN), ("20418873", "7" * 400)])
def test_a_wrong_pin_and_a_number_of_nobody_get_the_same_answer(place, marcus, tablet, number, pin):
    with_own_pin(place, tablet)
    with pytest.raises(WrongPin):
        sign_ins.sign_in(tablet, number, pin)


def test_a_browser_that_is_no_kiosk_is_refused_before_anything_is_tried(place, marcus, tablet):
    for token in ("", "x" * 43, tablet[:-1]):
        with pytest.raises(NoKiosk):
            sign_ins.sign_in(token, "20418873", OWN)


def test_empty_fields_are_named_together(tablet):
    with pytest.raises(Invalid) as refused:
        sign_ins.sign_in(tablet, " ", "")
    assert set(refused.value.fields) == {"number", "pin"}


def test_nobody_who_was_released_or_moved_signs_in_at_the_old_facility(place, facility, marcus, tablet):
    with_own_pin(place, tablet)
    token, other = sign_ins.sign_in(tablet, "20418873", OWN), facility()
    for changes in ({"custody": "released"}, {"facility_id": other, "custody": "held"}):
        with db.transaction() as session:
            row = session.get_one(Inmate, marcus)
            for name, value in changes.items():
                setattr(row, name, value)
        assert actor_of(token) is None
        with pytest.raises(WrongPin):
            sign_ins.sign_in(tablet, "20418873", OWN)
    there = kiosks.add_device(other)
    assert actor_of(sign_ins.sign_in(there, "20418873", OWN)).inmate_id == marcus


def test_a_sign_in_ends_after_two_minutes_without_use(place, marcus, tablet):
    with_own_pin(place, tablet)
    now = clock.now()
    with clock.at(now):
        token = sign_ins.sign_in(tablet, "20418873", OWN)
    with clock.at(now + timedelta(seconds=110)):
        assert actor_of(token, is_used=False)
        assert db.read(sign_ins.time_left, sign_ins.hash_token(token)) == timedelta(seconds=10)
        assert actor_of(token)
    with clock.at(now + timedelta(seconds=229)):
        assert actor_of(token, is_used=False)
    with clock.at(now + timedelta(seconds=231)):
        assert actor_of(token) is None


def test_whoever_has_just_chosen_a_pin_has_two_minutes_from_then(place, marcus, tablet):
    first, now = db.write(pins.give_by_number, SYSTEM, place, "20418873").pin, clock.now()
    with clock.at(now):
        token = sign_ins.sign_in(tablet, "20418873", first)
    with clock.at(now + timedelta(seconds=110)):
        sign_ins.choose_pin(token, OWN, OWN)
    with clock.at(now + timedelta(seconds=200)):
        assert actor_of(token, is_used=False)


def test_no_use_makes_a_sign_in_last_longer_than_four_hours(place, marcus, tablet):
    with_own_pin(place, tablet)
    now = clock.now()
    with clock.at(now):
        token = sign_ins.sign_in(tablet, "20418873", OWN)
    seen.cache_use_of_kiosk(sign_ins.hash_token(token), now + sign_ins.LASTS)
    with clock.at(now + sign_ins.LASTS):
        assert actor_of(token) is None


def test_another_process_learns_of_a_use_through_the_database(place, marcus, tablet):
    with_own_pin(place, tablet)
    token, later = sign_ins.sign_in(tablet, "20418873", OWN), clock.now() + timedelta(seconds=100)
    with clock.at(later):
        actor_of(token)
    seen.write_uses_of_kiosks()
    assert seen._seen_at_kiosks() == {}
    with db.reading() as session:
        row = session.exec(select(SignIn).where(SignIn.token_hash == sign_ins.hash_token(token))).one()
    assert row.seen_at == later


def test_a_kiosk_has_one_person_at_a_time_and_a_person_one_kiosk(place, inmate, marcus, tablet):
    inmate(place, number="30000001")
    with_own_pin(place, tablet)
    with_own_pin(place, tablet, "30000001")
    first = sign_ins.sign_in(tablet, "20418873", OWN)
    second = sign_ins.sign_in(tablet, "30000001", OWN)
    assert actor_of(first) is None
    sign_ins.sign_in(kiosks.add_device(place), "30000001", OWN)
    assert actor_of(second) is None


def test_a_sign_out_and_a_revoked_kiosk_end_the_sign_in_at_once(place, marcus, tablet, actor):
    with_own_pin(place, tablet)
    token = sign_ins.sign_in(tablet, "20418873", OWN)
    db.write(sign_ins.sign_out, token)
    assert actor_of(token) is None
    token = sign_ins.sign_in(tablet, "20418873", OWN)
    db.write(devices.revoke, SYSTEM, place, db.read(devices.find, tablet).id)
    assert actor_of(token) is None
    with pytest.raises(NoKiosk):
        sign_ins.sign_in(tablet, "20418873", OWN)


def test_a_new_pin_ends_the_sign_in_at_once(place, marcus, tablet):
    with_own_pin(place, tablet)
    token = sign_ins.sign_in(tablet, "20418873", OWN)
    db.write(pins.give_by_number, SYSTEM, place, "20418873")
    assert actor_of(token) is None


def test_the_account_of_a_person_in_custody_cannot_be_signed_in_to_from_the_doors_forms(place, marcus, tablet):
    with_own_pin(place, tablet)
    with db.reading() as session:
        account = session.exec(select(Account).where(Account.kind == ActorKind.KIOSK)).one()
    for email in (account.email, account.email.upper()):
        with pytest.raises(Invalid):
            door.sign_in(email, OWN, door._NO_BROWSER)
        with pytest.raises(Invalid):
            db.write(accounts.request_reset, email, door._NO_BROWSER)
    with db.transaction() as session:
        # Even if the address were one: there is no password.
        session.get_one(Account, account.id).email = "marcus@example.org"
    for password in (OWN, "", "none"):
        with pytest.raises((WrongCredentials, Invalid)):
            door.sign_in("marcus@example.org", password, door._NO_BROWSER)


def test_neither_cookie_opens_anything_of_the_other(place, marcus, tablet, actor):
    with_own_pin(place, tablet)
    at_kiosk = sign_ins.sign_in(tablet, "20418873", OWN)
    family = db.write(door.create_sign_in, actor().account_id)
    assert db.read(door.actor_for, at_kiosk) is None
    assert actor_of(family) is None
    account_id = actor_of(at_kiosk).account_id
    # Not even if a row of the other kind were made for the account.
    assert db.read(door.actor_for, db.write(door.create_sign_in, account_id)) is None
