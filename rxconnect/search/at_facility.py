"""Finds the people of one facility who match a typed name, in the facility's sheet."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

from sqlmodel import Session

from rxconnect.search import names, sheets
from rxconnect.search.likeness import TOO_FAR, Likeness
from rxconnect.search.names import ANOTHER_FIRST_NAME, SWAPPED, TypedName
from rxconnect.search.raw_sql import fetch_rows
from rxconnect.search.sheets import Lookup, Sheet
from rxconnect.world import PerWorld

# People who share only the last name are compared until this many have been found.
_ENOUGH = 10
_SHEET = "SELECT body FROM roster_sheet WHERE facility_id ="
_MOST_CACHED = 30_000  # names on all cached sheets, which take about 200 bytes each


class _Cache:
    """The unpacked sheets of the facilities that were searched last, each with the packed one, which tells if it has changed."""

    def __init__(self) -> None:
        self.sheets: dict[int, tuple[bytes, Sheet]] = {}
        self.changing = Lock()


_cache = PerWorld(_Cache)


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


def nearest(rough: dict[int, int], most: int) -> list[int]:
    """The `most` candidates with the least costs, nearest first. All with the very least cost are included."""
    ranked = sorted(zip(rough.values(), rough, strict=True))
    equals = sum(cost == ranked[0][0] for cost, _ in ranked)
    return [candidate for _, candidate in ranked[: max(most, equals)]]


def _cached_sheet(session: Session, facility_id: int) -> Sheet:
    found = fetch_rows(session, f"{_SHEET} {facility_id:d}")
    body = found[0][0] if found else b""
    cache = _cache()
    with cache.changing:
        packed, sheet = cache.sheets.pop(facility_id, (b"", sheets.EMPTY))
        if packed != body:
            sheet = sheets.unpack_sheet(body) if body else sheets.EMPTY
            cached = sum(len(other.inmate_ids) for _, other in cache.sheets.values())
            room = _MOST_CACHED - cached - len(sheet.inmate_ids)
            while room < 0 and cache.sheets:
                room += len(cache.sheets.pop(next(iter(cache.sheets)))[1].inmate_ids)
        cache.sheets[facility_id] = (body, sheet)
    return sheet


def _matching_entries(sheet: Sheet, ways: Sequence[TypedName]) -> dict[int, int]:
    """The entries of the sheet that may match, each with an approximate cost."""
    firsts, lasts = Lookup(sheet.firsts, is_first=True), Lookup(sheet.lasts, is_first=False)
    rough: dict[int, int] = {}
    for wanted in ways:
        for first, last, extra in ((wanted.first, wanted.last, 0), (wanted.last, wanted.first, wanted.swapped)):
            by_last = lasts.entries_like(last) if last.whole else None
            # Without a similar last name, the first one alone finds nobody.
            by_first = firsts.entries_like(first) if first.whole and by_last != {} else None
            if by_first is None or by_last is None:
                costs = (by_last if by_first is None else by_first) or {}
            else:
                costs = {entry: cost + by_first.get(entry, ANOTHER_FIRST_NAME) for entry, cost in by_last.items()}
            for entry, cost in costs.items():
                rough[entry] = min(cost + extra, rough.get(entry, TOO_FAR + SWAPPED))
    return rough
