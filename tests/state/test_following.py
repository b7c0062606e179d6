"""A follower of a demo session sees all that the driver's tab receives, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from reflex.constants.state import FIELD_MARKER
from reflex.state import State

from rxconnect import db, live, routes
from rxconnect.demo import seats, sessions
from rxconnect.domain.demo import Seat, SeatKind
from rxconnect.i18n import ENGLISH
from rxconnect.services.accounts import sign_ins
from rxconnect.state.demo.breaking import BreakingState
from rxconnect.state.demo.host import HostState
from rxconnect.state.demo.judging import JudgeState, JudgingResultState
from rxconnect.state.demo.own_facility import OwnFacilityState
from rxconnect.state.demo.requirements import RequirementsState
from rxconnect.state.demo.room import RoomState
from rxconnect.state.family.contacts import ContactsState
from rxconnect.state.family.inmates import FindInmateState
from rxconnect.state.session import SessionState
from tests.state.driver import LOAD_PAGE, Server, Tab, name_of

OF_EACH_BROWSER = ("browser_key", "unavailable")


@pytest.fixture
def room(server: Server, demos: Path) -> Callable[..., Room]:
    """`room()`: a session whose trainer, Aisha, drives and has the dashboard open."""
    return lambda name="Aisha": Room(server, name)


class Room:
    def __init__(self, server: Server, name: str) -> None:
        self.server = server
        self.token, self.view = sessions.start(
            "blank", name=name, address_key=name, language=ENGLISH, allows_guests=True
        )
        self.driver = self.tab(self.token)

    def tab(self, token: str, address: str = routes.DASHBOARD) -> Tab:
        return self.server.tab(seat=token).open(address)

    def frame(self, token: str, watches: Tab | str) -> Tab:
        """A frame of the split view, which has opened and has requested everything."""
        tab = self.server.tab(seat=token)
        tab.watches = watches if isinstance(watches, str) else str(seat_of(watches).id)
        self.say(tab.open(routes.DASHBOARD), "present")
        return tab

    def join(self, name: str = "Ben", kind: SeatKind = SeatKind.WATCH) -> Tab:
        """A tab that has joined and has requested everything."""
        tab = self.tab(seats.join(self.view.code, name, kind, address_key=name))
        self.say(tab, "present")
        return tab

    def say(self, tab: Tab, message: str, *args: object) -> None:
        self.server.run(self.server.said_by_browser, tab, message, *args)
        self.settle()

    def settle(self, seconds: float = 0.2) -> None:
        """Give all tabs time to receive their messages."""
        self.server.run(asyncio.sleep, seconds)

    def go(self, tab: Tab, address: str) -> None:
        tab.go(address)
        self.settle()

    def hand_over(self, tab: Tab) -> None:
        self.driver.call(RoomState.hand_over_wheel(seat_of(tab).id))
        self.settle()


def seat_of(tab: Tab) -> Seat:
    found = seats.find(sign_ins.seat_hash(tab.seat))
    assert found
    return found


class Shown:
    """The current page of a follower, as `components/following.js` builds it from the messages."""

    def __init__(self, tab: Tab) -> None:
        self.path, self.stream, self.number, self.missed = "", "", 0, 0
        self.vars: dict[str, dict[str, object]] = {}
        self.typed: dict[str, object] = {}
        for message in tab.mirrored:
            is_next = (message["stream"], message["number"]) == (self.stream, self.number + 1)
            if not message.get("is_whole") and not is_next:
                self.missed += 1
                continue
            self.stream, self.number = message["stream"], message["number"]
            if path := message.get("path"):
                self.path, self.typed = path, {}
            self.typed |= message.get("typed", {})
            for state, changes in message.get("delta", {}).items():
                self.vars.setdefault(state, {}).update(changes)

    def __call__(self, state: type, var: str) -> object:
        return self.vars[state.get_full_name()][f"{var}{FIELD_MARKER}"]


def everything(tab: Tab) -> dict[str, dict[str, object]]:
    """The part of a tab's own State that is mirrored to followers."""
    own = {State.get_full_name(), *(name for name in tab.vars if ".demo" in name or "___demo___" in name)}
    shown = {name: dict(values) for name, values in tab.vars.items() if values and name not in own}
    for var in OF_EACH_BROWSER:
        shown[SessionState.get_full_name()].pop(f"{var}{FIELD_MARKER}")
    return shown


