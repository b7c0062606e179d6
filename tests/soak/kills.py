"""SIGKILL at every named point of every deed with money and at random moments: nothing is lost or done twice.

A named point is before or after one SQL statement, one commit or one call to the processor. A rehearsal lists them. The
killed child is forked from a warm parent, and has its own connections.
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

# The server's calls to the processor, and the buyer's answer at the bank; not the browser's own posts.
_ASKED = (
    "create_customer", "describe", "store_card", "create_intent", "confirm", "authenticate", "retrieve", "cancel", "refund",
    "retrieve_refund",
)  # fmt: skip
# Seconds: longer than any deed takes, so that a hanging child is reported.
_HANGS = 60.0
# A process killed at a random moment runs so many deeds, which take about so many seconds.
_TOGETHER, _LONGEST = 3, 0.15
# Kills for each database. All books are read after every kill, so a database must stay small.
_A_DATABASE = 100

Point = tuple[Begin, int, str]
Here = Callable[[str], None]


@dataclass(frozen=True)
class Found:
    """The numbers of named points and random moments, and the violations."""

    named: int
    timed: int
    violations: list[str]


def soak(address: str, *, named: int | None, timed: int, deeds: Sequence[Begin] = DEEDS) -> Found:
    """Kill at `named` of the deeds' points, evenly chosen (all: None), and `timed` times at a random moment.

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
    """Kill a deed at a named point, let the jobs finish it, and repeat it. Returns the violations."""
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
    """Kill a process at a random moment of random deeds, then do as `_kill_at`."""
    random = Random(seed)
    deeds = [begin(world) for begin in random.sample([one for one in DEEDS if one is not ALONE], _TOGETHER)]
    seconds = random.uniform(0, _LONGEST)
    child = _fork(lambda: _do_all(deeds))
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return [f"killed after {seconds * 1000:.0f} ms, seed {seed}: {sentence}" for sentence in _after(*deeds)]


def _after(*deeds: Deed) -> list[str]:
    """Let the jobs finish the interrupted deeds, then repeat them. Returns the violations."""
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
    """The named points of a deed, found by a rehearsal."""
    return [(begin, place, name) for place, name in enumerate(_rehearse(begin(world)))]


def _rehearse(deed: Deed) -> list[str]:
    """Run a deed undisturbed, which must succeed. Returns the names of its points."""
    file = settings().data_dir / "points.json"

    def do() -> None:
        passed: list[str] = []
        _do(deed, passed.append)
        file.write_text(json.dumps(passed))

    assert _wait(_fork(do)) == 0
    assert deed.wrong() == []
    return json.loads(file.read_text())


def _do(deed: Deed, here: Here) -> None:
    """Do a deed in the child, and call `here` at every point."""
    _watch(db.write_engine(), here)
    with processor.using(Watched(here)):
        deed.do()


def _do_all(deeds: list[Deed]) -> None:
    for deed in deeds:
        deed.do()
    # A child that finishes early waits to be killed.
    time.sleep(_HANGS)


class Watched(Sandbox):
    """A sandbox that calls `here` before and after every call."""

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
    """Call `here` at every statement and commit of a writing transaction."""

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
    """Fork a child that does the work and exits. Parent and child share no connection."""
    for engine in (db.write_engine(), db.read_engine()):
        engine.dispose()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    except BaseException:  # A child must never continue as a second parent.
        traceback.print_exc()
    finally:
        os._exit(code)


def _wait(child: int) -> int:
    """Wait for a child. Returns its status from `os.waitpid`."""
    deadline = time.monotonic() + _HANGS
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.002)
    os.kill(child, signal.SIGTERM)
    return os.waitpid(child, 0)[1]


def _let_go() -> None:
    """Wait until PostgreSQL has noticed that a killed child is gone; it first ends the child's last statement."""
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
