"""A list to try an import with: the invented people of the session's facility, as they might be a week later."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.demo.administrators import acting
from rxconnect.demo.roster import newcomers
from rxconnect.demo.seats import require_trainer
from rxconnect.domain import clock
from rxconnect.domain.demo import Seat
from rxconnect.domain.inmates import Custody
from rxconnect.models import Inmate
from rxconnect.models.sorting import by_name

_HEADER = ("Booking Number", "Last Name", "First Name", "Middle Name", "Suffix", "Date of Birth", "Housing")
_NEW = tuple(f"2043{number:04}" for number in range(1, 9))
# Of so many people one has left, and one lives in another unit.
_LEFT, _MOVED = 90, 60
_UNITS = "ABCDE"


def sample(seat: Seat) -> list[tuple[str, ...]]:
    """The lines of the list, of which the first names the columns: most people as they are, a few gone, moved or new.

    Raises `NotAllowed` if the seat is not the trainer's.
    """
    require_trainer(seat)
    with acting(seat) as (_actor, facility_id):
        return [_HEADER, *_lines(db.read(_in_custody, facility_id))]


def _in_custody(session: Session, facility_id: int) -> list[Inmate]:
    held = select(Inmate).where(Inmate.facility_id == facility_id, Inmate.custody == Custody.HELD)
    return list(session.exec(held.order_by(by_name(Inmate.last_name), col(Inmate.number))).all())


def _lines(people: list[Inmate]) -> Iterator[tuple[str, ...]]:
    known = {one.number for one in people}
    for place, one in enumerate(people, start=1):
        if place % _LEFT == 0:
            continue
        born = one.birth_date.isoformat() if one.birth_date else ""
        housing = _next_unit(one.housing) if place % _MOVED == 0 else one.housing
        yield one.number, one.last_name, one.first_name, one.middle_name, one.suffix, born, housing
    for new in newcomers([number for number in _NEW if number not in known], clock.now().date()):
        born = new.birth_date.isoformat() if new.birth_date else ""
        yield new.number, new.last_name, new.first_name, new.middle_name, new.suffix, born, new.housing


def _next_unit(housing: str) -> str:
    """`Unit A` -> `Unit B`."""
    letter = housing[-1:]
    return f"{housing[:-1]}{_UNITS[(_UNITS.index(letter) + 1) % len(_UNITS)]}" if letter in _UNITS else housing