def test_a_follower_sees_the_page_and_the_state_of_whoever_drives(room):
    aisha = room()
    shown = Shown(aisha.join())
    assert shown.path == routes.DASHBOARD
    assert shown(SessionState, "name") == aisha.driver.shown(SessionState, "name") != ""
    assert shown.missed == 0
    # A page that was just loaded only receives the values that differ from its build.
    for state, values in everything(aisha.driver).items():
        assert values.items() <= shown.vars[state].items()


def test_every_update_comes_in_its_turn_until_both_show_the_same(room):
    aisha = room()
    ben = aisha.join()
    for address in (routes.FIND_FACILITY, routes.CONTACTS, routes.INBOX, routes.CREDITS):
        aisha.go(aisha.driver, address)
        shown = Shown(ben)
        assert (shown.path, shown.missed) == (address, 0)
        for state, values in everything(aisha.driver).items():
            assert values.items() <= shown.vars[state].items()


def test_whoever_comes_late_sees_the_present_at_once(room):
    aisha = room()
    aisha.go(aisha.driver, routes.CONTACTS)
    aisha.say(aisha.driver, "typed", {"last_name": "Delgado"})
    shown = Shown(aisha.join("Cleo"))
    assert shown.path == routes.CONTACTS
    assert shown(ContactsState, "ready")
    assert shown.typed == {"last_name": "Delgado"}


def test_the_own_pages_of_a_follower_never_load(room):
    ben = room().join()
    ben.open(routes.INBOX).send(name_of(ContactsState, "load"))
    of_the_room = (
        RoomState,
        HostState,
        RequirementsState,
        JudgeState,
        JudgingResultState,
        BreakingState,
        OwnFacilityState,
    )
    assert set(ben.told) <= {state.get_full_name() for state in (State, *of_the_room, SessionState)}
    assert set(ben.told.get(SessionState.get_full_name(), {})) <= {f"{var}{FIELD_MARKER}" for var in OF_EACH_BROWSER}
    assert ben.shown(State, "is_hydrated")
    assert ben.shown(RoomState, "view")["driver"] == "Aisha"


def test_nothing_that_names_the_drivers_browser_reaches_a_follower(room):
    aisha = room()
    ben = aisha.join()
    aisha.driver.open(routes.CONTACTS)
    aisha.go(aisha.driver, routes.PROFILE)
    heard = repr(ben.mirrored) + ben.heard
    secrets = [
        aisha.token,
        sign_ins.seat_hash(aisha.token),
        aisha.driver.socket,
        aisha.driver.id,
        aisha.server.sockets.sid_to_token[aisha.driver.socket],
        aisha.driver.shown(SessionState, "browser_key"),
    ]
    assert all(secrets)
    assert not [secret for secret in secrets if secret in heard]
    assert State.get_full_name() not in repr(ben.mirrored).replace(f"{State.get_full_name()}.", "")


def test_whoever_looks_around_has_a_state_of_their_own_and_hears_nothing(room):
    aisha = room()
    ben = aisha.join().call(RoomState.stop_following)
    aisha.settle()
    before = len(ben.mirrored)
    ben.send(LOAD_PAGE)
    assert ben.shown(SessionState, "name") == aisha.driver.shown(SessionState, "name")
    aisha.go(aisha.driver, routes.CONTACTS)
    assert len(ben.mirrored) == before
    aisha.say(ben, "present")
    assert len(ben.mirrored) == before
    ben.call(RoomState.follow_driver)
    aisha.settle()
    aisha.say(ben, "present")
    assert Shown(ben).path == routes.CONTACTS


def test_after_the_wheel_was_handed_over_everybody_sees_the_new_driver(room):
    aisha = room()
    ben, cleo = aisha.join("Ben", SeatKind.FAMILY), aisha.join("Cleo")
    aisha.hand_over(ben)
    assert not seat_of(ben).follows
    ben.send(LOAD_PAGE)
    aisha.go(ben, routes.CREDITS)
    for tab in (cleo, aisha.driver):
        shown = Shown(tab)
        assert (shown.path, shown.missed) == (routes.CREDITS, 0)
        assert shown(SessionState, "name") == ben.shown(SessionState, "name")
    before = len(cleo.mirrored)
    aisha.driver.send(name_of(ContactsState, "load"))
    assert len(cleo.mirrored) == before


