"""A browser during an outage of Redis, the database, the server or the network: its sentence and its recovery."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import psutil
from playwright.sync_api import Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as NeverShown

from rxconnect import routes
from tests import postgres, redis_server
from tests.browser import launch_arguments
from tests.e2e.actions import enter, new_writer, visit
from tests.e2e.servers import free_port, start, wait_until_healthy
from tests.processes import freeze, resume, server_of
from tests.soak.wire import Wire
from tests.worlds import installed

Line = tuple[str, str, list[str]]
OUR_FAULT, LOST = "RxConnect has a fault just now", "The connection was lost."
AT_MOST = {OUR_FAULT: 3.0, LOST: 10.0}  # seconds until the sentence


@dataclass(frozen=True)
class Outage:
    """An outage, the sentence that the page must show, and whether the user is active meanwhile."""

    name: str
    begin: Callable[[], None]
    end: Callable[[], None]
    sentence: str
    is_busy: bool = True


def soak(data: Path, *, times: int) -> Iterator[Line]:
    """Go through each outage `times` times. Reports late or missing sentences and recoveries. `data` must be empty."""
    with sync_playwright() as playwright, outages(data) as (url, all_of_them):
        browser = playwright.chromium.launch(**launch_arguments(playwright))
        try:
            page = browser.new_page(base_url=url)
            enter(page, url, new_writer())
            for outage in all_of_them:
                yield _line(page, outage, times)
        finally:
            browser.close()


def _line(page: Page, outage: Outage, times: int) -> Line:
    told, back, found = [], [], []
    for _ in range(times):
        try:
            seconds = through(page, outage)
        except (AssertionError, NeverShown) as error:
            found.append(f"{outage.name}: {str(error).splitlines()[0]}")
            continue
        told.append(seconds.until_told)
        back.append(seconds.until_back)
    found += [f"{outage.name}: told only after {one:.1f} s" for one in told if one > AT_MOST[outage.sentence]]
    tried = (
        f"{outage.name}, {times} times: the page says so after {_range(told)}, and goes on {_range(back)} after its end"
    )
    return tried, f"says so within {AT_MOST[outage.sentence]:.0f} s, and goes on by itself", found


def _range(seconds: list[float]) -> str:
    return f"{min(seconds):.1f} to {max(seconds):.1f} s" if seconds else "never"


def through(page: Page, outage: Outage) -> Seconds:
    """Go through an outage in the browser. Fails if the page does not report it, or does not recover by itself."""
    visit(page, routes.PROFILE)
    outage.begin()
    began = time.monotonic()
    try:
        if outage.is_busy:
            page.get_by_role("link", name="Contacts").locator("visible=true").first.click()
        page.locator(".offline", has_text=outage.sentence).wait_for()
        told = time.monotonic()
    finally:
        outage.end()
    ended = time.monotonic()
    for passes in (".skeleton", ".offline"):
        page.locator(passes).first.wait_for(state="detached", timeout=60_000)
    back = time.monotonic()
    expect(page.get_by_role("heading", level=1)).to_have_text("Contacts" if outage.is_busy else "Profile")
    return Seconds(told - began, back - ended)


@dataclass(frozen=True)
class Seconds:
    """The time until the page reported an outage, and from its end until the page had recovered."""

    until_told: float
    until_back: float


@contextmanager
def outages(data: Path) -> Iterator[tuple[str, list[Outage]]]:
    """A server on PostgreSQL and Redis, with all its outages. Raises `NoRedis` and `NoPostgres`."""
    with ExitStack() as stack:
        redis = stack.enter_context(redis_server.running())
        address = stack.enter_context(postgres.running())
        settings = {
            "RXCONNECT_DATA_DIR": str(data),
            "RXCONNECT_REDIS_URL": redis.url,
            "RXCONNECT_DATABASE_URL": address,
        }
        stack.enter_context(patch.dict(os.environ, settings))
        stack.enter_context(installed())
        wire = Wire()
        url, server = stack.enter_context(_served(data, wire))
        keeper, database = server_of(redis.url), server_of(address)
        stack.callback(resume, database)
        stack.callback(resume, server)
        yield (
            url,
            [
                _frozen("Redis frozen", lambda: server_of(redis.url), OUR_FAULT),
                _frozen("PostgreSQL frozen", lambda: database, OUR_FAULT),
                _frozen("server frozen", lambda: server, LOST),
                _frozen("server frozen, and nobody does anything", lambda: server, LOST, is_busy=False),
                Outage("connection half open", wire.swallow, wire.mend, LOST),
                Outage("connection half open, and nobody does anything", wire.swallow, wire.mend, LOST, is_busy=False),
                _killed(stack, keeper, _port(redis.url)),
            ],
        )


def _frozen(name: str, process: Callable[[], psutil.Process], sentence: str, *, is_busy: bool = True) -> Outage:
    return Outage(name, lambda: freeze(process()), lambda: resume(process()), sentence, is_busy)


def _killed(stack: ExitStack, redis: psutil.Process, port: int) -> Outage:
    """Kill a Redis; at the end, start a new, empty one."""
    command, running = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""], [redis]

    def kill() -> None:
        running[-1].kill()
        running[-1].wait()

    def begin_again() -> None:
        again = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        stack.callback(again.kill)
        running.append(psutil.Process(again.pid))

    return Outage("Redis killed", kill, begin_again, OUR_FAULT)


@contextmanager
def _served(data: Path, wire: Wire) -> Iterator[tuple[str, psutil.Process]]:
    """A server that browsers reach through a `Wire`."""
    wire.target, log = free_port(), data / "server.log"
    url = f"http://127.0.0.1:{wire.port}"
    server = start(data, wire.target, log, RXCONNECT_PUBLIC_URL=url)
    try:
        wait_until_healthy(url, server, log)
        yield url, psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _port(address: str) -> int:
    return int(address.rpartition(":")[2].partition("/")[0])
