"""Finds people by inmate number: exact, by its beginning, or with one of the errors of `number_slips`."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import OSA
from sqlmodel import Session

from rxconnect.domain.inmates import MAX_DEPTH
from rxconnect.search import number_slips
from rxconnect.search.likeness import EXACT, UNLIKE, Likeness
from rxconnect.search.normalise import number_key
from rxconnect.search.raw_sql import LAST, fetch_rows, quoted, quoted_list
from rxconnect.search.scope import Scope

_MOVES = "SELECT inmate_id, number FROM inmate_move WHERE from_facility_id ="
_BEGINS, _FRONT, _LOOKS_ALIKE, _SWAPPED, _SLIP, _LEAST_FOR_A_SLIP = 6, 8, 9, 14, 15, 4
_MOST_CLOSE = 4 * MAX_DEPTH  # the people with numbers close to the typed one who are ranked


def find_by_number(session: Session, scope: Scope, number: str) -> dict[int, Likeness]:
    """The people with a similar number (a `number_key`), by id.

    Errors are forgiven only if no person has exactly this number. A search at a facility also finds the old numbers of
    people who moved away.
    """
    found = _find_moved_away(session, scope, number)
    begins = _select_people(
        session, scope, f"i.number_key >= {quoted(number)} AND i.number_key < {quoted(number)[:-1]}{LAST}'", MAX_DEPTH
    )
    longer = Likeness(_BEGINS, "number begins with", number)
    found |= {inmate_id: EXACT if key == number else longer for inmate_id, key in begins}
    if len(number) < _LEAST_FOR_A_SLIP or EXACT in found.values():
        return {inmate_id: likeness for inmate_id, likeness in found.items() if likeness.cost <= _BEGINS}
    costs = _close_numbers(number)
    close = _select_people(session, scope, f"i.number_key IN ({quoted_list(costs)})", _MOST_CLOSE)
    return {inmate_id: Likeness(costs[key], "number close to", number) for inmate_id, key in close} | found


def compare_numbers(typed: str, number: str) -> Likeness:
    """Compare two numbers (`number_key`s)."""
    if typed == number:
        return EXACT
    if number.startswith(typed):
        return Likeness(_BEGINS, "number begins with", typed)
    if len(typed) < _LEAST_FOR_A_SLIP:
        return UNLIKE
    if number_slips.is_otherwise_in_front(typed, number):
        return Likeness(_FRONT, "number close to", typed)
    if number_slips.looks_alike(typed, number):
        return Likeness(_LOOKS_ALIKE, "number close to", typed)
    return Likeness(_SLIP, "number close to", typed) if OSA.distance(typed, number) == 1 else UNLIKE


def _close_numbers(number: str) -> dict[str, int]:
    """The numbers that may be meant, each with its cost."""
    in_digits = number_slips.in_digits(number)
    costs: dict[str, int] = {}
    if in_digits != number:
        # A letter for a digit, and another slip besides.
        costs |= dict.fromkeys(number_slips.one_slip_away(in_digits), _SLIP + _LOOKS_ALIKE)
        costs |= dict.fromkeys(number_slips.otherwise_in_front(in_digits), _FRONT + _LOOKS_ALIKE)
    costs |= dict.fromkeys(number_slips.one_slip_away(number), _SLIP)
    costs |= dict.fromkeys(number_slips.swapped_or_too_long(number), _SWAPPED)
    costs |= dict.fromkeys(number_slips.with_look_alikes(number), _LOOKS_ALIKE)
    costs |= dict.fromkeys(number_slips.otherwise_in_front(number), _FRONT)
    return costs


def _find_moved_away(session: Session, scope: Scope, typed: str) -> dict[int, Likeness]:
    if not scope.facility_id:
        return {}
    rows = fetch_rows(session, f"{_MOVES} {scope.facility_id:d}")
    found = {inmate_id: compare_numbers(typed, number_key(number)) for inmate_id, number in rows}
    return {inmate_id: likeness for inmate_id, likeness in found.items() if likeness is not UNLIKE}


def _select_people(session: Session, scope: Scope, condition: str, most: int) -> Sequence[tuple[int, str]]:
    """(id, number key) of people who meet the SQL `condition`. See `raw_sql` for why it is not a SQLAlchemy query."""
    if scope.facility_id is not None:
        condition += f" AND i.facility_id = {scope.facility_id:d}"
    join = f"JOIN facility f ON f.id = i.facility_id AND f.state = {quoted(scope.state)}" if scope.state else ""
    sql = f"SELECT i.id, i.number_key FROM inmate i {join} WHERE {condition} ORDER BY i.number_key, i.id LIMIT {most}"
    return fetch_rows(session, sql)