def test_a_driver_who_looked_around_is_shown_as_soon_as_they_drive(room):
    aisha = room()
    ben, cleo = aisha.join("Ben", SeatKind.FAMILY), aisha.join("Cleo")
    ben.call(RoomState.stop_following)
    ben.open(routes.INBOX)
    aisha.hand_over(ben)
    assert Shown(cleo).path == routes.INBOX


def test_the_tab_of_the_driver_that_was_used_last_is_the_one_that_is_shown(room):
    aisha = room()
    ben = aisha.join()
    other = aisha.tab(aisha.token, routes.INBOX)
    aisha.settle()
    assert Shown(ben).path == routes.INBOX
    aisha.go(aisha.driver, routes.CONTACTS)
    assert Shown(ben).path == routes.CONTACTS
    aisha.server.run(other.close)
    aisha.go(aisha.driver, routes.CREDITS)
    assert Shown(ben).path == routes.CREDITS


def test_the_page_of_the_room_is_the_drivers_own(room):
    aisha = room()
    ben = aisha.join()
    before = len(ben.mirrored)
    aisha.tab(aisha.token, routes.DEMO_ROOM)
    aisha.settle()
    assert len(ben.mirrored) == before
    assert Shown(ben).path == routes.DASHBOARD


def everyone(room, *kinds: SeatKind) -> tuple[Room, list[Tab]]:
    """A room in which everyone acts, and the tabs of people at seats of these kinds."""
    aisha = room()
    aisha.driver.call(HostState.let_everyone_act)
    tabs = [aisha.join(f"Person {place}", kind) for place, kind in enumerate(kinds)]
    return aisha, tabs


def test_a_watcher_follows_whom_they_choose_and_then_the_driver_again(room):
    aisha, (ben, cleo) = everyone(room, SeatKind.FAMILY, SeatKind.WATCH)
    aisha.go(ben, routes.CREDITS)
    assert Shown(cleo).path == routes.DASHBOARD
    cleo.call(RoomState.follow_seat(seat_of(ben).id))
    aisha.settle()
    assert Shown(cleo).path == routes.CREDITS
    aisha.go(aisha.driver, routes.CONTACTS)
    aisha.say(ben, "typed", {"credits": "7"})
    aisha.say(aisha.driver, "typed", {"last_name": "Delgado"})
    shown = Shown(cleo)
    assert (shown.path, shown.typed, shown.missed) == (routes.CREDITS, {"credits": "7"}, 0)
    cleo.call(RoomState.follow_driver)
    aisha.settle()
    assert (Shown(cleo).path, Shown(cleo).typed) == (routes.CONTACTS, {"last_name": "Delgado"})


def test_at_seats_of_all_sides_each_is_seen_by_who_follows_it(room):
    aisha, (reviewer, inside, one, other) = everyone(
        room, SeatKind.REVIEWER, SeatKind.KIOSK, SeatKind.WATCH, SeatKind.WATCH
    )
    one.call(RoomState.follow_seat(seat_of(reviewer).id))
    other.call(RoomState.follow_seat(seat_of(inside).id))
    aisha.go(reviewer, routes.STAFF)
    aisha.go(inside.forget_frames(), routes.KIOSK_NOTICES)
    assert [Shown(tab).path for tab in (one, other)] == [routes.STAFF, routes.KIOSK_NOTICES]
    assert Shown(one)(SessionState, "name") == "Denise Walker"
    assert Shown(other)(SessionState, "name") == "Marcus Delgado"


@pytest.mark.parametrize("how", ["leaves", "watches", "follows", "one drives"])
def test_who_follows_somebody_with_no_pages_of_their_own_sees_the_driver(room, how):
    aisha, (ben, cleo) = everyone(room, SeatKind.FAMILY, SeatKind.WATCH)
    cleo.call(RoomState.follow_seat(seat_of(ben).id))
    aisha.go(ben, routes.CREDITS)
    if how == "leaves":
        db.write(seats.leave, seat_of(ben))
    elif how == "watches":
        db.write(seats.change_kind, seat_of(ben), SeatKind.WATCH)
    elif how == "follows":
        ben.call(RoomState.follow_driver)
    else:
        aisha.driver.call(HostState.let_one_drive)
    aisha.settle()
    assert Shown(cleo).path == routes.DASHBOARD
    assert seat_of(cleo).sees == seat_of(aisha.driver).id


