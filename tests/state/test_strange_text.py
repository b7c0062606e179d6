"""What no database takes, NUL and half a character, in addresses and events: nothing is found by it, and nothing breaks."""

from __future__ import annotations

import pytest

from rxconnect import routes
from rxconnect.domain.accounts import Role
from rxconnect.state.session import SessionState
from tests.architecture.test_handlers import HANDLERS
from tests.databases import server_for
from tests.services.moneyed import account
from tests.soak import worlds
from tests.state.driver import Server, sign_in
from tests.state.hostile_texts import filled

BY_PATH = [
    routes.fill(route, "{}")
    for name, route in vars(routes).items()
    if name.isupper() and route.endswith("]") and "." not in route
]
BY_QUERY = [
    f"{routes.BUY_CREDITS}?purchase={{}}",
    f"{routes.BUY_CREDITS}?facility={{}}",
    f"{routes.FINANCE}?period={{}}",
    f"{routes.FINANCE}?facility={{}}",
]


@pytest.fixture(scope="module", params=[worlds.SQLITE, worlds.POSTGRESQL])
def databases(request):
    """Where databases of each kind are made."""
    return server_for(request.param, request)


@pytest.fixture
def server(databases):
    """The app on such a database, with one facility. No handler may end in an unexpected error."""
    with worlds.database(databases):
        worlds.build()
        server = Server()
        yield server
        server.close()
        assert server.errors == []


def people():
    return account("Ada Young"), account("Paula Stone", Role.ADMINISTRATOR, 1)


@pytest.mark.parametrize("strange", ["\0", "%00", "%ED%A0%80"])
def test_no_address_with_it_breaks_a_page(server, strange):
    for who in people():
        tab = server.tab(sign_in(who))
        for address in (*BY_PATH, *BY_QUERY):
            tab.open(address.format(strange)).go(address.format(f"7{strange}"))
            assert tab.shown(SessionState, "apology") == ""


def test_an_address_that_no_browser_can_have_is_not_answered_and_breaks_nothing(server):
    for who in people():
        tab = server.tab(sign_in(who))
        for address in (*BY_PATH, *BY_QUERY):
            tab.open(address.format("\ud800"))
        assert tab.frames == []
        assert tab.open(routes.DASHBOARD).frames


def test_who_is_not_signed_in_is_led_to_the_door_from_there_too(server):
    assert server.tab().open(routes.fill(routes.PAYMENT, "\0")).address.startswith(routes.SIGN_IN)


@pytest.mark.parametrize("strange", ["\0", "\ud800"])
def test_no_event_with_it_breaks_a_handler(server, strange):
    for who in people():
        tab = server.tab(sign_in(who)).open(routes.fill(routes.REVIEW, "\0"))
        for name, handler in HANDLERS.items():
            tab.send(name, filled(handler.__annotations__, f"123{strange}"))
