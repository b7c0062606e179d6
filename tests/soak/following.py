"""A demo session in real browsers whose server dies by SIGKILL again and again: how long until all see the same again."""

from __future__ import annotations

import itertools
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

import psutil
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from rxconnect import routes
from tests import redis_server
from tests.bench.report import percentile
from tests.browser import launch_arguments
from tests.e2e.rooms import Room
from tests.e2e.servers import MortalServer
from tests.worlds import installed

FOLLOWERS = 3
_FIND = f"{routes.FIND_INMATE}?everywhere=yes"
# Seconds: with a second worker, and with the only one.
_TARGETS = {2: 3.0, 1: 5.0}
_PATIENCE = 30


def measure(times: int) -> Iterator[tuple[str, str, list[str]]]:
    """The lines of the report: what was done, what must be, and what was not so."""
    for workers, target in _TARGETS.items():
        with tempfile.TemporaryDirectory() as folder:
            waits = soak(Path(folder), workers=workers, times=times)
        late = [f"after a kill it took {wait:.1f} s" for wait in waits if wait > target]
        figures = " and ".join(f"p{percent} {percentile(waits, percent):.1f} s" for percent in (50, 95))
        tried = f"{times} SIGKILLs of one of {workers} workers under a driver and {FOLLOWERS} followers: {figures}"
        yield tried, f"all see the next key within {target:g} s", late


def soak(data: Path, *, workers: int, times: int) -> list[float]:
    """Seconds from each kill until every follower shows what the driver has typed since. `data` is an empty folder."""
    random, words = Random(3), itertools.count(1)
    with _server(data, workers) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_arguments(playwright))
        pages = [browser.new_context().new_page() for _ in range(FOLLOWERS + 1)]
        room = Room(server.url, "finding-somebody")
        aisha = room.drive(pages[0], _FIND)
        followers = [room.join(page, f"Follower {number}") for number, page in enumerate(pages[1:])]
        for page in followers:
            expect(page.locator("#last_name")).to_be_visible()
        waits = []
        for _ in range(times):
            # One dies only when there is another in the place of the last.
            while len(ready := _ready(server, data)) < workers:
                aisha.wait_for_timeout(200)
            waits.append(_after(random.choice(ready), aisha, followers, f"Word {next(words)}"))
        browser.close()
    return waits


def _after(victim: psutil.Process, driver: Page, followers: list[Page], word: str) -> float:
    victim.kill()
    began = time.monotonic()
    driver.locator("#last_name").fill(word)
    for page in followers:
        expect(page.locator("#last_name")).to_have_value(word, timeout=_PATIENCE * 1000)
    return time.monotonic() - began


def _ready(server: MortalServer, data: Path) -> list[psutil.Process]:
    """The workers that serve now."""
    said = {int(pid) for pid in re.findall(r"a worker is ready.*?worker=(\d+)", (data / "server.log").read_text())}
    return [one for one in server.processes if one.pid in said and one.status() != psutil.STATUS_ZOMBIE]


@contextmanager
def _server(data: Path, workers: int) -> Iterator[MortalServer]:
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("RXCONNECT_DATA_DIR", str(data))
        if workers > 1:
            patch.setenv("RXCONNECT_REDIS_URL", stack.enter_context(redis_server.running()).url)
            patch.setenv("RXCONNECT_WORKERS", str(workers))
        stack.enter_context(installed())
        server = MortalServer(data)
        stack.callback(server.kill)
        yield server