def test_the_driver_and_who_only_watches_are_not_to_be_led_astray(room):
    aisha, (ben, cleo) = everyone(room, SeatKind.FAMILY, SeatKind.WATCH)
    other = room("Olga")
    for who, whom in ((aisha.driver, ben), (ben, cleo), (ben, ben), (cleo, other.driver)):
        before = seat_of(who)
        who.call(RoomState.follow_seat(seat_of(whom).id))
        assert seat_of(who) == before


def test_a_frame_shows_any_seat_of_its_session_whatever_its_own_seat_does(room):
    aisha, (ben, inside) = everyone(room, SeatKind.FAMILY, SeatKind.KIOSK)
    frames = [aisha.frame(aisha.token, tab) for tab in (ben, inside)]
    aisha.go(aisha.driver, routes.CONTACTS)
    aisha.go(ben, routes.CREDITS)
    aisha.go(inside.forget_frames(), routes.KIOSK_NOTICES)
    assert [Shown(tab).path for tab in frames] == [routes.CREDITS, routes.KIOSK_NOTICES]
    # It sees what the other sees, also who follows.
    ben.call(RoomState.follow_driver)
    aisha.settle()
    assert Shown(frames[0]).path == routes.CONTACTS


def test_a_frame_does_nothing_but_show_with_a_seat_that_drives(room):
    aisha = room()
    ben = aisha.join("Ben", SeatKind.FAMILY)
    frame = aisha.frame(aisha.token, ben)
    before = len(ben.mirrored)
    for event in (RoomState.hand_over_wheel(seat_of(ben).id), HostState.pause_session, RoomState.stop_following):
        frame.call(event)
    frame.go(routes.CONTACTS).send(name_of(ContactsState, "load"))
    aisha.say(frame, "typed", {"last_name": "Mallory"})
    assert (seat_of(aisha.driver).drives, seat_of(aisha.driver).is_paused) == (True, False)
    assert ContactsState.get_full_name() not in frame.told
    assert len(ben.mirrored) == before
    assert frame.shown(RoomState, "view")["driver"] == "Aisha"


@pytest.mark.parametrize("watches", ["of another session", "0", "-1", "x", "99999999999999999999999"])
def test_a_frame_shows_nothing_of_another_session(room, watches):
    aisha, other = room(), room("Olga")
    other.join("Nils")
    frame = aisha.frame(aisha.token, str(seat_of(other.driver).id) if watches == "of another session" else watches)
    other.go(other.driver, routes.CREDITS)
    assert routes.CREDITS not in repr(frame.mirrored)


def test_what_the_driver_types_is_seen_before_state_learns_of_it(room):
    aisha = room()
    ben = aisha.join()
    aisha.go(aisha.driver, routes.FIND_INMATE)
    for text in ("D", "De", "Del"):
        aisha.say(aisha.driver, "typed", {"last_name": text, "in_state": "CA", "terms": True})
    shown = Shown(ben)
    assert (shown.typed, shown.missed) == ({"last_name": "Del", "in_state": "CA", "terms": True}, 0)
    assert aisha.driver.shown(FindInmateState, "last_name") == ""
    aisha.go(aisha.driver, routes.CONTACTS)
    assert Shown(ben).typed == {}


@pytest.mark.parametrize(
    "said",
    [
        *(None, "text", 7, [], [["last_name", "x"]], {}, {"": "x"}, {"Last Name": "x"}, {"x" * 65: "x"}),
        *({"last_name": 7}, {"last_name": None}, {"last_name": ["x"]}, {"last_name": "x" * 100_001}),
        {f"field-{number}": "x" for number in range(51)},
    ],
    ids=lambda said: repr(said)[:30],
)
def test_what_no_page_of_ours_says_of_its_fields_is_not_told(room, said):
    aisha = room()
    ben = aisha.join()
    aisha.say(aisha.driver, "typed", said)
    assert Shown(ben).typed == {}


def test_halves_of_characters_are_told_as_what_can_be_sent(room):
    aisha = room()
    ben = aisha.join()
    aisha.say(aisha.driver, "typed", {"last_name": "De\ud800l\0gado"})
    assert Shown(ben).typed == {"last_name": "Delgado"}


