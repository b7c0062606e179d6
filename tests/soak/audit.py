"""The audit chain at its size: a million rows verified, attacks at many places, and what writing a row costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from random import Random

from sqlmodel import Session

from rxconnect import db
from rxconnect.domain.accounts import Actor
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.audit_chain import Head
from rxconnect.services.audit import verification
from rxconnect.services.audit.recording import Act, record, record_acts, write_rows
from tests.bench.report import percentile
from tests.soak import worlds
from tests.unit import test_audit_chain as attacks

Line = tuple[str, str, list[str]]
# The longest verification, in seconds, and the longest record, in milliseconds.
_VERIFIED_WITHIN, _WRITTEN_WITHIN = 60.0, 1.0
_AT_ONCE, _WRITES = 10_000, 2_000


def measure(rows: int, places: int) -> Iterator[Line]:
    """Fill a chain on each database, write a few rows more, verify it, and attack a copy of it at random places."""
    for name, kind in (("SQLite", worlds.SQLITE), ("PostgreSQL", worlds.POSTGRESQL)):
        with worlds.server(kind) as address, worlds.database(address):
            world = worlds.build()
            _fill(world.reviewer, world.place, rows)
            yield _writing(name, world.reviewer, world.place)
            yield _verifying(name, world.place)
    for attack in attacks.ATTACKS:
        yield _attacking(attack, places)


def _fill(actor: Actor, place: int, rows: int) -> None:
    kinds = [AuditKind.LETTER_OPENED, AuditKind.LETTER_BESIDE, AuditKind.DECIDED]
    for first in range(0, rows, _AT_ONCE):
        numbers = range(first, min(rows, first + _AT_ONCE))
        acts = [Act(place, kinds[one % 3], one, details={"decision": one, "outcome": "approved"}) for one in numbers]
        db.write(record_acts, actor, acts)


def _writing(name: str, actor: Actor, place: int) -> Line:
    """The time that a row adds to a transaction which writes anyway, in milliseconds."""
    took: list[float] = []

    def act(session: Session) -> None:
        began = time.perf_counter()
        record(session, actor, place, AuditKind.LETTER_OPENED, message_id=1, decision=1)
        write_rows(session)
        took.append((time.perf_counter() - began) * 1000)

    for _ in range(_WRITES):
        db.write(act)
    half, most = percentile(took, 50), percentile(took, 95)
    tried = f"{_WRITES:,} rows written on {name}: p50 {half:.2f} ms, p95 {most:.2f} ms"
    slow = [] if half <= _WRITTEN_WITHIN else [f"writing a row takes {half:.2f} ms on {name}"]
    return tried, f"p50 ≤ {_WRITTEN_WITHIN:.0f} ms", slow


def _verifying(name: str, place: int) -> Line:
    head = next(end.head for end in db.read(verification.ends) if end.facility_id == place)
    began = time.monotonic()
    with db.reading() as session:
        found = verification.verify_chain(session, place, head)
    took = time.monotonic() - began
    untrue = [] if found.first_broken is None and found.proven == head.sequence else [f"not proven on {name}: {found}"]
    untrue += [] if took <= _VERIFIED_WITHIN else [f"{found.rows:,} rows took {took:.0f} s on {name}"]
    return f"{found.rows:,} rows verified on {name} in {took:.1f} s", f"≤ {_VERIFIED_WITHIN:.0f} s", untrue


def _attacking(attack: Callable, places: int) -> Line:
    """Apply one kind of attack at random places before the last head."""
    rows, random = attacks.chain(300), Random(attack.__name__)
    head = Head(len(rows), rows[-1].hash)
    untrue = []
    for _ in range(places):
        place = random.randrange(len(rows) - 6)
        broken, expected = attack(rows, place, random)
        found = attacks.verify(attacks.PLACE, broken, head=head).first_broken
        if found != expected:
            untrue.append(f"{attack.__name__} at {place}: {found} instead of {expected}")
    return f"{attack.__name__.replace('_', ' ')} at {places:,} random places", "each named with its place", untrue
