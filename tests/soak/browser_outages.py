"""A browser while Redis, the database or the server itself is gone: what it says, how soon, and that it goes on by itself."""

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

from rxconnect import routes
from tests import postgres, redis_server
from tests.browser import launch_arguments
from tests.e2e.actions import enter, new_writer, visit
from tests.e2e.conftest import free_port, start, wait_until_healthy
from tests.processes import freeze, resume, server_of
from tests.worlds import installed

OUR_FAULT, LOST = "RxConnect has a fault just now", "The connection was lost."
AT_MOST = {OUR_FAULT: 3.0, LOST: 10.0}  # seconds until the sentence


@dataclass(frozen=True)
class Outage:
    """What happens, what the page must say of it, and whether somebody does something meanwhile."""

    name: str
    begin: Callable[[], None]
    end: Callable[[], None]
    sentence: str
    is_busy: bool = True


def soak(data: Path, *, times: int) -> list[str]:
    """What was said too late or never, and what did not go on. `data` is an empty folder."""
    with sync_playwright() as playwright, outages(data) as (url, all_of_them):
        browser = playwright.chromium.launch(**launch_arguments(playwright))
        try:
            page = browser.new_page(base_url=url)
            enter(page, url, new_writer())
            return [said for _ in range(times) for outage in all_of_them for said in _checked(page, outage)]
        finally:
            browser.close()


def _checked(page: Page, outage: Outage) -> list[str]:
    try:
        seconds = through(page, outage)
    except AssertionError as error:
        return [f"{outage.name}: {str(error).splitlines()[0]}"]
    return [] if seconds <= AT_MOST[outage.sentence] else [f"{outage.name}: only after {seconds:.1f} s"]


def through(page: Page, outage: Outage) -> float:
    """Live through it in the browser: seconds until the page said so. Fails when the page does not go on by itself."""
    visit(page, routes.PROFILE)
    outage.begin()
    began = time.monotonic()
    try:
        if outage.is_busy:
            page.get_by_role("link", name="Contacts").locator("visible=true").first.click()
        expect(page.locator(".offline")).to_contain_text(outage.sentence)
        seconds = time.monotonic() - began
    finally:
        outage.end()
    expect(page.locator(".skeleton")).to_have_count(0, timeout=60_000)
    expect(page.locator(".offline")).to_have_count(0, timeout=60_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Contacts" if outage.is_busy else "Profile")
    return seconds


@contextmanager
def outages(data: Path) -> Iterator[tuple[str, list[Outage]]]:
    """A server on PostgreSQL and Redis, and everything that can happen to it. Raises `NoRedis` and `NoPostgres`."""
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
        url, server = stack.enter_context(_served(data))
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
                _killed(stack, keeper, _port(redis.url)),
            ],
        )


def _frozen(name: str, process: Callable[[], psutil.Process], sentence: str, *, is_busy: bool = True) -> Outage:
    return Outage(name, lambda: freeze(process()), lambda: resume(process()), sentence, is_busy)


def _killed(stack: ExitStack, redis: psutil.Process, port: int) -> Outage:
    """What is started again is another, and knows nothing."""
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
def _served(data: Path) -> Iterator[tuple[str, psutil.Process]]:
    port, log = free_port(), data / "server.log"
    url, server = f"http://127.0.0.1:{port}", start(data, port, log)
    try:
        wait_until_healthy(url, server, log)
        yield url, psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _port(address: str) -> int:
    return int(address.rpartition(":")[2].partition("/")[0])
