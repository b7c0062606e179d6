"""The server's cost of one event: through Reflex's own processor, without a browser, a network, or other users."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from sqlalchemy import Engine, event

from rxconnect import db, routes
from rxconnect.demo import world
from rxconnect.state.family.inmates import FindInmateState
from rxconnect.state.family.purchases import AmountState
from tests.bench import people, servers
from tests.bench.report import Report, Row, measured
from tests.state.driver import LOAD_PAGE, Server, Tab, name_of

# Less than an account's limit of searches in ten minutes.
_TIMES = 200
_NAMES = {"text": ("delgado", "okafor", "lindqist", "whitaker", "nguyen")}
_AMOUNTS = {"credits": ("10", "11", "12", "13", "14")}

Step = Callable[[int], Awaitable[None]]


def answer(folder: Path, report: Report) -> None:
    """Measure a light event, a typed name, and the dashboard opened in a new tab with its socket's handshake."""
    with servers.used(folder):
        db.upgrade()
        world.seed(lambda _done, _total: None)
        server = Server()
        try:
            report.rows += _rows(server)
        finally:
            server.close()


def _rows(server: Server) -> list[Row]:
    family, rosa = people.family_at_cedar_ridge(), people.rosa()
    amount = server.tab(family.token).open(routes.BUY_CREDITS)
    name = server.tab(family.token).open(routes.FIND_INMATE)
    return [
        *_timed(server, "Event: an amount typed", 0.6, _typing(amount, AmountState, "type_credits", _AMOUNTS)),
        *_timed(server, "Event: a name typed", 2.3, _typing(name, FindInmateState, "type_last_name", _NAMES)),
        *_timed(server, "Event: the dashboard in a new tab", 6, _opening(server, rosa.token)),
    ]


def _typing(tab: Tab, state: type, handler: str, texts: Mapping[str, Sequence[str]]) -> Step:
    """A step that types another text each time, as an unchanged text would do nothing."""
    ((argument, given),) = texts.items()
    return lambda number: tab.post(name_of(state, handler), {argument: given[number % len(given)]})


def _opening(server: Server, token: str) -> Step:
    async def open_tab(_number: int) -> None:
        tab = server.tab(token)
        tab.address = routes.DASHBOARD
        await tab.connect()
        await tab.post(LOAD_PAGE)

    return open_tab


def _timed(server: Server, measure: str, at_most: float, step: Step) -> list[Row]:
    """The time of a step, and the number of its transactions."""
    times: list[float] = []
    begun: list[object] = []

    def begins(connection: object) -> None:
        begun.append(connection)

    async def run() -> None:
        for number in range(_TIMES):
            began = time.perf_counter()
            await server.settled(step, number)
            times.append((time.perf_counter() - began) * 1000)

    event.listen(Engine, "begin", begins)
    server.run(run)
    event.remove(Engine, "begin", begins)
    each = [len(begun) / _TIMES]
    return [measured(measure, times, "ms", at_most=at_most), measured(f"{measure}: transactions", each, "")]
