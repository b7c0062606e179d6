"""A trainer breaks things in front of a room, in real browsers, again and again: what the room reads, and what changes outside."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from playwright.sync_api import TimeoutError as NeverShown

from rxconnect import routes
from rxconnect.demo import seats
from rxconnect.domain.breaking import KILLS_EVERY, BreakKind
from rxconnect.services.accounts import sign_ins
from tests import redis_server
from tests.bench.report import percentile
from tests.browser import launch_arguments
from tests.demo.breaking import everything_outside
from tests.e2e.actions import button, link, settled
from tests.e2e.rooms import Room, strip
from tests.e2e.servers import MortalServer
from tests.worlds import installed

_PHONE = {"width": 390, "height": 844}
_PATIENCE = 60_000  # ms
# The lines of the room's page about breaks. A new break is a new line, which does not have the mark of those that were read.
_LINES = ".room li:has(h3)"
_READ = "data-was-read"
_PRESS = {BreakKind.WORKER: "Kill a worker", BreakKind.AUDIT: "Alter a row", BreakKind.LETTER: "Try to open it"}
_TOLD = {
    BreakKind.WORKER: "Nothing is lost.",
    BreakKind.AUDIT: "“verify” read the whole chain and names it",
    BreakKind.LETTER: "The letter stays shut.",
}
_ALL_BACK = "everybody's page was back: 3 people."


@dataclass
class Found:
    """The seconds from each press until all watchers had read what came of it, and what was not as it must be."""

    seconds: list[float] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)


def measure(times: int) -> Iterator[tuple[str, str, list[str]]]:
    """The lines of the report: what was done, what must be, and what was not so."""
    expect.set_options(timeout=_PATIENCE)
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_arguments(playwright))
        stage = _Stage(server, browser)
        for kind in (BreakKind.AUDIT, BreakKind.LETTER, BreakKind.WORKER):
            began = time.monotonic()
            found = stage.soak(kind, times)
            figures = " and ".join(f"p{percent} {percentile(found.seconds, percent):.1f} s" for percent in (50, 95))
            waits = f", one in {KILLS_EVERY.total_seconds():.0f} s, {time.monotonic() - began:.0f} s in all"
            tried = (
                f"“{_PRESS[kind]}” pressed {times} times before a watcher in the room and one on a phone"
                f"{waits if kind is BreakKind.WORKER else ''}: both have read what came of it after {figures}"
            )
            yield tried, "every page answers, the sentence is there, nothing outside changed", found.violations
        browser.close()


class _Stage:
    """A trainer, a watcher in the room, and one who looks around in the product on a phone, in browsers of their own."""

    def __init__(self, server: MortalServer, browser: Browser):
        self._data = server.data
        # A session that nobody touches: its world is outside, too.
        Room(server.url, "blank")
        room = Room(server.url)
        seat = seats.find(sign_ins.seat_hash(room.token))
        assert seat
        self._seat = seat
        self._trainer = room.drive(browser.new_page(base_url=server.url))
        self._in_room = room.join(browser.new_page(base_url=server.url), "Ben")
        phone = browser.new_page(base_url=server.url, viewport=_PHONE, has_touch=True, is_mobile=True)
        self._in_product = room.join(phone, "Cleo")
        button(self._in_product, "Look around").click()
        expect(strip(self._in_product)).to_contain_text("You look around")
        # In this order: while the trainer is in the product, the room leads there.
        for page, address in ((self._trainer, routes.DEMO_BREAK), (self._in_room, routes.DEMO_ROOM)):
            page.goto(address)
            settled(page)

    def soak(self, kind: BreakKind, times: int) -> Found:
        """Press a button so many times, and look at every page after each."""
        found = Found()
        before = everything_outside(self._data, self._seat)
        for number in range(1, times + 1):
            try:
                found.seconds.append(self._press(kind))
                self._look_at_every_page()
            except (AssertionError, NeverShown) as error:
                found.violations.append(f"{kind}, press {number}: {' '.join(str(error).split())[:300]}")
            after = everything_outside(self._data, self._seat)
            changed = sorted(what for what in before.keys() | after.keys() if before.get(what) != after.get(what))
            found.violations += [f"{kind}, press {number}: {what} has changed" for what in changed]
            before = after
        return found

    def _press(self, kind: BreakKind) -> float:
        """Press once it may be pressed. Returns the seconds until both watchers have read what came of it."""
        mark = f"(lines) => lines.forEach((line) => line.setAttribute('{_READ}', ''))"
        self._in_room.locator(_LINES).evaluate_all(mark)
        press = button(self._trainer, _PRESS[kind])
        if kind is BreakKind.WORKER:
            expect(press).to_be_visible(timeout=120_000)
        press.click()
        began = time.monotonic()
        line = self._in_room.locator(f"{_LINES}:not([{_READ}])", has_text=kind.label)
        for told in (_TOLD[kind], *([_ALL_BACK] if kind is BreakKind.WORKER else [])):
            expect(line).to_contain_text(told)
        for told in (kind.label, _TOLD[kind]):
            expect(self._in_product.locator(".strip-news")).to_contain_text(told)
        seconds = time.monotonic() - began
        expect(self._trainer.locator(f"#came-of-{kind}")).to_contain_text(_TOLD[kind])
        if kind is BreakKind.AUDIT:
            button(self._trainer, "Put the row back").click()
            expect(line).to_contain_text("each is as it was written.")
        return seconds

    def _look_at_every_page(self) -> None:
        """Press something on each page that only the server can answer."""
        for seat in ("Watching", "Family"):
            button(self._in_room, seat).click()
            expect(button(self._in_room, seat)).to_have_attribute("aria-pressed", "true")
        for name in ("Contacts", "Credits"):
            link(self._in_product, name).locator("visible=true").first.click()
            expect(self._in_product.get_by_role("heading", level=1, name=name)).to_be_visible()
            settled(self._in_product)
        button(self._trainer, "Alter a row").click()
        button(self._trainer, "Put the row back").click()
        expect(button(self._trainer, "Alter a row")).to_be_visible()


@contextmanager
def _server(data: Path) -> Iterator[MortalServer]:
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("RXCONNECT_DATA_DIR", str(data))
        patch.setenv("RXCONNECT_REDIS_URL", stack.enter_context(redis_server.running()).url)
        patch.setenv("RXCONNECT_WORKERS", "2")
        stack.enter_context(installed())
        server = MortalServer(data)
        stack.callback(server.kill)
        yield server
