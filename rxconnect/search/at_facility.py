"""Finds the people of one facility who match a typed name, in the facility's sheet."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from rxconnect.search import names, sheets
from rxconnect.search.likeness import TOO_FAR, Likeness
from rxconnect.search.names import ANOTHER_FIRST_NAME, SWAPPED, TypedName
from rxconnect.search.raw_sql import fetch_rows
from rxconnect.search.sheets import Sheet

# People who share only the last name are compared until this many have been found.
_ENOUGH = 10
_SHEET = "SELECT body FROM roster_sheet WHERE facility_id ="


def find_people(
    session: Session, facility_id: int, ways: Sequence[TypedName], enough: int
) -> list[tuple[int, Likeness]]:
    """The ids of the people who match one of the `ways` to read the typed name, nearest first.

    Only the sheet is read, and equal matches keep its order.
    """
    sheet = _cached_sheet(session, facility_id)
    rough = _matching_entries(sheet, ways)
    best: dict[int, tuple[int, int, Likeness]] = {}
    for entry in nearest(rough, enough):
        if rough[entry] >= ANOTHER_FIRST_NAME and len(best) >= _ENOUGH:
            break
        likeness, inmate_id = names.compare_with_ways(ways, sheet.name(entry)), sheet.inmate_ids[entry]
        if likeness.cost < (best[inmate_id][0] if inmate_id in best else TOO_FAR):
            best[inmate_id] = (likeness.cost, entry, likeness)
    ranked = sorted(best.items(), key=lambda found: found[1][:2])
    return [(inmate_id, likeness) for inmate_id, (_, _, likeness) in ranked]


def candidates(session: Session, facility_id: int, ways: Sequence[TypedName]) -> dict[int, int]:
    """The ids of people who may match, each with an approximate cost."""
    sheet = _cached_sheet(session, facility_id)
    rough: dict[int, int] = {}
    for entry, cost in _matching_entries(sheet, ways).items():
        inmate_id = sheet.inmate_ids[entry]
        rough[inmate_id] = min(cost, rough.get(inmate_id, cost))
    return rough


def nearest(rough: dict[int, int], most: int) -> list[int]:
    """The `most` candidates with the least costs, nearest first. All with the very least cost are included."""
    ranked = sorted(rough, key=lambda candidate: (rough[candidate], candidate))
    equals = sum(cost == rough[ranked[0]] for cost in rough.values()) if ranked else 0
    return ranked[: max(most, equals)]


def _cached_sheet(session: Session, facility_id: int) -> Sheet:
    found = fetch_rows(session, f"{_SHEET} {facility_id:d}")
    return sheets.unpack_sheet(found[0][0]) if found and found[0][0] else sheets.empty_sheet()


def _matching_entries(sheet: Sheet, ways: Sequence[TypedName]) -> dict[int, int]:
    """The entries of the sheet that may match, each with an approximate cost."""
    rough: dict[int, int] = {}
    for wanted in ways:
        for first, last, extra in ((wanted.first, wanted.last, 0), (wanted.last, wanted.first, wanted.swapped)):
            by_first = sheets.entries_like(sheet.firsts, first, is_first=True) if first.whole else None
            by_last = sheets.entries_like(sheet.lasts, last, is_first=False) if last.whole else None
            if by_first is None or by_last is None:
                costs = (by_last if by_first is None else by_first) or {}
            else:
                costs = {entry: cost + by_first.get(entry, ANOTHER_FIRST_NAME) for entry, cost in by_last.items()}
            for entry, cost in costs.items():
                rough[entry] = min(cost + extra, rough.get(entry, TOO_FAR + SWAPPED))
    return rough
