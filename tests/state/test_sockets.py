"""What a socket may say, what is kept of it, and who hears the answer."""

from __future__ import annotations

import asyncio
import json
from contextlib import ExitStack

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from rxconnect import routes
from rxconnect.api import socket_door
from rxconnect.api.socket_door import SocketDoor
from rxconnect.rxconnect import app
from rxconnect.services.accounts import sign_ins
from rxconnect.state.family.dashboard import DashboardState
from rxconnect.state.family.drafts import DraftsState
from rxconnect.state.family.messages import InboxState
from rxconnect.state.session import SessionState
from tests.state.driver import LOAD_PAGE, name_of, sign_in


def test_a_visitors_state_goes_with_the_socket(server, database):
    tab = server.tab().open(routes.TERMS)
    assert app.state_manager.states
    server.run(server.sockets.on_disconnect, tab.socket)
    assert app.state_manager.states == {}


def test_the_state_of_somebody_signed_in_outlives_the_socket(server, family):
    tab = family().open(routes.DASHBOARD)
    server.run(server.sockets.on_disconnect, tab.socket)
    assert len(app.state_manager.states) == 1
    assert app.state_manager.token_expiration == 600


@pytest.mark.parametrize("key", ["junk", "query", "headers", "token", "sid", "ip"])
def test_of_what_a_browser_says_of_itself_only_the_address_is_kept(server, family, key):
    tab = family().open(routes.DASHBOARD).forget_frames()
    junk = {"x": "Mallory" * 1000} if key in ("query", "headers") else "Mallory" * 1000
    event = {"name": LOAD_PAGE, "payload": {}, "router_data": {"asPath": routes.INBOX, "pathname": "/else", key: junk}}
    server.run(server.sockets.on_event, tab.socket, event)
    assert tab.shown(InboxState, "ready")
    assert "Mallory" not in repr(server.root(tab).router_data) + tab.heard


@pytest.mark.parametrize(
    "event",
    [
        *(None, "text", [], 7, {}, {"name": 7}, {"name": LOAD_PAGE, "payload": []}),
        {"name": LOAD_PAGE, "router_data": {"asPath": "/" + "x" * 8192}},
        {"name": LOAD_PAGE, "router_data": {"asPath": "/\ud800"}},
        {"name": LOAD_PAGE, "router_data": {"asPath": ["/"]}},
    ],
)
def test_what_is_no_event_of_a_page_is_dropped_before_anything_is_done_with_it(server, family, event):
    tab = family().open(routes.DASHBOARD).forget_frames()
    server.run(server.sockets.on_event, tab.socket, event)
    assert tab.frames == []


def test_a_crowd_of_events_from_one_tab_is_not_let_in(server, family):
    tab = family().open(routes.DASHBOARD).forget_frames()

    async def crowd() -> None:
        for _ in range(1_000):
            await tab.post(name_of(SessionState, "show_apology"), {"reference": "ABCD1234"})
            await asyncio.sleep(0)

    server.run(crowd)
    assert tab.open(routes.INBOX).shown(InboxState, "ready")


@pytest.mark.parametrize("message", ["connect", "disconnect", "ping", "on_event", None, 7])
def test_only_the_transport_connects_and_disconnects(server, life, message):
    theirs = life("Xanthippe")
    stolen = sign_ins.hash_token(sign_in(theirs.actor))
    tab = server.tab().open(routes.TERMS).forget_frames()
    scope = {
        "type": "websocket",
        "headers": [[b"cookie", f"rxconnect={stolen}".encode()]],
        "visitor": {"sign_in": stolen},
    }
    forged = {"asgi.scope": scope, "QUERY_STRING": f"token={tab.id}", "HTTP_COOKIE": f"rxconnect={stolen}"}
    assert server.run(server.said_by_browser, tab, message, forged) is None
    tab.send(name_of(DashboardState, "load")).send(name_of(DraftsState, "load"))
    assert "Xanthippe" not in tab.heard
    assert tab.redirects


def test_what_the_database_keeps_of_a_sign_in_opens_no_socket(server, life):
    stolen = sign_ins.hash_token(sign_in(life("Xanthippe").actor))
    tab = server.tab(stolen).open(routes.DASHBOARD)
    assert set(tab.redirects) == {f"{routes.SIGN_IN}?next={routes.DASHBOARD}"}


