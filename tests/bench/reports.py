"""A year of one large facility, 500,000 letters: each report to its first page or line, to its end, and its memory.

`python -m tests.bench.reports WHAT ACCOUNT_ID FACILITY_ID YEAR` makes one of them in a process of its own, for its memory.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, func, select

from rxconnect import db
from rxconnect.documents.reports import letters_csv, report_csv, report_pdf
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, ActorKind, Post, Role
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.report_views import report_view
from rxconnect.domain.reports import AskedReport
from rxconnect.models import Appeal, Decision, Message
from rxconnect.services.reports import public_records, reports
from tests import postgres
from tests.bench.desk import insert_rows
from tests.bench.money import database
from tests.bench.report import Report, answered, measured
from tests.soak import worlds
from tests.soak.worlds import World

LETTERS, ROUNDS = 500_000, 5
_SECONDS, _MEGABYTES = 5, 200
_REASONS = ("coded language", "threat", "security of the facility")


def _page(report: AskedReport) -> float:
    """The page, which has no first part: it is shown when all is counted."""
    report_view(reports.figures(report))
    return time.perf_counter()


def _table(report: AskedReport) -> float:
    for _line in report_csv(report, reports.figures(report)):
        pass
    return time.perf_counter()


def _print(report: AskedReport) -> float:
    report_pdf(report, reports.figures(report))
    return time.perf_counter()


def _records(report: AskedReport) -> float:
    first = 0.0
    for number, _line in enumerate(letters_csv(report, public_records.redacted_letters(report))):
        # Lines about the file come first.
        if number == 100:
            first = time.perf_counter()
    return first


_REPORTS: dict[str, Callable[[AskedReport], float]] = {
    "the page": _page,
    "CSV": _table,
    "PDF, in the background": _print,
    "public records, a line a letter": _records,
}


def count(report: Report) -> None:
    """Measure on both databases."""
    for kind in (worlds.SQLITE, worlds.POSTGRESQL):
        try:
            with database(kind):
                world = worlds.build()
                year = clock.now().year - 1
                db.write(_fill, world, datetime(year, 1, 1, 12, tzinfo=clock.now().tzinfo))
                db.vacuum()
                for what in _REPORTS:
                    _measure(what, world, year, kind, report)
        except postgres.NoPostgres as error:
            report.rows.append(answered(f"Reports, {kind}", str(error)))


def _measure(what: str, world: World, year: int, kind: str, report: Report) -> None:
    runs = [_run(what, world, year) for _ in range(ROUNDS)]
    first, whole, memory = zip(*runs, strict=True)
    name = f"A year of {LETTERS:,} letters: {what}, {kind}"
    report.rows.append(measured(f"{name}, to its first page or line", first, "s", at_most=_SECONDS))
    report.rows.append(measured(f"{name}, whole", whole, "s"))
    report.rows.append(measured(f"{name}, memory of the whole process", memory, "MB", at_most=_MEGABYTES))


def _run(what: str, world: World, year: int) -> tuple[float, float, float]:
    words = [what, str(world.reviewer.account_id), str(world.place), str(year)]
    ran = subprocess.run([sys.executable, "-m", "tests.bench.reports", *words], stdout=subprocess.PIPE, check=True)
    first, whole, memory = json.loads(ran.stdout)
    return first, whole, memory


def _make(what: str, account_id: int, facility_id: int, year: str) -> tuple[float, float, float]:
    """Make a report. Returns the seconds to its first part and to its end, and the most memory in MB."""
    actor = Actor(account_id, "", "", ActorKind.STAFF, (Post(facility_id, Role.AUDITOR),))
    began = time.perf_counter()
    first = _REPORTS[what](db.write(reports.ask, actor, facility_id, year, AuditKind.REPORT_SHOWN))
    whole = time.perf_counter() - began
    return first - began, whole, _most_memory()


def _most_memory() -> float:
    """The most memory that this process has used, in MB. (`ru_maxrss` would be at least that of the process that started it.)"""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def _fill(session: Session, world: World, begin: datetime) -> None:
    """Add the letters of a year, the decisions about nine in ten of them, and appeals."""
    template = session.exec(select(Message)).first()
    assert template is not None
    letters, decisions = ((session.exec(select(func.max(col(one.id)))).one() or 0) + 1 for one in (Message, Decision))
    step = timedelta(days=364) / LETTERS
    sent = [begin + step * one for one in range(LETTERS)]
    insert_rows(session, Message, _letters(letters, template, sent))
    insert_rows(session, Decision, _decisions(letters, decisions, world, sent))
    insert_rows(session, Appeal, _appeals(letters, template, sent))


def _letters(first: int, template: Message, sent: list[datetime]) -> Iterator[dict[str, Any]]:
    for one, at in enumerate(sent):
        yield {
            "id": first + one,
            "account_id": template.account_id,
            "contact_id": template.contact_id,
            "facility_id": template.facility_id,
            "direction": "outgoing",
            "lane": "privileged" if one % 500 == 7 else "ordinary",
            "subject": f"Letter {one}",
            "body": "We miss you. " * 50,
            "search_text": "we miss you. " * 50,
            "status": "rejected" if one % 20 == 0 else "withdrawn" if one % 97 == 0 else "delivered",
            "created_at": at,
        }


def _decisions(letters: int, first: int, world: World, sent: list[datetime]) -> Iterator[dict[str, Any]]:
    for one, at in enumerate(sent):
        if one % 10 == 9:
            continue
        waited = (one * 7919) % 260_000
        yield {
            "id": first + one,
            "message_id": letters + one,
            "facility_id": world.place,
            "outcome": "rejected" if one % 20 == 0 else "approved",
            "reason": _REASONS[one // 20 % 3] if one % 20 == 0 else "",
            "state": "committed",
            "by_account_id": world.reviewer.account_id,
            "by_role": "reviewer",
            "made_at": at + timedelta(seconds=waited),
            "commits_at": at + timedelta(seconds=waited + 10),
            "committed_at": at + timedelta(seconds=waited + 11),
            "queue": "letters",
            "held_for": "every letter",
            "waited_seconds": waited,
            "is_late": waited > 172_800,
        }


def _appeals(letters: int, template: Message, sent: list[datetime]) -> Iterator[dict[str, Any]]:
    for one in range(0, LETTERS, 100):
        yield {
            "message_id": letters + one,
            "account_id": template.account_id,
            "facility_id": template.facility_id,
            "text": "It is a recipe.",
            "status": "overturned" if one % 300 == 0 else "upheld",
            "made_at": sent[one] + timedelta(days=1),
            "decided_at": sent[one] + timedelta(days=2),
        }


if __name__ == "__main__":
    _what, _account, _facility, _year = sys.argv[1:]
    print(json.dumps(_make(_what, int(_account), int(_facility), _year)))
