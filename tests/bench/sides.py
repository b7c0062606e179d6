"""One letter on four screens of a demo session: how long after each commit do the other browsers show it?"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from rxconnect import routes
from rxconnect.demo import templates
from rxconnect.domain.demo import SeatKind
from rxconnect.domain.messages import MessageStatus
from rxconnect.world import world_of
from tests import redis_server
from tests.bench import servers
from tests.bench.report import Report, measured, p95
from tests.browser import launch_arguments
from tests.e2e.actions import button
from tests.e2e.rooms import Room
from tests.e2e.test_desk import open_letter

LETTERS = 10
_TARGET = 500
# A decision can be undone for ten seconds.
_PATIENCE = 40_000
_PHONE, _DESK = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=800)
# Notes when the page first shows a text, on the wall. It looks at each change of the page.
_WATCH = """
(text) => {
  window.seenAt = 0;
  const look = () => { if (!window.seenAt && document.body.textContent.includes(text)) window.seenAt = Date.now(); };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  look();
}
"""


def follow(data: Path, report: Report) -> None:
    """Measure with two workers that share Redis. Everything runs on this one machine, the four browsers too."""
    with (
        redis_server.running() as redis,
        patch.dict(os.environ, RXCONNECT_REDIS_URL=redis.url, RXCONNECT_WORKERS="2"),
        servers.used(data),
        sync_playwright() as playwright,
    ):
        servers.prepare(data)
        templates.get_or_make_template()
        with servers.running(data) as server:
            browser = playwright.chromium.launch(**launch_arguments(playwright))
            for what, times in _times(browser, server.url).items():
                report.rows.append(measured(f"Four screens: {what}", times, "ms", at_most=_TARGET, judged_by=p95))
            browser.close()


class _Commits:
    """When a message reached a status in a world's database, as another process sees it. It looks every two milliseconds."""

    def __init__(self, database: str) -> None:
        self._address = f"file:{database.removeprefix('sqlite:///')}?mode=ro"
        self._times: dict[tuple[int, str], float] = {}
        self._over = threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        last = 0
        with closing(sqlite3.connect(self._address, uri=True)) as database:
            while not self._over.wait(0.002):
                rows = database.execute(
                    "SELECT id, message_id, status FROM message_event WHERE id > ? ORDER BY id", (last,)
                ).fetchall()
                for event_id, message_id, status in rows:
                    last = event_id
                    self._times.setdefault((message_id, status), time.time())

    def last_message(self) -> int:
        """The id of the newest message."""
        return max(message_id for message_id, _status in self._times)

    def at(self, message_id: int, status: MessageStatus) -> float:
        """The time on the wall. It must have happened."""
        return self._times[message_id, status.value]

    def after_undo(self) -> list[float]:
        """Milliseconds from the end of each decision's time to undo until it was committed."""
        with closing(sqlite3.connect(self._address, uri=True)) as database:
            rows = database.execute(
                "SELECT commits_at, committed_at FROM decision WHERE committed_at IS NOT NULL"
            ).fetchall()
        times = [[datetime.fromisoformat(moment) for moment in row] for row in rows]
        return [1000 * (committed - due).total_seconds() for due, committed in times]

    def end(self) -> None:
        """Look no more."""
        self._over.set()


def _times(browser: Browser, url: str) -> dict[str, list[float]]:
    """Milliseconds, by what was seen."""
    room = Room(url, "blank")
    room.let_everyone_act()
    family = room.drive(browser.new_page(viewport=_PHONE, bypass_csp=True), routes.CONTACTS)
    desk = room.sit(browser.new_page(viewport=_DESK, bypass_csp=True), SeatKind.REVIEWER, routes.STAFF)
    inside = room.sit(browser.new_page(viewport=_PHONE, bypass_csp=True), SeatKind.KIOSK, routes.KIOSK_INBOX)
    ledger = room.sit(browser.new_page(viewport=_DESK, bypass_csp=True), SeatKind.AUDITOR, routes.LEDGER)
    commits = _Commits(world_of(room.world).database)
    times: dict[str, list[float]] = {}

    def note(what: str, page: Page, letter: int, status: MessageStatus) -> None:
        times.setdefault(f"from commit until {what}", []).append(_seen(page) - 1000 * commits.at(letter, status))

    for number in range(LETTERS):
        subject = f"Quartz {number} of {LETTERS}"
        _write(family, subject)
        letter = commits.last_message() + 1
        desk.evaluate(_WATCH, subject)
        ledger.evaluate(_WATCH, f"1 credit set aside for letter {letter}")
        button(family, "Send").click()
        note("the desk has the letter", desk, letter, MessageStatus.IN_REVIEW)
        note("the ledger has the credit set aside", ledger, letter, MessageStatus.SUBMITTED)

        open_letter(desk, subject)
        inside.evaluate(_WATCH, subject)
        family.evaluate(_WATCH, "It was approved")
        ledger.evaluate(_WATCH, f"1 credit charged: letter {letter} was delivered")
        desk.keyboard.press("a")
        note("the kiosk has the letter", inside, letter, MessageStatus.DELIVERED)
        note("the family sees the decision", family, letter, MessageStatus.APPROVED)
        note("the ledger has the credit charged", ledger, letter, MessageStatus.DELIVERED)
        family.goto(f"{url}{routes.CONTACTS}")
    commits.end()
    # The demonstration's own decisions, of the months before, are not of this room.
    times["from the end of the time to undo until the commit"] = commits.after_undo()[-LETTERS:]
    room.end()
    return times


def _write(family: Page, subject: str) -> None:
    """Write a letter, until only *Send* is left."""
    button(family, "Write to Marcus Delgado").click()
    family.get_by_label("Subject").fill(subject)
    family.get_by_label("Message", exact=True).fill("It has its first pears.")
    button(family, "Continue").click()
    family.get_by_role("checkbox", name="I accept the Terms and Conditions").click()


def _seen(page: Page) -> float:
    """When the page first showed what is watched for, in milliseconds on the wall."""
    page.wait_for_function("window.seenAt", timeout=_PATIENCE)
    return float(page.evaluate("window.seenAt"))
