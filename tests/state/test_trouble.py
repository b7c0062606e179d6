"""When a service fails or is slow: people are told, the log knows why, and nobody else waits."""

import asyncio
import re
import threading
import time

import pytest
from reflex.state import FrontendEventExceptionState
from reflex.utils.format import format_event_handler

from rxconnect import db, logs, routes
from rxconnect.domain.errors import Busy, Unavailable
from rxconnect.rxconnect import app
from rxconnect.services.directory import facilities
from rxconnect.services.messages import messages
from rxconnect.services.money import wallets
from rxconnect.state import guard
from rxconnect.state.family.cards import CardsState
from rxconnect.state.family.dashboard import DashboardState
from rxconnect.state.family.facilities import LocationsState
from rxconnect.state.family.messages import InboxState, MessageState
from rxconnect.state.family.wallets import CreditsState
from rxconnect.state.session import SessionState
from tests import kiosks
from tests.state.driver import name_of, sign_in


def _fails(*args, **kwargs):
    raise RuntimeError("the secret plan is in row 7")


def test_an_unexpected_error_becomes_an_apology_whose_reference_is_in_the_log(server, life, monkeypatch, capsys):
    actor = life().actor
    tab = server.tab(sign_in(actor)).open(routes.DASHBOARD)
    monkeypatch.setattr(wallets, "balances", _fails)
    logs.configure_logging()
    capsys.readouterr()
    tab.go(routes.CREDITS)
    reference = tab.shown(SessionState, "apology")
    assert len(reference) == 8
    (line,) = capsys.readouterr().out.splitlines()
    assert f"reference={reference}" in line
    assert f"account={actor.account_id} " in line
    assert "event_id=" in line
    assert actor.name not in line
    assert "203.0.113.9" not in line
    assert isinstance(server.errors.pop(), RuntimeError)
    for secret in ("secret plan", "Traceback", "RuntimeError", "wallets.py", "balances"):
        assert secret not in tab.heard
    tab.call(SessionState.dismiss_notice)
    assert tab.shown(SessionState, "apology") == ""


def test_what_a_browser_says_of_its_own_failures_is_one_line_and_is_not_looked_into(server, capsys):
    tab = server.tab().open(routes.SIGN_IN)
    logs.configure_logging()
    capsys.readouterr()
    handler = format_event_handler(FrontendEventExceptionState.event_handlers["handle_frontend_exception"])
    for info in ("TypeError: null is not an object\n" * 100, None, 7, ["x"] * 1_000):
        tab.send(handler, {"info": info, "component_stack": info})
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert all(line.isprintable() and len(line) < logs.MOST_BYTES and "a browser failed" in line for line in lines)
    assert "_call_script" not in tab.heard


def test_after_an_apology_the_page_works_again(server, life, monkeypatch):
    tab = server.tab(sign_in(life().actor)).open(routes.DASHBOARD)
    with monkeypatch.context() as broken:
        broken.setattr(wallets, "balances", _fails)
        tab.go(routes.CREDITS)
    server.errors.clear()
    assert tab.go(routes.DASHBOARD).go(routes.CREDITS).shown(CreditsState, "ready")


def test_an_unexpected_error_while_a_letter_loads_shows_no_letter(server, life, monkeypatch):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.fill(routes.MESSAGE, own.message_id))
    monkeypatch.setattr(messages, "get", _fails)
    tab.go(routes.fill(routes.MESSAGE, own.answer_id))
    assert tab.shown(SessionState, "apology")
    assert tab.shown(MessageState, "message") is None
    server.errors.clear()


@pytest.mark.parametrize("reference", ["<b>", "x" * 100, "", " ", "a b"])
def test_a_reference_that_is_not_ours_is_not_shown(server, family, reference):
    tab = family().open(routes.DASHBOARD).send(name_of(SessionState, "show_apology"), {"reference": reference})
    assert len(tab.shown(SessionState, "apology")) <= 12
    assert tab.shown(SessionState, "apology").isalnum() or not tab.shown(SessionState, "apology")