def test_what_is_kept_of_a_tab_holds_no_cookie_and_nothing_that_stands_for_it(server, life):
    token = sign_in(life("Xanthippe").actor)
    tab = server.tab(token).open(routes.DASHBOARD)
    kept = server.root(tab)._serialize() + repr(app.state_manager.states).encode()
    for secret in (token, sign_ins.hash_token(token)):
        assert secret.encode() not in kept


def test_no_update_reaches_the_next_person_at_a_tab(server, life, actor):
    theirs = life("Xanthippe")
    for number in range(20):
        tab = server.tab(sign_in(theirs.actor)).open(routes.fill(routes.THREAD, theirs.contact_id))
        tab.cookie = sign_in(actor(name="Bo Lee"))

        async def change_places(tab=tab, number=number) -> None:
            before = len(tab.frames)
            for event in (name_of(DashboardState, "load"), name_of(InboxState, "load"), LOAD_PAGE):
                await tab.post(event)
            for _ in range(number):
                await asyncio.sleep(0)
            heard_until_now = len(tab.frames)
            await tab.connect()
            await tab.post(LOAD_PAGE)
            tab.frames = tab.frames[heard_until_now:] if before <= heard_until_now else tab.frames

        server.run(change_places)
        assert "Xanthippe" not in tab.heard
        assert "Bo Lee" in tab.heard


def test_the_same_person_comes_back_to_what_the_tab_held(server, family):
    tab = family(name="Sam Rivera").open(routes.DASHBOARD)
    held = server.root(tab)
    tab.open(routes.DASHBOARD)
    assert server.root(tab) is held


def test_a_tab_that_was_duplicated_gets_a_state_of_its_own(server, family, monkeypatch):
    async def answers(_socket) -> bool:
        return True

    tab = family().open(routes.DASHBOARD)
    twin = server.tab(tab.cookie)
    twin.id = tab.id
    monkeypatch.setattr("rxconnect.state.sockets.Sockets._end_silent_socket", lambda *_: answers(None))
    server.tabs["twin"] = twin
    twin.open(routes.INBOX)
    assert server.root(twin) is not server.root(tab)
    assert tab.open(routes.DASHBOARD).shown(SessionState, "name")


def _sockets(monkeypatch, **limits) -> TestClient:
    """Only the door, with somebody behind it who accepts every socket and repeats what is said."""
    for name, limit in limits.items():
        monkeypatch.setattr(socket_door, name, limit)

    async def behind(scope, receive, send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": json.dumps(scope["visitor"].address)})
        await send({"type": "websocket.close", "code": message.get("code", 1000)})

    return TestClient(SocketDoor(behind))


def test_the_oldest_sockets_of_a_crowd_of_visitors_are_closed_first(database, monkeypatch):
    client = _sockets(monkeypatch, _PER_ADDRESS=3)
    with ExitStack() as stack:
        first, second, *_ = [stack.enter_context(client.websocket_connect("/_event/")) for _ in range(4)]
        with pytest.raises(WebSocketDisconnect):
            first.receive_text()
        second.send_text("still here")
        assert second.receive_text()


def test_people_who_are_signed_in_are_never_counted(database, monkeypatch, actor):
    client = _sockets(monkeypatch, _PER_ADDRESS=1, _IN_ALL=1)
    cookie = {"cookie": f"{sign_ins.cookie_name()}={sign_in(actor())}"}
    with client.websocket_connect("/_event/", headers=cookie) as first:
        for _ in range(3):
            with client.websocket_connect("/_event/", headers=cookie):
                first.send_text("still here")
                assert first.receive_text()


@pytest.mark.parametrize("cookie", ["x" * 43, sign_ins.cookie_name()])
def test_a_cookie_that_signs_nobody_in_makes_a_visitor(database, monkeypatch, cookie):
    client = _sockets(monkeypatch, _PER_ADDRESS=1)
    headers = {"cookie": f"{sign_ins.cookie_name()}={cookie}"}
    with ExitStack() as stack:
        first, _ = [stack.enter_context(client.websocket_connect("/_event/", headers=headers)) for _ in range(2)]
        with pytest.raises(WebSocketDisconnect):
            first.receive_text()


@pytest.mark.parametrize("frame", [{"bytes": b"\0\1"}, {"text": "x" * 200_001}])
def test_a_frame_that_no_page_sends_ends_the_socket(database, monkeypatch, frame):
    client = _sockets(monkeypatch)
    with client.websocket_connect("/_event/") as socket, pytest.raises(WebSocketDisconnect):
        socket.send({"type": "websocket.receive", **frame})
        socket.receive_text()
