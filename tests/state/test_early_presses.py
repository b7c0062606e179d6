"""What is pressed before its page has loaded is answered on the loaded State, or not at all.

The server has evicted the State of a tab, was restarted, or the tab has followed somebody else in a demo session until now.
"""

from __future__ import annotations

import asyncio
import dataclasses
import inspect
import re

import pytest
from reflex.state import State

from rxconnect import db, routes
from rxconnect.domain.accounts import Role
from rxconnect.domain.demo import SeatKind
from rxconnect.domain.errors import Unavailable
from rxconnect.rxconnect import app
from rxconnect.services.directory import facilities
from rxconnect.state import guard
from rxconnect.state.demo.room import RoomState
from rxconnect.state.family.purchases import AmountState
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.staff.print_batches import PrintState
from tests.rooms import seat_of
from tests.services.buying import order
from tests.state.driver import LOAD_PAGE, Tab, name_of, sign_in, sign_in_at_kiosk
from tests.state.test_transactions import _address

_PAGES = {f"/{address}": events for address, events in app._load_events.items() if events}
_LOADERS = {event.state for events in _PAGES.values() for event in events}
_SCREENS = [state for state in State.get_substates() if issubclass(state, Screen)]
# The two that only lead on to another page, and have nothing to press.
_LEADS_ON = {routes.START, routes.COMPOSE_NEW}


def _screens(page: str) -> list[type[Screen]]:
    """The States that a page's load fills."""
    loaders = [event.state for event in _PAGES[page]]
    return [*loaders, *(state for state in _SCREENS if state._loaded_by in {one.__name__ for one in loaders})]


def _presses(state: type[Screen]) -> list[str]:
    """The handlers of a State that a person calls."""
    return [name for name, handler in state.event_handlers.items() if _is_press(handler.fn)]


def _is_press(function: object) -> bool:
    return hasattr(function, "__guard__") and not guard.is_page_load(function)


@pytest.fixture
def answered(monkeypatch) -> list[tuple[str, bool]]:
    """What presses were answered, and whether their State had been loaded."""
    seen: list[tuple[str, bool]] = []
    clear = guard._clear_problems

    def spy(state, handler):
        if _is_press(handler):
            seen.append((handler.__qualname__, state.ready and state.is_hydrated))
        clear(state, handler)

    monkeypatch.setattr(guard, "_clear_problems", spy)
    return seen


@pytest.fixture
def tab_at(server, life, actor, request):
    """`tab_at(page)`: the tab of somebody who may see everything on the page."""

    def opened(page: str) -> Tab:
        if routes.is_of_demo(page):
            room = request.getfixturevalue("open_room")()
            return server.tab(seat=room.trainer).open(page)
        own = life()
        if page == routes.REVIEW:
            own = dataclasses.replace(own, purchase_id=order(own.actor, own.facility_id))
        if routes.is_of_kiosk(page):
            return server.tab(kiosk=sign_in_at_kiosk(own.person)).open(_address(page, own))
        who = (
            actor(role=Role.ADMINISTRATOR, facility_id=own.facility_id) if page.startswith(routes.STAFF) else own.actor
        )
        return server.tab(sign_in(who)).open(_address(page, own))

    return opened


def test_every_state_that_a_page_waits_for_is_filled_by_the_load_of_a_page():
    names = {state.__name__ for state in _LOADERS}
    for state in _SCREENS:
        if re.search(r"self\.ready\b", inspect.getsource(state)):
            assert (state._loaded_by or state.__name__) in names, state


@pytest.mark.parametrize("page", sorted(set(_PAGES) - _LEADS_ON))
def test_whatever_is_pressed_on_a_forgotten_page_is_answered_once_it_has_loaded(server, tab_at, answered, page):
    tab = tab_at(page)
    if tab.redirects:
        return
    for state in _screens(page):
        for press in _presses(state):
            server.forget(tab)
            answered.clear()
            # No handler takes this argument, so that nothing happens.
            tab.send(name_of(state, press), {"not_an_argument": 1})
            assert [loaded for name, loaded in answered if name.endswith(f".{press}")] == [True], (state, press)


