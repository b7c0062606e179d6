"""Worlds beside the installation's own: the time to open and close one, and its memory."""

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
    """Measure thirty worlds: open them, run jobs, use them, and delete them."""
    with tempfile.TemporaryDirectory() as folder, used(Path(folder)):
        db.upgrade()
        template = db.template_database()
        # Use one world first, so that the process's own caches are filled before anything is counted.
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
        assert db.is_responding()
    return opened


def _lived_in(opened: World, word: str) -> World:
    """Use a world: create a family with one of everything, and read all of it."""
    with opened.bound():
        live(word)
        everything()
    return opened


async def _served() -> None:
    """Run the most frequent jobs once in every open world."""
    for each in world.open_worlds():
        with each.bound():
            await emails.deliver_due()
            await asyncio.to_thread(checkout.reconcile)


def _timed(step: Callable[[], World | None], then: Callable[[World], object] = lambda _: None) -> tuple[float, World]:
    """The milliseconds of `step`, and its result."""
    began = time.perf_counter()
    made = step()
    milliseconds = (time.perf_counter() - began) * 1000
    then(made)
    return milliseconds, made


def _held() -> float:
    """This process's unshared memory in KB, without freed memory that the C library keeps."""
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    return psutil.Process().memory_full_info().uss / 1024