def test_nobody_else_says_what_stands_in_fields(room):
    aisha, other = room(), room("Olga")
    ben, cleo = aisha.join("Ben", SeatKind.FAMILY), aisha.join("Cleo")
    stranger = aisha.server.tab().open(routes.TERMS)
    for tab in (ben, cleo, other.driver, stranger):
        aisha.say(tab, "typed", {"last_name": "Mallory"})
    assert "Mallory" not in repr([tab.mirrored for tab in (ben, cleo, aisha.driver)])


def test_only_where_the_driver_looks_is_told_and_only_as_a_place_in_a_page_of_ours(room):
    aisha = room()
    ben, cleo = aisha.join("Ben", SeatKind.FAMILY), aisha.join("Cleo")
    aisha.say(ben, "looking", "mallory/1")
    unlike = (None, 7, ["main/1"], "", "#main", "main > a", "main/x", "main/1/", "main\n", "a" * 65, "main" + "/1" * 13)
    for said in unlike:
        aisha.say(aisha.driver, "looking", said)
    assert [message["anchor"] for message in cleo.mirrored if message.get("anchor")] == []
    aisha.say(aisha.driver, "looking", "page-title/0/12")
    assert [message["anchor"] for message in cleo.mirrored if message.get("anchor")] == ["page-title/0/12"]
    # It is not kept: who comes late begins at the top of the page.
    assert "page-title/0/12" not in repr(aisha.join("Dora").mirrored)


def test_no_room_hears_anything_of_another(room):
    aisha, other = room(), room("Olga")
    ben, nils = aisha.join("Ben"), other.join("Nils")
    before = len(nils.mirrored)
    aisha.go(aisha.driver, routes.CONTACTS)
    aisha.say(aisha.driver, "typed", {"last_name": "Delgado"})
    assert Shown(ben).typed
    assert len(nils.mirrored) == before


def test_whoever_was_removed_hears_nothing_more(room):
    aisha = room()
    ben = aisha.join()
    trainer = seat_of(aisha.driver)
    db.write(seats.remove, trainer, seat_of(ben).id)
    aisha.settle()
    before = len(ben.mirrored)
    aisha.go(aisha.driver, routes.CONTACTS)
    aisha.say(ben, "present")
    assert len(ben.mirrored) == before


def test_a_room_is_forgotten_with_its_last_tab(room):
    before = dict(live._listeners)
    aisha = room()
    ben = aisha.join()
    for tab in (ben, aisha.driver):
        aisha.server.run(tab.close)
    assert aisha.server.sockets._rooms._rooms == aisha.server.sockets._rooms._room_of == {}
    assert live._listeners == before


def test_a_follower_of_nobody_who_is_there_is_told_when_they_come(room):
    aisha = room()
    aisha.server.run(aisha.driver.close)
    ben = aisha.join()
    assert ben.mirrored == []
    aisha.driver.open(routes.CONTACTS)
    aisha.settle()
    assert Shown(ben).path == routes.CONTACTS


def test_the_driver_is_told_no_less_because_somebody_follows(room):
    aisha = room()
    aisha.go(aisha.driver, routes.CONTACTS)
    alone = everything(aisha.driver)
    aisha.join()
    aisha.driver.open(routes.DASHBOARD)
    aisha.go(aisha.driver, routes.CONTACTS)
    assert everything(aisha.driver)[ContactsState.get_full_name()] == alone[ContactsState.get_full_name()]


def test_whoever_waits_in_the_room_is_led_to_the_page_of_the_driver_as_soon_as_there_is_one(room):
    aisha = room()
    aisha.server.run(aisha.driver.close)
    early = aisha.tab(seats.join(aisha.view.code, "Ben", SeatKind.WATCH, address_key="Ben"), routes.DEMO_ROOM)
    aisha.say(early, "present")
    assert early.mirrored == []
    aisha.driver.open(routes.CONTACTS)
    aisha.settle()
    late = aisha.tab(seats.join(aisha.view.code, "Cleo", SeatKind.WATCH, address_key="Cleo"), routes.DEMO_ROOM)
    aisha.say(late, "present")
    assert [Shown(tab).path for tab in (early, late)] == [routes.CONTACTS] * 2