@pytest.mark.parametrize(
    ("service", "event", "payload"),
    [
        ((facilities, "search"), name_of(LocationsState, "search"), {"text": "cedar"}),
        ((facilities, "add_location"), name_of(LocationsState, "add"), {"facility_id": 1}),
        ((messages, "search"), name_of(InboxState, "search"), {"text": "cedar"}),
        ((messages, "unread_count"), name_of(DashboardState, "load"), {}),
    ],
)
def test_a_slow_service_keeps_nobody_else_waiting(server, life, monkeypatch, service, event, payload):
    own, (module, name) = life(), service
    quick, begun, done = getattr(module, name), threading.Event(), threading.Event()

    def slow(*args, **kwargs):
        begun.set()
        time.sleep(0.3)
        done.set()
        return quick(*args, **kwargs)

    tab, other = (server.tab(sign_in(own.actor)).open(routes.PROFILE).forget_frames() for _ in range(2))
    monkeypatch.setattr(module, name, slow)
    ticks, answers = [], []

    async def both() -> None:
        await tab.post(event, payload)
        await other.post(name_of(SessionState, "show_apology"), {"reference": "ABCD1234"})
        for _ in iter(done.is_set, True):
            ticks.append(begun.is_set())
            answers.append(len(other.frames))
            await asyncio.sleep(0.01)

    server.run(both)
    assert sum(ticks) > 3
    assert max(answers) == 1


def test_an_apology_that_cannot_be_delivered_is_not_apologised_for(server, life, monkeypatch):
    tab = server.tab(sign_in(life().actor)).open(routes.DASHBOARD)
    undelivered = []

    def lost(update):
        undelivered.append(update)
        if len(undelivered) < 50:
            raise ConnectionError("nobody there")

    monkeypatch.setattr(tab, "hear", lost)
    tab.go(routes.CREDITS)
    assert len(undelivered) < 10
    server.errors.clear()


def _asks_the_database(events) -> bool:
    """The pages of a room ask for a seat first, and without one they ask the database for nothing."""
    return any(not guard.is_room_handler(event.fn) for event in events)


@pytest.mark.parametrize(
    "address", sorted(address for address, events in app._load_events.items() if _asks_the_database(events))
)
@pytest.mark.parametrize("gone", [Unavailable, Busy])
def test_every_page_is_loaded_again_by_itself_when_the_database_was_gone(server, life, monkeypatch, address, gone):
    def fails(*args, **kwargs):
        raise gone("gone")

    own = life()
    is_kiosk = routes.is_of_kiosk(f"/{address}")
    (at_kiosk,) = kiosks.sign_in(own.person)
    tab = (server.tab(kiosk=at_kiosk) if is_kiosk else server.tab(sign_in(own.actor))).open(routes.TERMS)
    with monkeypatch.context() as broken:
        broken.setattr(db, "read", fails)
        broken.setattr(db, "write", fails)
        tab.go("/" + re.sub(r"\[+\w+\]+", "1", address))
    assert tab.shown(SessionState, "unavailable")
    assert tab.redirects == []
    # The browser comes back on a new socket.
    if tab.open(routes.KIOSK_INBOX if is_kiosk else routes.DASHBOARD).redirects == []:
        assert not tab.shown(SessionState, "unavailable")


def test_a_press_that_fails_for_want_of_the_database_says_so_where_it_was_pressed(server, life, monkeypatch):
    def fails(*args, **kwargs):
        raise Unavailable("gone")

    tab = server.tab(sign_in(life().actor)).open(routes.CARDS)
    with monkeypatch.context() as broken:
        broken.setattr(db, "read_row", fails)
        tab.call(CardsState.close_edit)
    assert tab.said(CardsState)
    assert not tab.shown(SessionState, "unavailable")
