"""Altering a row of the audit in front of a room: `verify` then names it, and finds the chain whole when it is put back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlmodel import Session, col, select

from rxconnect import db, world
from rxconnect.demo import breaks
from rxconnect.demo.administrators import acting
from rxconnect.demo.seats import require_trainer, room_of
from rxconnect.domain.breaking import BreakKind
from rxconnect.domain.demo import Seat
from rxconnect.domain.errors import IllegalMove, NotFound
from rxconnect.models import DemoBreak
from rxconnect.services.audit import practice, verification
from rxconnect.services.audit.practice import Forgery


def alter(seat: Seat) -> None:
    """Change one row of the world's audit behind the application's back, and verify the chain. Opens its own transactions.

    Raises `NotAllowed` if the caller is not the trainer, `IllegalMove` while another row is altered, and `NotFound` if the
    facility has rejected nothing yet.
    """
    require_trainer(seat)
    with world.own().bound():
        if altered(seat):
            raise IllegalMove("altered", "altered")
        with acting(seat) as (_actor, facility_id):
            forgery = practice.forge_here(facility_id)
            if forgery is None:
                raise NotFound("row")
            found, rows = _verify(facility_id)
        facts = {"row": forgery.sequence, "forgery": asdict(forgery), "found": found, "rows": rows}
        db.write(_add, seat, facts)


def put_back(seat: Seat) -> None:
    """Write the altered row as it was, and verify again. Opens its own transactions. Raises `NotAllowed`, and `NotFound`."""
    require_trainer(seat)
    with world.own().bound():
        row = altered(seat)
        if row is None:
            raise NotFound("row")
        forgery = Forgery(**row.facts["forgery"])
        with world.world_of(seat.world).bound():
            practice.put_back(forgery)
            found, rows = _verify(forgery.facility_id)
        db.write(_add_facts, seat, row.id or 0, {"found_after": found, "rows_after": rows})


def altered(seat: Seat) -> DemoBreak | None:
    """The break whose row is altered in the session's world now, or None. After a reset, it may be an older one."""
    rows = db.read(_all, seat.session_id)
    with world.world_of(seat.world).bound():
        return next((row for row in rows if practice.is_forged_here(Forgery(**row.facts["forgery"]))), None)


def _all(session: Session, session_id: int) -> list[DemoBreak]:
    found = select(DemoBreak).where(DemoBreak.session_id == session_id, DemoBreak.kind == BreakKind.AUDIT)
    return list(session.exec(found.order_by(col(DemoBreak.id).desc())).all())


def _verify(facility_id: int) -> tuple[list[Any], int]:
    """The first broken row with its flaw, or nothing; and how many rows were read."""
    result = db.read(verification.verify_chain, facility_id)
    broken = result.first_broken
    return [broken.sequence, str(broken.flaw)] if broken else [], result.rows


def _add(session: Session, seat: Seat, facts: dict[str, Any]) -> None:
    room_of(session, seat)
    breaks.add(session, seat, BreakKind.AUDIT, facts)


def _add_facts(session: Session, seat: Seat, break_id: int, facts: dict[str, Any]) -> None:
    room_of(session, seat)
    breaks.add_facts(session, session.get_one(DemoBreak, break_id), facts)
