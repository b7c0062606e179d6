"""Kills, freezes or replaces the services that RxConnect depends on, during use: it must answer, say so, and recover.

`OUTAGES` lists most of them. Each is a function marked with `@outage`. It gets an `Installation` (several workers,
PostgreSQL, Redis), harms it, returns a sentence for each violation, and restores the installation for the next one.
Kills of workers are counted separately.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import psutil
import pytest

from rxconnect import builds
from rxconnect.config import Settings
from rxconnect.domain import refusals
from rxconnect.domain.errors import Unavailable
from tests import postgres, redis_server
from tests.e2e.servers import free_port, start, wait_until_healthy
from tests.payments.fake_stripe import PUBLISHABLE_KEY, SECRET_KEY, WEBHOOK_SECRET
from tests.processes import frozen, server_of
from tests.soak import families
from tests.worlds import installed as installed_here

Line = tuple[str, str, list[str]]
# Seconds after which a recovery counts as failed, on a busy machine.
_GIVE_UP = 180.0
# Seconds until a dead worker must be replaced.
_READY_WITHIN = 3.0


@dataclass
class Installation:
    """RxConnect with its own PostgreSQL and Redis."""

    url: str
    data: Path
    service: subprocess.Popen[bytes]
    database: str = ""
    redis: str = ""

    @property
    def said(self) -> str:
        """The server's log so far."""
        return (self.data / "server.log").read_text()

    def workers(self) -> list[psutil.Process]:
        """The ready workers."""
        ready = {int(pid) for pid in re.findall(r"a worker is ready.*?worker=(\d+)", self.said)}
        ours = psutil.Process(self.service.pid).children()
        return [one for one in ours if one.pid in ready and one.status() != psutil.STATUS_ZOMBIE]

    def ask(self, path: str, **form: str) -> tuple[int, str]:
        """Send a GET, or a POST with a form. Returns the status and the text."""
        body = urlencode(form).encode() if form else None
        try:
            with urlopen(Request(self.url + path, body, {"Origin": self.url}), timeout=30) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()

    def wait(self, until: Callable[[], object], what: str) -> list[str]:
        """Wait until a condition holds. Returns a sentence if it never does."""
        deadline = time.monotonic() + _GIVE_UP
        while time.monotonic() < deadline:
            # A busy machine may answer too late.
            with suppress(OSError):
                if until():
                    return []
            time.sleep(0.02)
        return [f"{what}: not within {_GIVE_UP:.0f} s"]

    def is_ready(self) -> bool:
        """Whether `/ready` answers 200."""
        return self.ask("/ready")[0] == 200


@dataclass
class Load:
    """Visitors who request a page repeatedly, each time on a new connection."""

    answers: int = 0
    slowest: float = 0.0
    wrong: Counter[str] = field(default_factory=Counter)


Harm = Callable[[Installation], list[str]]
OUTAGES: list[tuple[str, str, Harm]] = []


def outage(tried: str, must_be: str) -> Callable[[Harm], Harm]:
    """Mark a function as an outage, with a description and the requirement."""

    def mark(harm: Harm) -> Harm:
        OUTAGES.append((tried, must_be, harm))
        return harm

    return mark


def measure() -> Iterator[Line]:
    """Run all outages on one installation, one after another, and kill the only worker of another."""
    with tempfile.TemporaryDirectory() as folder, alone(Path(folder)) as installation:
        yield kill_the_only_worker(installation, 10)
    with tempfile.TemporaryDirectory() as folder, installed(Path(folder)) as installation:
        yield kill_workers(installation, 100)
        for tried, must_be, harm in OUTAGES:
            yield tried, must_be, harm(installation)


@contextmanager
def installed(data: Path) -> Iterator[Installation]:
    """An installation with two workers, PostgreSQL and Redis. Raises `NoPostgres` and `NoRedis`."""
    with postgres.running() as database, redis_server.running() as redis, pytest.MonkeyPatch.context() as patch:
        patch.setenv("RXCONNECT_DATABASE_URL", database)
        patch.setenv("RXCONNECT_REDIS_URL", redis.url)
        with _running(data, workers=2) as installation:
            yield replace(installation, database=database, redis=redis.url)


