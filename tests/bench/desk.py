"""A desk with 100,000 waiting letters: its first page, a filter, the counts, and the next letter after a decision."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, col, func, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor
from rxconnect.domain.desk import DeskFilter
from rxconnect.domain.review import Outcome, Ruling
from rxconnect.models import Account, Contact, Decision, Inmate, Item, Message, QueueEntry
from rxconnect.services.review import decisions, figures, letters, queue
from tests import postgres
from tests.bench.money import database
from tests.bench.report import Report, answered, measured, p95
from tests.soak import worlds

WAITING, DECIDED, ROUNDS = 100_000, 125_000, 40
_AT_ONCE, _FAMILIES = 5_000, 1_000
_TARGET = 50


def work(report: Report) -> None:
    """Measure on both databases."""
    for kind in (worlds.SQLITE, worlds.POSTGRESQL):
        try:
            with database(kind):
                world = worlds.build()
                db.write(_fill, world.place, world.reviewer.account_id)
                db.vacuum()
                _measure(world.reviewer, world.place, kind, report)
        except postgres.NoPostgres as error:
            report.rows.append(answered(f"A desk, {kind}", str(error)))


def _measure(reviewer: Actor, place: int, kind: str, report: Report) -> None:
    middle = db.read(queue.cursor_of, reviewer, WAITING // 2)
    reads: dict[str, tuple[float | None, Callable[[], Any]]] = {
        "the first page": (_TARGET, lambda: db.read(queue.page, reviewer)),
        "a page from the middle": (_TARGET, lambda: db.read(queue.page, reviewer, None, middle)),
        "one letter in a hundred, by language": (
            _TARGET,
            lambda: db.read(queue.page, reviewer, DeskFilter(language="es")),
        ),
        "the counts": (None, lambda: db.read(queue.counts, reviewer)),
        "today's figures": (None, lambda: db.read(figures.today, reviewer, place)),
        "ninety days by reason": (None, lambda: db.read(figures.by_day, reviewer, place, "reason")),
    }
    for name, (at_most, act) in reads.items():
        report.rows.append(
            measured(
                f"100,000 waiting: {name}, {kind}",
                [_milliseconds(act) for _ in range(ROUNDS)],
                "ms",
                at_most=at_most,
                judged_by=p95,
            )
        )
    nexts = [_milliseconds(lambda: _decide_and_go_on(reviewer)) for _ in range(ROUNDS)]
    what = f"100,000 waiting: a decision, and the next letter open, {kind}"
    report.rows.append(measured(what, nexts, "ms", at_most=_TARGET, judged_by=p95))


def _decide_and_go_on(reviewer: Actor) -> None:
    """What the desk does at a key press: decide the open letter, and claim and open the next one."""
    opened = db.write(_next, reviewer)
    db.write(decisions.decide, reviewer, opened, [Ruling(Outcome.APPROVED)])


def _next(session: Session, reviewer: Actor) -> int:
    message_id = queue.claim_next(session, reviewer)
    assert message_id is not None
    letters.open_letter(session, reviewer, message_id)
    return message_id


def _milliseconds(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1_000


def _fill(session: Session, place: int, reviewer_id: int) -> None:
    """Add a thousand families with letters that wait, and the decisions of 90 days."""
    accounts, inmates, contacts = (
        (session.exec(select(func.max(col(model.id)))).one() or 0) + 1 for model in (Account, Inmate, Contact)
    )
    numbers = range(_FAMILIES)
    insert_rows(
        session,
        Account,
        ({"id": accounts + one, "email": f"{one}@example.net", "name": "Sam", "password_hash": ""} for one in numbers),
    )
    names = {"facility_id": place, "first_name": "Marcus", "last_name": "Rivera"}
    insert_rows(
        session,
        Inmate,
        (names | {"id": inmates + one, "number": f"B{one}", "number_key": f"b{one}"} for one in numbers),
    )
    insert_rows(
        session,
        Contact,
        ({"id": contacts + one, "account_id": accounts + one, "inmate_id": inmates + one} for one in numbers),
    )
    first = (session.exec(select(func.max(col(Message.id)))).one() or 0) + 1
    now = clock.now()
    for model, rows in (
        (Message, _messages(first, place, accounts, contacts)),
        (Item, ({"message_id": first + one, "kind": "text", "status": "in review"} for one in range(WAITING))),
        (QueueEntry, _entries(first, place)),
        (
            Decision,
            (
                {
                    "message_id": first + one % WAITING,
                    "facility_id": place,
                    "outcome": "rejected" if one % 20 == 0 else "approved",
                    "reason": "coded language" if one % 20 == 0 else "",
                    "state": "committed",
                    "by_account_id": reviewer_id,
                    "by_role": "reviewer",
                    "commits_at": now,
                    "committed_at": now - timedelta(minutes=one),
                    "queue": "letters",
                    "held_for": "every letter",
                    "waited_seconds": one % 90_000,
                }
                for one in range(DECIDED)
            ),
        ),
    ):
        insert_rows(session, model, rows)


def _messages(first: int, place: int, accounts: int, contacts: int) -> Iterator[dict[str, Any]]:
    for one in range(WAITING):
        yield {
            "id": first + one,
            "account_id": accounts + one % _FAMILIES,
            "contact_id": contacts + one % _FAMILIES,
            "facility_id": place,
            "direction": "outgoing",
            "subject": f"Letter {one}",
            "body": "We miss you. " * 60,
            "status": "in review",
        }


def _entries(first: int, place: int) -> Iterator[dict[str, Any]]:
    begin = clock.now() - timedelta(days=3)
    for one in range(WAITING):
        yield {
            "message_id": first + one,
            "facility_id": place,
            "lane": "ordinary",
            "queue": "letters",
            "due_at": begin + timedelta(seconds=one * 5),
            "held_for": "every letter",
            "language": "es" if one % 100 == 0 else "en",
        }


def insert_rows(session: Session, model: type[SQLModel], rows: Iterator[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _AT_ONCE:
            session.connection().execute(insert(model), batch)
            batch = []
    if batch:
        session.connection().execute(insert(model), batch)
