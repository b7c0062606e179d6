"""An in-memory index of all facilities, by the names that people use. A few thousand take a few megabytes.

A search has two steps. The first compares each typed word with every word in a facility's name or place, which finds
the candidates. The second compares the best of these in full: how much of the query is found in them, how much of their
name was typed, and how alike the two look. Rare words count for more than words that half of all facilities share.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from rapidfuzz.distance import Indel

from rxconnect.domain import states
from rxconnect.search import facility_query
from rxconnect.search.facility_listings import IndexedFacility, Listing, indexed_facility, initials
from rxconnect.search.facility_query import Query, TypedWord
from rxconnect.search.facility_vocabulary import Similarity, Vocabulary
from rxconnect.search.facility_words import (
    NOT_SPELLED,
    Spelling,
    is_abbreviation,
    is_in_order,
    spelling,
    spoken_words,
)
from rxconnect.search.normalise import folded_words

DEPTH_MAX = 200
# At most this many candidates are compared in full, and none with less than this share of the best one's weight.
_CANDIDATES, _WORTH_COMPARING = 40, 0.4
# Among candidates with equal weights, those with fewer other words come first, and open ones.
_BESIDES = 0.02
# The worth of a typed word, from 0 to 1, that is found in the place, as initials, or as initials although it is a word.
_PLACE = 0.8
_INITIALS, _LEAST_INITIALS, _INITIALS_OF_A_WORD = 0.9, 0.6, 0.8
# The weights of the three comparisons.
_TYPED, _NAMED, _LOOKS = 0.55, 0.35, 0.1
# Only the exact name has the score 1. An open facility comes before one that is slightly nearer.
_INEXACT, _OPEN = 0.97, 0.02
# The least score with which a facility is shown, and the least part of the first one's score.
_ENOUGH, _NOT_FAR = 0.25, 0.5
# A word that more than one in so many facilities have adds no candidates if rarer words have found some.
_TOO_MANY = 8

# The least number of letters of initials that are also tried without one of the letters.
_LETTERS_LEFT_OUT = 4


class Found(NamedTuple):
    """A matching facility, and its score: 1 is its exact name."""

    listing: Listing
    score: float


class Index:
    """An immutable index, which any number of threads may search at once."""

    def __init__(self, listings: Iterable[Listing]):
        self._entries: list[IndexedFacility] = []
        self._in_state: dict[str, set[int]] = defaultdict(set)
        # By the city with its state, as people type it: `york ne`, `york nebraska`.
        self._in_city: dict[str, set[int]] = defaultdict(set)
        self._by_name: dict[tuple[str, ...], list[int]] = defaultdict(list)
        # Many facilities share a place; the caches keep each word once.
        spoken_of, kept = cache(spoken_words), cache(str)
        for position, listing in enumerate(listings):
            entry = indexed_facility(listing, spoken_of, kept)
            self._entries.append(entry)
            self._in_state[listing.state].add(position)
            for called in (listing.state, states.name_of(listing.state)) if listing.city else ():
                self._in_city[folded_words(f"{listing.city} {called}")].add(position)
            self._by_name[entry.name_words].append(position)
        self._vocabulary = Vocabulary(
            [entry.main_words for entry in self._entries], [entry.place_words for entry in self._entries]
        )
        self._rarity = [sum(map(self._vocabulary.rarity, entry.main_words)) for entry in self._entries]
        self._behind = [
            _BESIDES * rarity - _OPEN * entry.listing.is_open
            for rarity, entry in zip(self._rarity, self._entries, strict=True)
        ]
        letters = [initials(entry) for entry in self._entries]
        self._initials, self._ends = "".join(letters), list(accumulate(map(len, letters)))

    def find(self, text: str, *, state: str = "", limit: int) -> list[Found]:
        """The facilities that match, best first, open ones first among nearly equal ones. The order is deterministic."""
        query = facility_query.parse_query(text, self._vocabulary)
        if not query.typed:
            return []
        within = self._in_state.get(state, set()) if state else None
        found = self._ranked(query, within, max(limit, _CANDIDATES))
        folded = folded_words(text)
        # A text that names no state has the code "", which facilities without a state have too.
        typed_state = states.code_of(folded)
        inside = self._in_city.get(folded) or (self._in_state.get(typed_state) if typed_state else None)
        if inside and (within is None or inside <= within):
            found = self._facilities_inside_first(inside, folded, query, found)
        found = found[: min(limit, DEPTH_MAX)]
        # Scores never rise, so that sorting by score keeps this order.
        scores = accumulate((one.score for one in found), min)
        return [one._replace(score=score) for one, score in zip(found, scores, strict=True)]

    def _ranked(self, query: Query, within: set[int] | None, count: int) -> list[Found]:
        """Candidates ranked by score. Those with every word as typed come before those with similar words."""
        ranked = []
        for position in self._candidates(query, within, count):
            entry, score = self._entries[position], self._score_of(query, position)
            if score >= _ENOUGH:
                listing, is_alike = (
                    entry.listing,
                    score < 1 and not query.is_in({*entry.main_words, *entry.place_words}),
                )
                ranked.append((is_alike, -score - _OPEN * listing.is_open, len(listing.name), listing, score))
        found = [Found(listing, score) for *_, listing, score in sorted(ranked)]
        return [one for one in found if one.score >= _NOT_FAR * found[0].score]

    def _facilities_inside_first(self, inside: set[int], folded: str, query: Query, found: list[Found]) -> list[Found]:
        """All facilities in a typed state, or in a typed city with its state, open ones first, and then the others found.

        Only a facility whose name is exactly the `folded` text comes before them.
        """
        namesakes = [one for one in found if folded_words(one.listing.name) == folded]
        here = [
            (not entry.listing.is_open, not query.is_in({*entry.main_words}), entry.listing.name, entry.listing)
            for entry in (self._entries[position] for position in inside)
        ]
        ranked: dict[Listing, Found] = {}
        for one in (*namesakes, *(Found(listing, _PLACE) for *_, listing in sorted(here)), *found):
            ranked.setdefault(one.listing, one)
        return list(ranked.values())

    def _candidates(self, query: Query, within: set[int] | None, count: int) -> list[int]:
        """The positions of the facilities with most of the typed words, limited to those `within` a state if given."""
        weights: dict[int, float] = defaultdict(float)
        for typed in sorted(query.typed, key=lambda typed: -typed.weight):
            for reading in typed.readings:
                for index, part in reading:
                    self._add_weight(
                        weights, self._facilities_with_words(query.alike[index], within), part * typed.weight
                    )
            self._add_weight(
                weights, dict.fromkeys(self._facilities_abbreviated(typed, within), _INITIALS), typed.weight
            )
        exact = [at for at in self._by_name.get(query.name_words, ()) if within is None or at in within]
        least = _WORTH_COMPARING * max(weights.values(), default=0)
        worthy = [at for at, weight in weights.items() if weight >= least]
        near = heapq.nlargest(count, worthy, key=lambda at: weights[at] - self._behind[at])
        return list(dict.fromkeys([*exact, *near]))

    def _add_weight(self, weights: dict[int, float], worths: dict[int, float], weight: float) -> None:
        """Add a typed word to the weights of the facilities. A common word adds no new candidates."""
        if weights and len(worths) * _TOO_MANY > len(self._entries):
            for position in weights:
                weights[position] += weight * worths.get(position, 0)
        else:
            for position, worth in worths.items():
                weights[position] += weight * worth

    def _facilities_with_words(self, alike: Similarity, within: set[int] | None) -> dict[int, float]:
        """The best similarity of each facility that has one of these words, by position."""
        having: dict[int, float] = {}
        for word in sorted(alike, key=alike.__getitem__):
            positions = self._vocabulary.facilities_with(word)
            having.update(dict.fromkeys(positions if within is None else within.intersection(positions), alike[word]))
        return having

    def _facilities_abbreviated(self, typed: TypedWord, within: set[int] | None) -> Iterable[int]:
        """The facilities whose names `typed` may abbreviate. Outside of a given state, only initials are tried."""
        if not typed.may_be_initials or len(typed.letters) < 2 or is_abbreviation(typed.letters):
            return ()
        found = set(self._facilities_with_initials(typed.letters))
        found = found if within is None else found & within
        if found or typed.is_known:
            return found
        if within is not None:
            return (at for at in within if self._spelling_of_entry(typed, self._entries[at]).worth)
        if len(typed.letters) < _LETTERS_LEFT_OUT:
            return ()
        # One letter may be the second of a word: `LAECI`, Lake Erie.
        less = (typed.letters[:at] + typed.letters[at + 1 :] for at in range(1, len(typed.letters)))
        return {at for letters in less for at in self._facilities_with_initials(letters)}

    def _facilities_with_initials(self, letters: str) -> Iterator[int]:
        start = self._initials.find(letters)
        while start >= 0:
            position = bisect_right(self._ends, start)
            yield position
            start = self._initials.find(letters, self._ends[position])

    def _spelling_of_entry(self, typed: TypedWord, entry: IndexedFacility) -> Spelling:
        if not typed.may_be_initials or not is_in_order(typed.letters, entry.letters):
            return NOT_SPELLED
        spelled = spelling(typed.letters, entry.state, entry.name_words)
        worth = spelled.worth * (_INITIALS_OF_A_WORD if typed.is_known else _INITIALS)
        return Spelling(worth, spelled.words) if spelled.worth >= _LEAST_INITIALS else NOT_SPELLED

    def _score_of(self, query: Query, position: int) -> float:
        """The score, from how much of the typed text is found, how much of the name was typed, and how similar both look."""
        entry = self._entries[position]
        if entry.name_words == query.name_words:
            return 1.0
        found, matched = _word_scores(query, entry)
        share = 0.0
        for typed in query.typed:
            worth = typed.worth(found)
            if worth < _INITIALS:
                spelled = self._spelling_of_entry(typed, entry)
                worth = max(worth, spelled.worth)
                for at, word in enumerate(entry.main_words):
                    if word in spelled.words:
                        matched[at] = max(matched[at], spelled.worth)
            share += worth * typed.weight / query.weight
        rarity = self._vocabulary.rarity
        named = sum([rarity(word) * much for word, much in zip(entry.main_words, matched, strict=True) if much])
        looks = Indel.normalized_similarity(query.looks, " ".join(entry.main_words))
        return _INEXACT * (_TYPED * share + _NAMED * named / self._rarity[position] + _LOOKS * looks)


def _word_scores(query: Query, entry: IndexedFacility) -> tuple[list[float], list[float]]:
    """The score of each word of the readings in the facility, and of each word of its name in the readings."""
    found, matched = [0.0] * len(query.alike), [0.0] * len(entry.main_words)
    for at, word in enumerate(entry.main_words):
        for index, worth in query.hits.get(word, ()):
            found[index], matched[at] = max(found[index], worth), max(matched[at], worth)
    for word in entry.place_words:
        for index, worth in query.hits.get(word, ()):
            found[index] = max(found[index], worth * _PLACE)
    return found, matched