@contextmanager
def alone(data: Path) -> Iterator[Installation]:
    """An installation with default settings: one worker and SQLite."""
    with _running(data, workers=1) as installation:
        yield installation


@contextmanager
def _running(data: Path, workers: int) -> Iterator[Installation]:
    port = free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RXCONNECT_WORKERS", str(workers))
        patch.setenv("RXCONNECT_DATA_DIR", str(data))
        with installed_here():
            service = start(data, port, data / "server.log")
            try:
                installation = Installation(f"http://localhost:{port}", data, service)
                wait_until_healthy(installation.url, service, data / "server.log")
                assert not installation.wait(lambda: len(installation.workers()) == workers, "all workers")
                yield installation
            finally:
                service.terminate()
                service.wait(timeout=30)


def kill_the_only_worker(installation: Installation, times: int) -> Line:
    """SIGKILL it so many times, and measure how long `/ready` then takes to answer 200."""
    waited: list[float] = []
    found: list[str] = []
    for _ in range(times):
        (worker,) = installation.workers()
        worker.kill()
        psutil.wait_procs([worker])
        began = time.monotonic()
        found += installation.wait(installation.is_ready, "readiness")
        waited.append(time.monotonic() - began)
        found += installation.wait(installation.workers, "a new worker")
    tried = (
        f"The only worker killed {times} times: ready again after {median(waited):.1f} s (median), {max(waited):.1f} s "
        f"(worst), load average {os.getloadavg()[0]:.1f}"
    )
    late = [f"the only worker was ready again only after {one:.1f} s" for one in waited if one > _READY_WITHIN]
    return tried, f"≤ {_READY_WITHIN:.0f} s", found + late


def kill_workers(installation: Installation, times: int) -> Line:
    """SIGKILL a worker so many times, each time when both are ready, during page loads, purchases and letters."""
    found: list[str] = []
    with visitors(installation) as load, families.busy(installation.url, 2) as done:
        for _ in range(times):
            victim = random.choice(installation.workers())
            victim.kill()
            psutil.wait_procs([victim])
            if late := installation.wait(lambda: len(installation.workers()) == 2, "a new worker"):
                found += late
                break
    # A request that the killed worker had begun to answer ends with a closed connection; a browser retries it.
    if unanswered := {name: count for name, count in load.wrong.items() if name not in _CUT_OFF}:
        found.append(f"visitors met {unanswered}")
    if sum(load.wrong.values()) > 20 * times:
        found.append(f"{sum(load.wrong.values())} requests were cut off")
    tried = (
        f"{times} SIGKILLs of one of two workers: {load.answers:,} requests answered, {sum(load.wrong.values())} cut off; "
        f"{len(done)} families in two browsers each bought credits and sent {len(families.LETTERS)} letters"
    )
    return tried, "the port answers throughout, 0 lost, 0 doubled, all books agree", found + families.violations(done)


@outage("Both workers killed at once, 10 times", "whoever connects waits and is served")
def no_worker_left(installation: Installation) -> list[str]:
    found = []
    for _ in range(10):
        for worker in installation.workers():
            worker.kill()
        if installation.ask("/sign-in")[0] != 200:
            found.append("a visitor who came while no worker was there was not served")
        found += installation.wait(lambda: len(installation.workers()) == 2, "new workers")
    return found


@outage("A worker frozen for good", "it is replaced, and the port answers throughout")
def frozen_worker(installation: Installation) -> list[str]:
    frozen = installation.workers()[0]
    with visitors(installation) as load:
        frozen.suspend()
        found = installation.wait(lambda: not frozen.is_running(), "the end of a frozen worker")
        found += installation.wait(lambda: len(installation.workers()) == 2, "a new worker")
    if unanswered := {name: count for name, count in load.wrong.items() if name not in _CUT_OFF}:
        # A visitor of the frozen worker must wait until it is replaced.
        found += [f"visitors met {unanswered}"]
    return found


