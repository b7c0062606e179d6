"""Finds people by inmate number: exact, by its beginning, or with one typing error.

Only some hundreds of numbers are one error away from a number, so all of them are looked up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from string import ascii_lowercase, digits

from rapidfuzz.distance import OSA
from sqlmodel import Session, col, select

from rxconnect.domain.inmates import MAX_DEPTH
from rxconnect.models import InmateMove
from rxconnect.search.likeness import EXACT, UNLIKE, Likeness
from rxconnect.search.normalise import number_key
from rxconnect.search.raw_sql import LAST, fetch_rows, quoted
from rxconnect.search.scope import Scope

_BEGINS, _LETTERS, _SLIP, _LEAST_FOR_A_SLIP = 6, 8, 15, 4
# One or two letters that many systems put before a number, and that families leave out.
_PREFIXES = [*ascii_lowercase, *map("".join, product(ascii_lowercase, repeat=2))]


def find_by_number(session: Session, scope: Scope, number: str) -> dict[int, Likeness]:
    """The people with a similar number (a `number_key`), by id.

    Errors are forgiven only if no person has exactly this number. A search at a facility also finds the old numbers of
    people who moved away.
    """
    found = _find_moved_away(session, scope, number)
    begins = _select_ids(
        session, scope, f"i.number_key > {quoted(number)} AND i.number_key < {quoted(number)[:-1]}{LAST}'"
    )
    found |= dict.fromkeys(begins, Likeness(_BEGINS, "number begins with", number))
    found |= dict.fromkeys(_select_ids(session, scope, f"i.number_key = {quoted(number)}"), EXACT)
    if len(number) < _LEAST_FOR_A_SLIP or EXACT in found.values():
        return {inmate_id: likeness for inmate_id, likeness in found.items() if likeness.cost <= _BEGINS}
    slip = Likeness(_SLIP, "number close to", number)
    found = dict.fromkeys(_ids_with_numbers(session, scope, _one_slip_away(number)), slip) | found
    if number.isdigit():
        lettered = (letters + number for letters in _PREFIXES)
        found = dict.fromkeys(_ids_with_numbers(session, scope, lettered), _with_prefix(number)) | found
    return found


def compare_numbers(typed: str, number: str) -> Likeness:
    """Compare two numbers (`number_key`s)."""
    if typed == number:
        return EXACT
    if number.startswith(typed):
        return Likeness(_BEGINS, "number begins with", typed)
    if typed.isdigit() and number.lstrip(ascii_lowercase) == typed and len(number) <= len(typed) + 2:
        return _with_prefix(typed)
    if len(typed) >= _LEAST_FOR_A_SLIP and OSA.distance(typed, number) == 1:
        return Likeness(_SLIP, "number close to", typed)
    return UNLIKE


def _with_prefix(number: str) -> Likeness:
    return Likeness(_LETTERS, "number close to", number)


def _find_moved_away(session: Session, scope: Scope, typed: str) -> dict[int, Likeness]:
    moves = select(InmateMove.inmate_id, InmateMove.number)
    rows = session.exec(moves.where(col(InmateMove.from_facility_id) == scope.facility_id)) if scope.facility_id else ()
    found = {inmate_id: compare_numbers(typed, number_key(number)) for inmate_id, number in rows}
    return {inmate_id: likeness for inmate_id, likeness in found.items() if likeness is not UNLIKE}


def _ids_with_numbers(session: Session, scope: Scope, numbers: Iterable[str]) -> list[int]:
    return _select_ids(
        session, scope, f"i.number_key IN ({', '.join(sorted(set(map(quoted, filter(None, numbers)))))})"
    )


def _select_ids(session: Session, scope: Scope, condition: str) -> list[int]:
    """The ids of the people who meet the SQL `condition`. See `raw_sql` for why it is not a SQLAlchemy query."""
    if scope.facility_id is not None:
        condition += f" AND i.facility_id = {scope.facility_id:d}"
    join = f"JOIN facility f ON f.id = i.facility_id AND f.state = {quoted(scope.state)}" if scope.state else ""
    sql = f"SELECT i.id FROM inmate i {join} WHERE {condition} ORDER BY i.number_key, i.id LIMIT {MAX_DEPTH}"
    return [inmate_id for (inmate_id,) in fetch_rows(session, sql)]


def _one_slip_away(number: str) -> Iterator[str]:
    """Numbers with one character missing, wrong, added, or two swapped. Digits replace digits, and letters letters."""
    signs = "".join(signs for signs in (digits, ascii_lowercase) if set(signs) & set(number))
    for gap in range(len(number) + 1):
        before, after = number[:gap], number[gap:]
        yield from (f"{before}{sign}{after}" for sign in signs)
        if after:
            yield before + after[1:]
            yield from (f"{before}{sign}{after[1:]}" for sign in (digits if after[0].isdigit() else ascii_lowercase))
        if len(after) > 1:
            yield f"{before}{after[1]}{after[0]}{after[2:]}"
