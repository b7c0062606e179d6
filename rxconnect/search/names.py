"""The names of a person, in a form that can be compared with a typed name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rxconnect.search import likeness
from rxconnect.search.likeness import EXACT, TOO_FAR, UNLIKE, Likeness
from rxconnect.search.normalise import Name, first_name, last_name, name_key, suffix_of

SWAPPED, ANOTHER_FIRST_NAME = 10, 46
_OTHER_SUFFIX, _ALIAS, _NEARLY = 1, 5, 3


class Booked(NamedTuple):
    """One of a person's names as keys (`normalise.name_key`). All but the first are aliases."""

    first: str
    middle: str
    last: str
    suffix: str = ""
    is_alias: bool = False


class TypedName(NamedTuple):
    """A typed first and last name. Either may be empty, but not both. `swapped` is the cost of the other order."""

    first: Name
    last: Name
    suffix: str
    swapped: int = SWAPPED


def booked_names(first: str, middle: str, last: str, suffix: str = "", aliases: str = "") -> list[Booked]:
    """All of a person's names, the booked one first. `aliases` are full names separated by `;`."""
    names = [Booked(name_key(first), name_key(middle), name_key(last), suffix_of(suffix))]
    for alias in aliases.split(";") if aliases else ():
        key, _, rest = name_key(alias).partition(" ")
        if key:
            names.append(Booked(key, "", rest or names[0].last, is_alias=True))
    return names


def typed_name(first: str, last: str) -> TypedName:
    """The typed name in a form that can be compared. A suffix may follow either name."""
    return TypedName(first_name(first), last_name(last), suffix_of(last) or suffix_of(first))


def compare_with_ways(ways: Sequence[TypedName], name: Booked) -> Likeness:
    """Compare a booked name with each of the ways to read the typed one. Returns the nearest."""
    if len(ways) == 1:
        return compare_names(ways[0], name)
    return min(compare_names(wanted, name) for wanted in ways)


def compare_names(wanted: TypedName, name: Booked) -> Likeness:
    """Compare a typed name with a booked one. `UNLIKE` when they do not match."""
    first, middle, last = first_name(name.first), first_name(name.middle), last_name(name.last)
    best = _compare_both(wanted, first, middle, last)
    if best.cost > wanted.swapped:
        # The two fields may have been swapped.
        swapped = TypedName(wanted.last, wanted.first, wanted.suffix)
        best = min(best, _compare_both(swapped, first, middle, last).plus(wanted.swapped, _why_swapped(wanted)))
    if best.cost >= TOO_FAR:
        return UNLIKE
    if wanted.suffix != name.suffix:
        best = best.plus(_OTHER_SUFFIX * (2 if wanted.suffix else 1), "another suffix" if wanted.suffix else "")
    # The page shows the booked name, so for an alias the reason names the alias.
    return Likeness(best.cost + _ALIAS, "also known as", f"{name.first} {name.last}") if name.is_alias else best


def _why_swapped(wanted: TypedName) -> str:
    if not wanted.swapped:
        return ""
    if wanted.first.whole and wanted.last.whole:
        return "swapped" if wanted.swapped == SWAPPED else "other order"
    return "as last name" if wanted.first.whole else "as first name"


def _compare_both(wanted: TypedName, first: Name, middle: Name, last: Name) -> Likeness:
    by_last = likeness.compare_last_names(wanted.last, last) if wanted.last.whole else EXACT
    if by_last.cost >= TOO_FAR:
        return UNLIKE
    by_first = likeness.compare_first_names(wanted.first, first, middle) if wanted.first.whole else EXACT
    if by_first.cost < TOO_FAR:
        return by_first.and_also(by_last)
    # A match by last name alone is shown below all others, since no list has every nickname.
    if wanted.first.whole and wanted.last.whole and by_last.cost <= _NEARLY:
        return Likeness(ANOTHER_FIRST_NAME + by_last.cost, "another first name")
    return UNLIKE
