"""While the database does not answer, an event of a seat shows no page of any world, and its socket is opened again."""

from __future__ import annotations

import pytest

from rxconnect import routes
from rxconnect.demo import seats
from rxconnect.domain.errors import Busy, Unavailable
from rxconnect.state.demo.room import RoomState
from rxconnect.state.family.contacts import ContactsState
from rxconnect.state.session import SessionState
from tests.state.driver import LOAD_PAGE, MOVE_TO_PAGE, name_of, sign_in
from tests.state.lives import live

EVENTS = [
    *(LOAD_PAGE, MOVE_TO_PAGE, name_of(ContactsState, "load"), name_of(RoomState, "reload")),
    name_of(SessionState, "dismiss_notice"),
]


@pytest.fixture
def tab(server, open_room):
    """The tab of a seat, in a browser that has a real account's sign-in as well."""
    return server.tab(sign_in(live("Xanthippe").actor), seat=open_room().trainer).open(routes.CONTACTS)


@pytest.fixture(params=[Unavailable, Busy])
def outage(request, tab):
    """The look-up of a seat fails, until this is called."""

    def fails(_hash):
        raise request.param("gone")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seats, "find", fails)
        yield patch.undo


@pytest.mark.parametrize("name", EVENTS)
def test_nothing_is_shown_and_the_socket_is_opened_again(server, tab, outage, name):
    tab.forget_frames().send(name)
    assert (tab.frames, tab.redirects) == ([], [])
    assert tab.times_reopened >= 1
    assert {type(error) for error in server.errors} == {Unavailable}
    server.errors.clear()


def test_after_the_outage_the_tab_is_in_the_world_of_its_seat_again(server, tab, outage):
    tab.send(name_of(ContactsState, "load"))
    server.errors.clear()
    outage()
    tab.open(routes.CONTACTS)
    assert tab.shown(SessionState, "name") == "Rosa Delgado"
    assert tab.shown(ContactsState, "contacts")
    assert "Xanthippe" not in tab.heard
