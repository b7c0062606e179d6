"""Live pages: how long after a commit an open inbox has what changed."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rxconnect import db, live, relay, routes
from rxconnect.config import settings
from rxconnect.domain.topics import Subject, Topic
from rxconnect.state.family.messages import InboxState
from tests import redis_server
from tests.bench import people, servers
from tests.bench.people import Family
from tests.bench.report import Report, Row, measured, p95
from tests.bench.tabs import Tab, open_tab, shows
from tests.state import driver

CHANGES, APART = 200, 0.15


def follow(data: Path, report: Report) -> None:
    """Within one process, and from this process to the workers of a server, through Redis."""
    servers.prepare(data)
    report.rows.append(_row("in memory, to the frame", _in_memory()))
    with (
        redis_server.running() as redis,
        _environment(RXCONNECT_REDIS_URL=redis.url, RXCONNECT_WORKERS="2"),
        servers.running(data) as server,
    ):
        report.rows.append(_row("through Redis, to the browser's end", asyncio.run(_through_redis(server.url))))


def _row(way: str, times: list[float]) -> Row:
    return measured(f"From a commit to an open inbox, {way}", times, "ms", at_most=100, judged_by=p95)


def _in_memory() -> list[float]:
    rosa, server, times = people.rosa(), driver.Server(), []
    tab = server.tab(rosa.token).open(routes.INBOX)

    async def change() -> None:
        heard = asyncio.Event()
        tab.hear = lambda _update: heard.set()  # type: ignore[method-assign]
        began = await asyncio.to_thread(_publish, rosa)
        await heard.wait()
        times.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(APART)

    for _ in range(CHANGES):
        server.run(change)
    server.close()
    return times


async def _through_redis(url: str) -> list[float]:
    rosa, times = people.rosa(), []
    carrying = asyncio.create_task(relay.carry())
    async with open_tab(url, rosa.cookie, routes.INBOX, InboxState) as tab:
        await asyncio.sleep(1)
        for _ in range(CHANGES):
            times.append(await _seen(tab, rosa))
            await asyncio.sleep(APART)
    carrying.cancel()
    return times


async def _seen(tab: Tab, rosa: Family) -> float:
    seen = tab.expect(shows(InboxState, "threads"))
    began = await asyncio.to_thread(_publish, rosa)
    await seen
    return (time.perf_counter() - began) * 1000


def _publish(family: Family) -> float:
    """Commit a change. The moment at which it was committed."""
    with db.transaction() as session:
        live.publish(session, Topic(Subject.THREADS, family.actor.account_id))
    return time.perf_counter()


@contextmanager
def _environment(**more: str) -> Iterator[None]:
    """These settings, here and in the server."""
    os.environ.update(more)
    settings.cache_clear()
    try:
        yield
    finally:
        for name in more:
            del os.environ[name]
        settings.cache_clear()
