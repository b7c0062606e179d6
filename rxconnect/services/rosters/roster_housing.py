"""Housing that stands in several columns, such as pod, cell and bed: which columns they are, and the text of a row."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from operator import itemgetter

from rxconnect.services.files.columns import Columns
from rxconnect.services.shapes.headers import meaning_of, unit_kind
from rxconnect.services.shapes.words import NO_PLACE, is_nothing

_BETWEEN = " / "
_MOST_CACHED = 65_536
_LONGEST, _LONGEST_PART, _SHARE = 40, 20, 0.9  # as `Inmate.housing`
_WORD = re.compile(r"[^\W_]+")


def columns_of(found: Columns, sample: Sequence[list[str]], passed_over: Collection[int]) -> tuple[int, ...]:
    """The columns that together say where somebody lives, in the file's order; () if that is one column at most.

    Next to the likeliest column these are the others that name a part of a building, one of each kind, such as a cell. A
    column whose texts another one repeats (`B-12-L` beside `B` and `12`) is not read twice.
    """
    if "housing" not in found:
        return ()
    main = found.position("housing")
    kinds = {unit_kind(found.header[main]): main}
    taken = {*found.positions.values(), *passed_over}
    for rank, place in sorted(_parts(found.header, taken)):
        if _are_short([row[place] for row in sample]):
            kinds.setdefault(rank, place)
    every = sorted(kinds.values())
    parts = [place for place in every if not any(_repeats(sample, place, other) for other in every if other != place)]
    return tuple(parts) if len(parts) > 1 else ()


def joiner(places: Sequence[int]) -> Callable[[Sequence[str]], str]:
    """What reads the housing of a row from these columns: `B / 12 / L`."""
    pick: Callable[[Sequence[str]], tuple[str, ...]] = itemgetter(*places)

    @lru_cache(maxsize=_MOST_CACHED)
    def joined(cells: tuple[str, ...]) -> str:
        parts = [cell for cell in cells if cell and not is_nothing(cell) and cell not in NO_PLACE]
        while len(parts) > 1 and len(_BETWEEN.join(parts)) > _LONGEST:
            parts.pop()  # the larger parts come first
        return _BETWEEN.join(parts)

    return lambda cells: joined(pick(cells))


def _parts(header: Sequence[str], taken: Collection[int]) -> list[tuple[int, int]]:
    """The kind and the place of each column, besides those that are taken, that names a part of a building."""
    places = (place for place in range(len(header)) if place not in taken)
    return [
        (kind, place)
        for place in places
        if (kind := unit_kind(header[place])) and (meaning := meaning_of(header[place])) and meaning.field == "housing"
    ]


def _are_short(cells: Collection[str]) -> bool:
    """Whether a column has texts as those of a cell or a floor, and no sentences."""
    filled = [cell for cell in cells if not is_nothing(cell)]
    short = sum(len(cell) <= _LONGEST_PART for cell in filled)
    return bool(filled) and short >= _SHARE * len(filled)


def _repeats(sample: Sequence[list[str]], place: int, other: int) -> bool:
    """Whether the other column holds every word of this one, among more."""
    pairs = [(_words(row[place]), _words(row[other])) for row in sample if not is_nothing(row[place])]
    return bool(pairs) and all(one < two for one, two in pairs)


def _words(cell: str) -> frozenset[str]:
    return frozenset(word.lstrip("0") for word in _WORD.findall(cell.casefold()))
