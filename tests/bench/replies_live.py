"""Replies on the wire: from a reviewer's approval of a reply that was written at a kiosk to the family's screen."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from rxconnect import db, routes
from rxconnect.domain import terms
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.drafts import DraftChange
from rxconnect.domain.inside import MOST_FREE_REPLIES
from rxconnect.models import Contact, Facility
from rxconnect.services.inside import replies
from rxconnect.services.review import review
from rxconnect.services.screening import submissions
from rxconnect.state.family.messages import ThreadState
from rxconnect.state.staff.desk import DeskState
from tests import people, redis_server
from tests.bench import servers
from tests.bench.desk_live import Screen, committed_at, cookie
from tests.bench.report import Report, Row, measured, p95
from tests.bench.tabs import open_tab, shows
from tests.e2e.actions import Person, cedar_ridge, contact_of, new_draft, new_writer, person

REPLIES = 20
# Seconds between two approvals. Each counts after ten seconds, while the next ones are given.
_EVERY = 1.0
_TARGET = 500


def follow(data: Path, report: Report) -> None:
    """Measure with one process, and with two workers that share Redis."""
    with servers.used(data):
        servers.prepare(data)
        with servers.running(data) as server:
            report.rows.append(asyncio.run(_row(server.url, "one process")))
    with (
        redis_server.running() as redis,
        patch.dict(os.environ, RXCONNECT_REDIS_URL=redis.url, RXCONNECT_WORKERS="2"),
        servers.used(data),
        servers.running(data) as server,
    ):
        report.rows.append(asyncio.run(_row(server.url, "two workers and Redis")))


async def _row(url: str, way: str) -> Row:
    family, reviewer = new_writer(credits=REPLIES), person("reviewer@example.com")
    kiosk, contact_id = await asyncio.to_thread(_kiosk, family, reviewer, way.replace(" ", "-"))
    took: list[float] = []
    screen = Screen()
    async with (
        open_tab(url, cookie(family), routes.fill(routes.THREAD, contact_id), ThreadState, screen.hear),
        open_tab(url, cookie(reviewer), routes.STAFF, DeskState) as deciding,
    ):
        sent: list[tuple[int, str]] = []
        for number in range(REPLIES):
            words = f"Quartz {number}, {way}."
            reply = await asyncio.to_thread(_reply, kiosk, contact_id, words)
            sent.append((reply, words))
            await deciding.call(DeskState.open, shows(DeskState, "letter"), message_id=reply)
            await deciding.post(DeskState.approve)
            await asyncio.sleep(_EVERY)
        for reply, words in sent:
            shown = await screen.first(lambda text, mark=words: mark in text, 60)
            took.append((shown - await asyncio.to_thread(committed_at, reply)) * 1000)
    return measured(f"From an approved reply to the family's screen, {way}", took, "ms", at_most=_TARGET, judged_by=p95)


def _kiosk(family: Person, reviewer: Person, way: str) -> tuple[Actor, int]:
    """The kiosk's actor of the family's person, to whom a letter was delivered on a kiosk; and their conversation."""
    contact_id = contact_of(family)
    with db.transaction() as session:
        place = session.get_one(Facility, cedar_ridge(session))
        place.reads_on_kiosks, place.free_replies = True, MOST_FREE_REPLIES
        kiosk = people.add(session, f"{way}@kiosk.example", "Marcus Delgado", kind=ActorKind.KIOSK)
        inmate_id = session.get_one(Contact, contact_id).inmate_id
    draft_id = new_draft(family, "Hello", "We saw the sea.")
    letter = db.write(submissions.send, family.actor, draft_id, accepted_terms=terms.VERSION)
    db.write(review.approve, reviewer.actor, letter)
    return replace(kiosk, inmate_id=inmate_id), contact_id


def _reply(kiosk: Actor, contact_id: int, words: str) -> int:
    """Send a reply. Returns its message's id."""
    draft_id = db.write(replies.start, kiosk, contact_id)
    db.write(replies.save, kiosk, draft_id, DraftChange("a", 1, 0), words)
    return db.write(replies.send, kiosk, draft_id)
