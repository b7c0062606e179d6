"""The trainer's pages about breaking things and about the audience's own facility, at the socket."""

from __future__ import annotations

import pytest

from rxconnect import db, routes
from rxconnect.demo import seats, worker_kills
from rxconnect.state.demo.breaking import BreakingState
from rxconnect.state.demo.own_facility import OwnFacilityState
from rxconnect.state.demo.room import RoomState
from rxconnect.state.session import SessionState
from tests.demo.test_own_facility import THEIRS
from tests.demo.test_worker_kills import die, two_workers  # noqa: F401 - a fixture
from tests.rooms import seat_of
from tests.state.driver import name_of
from tests.state.test_listening import settle


@pytest.fixture
def room(open_room):
    return open_room("first-letter")


def test_what_is_broken_is_told_on_every_page_while_it_happens(server, room):
    trainer = server.tab(seat=room.trainer).open(routes.DEMO_BREAK)
    ben = server.tab(seat=room.join()).open(routes.DEMO_ROOM)
    carla = server.tab(seat=room.join("Carla")).open(routes.DASHBOARD)
    for press, ends in (
        ("alter_row", "was changed."),
        ("put_row_back", "each is as it was written."),
        ("try_letter", "The letter stays shut."),
    ):
        trainer.send(name_of(BreakingState, press))
        assert trainer.said(BreakingState) == ""
        settle(server)
        kind = "letter" if press == "try_letter" else "audit"
        assert trainer.shown(BreakingState, "view")[kind]["sentences"][-1].endswith(ends)
        for tab in (ben, carla):
            view = tab.shown(RoomState, "view")
            assert view["breaks"][0]["sentences"][-1].endswith(ends)
            assert view["news"].endswith(ends)
    assert [one["kind"] for one in ben.shown(RoomState, "view")["breaks"]] == ["letter", "audit"]


def test_a_kill_that_cannot_be_is_a_sentence_and_the_page_stays(server, room):
    trainer = server.tab(seat=room.trainer).open(routes.DEMO_BREAK)
    assert trainer.shown(BreakingState, "view")["why_no_kill"].startswith("Only one worker is ready")
    for _ in range(20):
        trainer.send(name_of(BreakingState, "kill_worker"))
        assert trainer.said(BreakingState).startswith("Only one worker is ready")
    assert trainer.shown(RoomState, "view")["breaks"] == []


def test_open_pages_say_that_they_are_there_and_that_they_are_back(server, room, two_workers):  # noqa: F811
    trainer = server.tab(seat=room.trainer).open(routes.DEMO_ROOM)
    ben = server.tab(seat=room.join()).open(routes.DASHBOARD)
    worker_kills.press(seat_of(room.trainer))
    settle(server)
    kill_id = ben.shown(RoomState, "view")["counted_kill"]
    die(kill_id)
    trainer.open(routes.DEMO_ROOM)
    settle(server)
    (told,) = ben.shown(RoomState, "view")["breaks"]
    assert told["sentences"][1].endswith("everybody's page was back: 2 people.")
    assert told["sentences"][2].endswith("Nothing is lost.")


def test_the_facility_is_saved_and_a_wrong_form_keeps_what_was_typed(server, room):
    trainer = server.tab(seat=room.trainer).open(routes.DEMO_FACILITY)
    typed = THEIRS | {"name": "", "price_cents": "thirty"}
    trainer.send(name_of(OwnFacilityState, "save"), {"form": typed})
    assert set(trainer.shown(OwnFacilityState, "problems")) == {"name", "price_cents"}
    assert trainer.shown(OwnFacilityState, "given") == typed
    trainer.send(name_of(OwnFacilityState, "save"), {"form": THEIRS})
    assert trainer.shown(OwnFacilityState, "problems") == {}
    assert trainer.shown(OwnFacilityState, "given")["state"] == "IA"
    assert "is about Adair County Jail" in trainer.shown(SessionState, "notice")
    assert trainer.shown(OwnFacilityState, "hint").startswith("The session begins like this now.")


def test_whoever_is_not_the_trainer_is_led_to_the_room(server, room):
    for address in (routes.DEMO_BREAK, routes.DEMO_FACILITY):
        ben = server.tab(seat=room.join()).open(address)
        assert ben.address == routes.DEMO_ROOM
        for handler in ("alter_row", "put_row_back", "try_letter", "kill_worker", "reload"):
            ben.send(name_of(BreakingState, handler))
            assert ben.said(BreakingState) == "Your account may not do this. Nothing was changed."
        ben.send(name_of(OwnFacilityState, "save"), {"form": THEIRS})
        assert ben.said(OwnFacilityState) == "Your account may not do this. Nothing was changed."


def test_a_trainer_who_follows_somebody_breaks_things_all_the_same(server, room):
    trainer, ben = seat_of(room.trainer), room.join()
    db.write(seats.hand_over_wheel, trainer, seat_of(ben).id)
    assert seat_of(room.trainer).follows
    tab = server.tab(seat=room.trainer).open(routes.DEMO_BREAK)
    tab.send(name_of(BreakingState, "alter_row"))
    settle(server)
    assert tab.shown(BreakingState, "view")["is_altered"]
    tab.open(routes.DEMO_FACILITY).send(name_of(OwnFacilityState, "save"), {"form": THEIRS})
    assert tab.shown(OwnFacilityState, "hint").startswith("The session begins like this now.")
