"""Seats: the rules for joining and driving. Only the driver changes anything."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.demo import seats, sessions, views
from rxconnect.domain import clock
from rxconnect.domain.demo import LASTS, MOST_SEATS, SeatKind
from rxconnect.domain.errors import (
    Invalid,
    NoGuests,
    NotAllowed,
    NotDriving,
    NotFound,
    SessionFull,
    SessionLocked,
    Throttled,
    WrongCode,
)
from rxconnect.domain.inmates import Custody
from rxconnect.models import DemoSeat, DemoSession, Inmate, SignIn
from rxconnect.services.accounts import sign_ins
from rxconnect.services.directory import facilities
from rxconnect.services.kiosk import pins
from rxconnect.services.kiosk import sign_ins as kiosk_sign_ins
from rxconnect.services.money import processor
from rxconnect.world import world_of
from tests.demos import acting, add_location, join, now, seat_of, start, view, world_now

pytestmark = pytest.mark.usefixtures("demos")


def names(seat):
    """Of all in the room."""
    return [person.name for person in view(seat).people]


# Joining.


def test_whoever_joins_follows_and_changes_nothing():
    ben = join(start(), "Ben")
    assert (ben.name, ben.kind, ben.follows, ben.drives, ben.may_write, ben.is_trainer) == (
        "Ben",
        SeatKind.FAMILY,
        True,
        False,
        False,
        False,
    )
    assert (ben.driver, view(ben).me.name) == ("Aisha", "Ben")


def test_the_code_is_taken_however_it_is_typed():
    trainer = start()
    code = view(trainer).code
    for name, typed in (("Ben", code.lower()), ("Cleo", code.replace("-", " ")), ("Dan", f" {code}\n")):
        seats.join(typed, name, "watch", address_key="192.0.2.2")
    assert names(trainer) == ["Aisha", "Ben", "Cleo", "Dan"]


@pytest.mark.parametrize("code", ["CEDAR", "417", "nonsense", "x" * 10_000, "CEDAR-000"])
def test_a_wrong_code_opens_nothing(code):
    trainer = start()
    with pytest.raises(WrongCode):
        seats.join(code if code != view(trainer).code else "CEDAR-001", "Ben", "watch", address_key="192.0.2.2")
    assert names(trainer) == ["Aisha"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [("code", {"code": " "}), ("name", {"name": ""}), ("name", {"name": "x" * 41}), ("kind", {"kind": "trainer"})],
)
def test_what_is_missing_or_made_up_is_told_at_its_field(field, typed):
    given = {"code": view(start()).code, "name": "Ben", "kind": "watch"} | typed
    with pytest.raises(Invalid) as error:
        seats.join(**given, address_key="192.0.2.2")
    assert list(error.value.fields) == [field]


def test_a_session_that_is_over_or_whose_time_has_come_has_no_code():
    over, expired = start(), start()
    codes = [view(over).code, view(expired).code]
    db.write(sessions.end, over)
    with clock.at(clock.now() + LASTS):
        for code in codes:
            with pytest.raises(WrongCode):
                seats.join(code, "Ben", "watch", address_key="192.0.2.2")


def wait_after_a_guess(address):
    """The wait after a guessed code from this address, or none if the guess was allowed."""
    try:
        seats.join("CEDAR-000", "Mallory", "watch", address_key=address)
    except WrongCode:
        return timedelta(0)
    except Throttled as error:
        return error.retry_after
    raise AssertionError("guessed")


def test_guessing_codes_is_hopeless_and_others_join_all_the_while():
    trainer = start()
    guesses = 0
    began = moment = clock.now()
    while moment < began + timedelta(hours=1):
        with clock.at(moment):
            wait = wait_after_a_guess("198.51.100.1")
        guesses += not wait
        moment += wait or timedelta(milliseconds=1)
    # Of a quarter of a million, in the hour that a session lasts.
    assert guesses < 150
    join(trainer, "Ben", address="192.0.2.2")
    assert names(trainer) == ["Aisha", "Ben"]


def test_a_guesser_in_the_same_room_keeps_others_waiting_for_a_minute_at_most():
    trainer = start()
    moment = clock.now()
    waits = []
    for _ in range(90):
        with clock.at(moment):
            waits.append(wait_after_a_guess("192.0.2.2"))
        moment += waits[-1]
    assert timedelta(0) < max(waits) <= timedelta(minutes=1)
    with clock.at(moment + timedelta(minutes=1)):
        join(trainer, "Ben", address="192.0.2.2")


def test_a_whole_room_joins_at_the_same_moment_from_one_address():
    trainer = start()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: join(trainer, f"Guest {number}"), range(MOST_SEATS - 1)))
    assert len(names(trainer)) == MOST_SEATS
    with pytest.raises(SessionFull):
        join(trainer)


def test_a_locked_session_lets_nobody_in_until_it_is_unlocked():
    trainer = start()
    db.write(sessions.lock, trainer)
    with pytest.raises(SessionLocked):
        join(trainer)
    db.write(sessions.unlock, trainer)
    join(trainer)


def test_without_guests_only_people_with_an_account_get_in():
    trainer = start(allows_guests=False)
    with pytest.raises(NoGuests):
        join(trainer)
    seats.join(view(trainer).code, "Ben", "watch", address_key="192.0.2.2", account_id=7)
    db.write(sessions.allow_guests, trainer, True)
    join(trainer, "Cleo")
    assert names(trainer) == ["Aisha", "Ben", "Cleo"]


# The seat is the sign-in.


@pytest.mark.parametrize(
    ("kind", "email"),
    [
        ("watch", "sam@example.com"),
        ("family", "sam@example.com"),
        ("reviewer", "reviewer@example.com"),
        ("administrator", "admin@example.com"),
        ("auditor", "auditor@example.com"),
    ],
)
def test_each_kind_of_seat_is_signed_in_as_its_account_of_the_scenario(kind, email):
    token = seats.join(view(start()).code, "Ben", kind, address_key="192.0.2.2")
    with world_of(seat_of(token).world).bound():
        header = f"a=b; {sign_ins.cookie_name()}={token}"
        assert sign_ins.token_from_cookie(header) == token
        assert db.read(sign_ins.actor_for, token).email == email
    assert db.read(sign_ins.actor_for, token) is None


def test_a_seat_at_the_kiosk_is_signed_in_there_and_nowhere_else():
    token = seats.join(view(start()).code, "Ben", "kiosk", address_key="192.0.2.2")
    family = seats.join(view(start()).code, "Ben", "family", address_key="192.0.2.2")
    with world_of(seat_of(token).world).bound():
        assert kiosk_sign_ins.cookie_name() == sign_ins.cookie_name() == sign_ins.seat_cookie_name()
        assert db.read(kiosk_sign_ins.actor_for, token).name == "Marcus Delgado"
        assert db.read(sign_ins.actor_for, token) is None
    with world_of(seat_of(family).world).bound():
        assert db.read(kiosk_sign_ins.actor_for, family) is None
    assert db.read(kiosk_sign_ins.actor_for, token) is None


def test_a_seat_at_the_kiosk_needs_no_pin_and_outlasts_every_pause():
    trainer = start()
    token = seats.join(view(trainer).code, "Ben", "kiosk", address_key="192.0.2.2")
    with acting(trainer, SeatKind.KIOSK) as marcus:
        pass
    with acting(trainer, SeatKind.ADMINISTRATOR) as administrator:
        db.write(pins.give, administrator, administrator.posts[0].facility_id, marcus.inmate_id)
        with clock.at(clock.now() + timedelta(hours=7)):
            assert db.read(kiosk_sign_ins.actor_for, token) is not None
            assert db.read(kiosk_sign_ins.time_left, kiosk_sign_ins.hash_token(token)) > timedelta(hours=1)


def test_somebody_released_is_no_longer_at_the_kiosk():
    trainer = start()
    token = seats.join(view(trainer).code, "Ben", "kiosk", address_key="192.0.2.2")
    with acting(trainer, SeatKind.KIOSK) as marcus:
        with db.transaction() as session:
            session.get_one(Inmate, marcus.inmate_id).custody = Custody.RELEASED
        assert db.read(kiosk_sign_ins.actor_for, token) is None


def test_no_token_is_stored_in_any_database():
    token = seats.join(view(start()).code, "Ben", "watch", address_key="192.0.2.2")
    seat = seat_of(token)
    for file in (*world_of(seat.world).folder.glob("*.db*"), *world_of("").folder.glob("*.db*")):
        assert token.encode() not in file.read_bytes()


def test_a_seats_token_opens_nothing_in_another_session():
    first, second = start(), start()
    token = seats.join(view(first).code, "Ben", "family", address_key="192.0.2.2")
    with world_now(second).bound():
        assert db.read(sign_ins.actor_for, token) is None


def test_the_cookie_of_the_sign_in_opens_nothing_in_a_world():
    with world_now(start()).bound():
        assert sign_ins.token_from_cookie("rxconnect=some-token") == ""
    assert sign_ins.token_from_cookie("rxconnect=some-token") == "some-token"


def test_a_seat_can_become_another_kind_and_is_then_signed_in_as_that():
    token = seats.join(view(start()).code, "Ben", "watch", address_key="192.0.2.2")
    db.write(seats.change_kind, seat_of(token), "administrator")
    with world_of(seat_of(token).world).bound():
        assert db.read(sign_ins.actor_for, token).email == "admin@example.com"
        with db.reading() as session:
            assert len(session.exec(select(SignIn).where(SignIn.token_hash == sign_ins.hash_token(token))).all()) == 1


def test_a_seat_goes_to_the_kiosk_and_back():
    token = seats.join(view(start()).code, "Ben", "family", address_key="192.0.2.2")
    with world_of(seat_of(token).world).bound():
        for kind, is_at_kiosk in (("kiosk", True), ("reviewer", False)):
            with world_of("").bound():
                db.write(seats.change_kind, seat_of(token), kind)
            assert (db.read(kiosk_sign_ins.actor_for, token) is not None) is is_at_kiosk
            assert (db.read(sign_ins.actor_for, token) is not None) is not is_at_kiosk


def test_staff_who_have_watched_for_long_are_signed_in_still():
    token = seats.join(view(start()).code, "Ben", "administrator", address_key="192.0.2.2")
    with world_of(seat_of(token).world).bound(), clock.at(clock.now() + timedelta(hours=7)):
        assert db.read(sign_ins.actor_for, token) is not None


def test_a_forged_token_finds_no_seat():
    start()
    assert seats.find(sign_ins.seat_hash("forged")) is None
    assert seats.find("") is None


# The wheel.


def test_the_wheel_is_asked_for_and_handed_over():
    trainer = start()
    ben = join(trainer)
    db.write(seats.ask_for_wheel, ben)
    assert [person.asks for person in view(trainer).people] == [False, True]

    db.write(seats.hand_over_wheel, trainer, ben.id)
    assert (now(ben).drives, now(ben).may_write, now(ben).follows) == (True, True, False)
    assert (now(trainer).drives, now(trainer).may_write, now(trainer).follows) == (False, False, True)
    assert (view(trainer).driver, [person.asks for person in view(trainer).people]) == ("Ben", [False, False])


def test_the_trainer_takes_the_wheel_back_at_once():
    trainer = start()
    ben = join(trainer)
    db.write(seats.hand_over_wheel, trainer, ben.id)
    db.write(seats.take_back_wheel, now(trainer))
    assert (now(trainer).drives, now(ben).drives, now(ben).follows) == (True, False, True)


def test_whoever_drives_may_hand_the_wheel_on_and_whoever_does_not_may_not():
    trainer = start()
    ben, cleo = join(trainer), join(trainer, "Cleo")
    with pytest.raises(NotAllowed):
        db.write(seats.hand_over_wheel, ben, cleo.id)
    db.write(seats.hand_over_wheel, trainer, ben.id)
    db.write(seats.hand_over_wheel, ben, cleo.id)
    assert view(trainer).driver == "Cleo"


def test_a_stale_picture_of_the_seat_hands_nothing_over():
    trainer = start()
    ben, cleo = join(trainer), join(trainer, "Cleo")
    db.write(seats.hand_over_wheel, trainer, ben.id)
    driving = now(ben)
    db.write(seats.take_back_wheel, trainer)
    with pytest.raises(NotAllowed):
        db.write(seats.hand_over_wheel, driving, cleo.id)


def test_a_seat_that_only_watches_never_drives():
    trainer = start()
    ben = join(trainer, kind="watch")
    for service in (seats.ask_for_wheel, lambda session, seat: seats.hand_over_wheel(session, trainer, seat.id)):
        with pytest.raises(Invalid):
            db.write(service, ben)
    assert view(trainer).driver == "Aisha"


def test_the_trainer_and_whoever_drives_do_not_only_watch():
    trainer = start()
    ben = join(trainer)
    db.write(seats.hand_over_wheel, trainer, ben.id)
    for seat in (trainer, ben):
        with pytest.raises(Invalid):
            db.write(seats.change_kind, seat, "watch")
    db.write(seats.change_kind, ben, "administrator")
    assert now(ben).drives


def test_exactly_one_drives_however_many_hand_over_at_once():
    trainer = start()
    others = [join(trainer, f"Guest {number}") for number in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda seat: db.write(seats.hand_over_wheel, trainer, seat.id), others))
    assert [person.drives for person in view(trainer).people].count(True) == 1


# Everyone acts.


def acting_and_following(*people):
    return [(now(one).may_write, now(one).follows) for one in people]


def test_everyone_who_may_drive_acts_at_their_own_seat_and_watchers_follow_still():
    trainer = start()
    ben, cleo = join(trainer), join(trainer, "Cleo", "watch")
    assert acting_and_following(trainer, ben, cleo) == [(True, False), (False, True), (False, True)]
    db.write(seats.let_everyone_act, trainer)
    drew = join(trainer, "Drew", "kiosk")
    assert acting_and_following(trainer, ben, cleo, drew) == [
        (True, False),
        (True, False),
        (False, True),
        (True, False),
    ]
    assert [(one.acts, one.drives) for one in view(trainer).people] == [
        *((True, True), (True, False), (False, False), (True, False))
    ]
    db.write(seats.let_one_drive, trainer)
    assert acting_and_following(trainer, ben, cleo, drew) == [(True, False), *[(False, True)] * 3]


def test_who_follows_does_not_act_until_they_stop():
    trainer = start()
    ben = join(trainer)
    db.write(seats.let_everyone_act, trainer)
    db.write(seats.follow_driver, ben)
    assert acting_and_following(ben) == [(False, True)]
    db.write(seats.stop_following, ben)
    assert acting_and_following(ben) == [(True, False)]


def test_while_everyone_acts_a_pause_stops_everybody():
    trainer = start()
    ben = join(trainer)
    db.write(seats.let_everyone_act, trainer)
    db.write(sessions.pause, trainer)
    assert [(now(one).may_write, now(one).writer) for one in (trainer, ben)] == [(False, ""), (False, "")]
    db.write(sessions.resume, trainer)
    assert [now(one).may_write for one in (trainer, ben)] == [True, True]


def test_while_everyone_acts_a_watcher_is_told_so():
    trainer = start()
    cleo = join(trainer, "Cleo", "watch")
    db.write(seats.let_everyone_act, trainer)
    db.write(seats.stop_following, cleo)
    seat = now(cleo)
    with world_of(seat.world).bound(may_write=seat.may_write, driver=seat.writer), pytest.raises(NotDriving) as error:
        db.write(lambda _session: None)
    assert error.value.driver is None


def test_while_everyone_acts_a_change_of_the_kind_decides_whether_one_follows():
    trainer = start()
    cleo = join(trainer, "Cleo", "watch")
    db.write(seats.let_everyone_act, trainer)
    db.write(seats.change_kind, cleo, "reviewer")
    assert acting_and_following(cleo) == [(True, False)]
    db.write(seats.change_kind, cleo, "watch")
    assert acting_and_following(cleo) == [(False, True)]


def test_while_everyone_acts_nobody_asks_and_who_is_shown_can_change():
    trainer = start()
    ben = join(trainer)
    db.write(seats.ask_for_wheel, ben)
    db.write(seats.let_everyone_act, trainer)
    db.write(seats.ask_for_wheel, ben)
    assert not any(one.asks for one in view(trainer).people)
    db.write(seats.hand_over_wheel, trainer, ben.id)
    assert acting_and_following(trainer, ben) == [(True, False), (True, False)]
    assert view(trainer).driver == "Ben"


def test_only_the_trainer_says_who_acts():
    trainer = start()
    ben = join(trainer)
    for service in (seats.let_everyone_act, seats.let_one_drive):
        with pytest.raises(NotAllowed):
            db.write(service, ben)


# Looking around, leaving, being removed.


def test_whoever_follows_can_look_around_and_follow_again():
    ben = join(start())
    db.write(seats.stop_following, ben)
    assert (now(ben).follows, now(ben).may_write) == (False, False)
    db.write(seats.follow_driver, ben)
    assert now(ben).follows


def test_whoever_leaves_or_is_removed_is_gone_at_once():
    trainer = start()
    ben, cleo = join(trainer), join(trainer, "Cleo")
    db.write(seats.leave, ben)
    db.write(seats.remove, trainer, cleo.id)
    assert (now(ben), now(cleo), names(trainer)) == (None, None, ["Aisha"])
    for service in (seats.stop_following, seats.follow_driver, seats.ask_for_wheel, seats.leave, views.view):
        with pytest.raises(NotFound):
            db.write(service, ben)


def test_when_the_driver_goes_the_trainer_drives():
    trainer = start()
    for go in (lambda seat: db.write(seats.leave, seat), lambda seat: db.write(seats.remove, trainer, seat.id)):
        ben = join(trainer)
        db.write(seats.hand_over_wheel, trainer, ben.id)
        go(ben)
        assert now(trainer).drives


def test_the_trainer_is_never_removed_and_with_them_the_session_ends():
    trainer = start()
    ben = join(trainer)
    with pytest.raises(NotAllowed):
        db.write(seats.remove, trainer, trainer.id)
    db.write(seats.leave, trainer)
    assert now(ben) is None
    with db.reading() as session:
        assert session.get_one(DemoSession, trainer.session_id).ended_at is not None
        assert session.exec(select(DemoSeat)).all() == []


def test_whoever_has_left_and_joins_again_is_somebody_else():
    trainer = start()
    ben = join(trainer)
    db.write(seats.leave, ben)
    assert join(trainer).id > ben.id


# Only the driver changes anything.


def test_every_writing_transaction_is_refused_with_the_drivers_name():
    ben = join(start())
    called = []
    with world_of(ben.world).bound(may_write=ben.may_write, driver=ben.driver):
        for run in (db.write, db.write_unsynced):
            with pytest.raises(NotDriving) as error:
                run(called.append)
            assert error.value.driver == "Aisha"
        for block in (db.transaction, db.all_or_nothing):
            with pytest.raises(NotDriving), block():
                called.append("in the block")
        with pytest.raises(NotDriving):
            processor.current().create_customer("a key")
    assert called == []


def test_whoever_does_not_drive_reads_everything():
    seat = start()
    with acting(seat) as sam:
        add_location(sam)
    with world_now(seat).bound(may_write=False, driver="Aisha"):
        assert len(db.read(facilities.my_locations, sam)) == 1


def test_what_the_room_does_for_a_watcher_is_not_refused():
    ben = join(start())
    with world_of(ben.world).bound(may_write=False, driver="Aisha"), world_of("").bound():
        db.write(seats.change_kind, ben, "administrator")
        db.write(seats.ask_for_wheel, ben)
    assert now(ben).kind is SeatKind.ADMINISTRATOR


def test_leaving_the_block_brings_the_earlier_right_back():
    ben = join(start())
    with world_of(ben.world).bound(), world_of(ben.world).bound(may_write=False):
        pass
    with world_of(ben.world).bound():
        with world_of(ben.world).bound(may_write=False), pytest.raises(NotDriving):
            db.write(lambda _session: None)
        db.write(lambda _session: None)