@pytest.fixture
def buying(server, life) -> tuple[Tab, str]:
    """A tab on the page of the amount, and the second of its account's two locations."""
    own = life()
    other = db.write(facilities.create_facility, name="Harbor", opening="open", price_cents=20)
    db.write(facilities.add_location, own.actor, other)
    return server.tab(sign_in(own.actor)).open(routes.BUY_CREDITS), str(other)


def _restart(tab: Tab) -> None:
    """Open a new socket to a server that knows nothing of the tab."""
    tab.server.forget(tab)
    tab.server.run(tab.connect)


def test_a_choice_on_a_forgotten_page_is_kept_when_the_page_loads_again(server, buying):
    tab, other = buying
    for forget in (server.forget, _restart):
        forget(tab)
        tab.call(AmountState.choose_facility(other)).call(AmountState.choose_suggested("50"))
        assert (tab.shown(AmountState, "facility_id"), tab.shown(AmountState, "credits")) == (other, "50")
        assert tab.shown(AmountState, "total") == "$10.00"


def test_next_goes_on_with_what_the_form_shows_while_the_server_has_just_restarted(server, buying):
    tab, other = buying
    server.run(tab.connect)
    server.forget(tab)
    form = {"form": {"facility_id": other, "credits": "35"}}
    server.run(_loads_and_presses, tab, name_of(AmountState, "continue_to_payment"), form)
    assert tab.said(AmountState) == ""
    (paid,) = set(tab.redirects)
    assert paid.startswith("/credits/payment/")


async def _loads_and_presses(tab: Tab, name: str, payload: dict[str, object]) -> None:
    """What a browser sends on its new socket: the load of its page, and at once what was pressed meanwhile."""
    await tab.post(LOAD_PAGE)
    await tab.post(name, payload)


def test_what_is_refused_on_a_forgotten_page_is_still_said_after_its_load(server, buying):
    tab, _other = buying
    server.forget(tab)
    tab.call(AmountState.continue_to_payment({"credits": "many"}))
    assert tab.shown(AmountState, "problems") == {"credits": tab.said(AmountState)}
    assert tab.shown(AmountState, "locations")


def test_a_press_on_a_page_that_cannot_load_says_so_and_changes_nothing(server, buying, monkeypatch):
    def fails(*args, **kwargs):
        raise Unavailable("gone")

    tab, _other = buying
    server.forget(tab)
    with monkeypatch.context() as broken:
        broken.setattr(db, "read", fails)
        tab.call(AmountState.choose_suggested("50"))
    assert tab.shown(SessionState, "unavailable")
    assert "does not answer" in tab.shown(SessionState, "notice")
    assert not tab.shown(AmountState, "ready")


def test_who_has_just_got_the_wheel_can_press_before_their_own_page_has_loaded(server, open_room):
    room = open_room()
    driver = server.tab(seat=room.trainer).open(routes.BUY_CREDITS)
    follower = server.tab(seat=room.join(kind=SeatKind.FAMILY)).open(routes.BUY_CREDITS)
    assert not follower.held(AmountState).ready
    driver.call(RoomState.hand_over_wheel(seat_of(follower.seat).id))
    server.run(asyncio.sleep, 0.2)
    follower.call(AmountState.continue_to_payment({"facility_id": "1", "credits": "35"}))
    assert (follower.held(AmountState).problem, follower.held(AmountState).problems) == ("", {})
    assert follower.redirects[-1].startswith("/credits/payment/")


def test_what_was_only_open_on_a_forgotten_page_is_not_called_missing(server, tab_at):
    tab = tab_at(routes.PRINT)
    server.forget(tab)
    tab.call(PrintState.confirm)
    assert "had to be loaded again" in tab.said(PrintState)
    tab.call(PrintState.confirm)
    assert "could not find" in tab.said(PrintState)
