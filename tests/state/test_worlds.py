"""Thirty worlds in one process, each with its own people and prices, while every handler is called in all of them at once."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import product

import pytest
from reflex_base.registry import RegistrationContext

from rxconnect import db, routes, world
from rxconnect.domain.errors import Unavailable
from rxconnect.state.guard import Text
from rxconnect.state.session import SessionState
from rxconnect.world import World
from tests.state.driver import LOAD_PAGE, Server, Tab, sign_in
from tests.state.hostile_texts import filled
from tests.state.lives import Life, everything, live

# The same length, and none a part of another or of any word of ours.
WORDS = [f"Zeph{one}{two}o" for one, two in product("bdfklm", "aeiou")]
OURS = {
    name: registered.handler.fn
    for name, registered in RegistrationContext.get().event_handlers.items()
    if hasattr(registered.handler.fn, "__guard__")
}
_WORD = re.compile(r"zeph[a-z]{2}o", re.IGNORECASE)
_PRICE = re.compile(r'"price_cents": ?(\d+)')


class Inhabited:
    """A world, whose family has one of everything, and a tab of theirs."""

    def __init__(self, place: int) -> None:
        self.word, self.price = WORDS[place].lower(), 101 + place
        self.world: World = world.open_copy(db.template_database(), behind=timedelta(days=place))
        with self.world.bound():
            self.life: Life = live(WORDS[place], self.price)
            self.token = sign_in(self.life.actor)

    def enter(self, server: Server) -> None:
        self.tab: Tab = server.tab(self.token)
        self.tab.world = self.world.name

    def crossings(self) -> list[str]:
        """What it was told, or keeps, of another."""
        with self.world.bound():
            kept = repr(everything())
        strange = {word for word in _WORD.findall(f"{self.tab.heard} {kept}") if word.lower() != self.word}
        return [*strange, *(cents for cents in _PRICE.findall(self.tab.heard) if int(cents) != self.price)]


@pytest.fixture
def all_of_them(database) -> list[Inhabited]:
    """Thirty worlds, made at the same time by threads that know of none of them."""
    db.template_database()
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(Inhabited, range(len(WORDS))))


async def _connect(inhabited: list[Inhabited]) -> None:
    await asyncio.gather(*(each.tab.connect() for each in inhabited))


async def _post(inhabited: list[Inhabited], name: str) -> None:
    await asyncio.gather(*(each.tab.post(name, _payload(each.life, name)) for each in inhabited))


def _payload(life: Life, name: str) -> dict[str, object]:
    kinds = dict(OURS[name].__annotations__) if name in OURS else {}
    own = {argument: getattr(life, argument) for argument in kinds if argument.endswith("_id")}
    return filled(kinds, "Zeph") | {
        argument: str(value) if kinds[argument] is Text else value for argument, value in own.items()
    }


def test_thirty_worlds_at_once_tell_each_other_nothing_over_every_handler(all_of_them, server, database):
    own, files = everything(), {path.name for path in database.iterdir()}
    for each in all_of_them:
        each.enter(server)
    server.run(_connect, all_of_them)
    for number in range(len(all_of_them[0].life.addresses) + 1):
        for each in all_of_them:
            each.tab.address = [routes.CREDITS, *each.life.addresses][number]
        server.run(_post, all_of_them, LOAD_PAGE)
    assert [each.tab.shown(SessionState, "first_name").lower() for each in all_of_them] == [w.lower() for w in WORDS]
    for name in sorted(OURS):
        server.run(_post, all_of_them, name)

    # Whose sign-in is looked for in another world is turned away there.
    assert [each.word for each in all_of_them if any(to.startswith(routes.SIGN_IN) for to in each.tab.redirects)] == []
    assert {each.word: each.crossings() for each in all_of_them if each.crossings()} == {}
    assert [str(each.price) in _PRICE.findall(each.tab.heard) for each in all_of_them] == [True] * len(WORDS)
    assert (everything(), {path.name for path in database.iterdir()}) == (own, files)


def test_a_socket_stays_in_its_world_whatever_is_bound_where_its_event_begins(server, database):
    here = world.open_copy(db.template_database())
    with here.bound():
        token = sign_in(live("Zephbao").actor)
        tab = server.tab(token).open(routes.DASHBOARD)
    assert set(tab.redirects) == {f"{routes.SIGN_IN}?next={routes.DASHBOARD}"}
    tab = server.tab(token)
    tab.world = here.name
    assert tab.open(routes.DASHBOARD).shown(SessionState, "first_name") == "Zephbao"


def test_the_same_tab_holds_nothing_of_another_world(server, database):
    here = world.open_copy(db.template_database())
    tab = server.tab().open(routes.SIGN_IN)
    of_own = server.sockets.sid_to_token[tab.socket]
    tab.world = here.name
    assert server.sockets.sid_to_token[tab.open(routes.SIGN_IN).socket] != of_own


def test_an_event_of_a_world_that_was_thrown_away_sends_its_browser_to_where_it_belongs_now(server, database):
    here = world.open_copy(db.template_database())
    tab = server.tab()
    tab.world = here.name
    tab.open(routes.SIGN_IN)
    world.close(here)
    tab.forget_frames().go(routes.SIGN_IN)
    (error,) = server.errors
    assert (type(error), tab.frames) == (Unavailable, [])
    server.errors.clear()
