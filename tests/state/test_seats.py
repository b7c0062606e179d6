"""A seat in a demo session, at the socket: it only reaches the session's world, and only the driver changes data there."""

from __future__ import annotations

import asyncio
from random import Random

import pytest
from reflex_base.registry import RegistrationContext
from sqlmodel import select, update

from rxconnect import db, routes
from rxconnect.demo import seats, sessions, views
from rxconnect.domain import clock, refusals
from rxconnect.domain.accounts import FRESH_FOR, Actor
from rxconnect.domain.demo import SeatKind
from rxconnect.domain.errors import NotAllowed, NotDriving, NotFound
from rxconnect.domain.inmates import Custody
from rxconnect.models import Account, Inmate
from rxconnect.rxconnect import app
from rxconnect.services.accounts import sign_ins
from rxconnect.services.directory import contacts
from rxconnect.state import lifetimes
from rxconnect.state.demo.host import HostState
from rxconnect.state.demo.room import RoomState
from rxconnect.state.family.contacts import ContactsState
from rxconnect.state.family.dashboard import DashboardState
from rxconnect.state.family.profile import ProfileState
from rxconnect.state.following import _Room
from rxconnect.state.kiosk.letters import InsideState
from rxconnect.state.session import SessionState
from rxconnect.state.staff.desk import DeskState
from tests.rooms import seat_of
from tests.state.driver import name_of, sign_in
from tests.state.forgeries import attack, kept
from tests.state.hostile_texts import filled
from tests.state.lives import everything, live

REGISTERED = RegistrationContext.get().event_handlers
OURS = {name: entry for name, entry in REGISTERED.items() if hasattr(entry.handler.fn, "__guard__")}
_FORGED = 1_000


def _rosa() -> Actor:
    """The actor of the family's seats, in the bound world."""
    with db.reading() as session:
        account = session.exec(select(Account).where(Account.email == "rosa@example.com")).one()
    return Actor(account.id, account.name, account.email, account.kind)


def _contact(room) -> int:
    with room.world.bound():
        return db.read(contacts.my_contacts, _rosa())[0].id


def _look_around(server, token, address=routes.DASHBOARD):
    """The tab of a person who looks around."""
    db.write(seats.stop_following, seat_of(token))
    return server.tab(seat=token).open(address)


def test_a_seat_is_in_its_world_also_beside_a_real_sign_in(server, open_room, actor):
    room, own = open_room(), live("Xanthippe")
    tab = server.tab(sign_in(own.actor), seat=room.trainer).open(routes.DASHBOARD)
    assert tab.shown(SessionState, "name") == "Rosa Delgado"
    for address in own.addresses:
        tab.go(address)
    assert "Xanthippe" not in tab.heard


def test_the_state_of_a_seat_goes_at_the_second_look_after_its_tab_was_closed(server, open_room):
    """A reload, a lost connection and a late joiner leave tabs behind, each with a third of a megabyte."""
    room = open_room()
    left, stays = (server.tab(seat=room.trainer).open(routes.DASHBOARD) for _ in range(2))
    server.run(server.sockets.on_disconnect, left.socket)
    closed = server.run(lifetimes.renew_once, app, set())
    assert len(app.state_manager.states) == 2
    assert server.run(lifetimes.renew_once, app, closed) == set()
    assert list(app.state_manager.states) == [server.sockets.sid_to_token[stays.socket]]


def test_a_seat_changes_and_sees_nothing_of_another_sessions_world(server, open_room):
    room, other = open_room(), open_room(starter="another room")
    with other.world.bound():
        theirs = live("Xanthippe")
    before, tab = kept(other), server.tab(seat=room.trainer).open(routes.DASHBOARD)
    for name, entry in OURS.items():
        kinds = dict(entry.handler.fn.__annotations__)
        ids = {argument: getattr(theirs, argument, 1) for argument in kinds if argument.endswith("_id")}
        for tab.address in theirs.addresses[:3]:
            tab.send(name, filled(kinds, "Balthazar") | ids)
    assert "Xanthippe" not in tab.heard
    assert kept(other) == before


