"""SIGKILL, at every named point of every deed with money and at random moments: nothing is lost, nothing happens twice.

A named point is before or after one SQL statement, one commit or one question to the processor. A rehearsal names them.
The child that is killed is forked from a parent that is warmed up, and has connections of its own.
"""

from __future__ import annotations

import json
import os
import signal
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from rxconnect import db
from rxconnect.config import settings
from rxconnect.payments.sandbox import Sandbox
from rxconnect.services.money import processor
from tests.soak import books, worlds
from tests.soak.deeds import ALONE, DEEDS, Begin, Deed
from tests.soak.worlds import World

# What the processor is asked, and what a buyer answers at their bank; not what the browser posts to it.
_ASKED = (
    "create_customer", "describe", "store_card", "create_intent", "confirm", "authenticate", "retrieve", "cancel", "refund",
    "retrieve_refund",
)  # fmt: skip
# Seconds: longer than any deed takes, so that a child that hangs is told as such.
_HANGS = 60.0
# What a process does that is killed at a random moment: so many deeds, which take about so many seconds.
_TOGETHER, _LONGEST = 3, 0.15
# All books are read after every kill, so they had better stay short.
_A_DATABASE = 100

Point = tuple[Begin, int, str]
Here = Callable[[str], None]


@dataclass(frozen=True)
class Found:
    """How many points were named and moments tried, and every sentence that should not have been true."""

    named: int
    timed: int
    violations: list[str]


def soak(address: str, *, named: int | None, timed: int, deeds: Sequence[Begin] = DEEDS) -> Found:
    """Kill at so many of the deeds' named points, evenly chosen (all: None), and so many times at a random moment.

    The databases are in the server at `address` (`worlds.server`).
    """
    with worlds.database(address):
        world = worlds.build()
        every = [point for begin in deeds for point in _points(world, begin)]
    chosen = every if named is None else [every[index * len(every) // named] for index in range(named)]
    tries: list[Callable[[World], list[str]]] = [
        *(partial(_kill_at, point=point) for point in chosen),
        *(partial(_kill_after, seed=seed) for seed in range(timed)),
    ]
    violations = []
    for first in range(0, len(tries), _A_DATABASE):
        with worlds.database(address):
            world = worlds.build()
            for attempt in tries[first : first + _A_DATABASE]:
                violations += attempt(world)
    return Found(len(set(chosen)), timed, violations)


def _kill_at(world: World, point: Point) -> list[str]:
    """Kill a deed at a named point, let the jobs finish it, and do it again. Returns what is not true afterwards."""
    begin, place, name = point
    deed = begin(world)
    passed: list[str] = []

    def die(where: str) -> None:
        passed.append(where)
        if len(passed) == place + 1:
            os.kill(os.getpid(), signal.SIGKILL)

    ended = _wait(_fork(lambda: _do(deed, die)))
    was_killed = os.WIFSIGNALED(ended) and os.WTERMSIG(ended) == signal.SIGKILL
    found = _after(deed) if was_killed else ["the point was not reached"]
    return [f"{begin.__name__}, killed {name}: {sentence}" for sentence in found]


def _kill_after(world: World, seed: int) -> list[str]:
    """Kill one process at a random moment of random deeds, and go on as `_kill_at`."""
    random = Random(seed)
    deeds = [begin(world) for begin in random.sample([one for one in DEEDS if one is not ALONE], _TOGETHER)]
    seconds = random.uniform(0, _LONGEST)
    child = _fork(lambda: _do_all(deeds))
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return [f"killed after {seconds * 1000:.0f} ms, seed {seed}: {sentence}" for sentence in _after(*deeds)]


def _after(*deeds: Deed) -> list[str]:
    """Let the jobs finish what was cut off, and whoever was disturbed do it again. Returns what is not true then."""
    _let_go()
    _finish(*deeds)
    found = books.violations()
    for deed in deeds:
        deed.do()
    _finish(*deeds)
    return found + books.violations() + [sentence for deed in deeds for sentence in deed.wrong()]


def _finish(*deeds: Deed) -> None:
    for seconds in sorted({moment for deed in deeds for moment in deed.patience}):
        worlds.reconcile(seconds)


def _points(world: World, begin: Begin) -> list[Point]:
    """Every named point of a deed, found by a rehearsal."""
    return [(begin, place, name) for place, name in enumerate(_rehearse(begin(world)))]


def _rehearse(deed: Deed) -> list[str]:
    """The names of the points that a deed passes. Undisturbed, it must do what it should."""
    file = settings().data_dir / "points.json"

    def do() -> None:
        passed: list[str] = []
        _do(deed, passed.append)
        file.write_text(json.dumps(passed))

    assert _wait(_fork(do)) == 0
    assert deed.wrong() == []
    return json.loads(file.read_text())


def _do(deed: Deed, here: Here) -> None:
    """In the child: do it, telling `here` of every point."""
    _watch(db.write_engine(), here)
    with processor.using(Watched(here)):
        deed.do()


def _do_all(deeds: list[Deed]) -> None:
    for deed in deeds:
        deed.do()
    # Whoever is done before the end comes waits for it.
    time.sleep(_HANGS)


class Watched(Sandbox):
    """The sandbox, telling of every question before and after it is answered."""

    def __init__(self, here: Here):
        super().__init__(settings().data_dir / "sandbox.db")
        self._here = here

    def __getattribute__(self, name: str) -> Any:
        answer = super().__getattribute__(name)
        return self._told(name, answer) if name in _ASKED else answer

    def _told(self, name: str, answer: Callable) -> Callable:
        def ask(*given: Any, **options: Any) -> Any:
            self._here(f"before the processor's {name}")
            answered = answer(*given, **options)
            self._here(f"after the processor's {name}")
            return answered

        return ask


def _watch(engine: Engine, here: Here) -> None:
    """Tell of every statement and commit of a writing transaction."""

    def after_commit(session: Session) -> None:
        if session.get_bind() is engine:
            here("after a commit")

    event.listen(engine, "before_cursor_execute", lambda *given: here(f"before {_short(given[2])}"))
    event.listen(engine, "after_cursor_execute", lambda *given: here(f"after {_short(given[2])}"))
    event.listen(engine, "commit", lambda _connection: here("before a commit"))
    event.listen(Session, "after_commit", after_commit)


def _short(statement: str) -> str:
    return " ".join(statement.split())[:60]


def _fork(work: Callable[[], object]) -> int:
    """Start a child that does some work and ends. No connection is open in both."""
    for engine in (db.write_engine(), db.read_engine()):
        engine.dispose()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    except BaseException:  # A child must never go on as a second parent.
        traceback.print_exc()
    finally:
        os._exit(code)


def _wait(child: int) -> int:
    """How a child ended, as `os.waitpid` tells it."""
    deadline = time.monotonic() + _HANGS
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.002)
    os.kill(child, signal.SIGTERM)
    return os.waitpid(child, 0)[1]


def _let_go() -> None:
    """Wait until PostgreSQL has noticed that a killed child is gone: it ends the statement that was sent last."""
    if db.read_engine().dialect.name != "postgresql":
        return
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    deadline = time.monotonic() + _HANGS
    while time.monotonic() < deadline:
        with db.read_engine().connect() as connection:
            if connection.execute(others).scalar() == 0:
                return
        time.sleep(0.002)
    raise TimeoutError("PostgreSQL still works for a process that was killed a minute ago")