@outage("PostgreSQL frozen", "/health lives, /ready says so, a form answers in a sentence; all works when it is back")
def frozen_database(installation: Installation) -> list[str]:
    return _without(installation, "database", installation.database)


@outage("Redis frozen", "/health lives, /ready says so; all works when it is back")
def frozen_redis(installation: Installation) -> list[str]:
    return _without(installation, "redis", installation.redis)


@outage("The pages built anew while serving", "no 404, and every page as before")
def built_while_serving(installation: Installation) -> list[str]:
    """Build for the other processor, which gives different pages."""
    stripe = {"SECRET_KEY": SECRET_KEY, "PUBLISHABLE_KEY": PUBLISHABLE_KEY, "WEBHOOK_SECRET": WEBHOOK_SECRET}
    chosen = {"RXCONNECT_PROCESSOR": "stripe"} | {f"RXCONNECT_STRIPE_{name}": key for name, key in stripe.items()}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in chosen.items():
            patch.setenv(name, value)
        made = builds.build_folder(Settings())
        builds.delete_unused(made)
        page = installation.ask("/sign-in")[1]
        asset = re.search(r"/assets/[^\"]+\.js", page)[0]
        with visitors(installation, "/sign-in", asset) as load:
            subprocess.run(
                [sys.executable, "-m", "rxconnect", "build"], env=os.environ, check=True, capture_output=True
            )
    found = [f"visitors met {dict(load.wrong)}"] if load.wrong else []
    if installation.ask("/sign-in")[1] != page:
        found.append("the page has changed under whoever is served")
    return found if made.exists() else [*found, "nothing was built"]


@outage("The supervisor killed", "no worker outlives it")
def killed_supervisor(installation: Installation) -> list[str]:
    """Kill the supervisor. This outage is the last, as no server runs afterwards."""
    workers = installation.workers()
    installation.service.kill()
    return [f"worker {left.pid} lives on" for left in psutil.wait_procs(workers, timeout=_GIVE_UP)[1]]


def _without(installation: Installation, what: str, url: str) -> list[str]:
    """Freeze the server at an address for a while. Returns missing reports, and failures afterwards."""
    found = []
    with frozen(server_of(url)):
        found += installation.wait(
            lambda: f'"{what}":"gone"' in installation.ask("/ready")[1], f"/ready without {what}"
        )
        if installation.ask("/health")[0] != 200:
            found.append(f"/health fails without {what}")
        if what == "database":
            status, text = installation.ask("/sign-in", email="sam@example.com", password="rxconnect-demo")
            if (status, refusals.sentence(Unavailable()) in text) != (503, True):
                found.append(f"a form answers {status} without {what}, and not in our sentence")
    found += installation.wait(installation.is_ready, f"/ready with {what} again")
    status, _ = installation.ask("/sign-in", email="sam@example.com", password="rxconnect-demo")
    return found if status == 200 else [*found, f"a sign-in answers {status} when {what} is back"]


# The errors of a connection whose worker is killed.
_CUT_OFF = {"RemoteDisconnected", "ConnectionResetError", "IncompleteRead"}


@contextmanager
def visitors(installation: Installation, *paths: str) -> Iterator[Load]:
    """Run four constant visitors inside the block."""
    load, is_over, lock = Load(), threading.Event(), threading.Lock()
    host, _, port = installation.url.removeprefix("http://").partition(":")

    def visit(path: str) -> None:
        while not is_over.is_set():
            began = time.monotonic()
            wrong = ""
            try:
                connection = HTTPConnection(host, int(port), timeout=30)
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
                connection.close()
                wrong = "" if answer.status == 200 else str(answer.status)
            except (OSError, HTTPException) as error:
                wrong = type(error).__name__
            with lock:
                load.answers += not wrong
                load.wrong.update([wrong] if wrong else [])
                load.slowest = max(load.slowest, time.monotonic() - began)
            time.sleep(0.02)

    chosen = (paths or ("/health",)) * 4
    threads = [threading.Thread(target=visit, args=(path,), daemon=True) for path in chosen[: max(4, len(paths))]]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