@pytest.mark.parametrize("how", ["ended", "removed"])
def test_a_seat_that_is_gone_gets_nothing_but_the_way_to_the_page_that_says_so(server, open_room, how):
    room, own = open_room(), live("Xanthippe")
    token = room.join()
    late, tab = server.tab(sign_in(own.actor), seat=token), server.tab(sign_in(own.actor), seat=token)
    tab.open(routes.DASHBOARD)
    if how == "ended":
        db.write(sessions.end, seat_of(room.trainer))
    else:
        db.write(seats.remove, seat_of(room.trainer), seat_of(token).id)
    late.open(routes.DASHBOARD)
    before = everything()
    for opened in (tab, late):
        for name in REGISTERED:
            for opened.address in (routes.DASHBOARD, routes.DEMO_OVER):
                kinds = dict(OURS[name].handler.fn.__annotations__) if name in OURS else {}
                opened.forget_frames().send(name, filled(kinds, "x"))
                assert set(opened.redirects) <= {routes.DEMO_OVER}, name
                assert "Xanthippe" not in opened.heard, name
        opened.address = routes.DASHBOARD
        assert opened.forget_frames().send(name_of(DashboardState, "load")).redirects == [routes.DEMO_OVER]
    server.errors.clear()
    assert everything() == before


def test_who_looks_around_sees_everything_and_is_told_why_nothing_changes(server, open_room):
    room = open_room()
    tab = _look_around(server, room.join(), routes.CONTACTS)
    assert tab.shown(ContactsState, "contacts")
    before = kept(room)
    tab.call(ContactsState.write_to(_contact(room)))
    assert tab.said(ContactsState) == refusals.sentence(NotDriving("Aisha"))
    assert kept(room) == before


def test_who_follows_is_not_even_asked(server, open_room):
    room = open_room()
    tab = server.tab(seat=room.join()).open(routes.CONTACTS)
    tab.forget_frames().call(ContactsState.remove(_contact(room)))
    assert tab.frames == []
    tab.call(RoomState.stop_following)
    assert not seat_of(tab.seat).follows


def test_the_wheel_is_looked_up_for_each_event(server, open_room):
    room = open_room()
    contact, token = _contact(room), room.join()
    driver, ben = server.tab(seat=room.trainer).open(routes.CONTACTS), _look_around(server, token, routes.CONTACTS)
    assert [_can_write(tab, contact) for tab in (driver, ben)] == [True, False]
    driver.send(name_of(RoomState, "hand_over_wheel"), {"seat_id": seat_of(token).id})
    driver.send(name_of(RoomState, "stop_following"))
    assert [_can_write(tab, contact) for tab in (driver, ben)] == [False, True]
    assert driver.said(ContactsState) == refusals.sentence(NotDriving("Ben"))
    driver.send(name_of(HostState, "take_back_wheel"))
    ben.send(name_of(RoomState, "stop_following"))
    assert [_can_write(tab, contact) for tab in (driver, ben)] == [True, False]


def test_a_tab_that_stops_following_gets_the_answer_to_its_next_press_before_the_room_hears_of_it(
    server, open_room, monkeypatch
):
    monkeypatch.setattr(_Room, "_on_room_changed", lambda _room: None)
    room = open_room()
    tab = server.tab(seat=room.join()).open(routes.CONTACTS)
    tab.send(name_of(RoomState, "stop_following"))
    assert not _can_write(tab, _contact(room))
    assert tab.said(ContactsState) == refusals.sentence(NotDriving("Aisha"))


def test_whoever_drives_cannot_sign_the_others_out(server, open_room):
    room = open_room()
    other = server.tab(seat=room.join()).open(routes.DASHBOARD)
    driver = server.tab(seat=room.trainer).open(routes.PROFILE)
    assert len(driver.shown(ProfileState, "sign_ins")) == 1
    for sign_in_id in range(1, 60):
        if sign_in_id != driver.shown(ProfileState, "sign_ins")[0]["id"]:
            driver.send(name_of(ProfileState, "end_sign_in"), {"sign_in_id": sign_in_id})
    other.send(name_of(RoomState, "stop_following"))
    assert other.open(routes.CONTACTS).shown(ContactsState, "contacts")


