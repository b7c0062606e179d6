"""Wrong PINs: each pair of kiosk and person waits by itself, and nobody locks another out."""

from datetime import timedelta

import pytest

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import Throttled, WrongPin
from rxconnect.services.accounts import passwords
from rxconnect.services.kiosk import pins, sign_ins
from tests import kiosks

PIN, WRONG = "739182", "739183"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Hashes that take no time: these tests try hundreds of PINs."""
    monkeypatch.setattr(passwords, "verify", lambda known, given: known == given)


@pytest.fixture
def place(facility):
    return facility()


@pytest.fixture
def person(place, inmate):
    """`person(number)` has a PIN."""

    def add(number):
        inmate_id = inmate(place, number=number)
        return kiosks.add_person(inmate_id, pins.peppered(inmate_id, PIN))

    return add


def tried(tablet, number, times, after=timedelta(0)):
    """Try a wrong PIN again and again, `after` some time, and wait whenever that is asked. Returns how long it took."""
    began = clock.now()
    now = began + after
    while times:
        try:
            with clock.at(now):
                sign_ins.sign_in(tablet, number, WRONG)
        except WrongPin:
            times -= 1
        except Throttled as error:
            now += error.retry_after
    return now - began


def test_five_wrong_pins_are_free_and_each_further_one_waits_longer(place, person):
    person("1001")
    tablet = kiosks.add_device(place)
    assert tried(tablet, "1001", 5) == timedelta(0)
    assert timedelta(seconds=14) < tried(tablet, "1001", 1) <= timedelta(seconds=15)
    with pytest.raises(Throttled):
        sign_ins.sign_in(tablet, "1001", PIN)


def test_a_number_of_nobody_waits_as_long(place, person):
    tablet = kiosks.add_device(place)
    assert tried(tablet, "404", 7) == timedelta(seconds=15 + 30)


def test_trying_for_a_day_tests_a_few_dozen_pins(place, person):
    person("1001")
    assert tried(kiosks.add_device(place), "1001", 36) > timedelta(hours=20)


def test_wrong_pins_at_one_kiosk_do_not_keep_the_person_out_of_another(place, person):
    person("1001")
    mine, theirs = kiosks.add_device(place), kiosks.add_device(place)
    sign_ins.sign_in(mine, "1001", PIN)
    tried(theirs, "1001", 12)
    assert sign_ins.sign_in(mine, "1001", PIN)


def test_wrong_pins_at_many_kiosks_do_not_keep_the_person_out_of_their_own(place, person):
    person("1001")
    mine = kiosks.add_device(place)
    sign_ins.sign_in(mine, "1001", PIN)
    for _ in range(20):
        tried(kiosks.add_device(place), "1001", 3)
    assert sign_ins.sign_in(mine, "1001", PIN)
    with pytest.raises(Throttled):
        sign_ins.sign_in(kiosks.add_device(place), "1001", PIN)


def waits_at_a_new_kiosk(place, number):
    """How long somebody waits at a new kiosk, after many wrong PINs at others."""
    passed = timedelta(0)
    for _ in range(8):
        passed = tried(kiosks.add_device(place), number, 3, after=passed)
    with clock.at(clock.now() + passed), pytest.raises(Throttled) as waits:
        sign_ins.sign_in(kiosks.add_device(place), number, PIN)
    return waits.value.retry_after


def test_nobody_keeps_somebody_with_a_new_pin_out_of_every_kiosk_for_more_than_a_minute(place, person, inmate):
    inmate_id = inmate(place, number="1001")
    kiosks.add_person(inmate_id, pins.peppered(inmate_id, PIN), is_first=True)
    assert timedelta(0) < waits_at_a_new_kiosk(place, "1001") <= timedelta(minutes=1)
    assert timedelta(0) < waits_at_a_new_kiosk(place, "404") <= timedelta(minutes=1)


def test_nobody_keeps_somebody_who_was_long_away_out_of_every_kiosk_for_more_than_five_minutes(place, person):
    person("1001")
    sign_ins.sign_in(kiosks.add_device(place), "1001", PIN)
    with clock.at(clock.now() + timedelta(days=31)):
        assert timedelta(minutes=1) < waits_at_a_new_kiosk(place, "1001") <= timedelta(minutes=5)


def test_a_right_pin_forgives_the_wrong_ones_before_it(place, person):
    person("1001")
    tablet = kiosks.add_device(place)
    tried(tablet, "1001", 4)
    sign_ins.sign_in(tablet, "1001", PIN)
    assert tried(tablet, "1001", 5) == timedelta(0)


def test_wrong_pins_for_one_person_do_not_keep_the_next_one_out_of_the_kiosk(place, person):
    person("1001")
    person("1002")
    tablet = kiosks.add_device(place)
    tried(tablet, "1001", 12)
    assert sign_ins.sign_in(tablet, "1002", PIN)


def test_wrong_pins_for_a_hundred_people_keep_the_next_one_out_for_seconds_at_most(place, person):
    person("1001")
    tablet = kiosks.add_device(place)
    passed = timedelta(0)
    for number in range(100):
        passed = tried(tablet, f"9{number}", 1, after=passed)
    with clock.at(clock.now() + passed), pytest.raises(Throttled) as waits:
        sign_ins.sign_in(tablet, "1001", PIN)
    assert waits.value.retry_after <= timedelta(seconds=15)


def test_staff_see_that_somebody_waits_and_let_them_try_again(place, person, actor):
    marcus = person("1001")
    tablet, mail_room = kiosks.add_device(place), actor(role=Role.REVIEWER, facility_id=place)
    tried(tablet, "1001", 8)
    assert db.write(pins.find, mail_room, place, "1001").is_slowed
    assert not db.write(pins.unlock, mail_room, place, marcus.inmate_id).is_slowed
    assert sign_ins.sign_in(tablet, "1001", PIN)


def test_a_right_pin_counts_as_no_guess(place, person):
    person("1001")
    tablet = kiosks.add_device(place)
    for _ in range(20):
        sign_ins.sign_in(tablet, "1001", PIN)
