"""A facility as search sees it: as it is listed, and the words by which it is found."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rxconnect.domain import states
from rxconnect.search.facility_words import parted_from_aside, spoken, without_small


class Listing(NamedTuple):
    """What search knows about a facility; `state` is its code."""

    id: int
    key: str
    name: str
    city: str
    county: str
    state: str
    zip_code: str
    is_open: bool


class Entry(NamedTuple):
    """`said` is the whole name, `named` its words that are not small, `letters` state and name for `is_in_order`."""

    listing: Listing
    state: tuple[str, ...]
    said: tuple[str, ...]
    named: tuple[str, ...]
    placed: tuple[str, ...]
    letters: str


def entry_of(listing: Listing, said_of: Callable[[str], tuple[str, ...]], kept: Callable[[str], str]) -> Entry:
    """The words of a facility. `said_of` is `spoken`, and `kept` gives a word back, the same object each time."""
    name, aside = parted_from_aside(listing.name)
    state = said_of(states.name_of(listing.state))
    places = (listing.city, listing.county, aside)
    place = {*state, listing.state.lower(), listing.zip_code[:5], *(word for some in places for word in said_of(some))}
    said = tuple(map(kept, spoken(name)))
    placed = tuple(map(kept, sorted(place - {""})))
    letters = "".join(f" {word}" for word in (*state, *said))
    return Entry(listing, state, said, without_small(said), placed, letters)


def initials(entry: Entry) -> str:
    """Those of state and name, with the small words and without."""
    state, said, named = ("".join(word[0] for word in some) for some in (entry.state, entry.said, entry.named))
    return f"{state}{said} {state}{named}\n"
