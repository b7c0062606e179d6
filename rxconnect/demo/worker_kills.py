"""Killing a worker in front of a room: whether it may be, and what is counted before and after.

The page that presses is served by the worker that dies. In the time before, every open page of the room says that it is there;
afterwards each says so again, from another worker. The first of these counts what is left. Nothing here kills: the State does.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from rxconnect import db, redis_client, workers, world
from rxconnect.config import settings
from rxconnect.demo import breaks
from rxconnect.demo.seats import publish_change, require_trainer, room_of
from rxconnect.domain import clock
from rxconnect.domain.breaking import DIES_AFTER, KILLS_EVERY, BreakKind
from rxconnect.domain.demo import Seat
from rxconnect.domain.errors import CannotKill, Unavailable, WhyNoKill
from rxconnect.domain.ledger import AccountKind
from rxconnect.models import DemoBreak, DemoReturn, LedgerAccount, Message, Posting

# The accounts of the ledger that hold families' credits.
_FAMILIES = (AccountKind.WALLET, AccountKind.HOLD, AccountKind.FROZEN)


def require_possible() -> None:
    """Raise `CannotKill` unless this installation is a demonstration and another worker is ready to go on."""
    if not settings().is_demo:
        raise CannotKill(WhyNoKill.NO_DEMONSTRATION)
    if not workers.ready() - {os.getpid()} or redis_client.redis_problem():
        raise CannotKill(WhyNoKill.ONLY_ONE)


def require_due(session: Session) -> int:
    """The number of the next kill in this installation. Raises `CannotKill` if the last one was just now."""
    last = session.exec(
        select(DemoBreak).order_by(col(DemoBreak.turn).desc()).where(col(DemoBreak.turn).is_not(None))
    ).first()
    if last is None:
        return 1
    if (wait := last.at + KILLS_EVERY - clock.now()) > timedelta(0):
        raise CannotKill(WhyNoKill.TOO_SOON, wait)
    return (last.turn or 0) + 1


def press(seat: Seat) -> None:
    """Keep that this worker dies in `DIES_AFTER`, with what there is before. Opens its own transactions.

    Raises `NotAllowed` if the caller is not the trainer, and `CannotKill`.
    """
    require_trainer(seat)
    require_possible()
    with world.own().bound():
        with world.world_of(seat.world).bound():
            before = db.read(_count)
        db.write(_add, seat, before)


def check_in(session: Session, seat: Seat, kill_id: int) -> None:
    """Note that a page of this seat is open: before the worker died, or after it."""
    kill = session.get(DemoBreak, kill_id, with_for_update=True)
    if kill is None or kill.session_id != seat.session_id:
        return
    own = session.get(DemoReturn, (kill_id, seat.id)) or DemoReturn(break_id=kill_id, seat_id=seat.id)
    session.add(own)
    if workers.is_alive(kill.facts["worker"]):
        own.was_there = True
    elif own.back_at is None:
        own.back_at = clock.now()
        publish_change(session, seat.session_id)
        if "letters_after" not in kill.facts:
            _measure(session, kill)


def _add(session: Session, seat: Seat, before: dict[str, int]) -> None:
    room_of(session, seat, for_update=True)
    turn, dies_at = require_due(session), clock.now() + DIES_AFTER
    facts = {"worker": os.getpid(), "world": seat.world, "dies_at": dies_at.isoformat(), **before}
    if not (row := _added_once(session, seat, facts, turn)):
        raise CannotKill(WhyNoKill.TOO_SOON, KILLS_EVERY)
    # The page that presses is there, even if it does not say so in time.
    session.add(DemoReturn(break_id=row.id or 0, seat_id=seat.id, was_there=True))


def _added_once(session: Session, seat: Seat, facts: dict[str, Any], turn: int) -> DemoBreak | None:
    """The row of a kill, or None if another session has taken the turn at this moment."""
    row = DemoBreak(session_id=seat.session_id, kind=BreakKind.WORKER, facts=facts, turn=turn)
    if not db.add_once(session, row):
        return None
    publish_change(session, seat.session_id)
    return row


def _measure(session: Session, kill: DemoBreak) -> None:
    """Count again, in another process, what there was before."""
    # A reset moves the session to another world. Then there is nothing to compare any more.
    with suppress(Unavailable), world.world_of(kill.facts["world"]).bound():
        after = db.read(_count, kill.facts)
        counted = {"letters_after": after["letters"], "credits_after": after["credits"], "measured_by": os.getpid()}
        breaks.add_facts(session, kill, counted)


def _count(session: Session, until: dict[str, Any] | None = None) -> dict[str, int]:
    """The letters of the world and the credits in wallets and on hold; only those that there were at an earlier count."""
    last_letter = until["last_letter"] if until else session.exec(select(func.max(Message.id))).one() or 0
    last_posting = until["last_posting"] if until else session.exec(select(func.max(Posting.id))).one() or 0
    letters = session.exec(select(func.count()).select_from(Message).where(col(Message.id) <= last_letter)).one()
    credits = session.exec(
        select(func.coalesce(func.sum(Posting.amount), 0))
        .join(LedgerAccount, col(LedgerAccount.id) == Posting.account_id)
        .where(col(LedgerAccount.kind).in_(_FAMILIES), col(Posting.id) <= last_posting)
    ).one()
    return {"letters": letters, "credits": int(credits), "last_letter": last_letter, "last_posting": last_posting}