def test_however_long_it_lasts_nobody_is_asked_for_a_password(open_room):
    room = open_room()
    seat_hash = sign_ins.seat_hash(room.trainer)
    with room.world.bound(), clock.at(clock.now() + 3 * FRESH_FOR):
        actor = db.read(sign_ins.actor_for_hash, sign_ins.hash_for_seat(seat_hash))
        assert actor
        assert actor.is_fresh


def test_in_a_pause_not_even_the_driver_changes_anything(server, open_room):
    room = open_room()
    contact, driver = _contact(room), server.tab(seat=room.trainer).open(routes.CONTACTS)
    driver.call(HostState.pause_session)
    assert not _can_write(driver, contact)
    assert driver.said(ContactsState) == refusals.sentence(NotDriving(""))
    driver.call(HostState.resume_session)
    assert _can_write(driver, contact)


def test_a_seat_at_the_kiosk_uses_the_kiosk_and_is_led_home_from_everywhere_else(server, open_room):
    room = open_room()
    tab = server.tab(seat=room.join(kind=SeatKind.KIOSK)).open(routes.KIOSK_INBOX)
    tab.call(RoomState.stop_following)
    assert tab.open(routes.KIOSK_INBOX).shown(SessionState, "name") == "Marcus Delgado"
    assert tab.shown(InsideState, "home")
    for elsewhere in (routes.DASHBOARD, routes.STAFF):
        assert tab.forget_frames().open(elsewhere).redirects == [routes.KIOSK_INBOX]
    for kind in (SeatKind.FAMILY, SeatKind.REVIEWER):
        other = server.tab(seat=room.join(kind=kind))
        db.write(seats.stop_following, seat_of(other.seat))
        assert other.open(routes.KIOSK_INBOX).redirects == [routes.home_of(kind.acts_as)]


def test_an_open_page_follows_its_seat_to_the_kiosk_and_back(server, open_room):
    room = open_room()
    tab = server.tab(seat=room.trainer).open(routes.DASHBOARD)
    for kind, address in ((SeatKind.KIOSK, routes.KIOSK_INBOX), (SeatKind.ADMINISTRATOR, routes.STAFF)):
        assert tab.forget_frames().call(RoomState.change_seat_kind(kind)).redirects == [address]
        assert tab.forget_frames().go(address).redirects == []


def test_a_seat_that_changes_its_kind_leaves_nothing_of_its_former_account_on_the_page(server, open_room):
    room = open_room("day-at-the-desk")
    tab = server.tab(seat=room.trainer).open(routes.STAFF).call(DeskState.next)
    assert tab.shown(DeskState, "letter")
    tab.call(RoomState.change_seat_kind(SeatKind.ADMINISTRATOR)).go(routes.STAFF)
    assert (tab.shown(DeskState, "letter"), tab.shown(DeskState, "ready")) == (None, True)
    assert tab.shown(RoomState, "view")["me"]["kind"] == SeatKind.ADMINISTRATOR


def test_one_press_takes_the_seat_of_a_step_and_leads_to_its_page(server, open_room):
    room = open_room("day-at-the-desk")
    tab = server.tab(seat=room.trainer).open(routes.STAFF)
    assert seat_of(room.trainer).kind is SeatKind.REVIEWER
    for number, kind, address in ((7, SeatKind.ADMINISTRATOR, routes.RULES), (8, SeatKind.AUDITOR, routes.AUDIT)):
        assert tab.forget_frames().call(RoomState.begin_step(number)).redirects == [address]
        assert seat_of(room.trainer).kind is kind
        tab.go(address)
    tab.call(RoomState.begin_step(9))
    assert tab.said(RoomState) == refusals.sentence(NotFound("step"))


def test_a_seat_whose_account_is_gone_is_led_to_the_room(server, open_room):
    room = open_room()
    tab = server.tab(seat=room.trainer).open(routes.DASHBOARD)
    tab.call(RoomState.change_seat_kind(SeatKind.KIOSK))
    with room.world.bound(), db.transaction() as session:
        session.exec(update(Inmate).values(custody=Custody.RELEASED))
    assert tab.forget_frames().go(routes.KIOSK_INBOX).redirects == [routes.DEMO_ROOM]


