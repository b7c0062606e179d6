"""The facts that search has about a facility, and the words that find it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rxconnect.domain import states
from rxconnect.search.facility_words import split_aside, spoken_words, without_small


class Listing(NamedTuple):
    """A facility's columns, as search needs them. `state` is its code."""

    id: int
    key: str
    name: str
    city: str
    county: str
    state: str
    zip_code: str
    is_open: bool


class IndexedFacility(NamedTuple):
    """A facility and the words that it is found by.

    `name_words` are those of the whole name, `main_words` those that are not small, `place_words` those of its city,
    county and state. `letters` is state and name, for `is_in_order`.
    """

    listing: Listing
    state: tuple[str, ...]
    name_words: tuple[str, ...]
    main_words: tuple[str, ...]
    place_words: tuple[str, ...]
    letters: str


def indexed_facility(
    listing: Listing, spoken_of: Callable[[str], tuple[str, ...]], kept: Callable[[str], str]
) -> IndexedFacility:
    """The words of a facility. `spoken_of` is a cached `spoken`; `kept` interns words, to save memory."""
    name, aside = split_aside(listing.name)
    state = spoken_of(states.name_of(listing.state))
    places = (listing.city, listing.county, aside)
    place = {
        *state,
        listing.state.lower(),
        listing.zip_code[:5],
        *(word for some in places for word in spoken_of(some)),
    }
    name_words = tuple(map(kept, spoken_words(name)))
    place_words = tuple(map(kept, sorted(place - {""})))
    letters = "".join(f" {word}" for word in (*state, *name_words))
    return IndexedFacility(listing, state, name_words, without_small(name_words), place_words, letters)


def initials(entry: IndexedFacility) -> str:
    """The initials of state and name, with the small words and without."""
    state, whole, main = (
        "".join(word[0] for word in some) for some in (entry.state, entry.name_words, entry.main_words)
    )
    return f"{state}{whole} {state}{main}\n"
