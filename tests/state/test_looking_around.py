"""Who looks around in a demo session sees every page, also one that writes while it loads; and nothing is written."""

from __future__ import annotations

import re
from contextvars import copy_context

import pytest
from reflex.constants.state import FIELD_MARKER
from sqlmodel import col, select

from rxconnect import db, routes
from rxconnect.demo import seats
from rxconnect.domain.demo import SeatKind
from rxconnect.domain.messages import Direction
from rxconnect.models import Draft, Message
from rxconnect.rxconnect import _DOOR_PAGES, _FAMILY_PAGES, _STAFF_PAGES
from rxconnect.services.books import receipt_history
from rxconnect.services.directory import contacts
from rxconnect.state.family.inmates import FindInmateState
from rxconnect.state.family.messages import MessageState, ThreadState
from rxconnect.world import own
from tests.demos import acting, add_location, begin_purchase, choose_card, write_draft
from tests.rooms import seat_of
from tests.state.forgeries import kept

_PAGES = [
    (address, kind)
    for pages, kind in (
        (_DOOR_PAGES, SeatKind.WATCH),
        (_FAMILY_PAGES, SeatKind.WATCH),
        (_STAFF_PAGES, SeatKind.ADMINISTRATOR),
    )
    for address, _title, _page, on_load in pages
    if on_load
]
_PARAMETER = re.compile(r"\[(\w+)\]")


@pytest.fixture
def room(open_room):
    return open_room()


def one_of_everything(room) -> dict[str, object]:
    """A value for the parameter of each page's address. The message is unread."""
    with acting(seat_of(room.trainer)) as rosa:
        purchase_id = begin_purchase(rosa)
        choose_card(rosa)
        with db.transaction() as session:
            mine = (Message.account_id == rosa.account_id, Message.direction == Direction.INCOMING)
            unread = session.exec(select(Message).where(*mine)).first()
            assert unread
            unread.read_at = None
            message_id = unread.id
        return {
            "facility_id": add_location(rosa),
            "key": "cedar-ridge",
            "purchase_id": purchase_id,
            "number": db.read(receipt_history.movements, rosa, receipt_history.Filter())[0].number,
            "year": 2026,
            "contact_id": db.read(contacts.my_contacts, rosa)[0].id,
            "message_id": message_id,
            "draft_id": write_draft(rosa),
        }


def look_around(server, room, kind: SeatKind = SeatKind.WATCH):
    """The tab of a person who looks around."""
    token = room.join(kind=kind)
    db.write(seats.stop_following, seat_of(token))
    return server.tab(seat=token)


def problems(tab) -> list[object]:
    """Every problem that any State of the tab shows."""
    names = {f"{name}{FIELD_MARKER}" for name in ("problem", "problems")}
    return [value for shown in tab.vars.values() for name, value in shown.items() if name in names and value]


@pytest.mark.parametrize(("address", "kind"), _PAGES)
def test_every_page_shows_without_a_refusal_and_nothing_is_written(server, room, address, kind):
    values = one_of_everything(room)
    tab, before = look_around(server, room, kind), kept(room)
    tab.open(_PARAMETER.sub(lambda found: str(values[found[1]]), address))
    assert problems(tab) == []
    assert server.errors == []
    assert kept(room) == before


def test_what_was_unread_is_shown_and_stays_unread(server, room):
    values = one_of_everything(room)
    tab, before = look_around(server, room).open(routes.DASHBOARD), kept(room)
    tab.go(routes.fill(routes.MESSAGE, values["message_id"]))
    assert tab.shown(MessageState, "message")["id"] == values["message_id"]
    tab.go(routes.fill(routes.THREAD, values["contact_id"]))
    assert tab.shown(ThreadState, "messages")
    assert problems(tab) == []
    assert kept(room) == before


def test_the_drivers_search_is_shown_with_its_matches(server, room):
    driver = server.tab(seat=room.trainer).open(f"{routes.FIND_INMATE}?everywhere=yes")
    driver.call(FindInmateState.type_last_name("Delgado"))
    tab = look_around(server, room).open(routes.FIND_INMATE)
    assert tab.shown(FindInmateState, "last_name") == "Delgado"
    assert tab.shown(FindInmateState, "results")
    assert problems(tab) == []


def test_a_new_draft_is_neither_made_nor_promised(server, room):
    tab = look_around(server, room).open(routes.COMPOSE_NEW)
    assert tab.redirects == [routes.DRAFTS]
    with room.world.bound(), db.reading() as session:
        assert not session.exec(select(Draft).where(col(Draft.body) == "")).all()


def test_another_world_that_is_bound_during_a_dry_run_is_written_to(database, room):
    def load() -> int:
        room.world.bind(may_write=False, driver="Aisha", is_load=True)
        with own().bound(), acting(seat_of(room.trainer)) as rosa:
            return write_draft(rosa)

    draft_id = copy_context().run(load)
    with room.world.bound(), db.reading() as session:
        assert session.get(Draft, draft_id)
