"""Live pages: the time from a commit until an open inbox shows the change."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from unittest.mock import patch

from rxconnect import db, live, relay, routes
from rxconnect.domain.topics import Subject, Topic
from rxconnect.state.family.messages import InboxState
from tests import redis_server
from tests.bench import people, servers
from tests.bench.people import Family
from tests.bench.report import Report, Row, measured, p95
from tests.bench.tabs import open_tab, shows
from tests.state import driver

CHANGES, APART = 200, 0.15


def follow(data: Path, report: Report) -> None:
    """Measure within one process, and from this process to a server's workers, through Redis.

    For comparison, the same load on the tab's own request is measured in turns. The difference is the cost of the
    notification.
    """
    with servers.used(data):
        servers.prepare(data)
        report.rows += _rows("in memory, to the frame", *_in_memory())
    with (
        redis_server.running() as redis,
        patch.dict(os.environ, RXCONNECT_REDIS_URL=redis.url, RXCONNECT_WORKERS="2"),
        servers.used(data),
        servers.running(data) as server,
    ):
        report.rows += _rows("through Redis, to the browser's end", *asyncio.run(_through_redis(server.url)))


def _rows(way: str, woken: list[float], asked: list[float]) -> list[Row]:
    return [
        measured(f"From a commit to an open inbox, {way}", woken, "ms", at_most=100, judged_by=p95),
        measured(f"An inbox that asks, {way}", asked, "ms"),
    ]


def _in_memory() -> tuple[list[float], list[float]]:
    rosa, server = people.rosa(), driver.Server()
    tab = server.tab(rosa.token).open(routes.INBOX)
    woken: list[float] = []
    asked: list[float] = []

    async def both() -> None:
        for times, change in ((woken, asyncio.to_thread(_publish, rosa)), (asked, _ask(tab))):
            heard = asyncio.Event()
            tab.hear = lambda _update, heard=heard: heard.set()  # type: ignore[method-assign]
            began = await change
            await heard.wait()
            times.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(APART)

    for _ in range(CHANGES):
        server.run(both)
    server.close()
    return woken, asked


async def _ask(tab: driver.Tab) -> float:
    began = time.perf_counter()
    await tab.post(driver.name_of(InboxState, "reload"))
    return began


async def _through_redis(url: str) -> tuple[list[float], list[float]]:
    rosa, seen = people.rosa(), shows(InboxState, "threads")
    woken: list[float] = []
    asked: list[float] = []
    carrying = asyncio.create_task(relay.run_relay())
    async with open_tab(url, rosa.cookie, routes.INBOX, InboxState) as tab:
        await asyncio.sleep(1)
        for _ in range(CHANGES):
            update = tab.expect(seen)
            began = await asyncio.to_thread(_publish, rosa)
            await update
            woken.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(APART)
            asked.append(await tab.timed(InboxState.reload, seen))
            await asyncio.sleep(APART)
    carrying.cancel()
    return woken, asked


def _publish(family: Family) -> float:
    """Commit a change. Returns the time of the commit."""
    with db.transaction() as session:
        live.publish(session, Topic(Subject.THREADS, family.actor.account_id))
    return time.perf_counter()
