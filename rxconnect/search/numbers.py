"""Find people by inmate number: exact, by its beginning, or with one slip of the pen.

There are some hundreds of numbers one slip away from any number, so all of them are looked up.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from string import ascii_lowercase, digits

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from rxconnect.domain.inmates import MAX_DEPTH
from rxconnect.models import Facility, Inmate
from rxconnect.search.likeness import EXACT, Likeness
from rxconnect.search.scope import Scope

_BEGINS, _LETTERS, _SLIP, _LEAST_FOR_A_SLIP = 6, 8, 15, 4
# The letters that many systems put before a number, and families leave out: one or two.
_PREFIXES = [*ascii_lowercase, *map("".join, product(ascii_lowercase, repeat=2))]


def find(session: Session, scope: Scope, number: str) -> dict[int, Likeness]:
    """How like the numbers of people are to this one (a `number_key`), by the people's ids.

    Slips are forgiven only where nobody has exactly this number.
    """
    key = col(Inmate.number_key)
    found = dict.fromkeys(_ids(session, scope, key == number), EXACT)
    begins = Likeness(_BEGINS, "number begins with", number)
    found |= dict.fromkeys(_ids(session, scope, key > number, key < number + "\U0010ffff"), begins)
    if len(number) < _LEAST_FOR_A_SLIP or EXACT in found.values():
        return found
    slip = Likeness(_SLIP, "number close to", number)
    found = dict.fromkeys(_ids(session, scope, key.in_(sorted(set(_one_slip_away(number))))), slip) | found
    if number.isdigit():
        lettered = Likeness(_LETTERS, "number close to", number)
        found = (
            dict.fromkeys(_ids(session, scope, key.in_([letters + number for letters in _PREFIXES])), lettered) | found
        )
    return found


def _ids(session: Session, scope: Scope, *which: ColumnElement[bool]) -> list[int]:
    people = select(col(Inmate.id)).where(*which).order_by(col(Inmate.number_key), col(Inmate.id)).limit(MAX_DEPTH)
    if scope.facility_id is not None:
        people = people.where(col(Inmate.facility_id) == scope.facility_id)
    if scope.state:
        people = people.join(Facility, col(Facility.id) == Inmate.facility_id).where(col(Facility.state) == scope.state)
    return list(session.scalars(people))


def _one_slip_away(number: str) -> Iterator[str]:
    """A sign missing, wrong, one too many, or two swapped. Digits are taken for digits, and letters for letters."""
    signs = "".join(signs for signs in (digits, ascii_lowercase) if set(signs) & set(number))
    for gap in range(len(number) + 1):
        before, after = number[:gap], number[gap:]
        yield from (f"{before}{sign}{after}" for sign in signs)
        if after:
            yield before + after[1:]
            yield from (f"{before}{sign}{after[1:]}" for sign in (digits if after[0].isdigit() else ascii_lowercase))
        if len(after) > 1:
            yield f"{before}{after[1]}{after[0]}{after[2:]}"
