"""Worlds beside the installation's own: how long one takes to open and to close, and what it holds in memory."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from rxconnect import db, world
from rxconnect.services.notices import emails
from rxconnect.services.purchases import checkout
from rxconnect.world import World
from tests.bench.report import Report, measured
from tests.bench.servers import used
from tests.state.lives import everything, live

_MANY = 30


def keep(report: Report) -> None:
    """Thirty of them: opened, served by jobs, lived in, and thrown away."""
    with tempfile.TemporaryDirectory() as folder, used(Path(folder)):
        db.upgrade()
        template = db.template()
        # What the process itself keeps of a life, whatever the world, is there before anything is counted.
        _timed(lambda: _begin(template), lambda opened: world.close(_lived_in(opened, "Nobody")))
        before = _held()
        opening, worlds = zip(*(_timed(lambda: _begin(template)) for _ in range(_MANY)), strict=True)
        asyncio.run(_served())
        idle = (_held() - before) / _MANY
        for number, each in enumerate(worlds):
            _lived_in(each, f"Family {number}")
        asyncio.run(_served())
        in_use = (_held() - before) / _MANY
        closing = [_timed(lambda each=each: world.close(each))[0] for each in worlds]
        del worlds, each
        left = max(0.0, _held() - before) / _MANY
    report.rows += [
        measured("Open a world, until its database answers", opening, "ms", at_most=100),
        measured("Close it, with its files", closing, "ms"),
        measured(f"Memory an idle world that jobs serve (USS, {_MANY} worlds)", [idle], "KB", at_most=1024),
        measured("The same, lived in", [in_use], "KB", at_most=2048),
        measured("The same, closed", [left], "KB"),
    ]


def _begin(template: Path) -> World:
    opened = world.open_copy(template)
    with opened.bound():
        assert db.answers()
    return opened


def _lived_in(opened: World, word: str) -> World:
    """A family with one of everything, and all of it read."""
    with opened.bound():
        live(word)
        everything()
    return opened


async def _served() -> None:
    """A round of the most frequent jobs in every open world."""
    for each in world.open_worlds():
        with each.bound():
            await emails.deliver_due()
            await asyncio.to_thread(checkout.reconcile)


def _timed(step: Callable[[], World | None], then: Callable[[World], object] = lambda _: None) -> tuple[float, World]:
    """Milliseconds of `step`, and what it made."""
    began = time.perf_counter()
    made = step()
    milliseconds = (time.perf_counter() - began) * 1000
    then(made)
    return milliseconds, made


def _held() -> float:
    """What this process holds for itself alone, in KB, without what it has let go and the C library has kept for later."""
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    return psutil.Process().memory_full_info().uss / 1024