def test_while_everyone_acts_each_writes_at_their_own_seat(server, open_room):
    room = open_room()
    contact, driver = _contact(room), server.tab(seat=room.trainer).open(routes.CONTACTS)
    driver.call(HostState.let_everyone_act)
    ben = server.tab(seat=room.join()).open(routes.CONTACTS)
    watcher = _look_around(server, room.join("Cleo", SeatKind.WATCH), routes.CONTACTS)
    assert [_can_write(tab, contact) for tab in (driver, ben, watcher)] == [True, True, False]
    assert watcher.said(ContactsState) == refusals.sentence(NotDriving(None))
    driver.call(HostState.let_one_drive)
    ben.call(RoomState.stop_following)
    assert [_can_write(tab, contact) for tab in (driver, ben)] == [True, False]


def _can_write(tab, contact: int) -> bool:
    """Whether the tab can start a message. If it can, it is redirected to the message."""
    tab.address = routes.CONTACTS
    tab.forget_frames().send(name_of(ContactsState, "write_to"), {"contact_id": contact})
    return bool(tab.redirects)


def test_nobody_but_the_trainer_looks_after_the_room(server, open_room):
    room = open_room("first-letter")
    tab, own_id = _look_around(server, room.join()), seat_of(room.trainer).id
    before = db.read(views.view, seat_of(room.trainer))
    for name in [name for name in OURS if OURS[name].states[0] is HostState]:
        kinds = dict(OURS[name].handler.fn.__annotations__)
        ids = {
            argument: own_id if argument == "seat_id" else 1 for argument in ("seat_id", "number") if argument in kinds
        }
        tab.send(name, filled(kinds, "x") | ids)
        assert tab.said(HostState) == refusals.sentence(NotAllowed()), name
    tab.call(RoomState.hand_over_wheel(seat_of(tab.seat).id))
    assert tab.said(RoomState) == refusals.sentence(NotAllowed())
    assert db.read(views.view, seat_of(room.trainer)) == before


def test_without_a_seat_the_rooms_handlers_lead_to_where_one_gets_one(server, life):
    tab = server.tab(sign_in(life().actor)).open(routes.DASHBOARD)
    before = everything()
    for name in [name for name in OURS if OURS[name].handler.fn.__guard__ == "seat"]:
        tab.address = routes.DASHBOARD
        kinds = dict(OURS[name].handler.fn.__annotations__)
        assert tab.forget_frames().send(name, filled(kinds, "x")).redirects == [routes.DEMO], name
    assert everything() == before


def test_everybody_sees_at_once_who_has_come_and_who_drives(server, open_room):
    room = open_room()
    trainer = server.tab(seat=room.trainer).open(routes.DEMO_ROOM)
    token = room.join("Ben")
    server.run(_a_moment)
    assert [one["name"] for one in trainer.shown(RoomState, "view")["people"]] == ["Aisha", "Ben"]
    ben = server.tab(seat=token).open(routes.DEMO_ROOM)
    trainer.call(RoomState.hand_over_wheel(seat_of(token).id))
    server.run(_a_moment)
    for tab in (trainer, ben):
        assert tab.shown(RoomState, "view")["driver"] == "Ben"


async def _a_moment() -> None:
    """Give the listening tabs time to handle what was published."""
    await asyncio.sleep(0.3)


def test_after_a_reset_a_socket_of_the_old_world_comes_back_to_the_new_one(server, open_room, monkeypatch):
    room = open_room("first-letter")
    tab, told = server.tab(seat=room.trainer).open(routes.CONTACTS), []
    sessions.reset_to_step(seat_of(room.trainer), 1)

    async def emit(event, *_args, **_kwargs):
        told.append(event)

    monkeypatch.setattr(server.sockets, "emit", emit)
    tab.forget_frames().send(name_of(ContactsState, "load"))
    assert set(told) == {"reopen_socket"}
    monkeypatch.undo()
    assert tab.open(routes.CONTACTS).shown(ContactsState, "ready")


@pytest.mark.parametrize("seed", range(2))
def test_forged_events_of_whoever_does_not_drive_change_nothing(server, open_room, seed):
    assert attack(server, open_room("first-letter"), _FORGED // 2, Random(seed)) == []
    server.errors.clear()
