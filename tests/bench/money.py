"""Sends a second from one hot wallet, where every send waits for the one before, on SQLite and on PostgreSQL.

Both sync to the disk, as in production.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rxconnect import db
from rxconnect.domain.accounts import Actor
from rxconnect.domain.terms import VERSION
from rxconnect.services.screening import submissions
from rxconnect.state.transactions import write
from tests import postgres
from tests.bench import servers
from tests.bench.report import Report, answered, measured, p95, percentile
from tests.services.conftest import give_credits
from tests.soak import worlds, writers

SENDS, ROUNDS = 1_000, 3
# The target of sends a second, by database.
_AT_LEAST = {worlds.SQLITE: 200, worlds.POSTGRESQL: 130}
_WRITERS_P95 = 250
_BOTH = (worlds.SQLITE, worlds.POSTGRESQL)


def send(report: Report) -> None:
    """Measure sends of one worker, and of sixteen writers in four processes."""
    for kind in _BOTH:
        try:
            with database(kind):
                world = worlds.build()
                _one_worker(world, kind, report)
                _sixteen_writers(world, kind, report)
        except postgres.NoPostgres as error:
            report.rows.append(answered(f"Sends from one wallet, {kind}", str(error)))


@contextmanager
def database(kind: str) -> Iterator[None]:
    """An empty, migrated database on the disk."""
    with tempfile.TemporaryDirectory() as folder:
        if kind == worlds.SQLITE:
            with servers.used(Path(folder)):
                db.upgrade()
                yield
            return
        with postgres.running(durable=True) as address, worlds.database(address):
            yield


def _one_worker(world: worlds.World, kind: str, report: Report) -> None:
    """Send all at once: the worker's own queue of writers and its threads order them."""
    rates = []
    for _ in range(ROUNDS):
        family, contact_id = world.family()
        give_credits(family, world.place, SENDS)
        drafts = db.write(writers.prepare, family, contact_id, SENDS)
        began = time.perf_counter()
        asyncio.run(_send_all(family, drafts))
        rates.append(SENDS / (time.perf_counter() - began))
    least = _AT_LEAST[kind]
    spread = f"{min(rates):.0f} to {max(rates):.0f}, {ROUNDS} × {SENDS} sends"
    report.rows.append(
        answered(
            f"Sends a second from one wallet, one worker, {kind}",
            f"{sorted(rates)[ROUNDS // 2]:.0f}",
            target=f"≥ {least}",
            is_met=sorted(rates)[ROUNDS // 2] >= least,
            note=spread,
        )
    )


async def _send_all(family: Actor, drafts: list[int]) -> None:
    """Send all drafts as a page's handler does, without the page."""
    async with asyncio.TaskGroup() as group:
        for draft in drafts:
            group.create_task(write(submissions.send, family, draft, accepted_terms=VERSION))


def _sixteen_writers(world: worlds.World, kind: str, report: Report) -> None:
    done = writers.soak(world)
    what = f"A send among 16 writers in 4 processes on one wallet, {kind}"
    at_most = _WRITERS_P95 if kind == worlds.SQLITE else None
    report.rows.append(measured(what, done.sends, "ms", at_most=at_most, judged_by=p95))
    told = f"{len(done.violations)} errors, {done.a_second:.0f} sends a second, 99th percentile {percentile(done.sends, 99):.0f} ms"
    report.rows.append(answered(f"{what}: balance", told, target="0 errors", is_met=not done.violations))
