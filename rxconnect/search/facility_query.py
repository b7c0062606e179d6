"""Parses a query for a facility, using the words of all facilities."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import NamedTuple

from rxconnect.domain import states
from rxconnect.search.facility_vocabulary import Similarity, Vocabulary
from rxconnect.search.facility_words import (
    is_abbreviation,
    is_small,
    split_aside,
    split_run_together,
    spoken_words,
    without_small,
    written_out,
)
from rxconnect.search.normalise import folded_words

_WORDS_MAX = 16
_INITIALS_MAX = 7
# The similarity of two typed words to a name that joins them.
_TOGETHER = 0.9

_VOWEL = re.compile(r"[aeiouy]")


class Share(NamedTuple):
    """One word of a reading: its index in `Query.alike`, and how much of the reading it is."""

    at: int
    part: float


class TypedWord(NamedTuple):
    """A typed word (`letters`), its possible readings, and its weight in the query."""

    letters: str
    readings: list[list[Share]]
    weight: float
    may_be_initials: bool
    is_known: bool

    def worth(self, found: list[float]) -> float:
        """The score of the word's best reading. `found` holds the score of each word of the readings."""
        if len(self.readings) == 1 and len(self.readings[0]) == 1:
            return found[self.readings[0][0].at]
        return max(sum(found[index] * part for index, part in reading) for reading in self.readings)


class Query(NamedTuple):
    """A typed query, with all its possible readings.

    `name_words` are all typed words, written out, and `looks` is the text that is compared as a whole. `readings` are
    the words that each typed word may stand for. `alike` holds the similar known words of each word of a reading;
    `hits` is its inverted index, by known word, with indexes into `alike`.
    """

    name_words: tuple[str, ...]
    looks: str
    typed: list[TypedWord]
    weight: float
    readings: list[list[tuple[str, ...]]]
    alike: list[Similarity]
    hits: dict[str, list[tuple[int, float]]]

    def is_in(self, words: set[str]) -> bool:
        """Whether each typed word, or all words of one of its readings, are exactly among these words."""
        return all(any(words.issuperset(reading) for reading in readings) for readings in self.readings)


def parse_query(text: str, vocabulary: Vocabulary) -> Query:
    """Parse `text`."""
    written = _significant_words(text)[:_WORDS_MAX]
    readings = {word: _readings(word, vocabulary) for word in written}
    indexes: dict[str, int] = {}
    for word in (word for each in written for reading in readings[each] for word in reading):
        indexes.setdefault(word, len(indexes))
    together = _joined_pairs(written, vocabulary)
    alike = [vocabulary.alike(word, is_half=word == written[-1]) | together.get(word, {}) for word in indexes]
    typed = [_build_typed_word(word, readings[word], indexes, vocabulary) for word in written]
    main, _ = split_aside(text)
    looks = " ".join(word for each in written for word in readings[each][0])
    weight = sum(word.weight for word in typed)
    return Query(spoken_words(main), looks, typed, weight, list(readings.values()), alike, _similarities_by_word(alike))


def _significant_words(text: str) -> tuple[str, ...]:
    """The significant words, once each. A state's code at the end is one, even if it is a small word: `albion in`."""
    typed = tuple(dict.fromkeys(folded_words(text).split()))
    ends_with_state = typed and states.name_of(typed[-1].upper())
    return (*without_small(typed[:-1]), typed[-1]) if ends_with_state else without_small(typed)


def _joined_pairs(written: tuple[str, ...], vocabulary: Vocabulary) -> dict[str, Similarity]:
    """Pairs of typed words that a name joins, as similarities."""
    pairs = [pair for pair in pairwise(written) if "".join(pair) in vocabulary]
    return {word: {"".join(pair): _TOGETHER} for pair in pairs for word in pair}


def _similarities_by_word(alike: list[Similarity]) -> dict[str, list[tuple[int, float]]]:
    """Invert `alike`: for each known word, its (index, similarity) pairs."""
    hits = defaultdict(list)
    for index, similarity in enumerate(alike):
        for word, worth in similarity.items():
            hits[word].append((index, worth))
    return hits


def _readings(word: str, vocabulary: Vocabulary) -> list[tuple[str, ...]]:
    """The possible readings of a typed word. Some abbreviations are also a state's code: `co`, `mt`, `ne`."""
    if word in vocabulary and not is_abbreviation(word):
        return [written_out(word)]
    if is_abbreviation(word):
        return [without_small(written_out(word)), *([(word,)] if states.name_of(word.upper()) else [])]
    pieces = split_run_together(
        word, lambda piece: is_small(piece) or is_abbreviation(piece) or written_out(piece)[0] in vocabulary
    )
    parted = without_small(part for piece in pieces for part in written_out(piece))
    return [parted, (word,)] if parted else [written_out(word)]


def _build_typed_word(
    word: str, readings: list[tuple[str, ...]], indexes: dict[str, int], vocabulary: Vocabulary
) -> TypedWord:
    shares, weights = [], []
    for reading in readings:
        rarities = [vocabulary.rarity(part) for part in reading]
        shares.append(
            [Share(indexes[part], rarity / sum(rarities)) for part, rarity in zip(reading, rarities, strict=True)]
        )
        # An abbreviation counts as one word, even if it stands for several.
        weights.append(max(rarities) if is_abbreviation(word) else sum(rarities))
    return TypedWord(word, shares, max(weights), _may_be_initials(word, vocabulary), word in vocabulary)


def _may_be_initials(word: str, vocabulary: Vocabulary) -> bool:
    """Whether a word may be initials. A known word is not, unless it has no vowel: `JCCC`."""
    is_word = word in vocabulary and not is_abbreviation(word) and _VOWEL.search(word)
    return not is_word and len(word) <= _INITIALS_MAX and word.isalpha()
