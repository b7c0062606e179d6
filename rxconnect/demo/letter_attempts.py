"""Trying to open a lawyer's letter as administrator: every way that the services offer, really tried, and what came back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from sqlmodel import Session, func, select

from rxconnect import db, world
from rxconnect.demo import breaks, letter_ways
from rxconnect.demo.administrators import acting
from rxconnect.demo.letter_ways import WAYS, Target, Way
from rxconnect.demo.seats import require_trainer, room_of
from rxconnect.domain import refusals
from rxconnect.domain.accounts import Actor
from rxconnect.domain.breaking import Answer, BreakKind
from rxconnect.domain.demo import Seat
from rxconnect.domain.errors import AnotherAdministratorNeeded, PasswordNeeded, RxConnectError
from rxconnect.models import AuditRow

# So many words in a row are a piece of the letter. Single words stand in our own sentences, too.
_IN_A_ROW = 3
_REFUSALS = {AnotherAdministratorNeeded: Answer.SECOND_ADMINISTRATOR, PasswordNeeded: Answer.PASSWORD}
# The names under which a read model says which letter it is about.
_IDS = ("message_id", "letter")


def attempt(seat: Seat) -> None:
    """Try every way, and keep what came of it. Opens its own transactions.

    Raises `NotAllowed` if the caller is not the trainer, and `NotFound` if the world has no lawyer's letter.
    """
    require_trainer(seat)
    with acting(seat) as (actor, facility_id):
        target = db.read(letter_ways.target, facility_id)
        before = db.read(_rows_of, actor, facility_id)
        told: list[str] = []
        attempts = [(key, _try(way, actor, target, told)) for key, (_name, way) in WAYS.items()]
        rows = db.read(_rows_of, actor, facility_id) - before
    facts = {
        "attempts": attempts,
        "phrases": len(pieces(target.text)),
        "characters": sum(map(len, told)),
        "found": len(pieces_in(target.text, told)),
        "rows": rows,
    }
    with world.own().bound():
        db.write(_add, seat, facts)


def pieces(text: str) -> set[str]:
    """Every three words in a row of a text, without case and punctuation."""
    words = re.findall(r"\w+", text.casefold())
    return {" ".join(words[place : place + _IN_A_ROW]) for place in range(len(words) - _IN_A_ROW + 1)}


def pieces_in(letter: str, texts: Iterable[str]) -> set[str]:
    """The pieces of a letter that stand in any of these texts."""
    return pieces(letter) & {piece for text in texts for piece in pieces(text)}


def _try(way: Way, actor: Actor, target: Target, told: list[str]) -> Answer:
    """Try one way. Adds the texts that came back to `told`."""
    try:
        came_back = way(actor, target)
    except RxConnectError as error:
        told.append(refusals.sentence(error))
        return _REFUSALS.get(type(error), Answer.REFUSED)
    texts = list(_texts(came_back))
    told += texts
    if pieces_in(target.text, texts):
        return Answer.WORDS
    return Answer.FACT if _names(came_back, target.message_id) else Answer.NOTHING


def _texts(value: Any) -> Iterator[str]:
    """Every text and number in what came back, each by itself."""
    parts = _parts(value)
    if not parts:
        yield str(value)
    for _name, part in parts:
        yield from _texts(part)


def _names(value: Any, message_id: int) -> bool:
    """Whether what came back is about this letter anywhere."""
    return any(
        (name in _IDS and str(part) == str(message_id)) or _names(part, message_id) for name, part in _parts(value)
    )


def _parts(value: Any) -> list[tuple[str, Any]]:
    """The parts of a read model with their names, or of a list, without; none of a text or a number."""
    if is_dataclass(value):
        return [(field.name, getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, Mapping):
        return [("", part) for item in value.items() for part in item]
    if isinstance(value, str) or not isinstance(value, Iterable):
        return []
    names = getattr(value, "_fields", None)
    return list(zip(names, value, strict=True)) if names else [("", part) for part in value]


def _rows_of(session: Session, actor: Actor, facility_id: int) -> int:
    mine = (AuditRow.facility_id == facility_id, AuditRow.account_id == actor.account_id)
    return session.exec(select(func.count()).select_from(AuditRow).where(*mine)).one()


def _add(session: Session, seat: Seat, facts: dict[str, Any]) -> None:
    room_of(session, seat)
    breaks.add(session, seat, BreakKind.LETTER, facts)
