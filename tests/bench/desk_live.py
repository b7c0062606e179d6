"""The desk on the wire: from SEND to its screen, from a committed decision to the family's, and letters by keyboard."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from unittest.mock import patch

from playwright.sync_api import sync_playwright
from sqlmodel import select

from rxconnect import db, routes
from rxconnect.models import Decision
from rxconnect.services.accounts import sign_ins
from rxconnect.state.family.drafts import SendState
from rxconnect.state.family.messages import InboxState, MessageState
from rxconnect.state.staff.desk import DeskState
from tests import redis_server
from tests.bench import servers
from tests.bench.report import Report, Row, measured, p95
from tests.bench.tabs import Tab, leads_to, open_tab, shows, target
from tests.browser import launch_arguments
from tests.e2e.actions import Person, new_draft, new_writer, person
from tests.e2e.test_desk import REVIEWER, at_the_desk, decide_by_keyboard, sent_letter

# A decision counts after ten seconds, so each letter takes that long.
LETTERS, SIXTY = 20, 60
_TARGET = 500


def follow(data: Path, report: Report) -> None:
    """Measure with one process, and with two workers that share Redis."""
    with servers.used(data):
        servers.prepare(data)
        with servers.running(data) as server:
            report.rows += asyncio.run(_rows(server.url, "one process"))
            report.rows.append(_sixty_by_keyboard(server.url))
    with (
        redis_server.running() as redis,
        patch.dict(os.environ, RXCONNECT_REDIS_URL=redis.url, RXCONNECT_WORKERS="2"),
        servers.used(data),
        servers.running(data) as server,
    ):
        report.rows += asyncio.run(_rows(server.url, "two workers and Redis"))


@dataclass
class Screen:
    """What reached a tab, and when: each message's text with its time on the wall."""

    heard: list[tuple[float, str]] = field(default_factory=list)

    def hear(self, text: str) -> None:
        """Note a message."""
        self.heard.append((time.time(), text))

    async def first(self, is_meant: Callable[[str], bool], within: float) -> float:
        """The time of the first message that is meant. Raises `TimeoutError`."""
        async with asyncio.timeout(within):
            while True:
                if found := next((at for at, text in self.heard if is_meant(text)), None):
                    return found
                await asyncio.sleep(0.01)


async def _rows(url: str, way: str) -> list[Row]:
    writer, reviewer = new_writer(credits=LETTERS), person("reviewer@example.com")
    to_desk: list[float] = []
    to_family: list[float] = []
    desk, letter = Screen(), Screen()
    async with (
        open_tab(url, cookie(writer), routes.INBOX, InboxState) as sending,
        open_tab(url, cookie(writer), routes.INBOX, InboxState, letter.hear) as reading,
        open_tab(url, cookie(reviewer), routes.STAFF, DeskState, desk.hear) as deciding,
    ):
        await deciding.call(DeskState.filter, shows(DeskState, "shown"), form={"claim": "free"})
        for number in range(LETTERS):
            subject = f"Quartz {number} {way}"
            began, message_id = await _send(sending, writer, subject)
            to_desk.append((await desk.first(lambda text, mark=subject: mark in text, 30) - began) * 1000)
            path = routes.fill(routes.MESSAGE, message_id)
            await reading.load(path, shows(MessageState, "ready"))
            letter.heard.clear()
            await deciding.call(DeskState.open, shows(DeskState, "letter"), message_id=message_id)
            await deciding.post(DeskState.approve)
            shown = await letter.first(lambda text: "will be handed over" in text, 60)
            to_family.append((shown - await asyncio.to_thread(committed_at, message_id)) * 1000)
    return [
        measured(f"From SEND to the reviewer's screen, {way}", to_desk, "ms", at_most=_TARGET, judged_by=p95),
        measured(f"From commit to the family's screen, {way}", to_family, "ms", at_most=_TARGET, judged_by=p95),
    ]


def _sixty_by_keyboard(url: str) -> Row:
    """Sixty letters in a real browser, without a mouse. A reviewer reads each for ten seconds, which is left out here."""
    for number in range(SIXTY):
        sent_letter(f"Keyboard {number}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_arguments(playwright))
        page = browser.new_page()
        at_the_desk(page, url, REVIEWER)
        began = time.perf_counter()
        decide_by_keyboard(page, SIXTY)
        each = (time.perf_counter() - began) / SIXTY
        browser.close()
    return measured(f"{SIXTY} letters by the keyboard alone, each", [each], "s", at_most=10)


async def _send(tab: Tab, writer: Person, subject: str) -> tuple[float, int]:
    """Send a letter. Returns the time of the press, and the message's id."""
    draft_id = await asyncio.to_thread(new_draft, writer, subject, "We saw the sea.")
    tab.path = routes.fill(routes.SEND, draft_id)
    await tab.call(SendState.accept_terms, shows(SendState, "accepts", True), accepts=True)
    began = time.time()
    moved = await tab.call(SendState.send, leads_to("/messages/"))
    return began, int(target(moved).rsplit("/", 1)[1])


def cookie(who: Person) -> str:
    """A cookie that signs this person in."""
    with db.transaction() as session:
        return f"{sign_ins.cookie_name()}={sign_ins.create_sign_in(session, who.actor.account_id)}"


def committed_at(message_id: int) -> float:
    """When the decision about a message took effect, on the wall."""
    committed = db.read(
        lambda session: session.exec(select(Decision.committed_at).where(Decision.message_id == message_id)).one()
    )
    assert committed is not None
    return committed.replace(tzinfo=UTC).timestamp()
