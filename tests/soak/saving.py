"""A letter typed during outages: *Saved* must be true, and in the end all must be saved without another key."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from rxconnect import db, routes
from rxconnect.services.messages import drafts
from tests import postgres, redis_server
from tests.browser import launch_arguments
from tests.e2e.actions import Person, enter, new_draft, new_writer, visit
from tests.e2e.servers import MortalServer
from tests.processes import freeze, resume
from tests.soak.wire import Wire
from tests.worlds import installed

KEYS_A_SECOND = 8
LATE_SECONDS = 4
_NOT_SAVED = "Not saved yet"
_LOOK = """() => [document.querySelector("[data-saved]").innerText, document.getElementById("body").value]"""


@dataclass
class Outage:
    """An outage and its length. `saves`: drafts can still be saved."""

    name: str
    begin: Callable[[], None]
    end: Callable[[], None]
    seconds: float
    saves: bool = False


def type_through(page: Page, url: str, outage: Outage) -> tuple[str, list[str]]:
    """Type during an outage. Returns the time until the page said that it is not saved, and the violations."""
    writer = new_writer()
    enter(page, url, writer)
    draft_id = new_draft(writer, "Home", "")
    visit(page, f"{url}{routes.fill(routes.COMPOSE, draft_id)}")
    typed = _type(page, "", 1)
    _wait_until_saved(page)
    outage.begin()
    began = time.monotonic()
    try:
        typed, found, said = _watch(page, writer, draft_id, typed, outage)
    finally:
        outage.end()
    _wait_until_saved(page)
    kept = _kept(writer, draft_id)
    found += [] if kept == typed else [f"{outage.name}: the server holds {len(kept)} characters of {len(typed)}"]
    if not outage.saves and (said is None or said - began > LATE_SECONDS):
        found.append(f"{outage.name}: it was not said within {LATE_SECONDS} s that nothing is saved")
    return (f"after {said - began:.1f} s" if said else "never"), found


def _watch(
    page: Page, writer: Person, draft_id: int, typed: str, outage: Outage
) -> tuple[str, list[str], float | None]:
    before, began, said, found = typed, time.monotonic(), None, []
    while time.monotonic() - began < outage.seconds:
        typed = _type(page, typed, 1 / KEYS_A_SECOND if time.monotonic() - began < outage.seconds / 2 else 0)
        page.wait_for_timeout(100)
        says, text = page.evaluate(_LOOK)
        if _NOT_SAVED in says:
            said = said or time.monotonic()
        elif "Saved" in says and text != (_kept(writer, draft_id) if outage.saves else before):
            found.append(f"{outage.name}: {says} was said of {len(text)} characters that were not")
    return typed, found[:3], said


def _type(page: Page, typed: str, seconds: float) -> str:
    """Type for a while at the end of the message."""
    page.get_by_label("Message", exact=True).focus()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        key = "abcdefghij"[len(typed) % 10]
        page.keyboard.press(key)
        typed += key
        page.wait_for_timeout(1000 / KEYS_A_SECOND)
    return typed


def _wait_until_saved(page: Page) -> None:
    expect(page.locator("[data-saved=true]")).to_be_visible(timeout=60_000)


def _kept(writer: Person, draft_id: int) -> str:
    return db.read(drafts.get, writer.actor, draft_id).body


def soak(data: Path, outage: str, seconds: float) -> tuple[str, list[str]]:
    """`outage` is one of `OUTAGES`; `data` an empty folder."""
    with OUTAGES[outage](data) as (url, begin, end, saves), sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_arguments(playwright))
        try:
            return type_through(browser.new_page(), url, Outage(outage, begin, end, seconds, saves))
        finally:
            browser.close()


Scene = tuple[str, Callable[[], None], Callable[[], None], bool]


@contextmanager
def _redis_gone(data: Path) -> Iterator[Scene]:
    with redis_server.running() as redis:
        wire = Wire(_port(redis.url))
        with _server(data, RXCONNECT_REDIS_URL=f"redis://127.0.0.1:{wire.port}") as server:
            yield server.url, wire.cut, wire.mend, True


@contextmanager
def _database_gone(data: Path) -> Iterator[Scene]:
    with postgres.running() as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("RXCONNECT_DATABASE_URL", address)
        wire = Wire(_port(address))
        elsewhere = address.replace(f":{_port(address)}/", f":{wire.port}/")
        with _server(data, RXCONNECT_DATABASE_URL=elsewhere) as server:
            yield server.url, wire.cut, wire.mend, False


@contextmanager
def _worker_frozen(data: Path) -> Iterator[Scene]:
    with _server(data) as server:
        process = server.process
        yield server.url, lambda: freeze(process), lambda: resume(process), False


@contextmanager
def _half_open(data: Path) -> Iterator[Scene]:
    wire = Wire()
    url = f"http://127.0.0.1:{wire.port}"
    with _server(data, RXCONNECT_PUBLIC_URL=url) as server:
        wire.target = _port(server.url)
        yield url, wire.freeze, wire.mend, True


# Each with the seconds for which the app once wrongly showed *Saved*.
OUTAGES = {
    "Redis gone": _redis_gone,
    "PostgreSQL gone": _database_gone,
    "the worker frozen": _worker_frozen,
    "the connection half open": _half_open,
}


def _port(url: str) -> int:
    port = urlsplit(url).port
    assert port
    return port


@contextmanager
def _server(data: Path, **settings: str) -> Iterator[MortalServer]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RXCONNECT_DATA_DIR", str(data))
        with installed():
            server = MortalServer(data, **settings)
            try:
                yield server
            finally:
                server.kill()
