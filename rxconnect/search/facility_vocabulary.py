"""The words of all facilities' names and places: which facilities have them, how rare they are, and which are similar."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

# For a misspelled word: its highest worth, its least similarity, and its least number of letters.
_SIMILAR, _LEAST_SIMILARITY, _SIMILAR_MIN = 0.9, 0.74, 4
# Words of this length may be two letters longer or shorter than the right one.
_LONG = 8
# The worth of a word's beginning, and the most that its share of the word adds.
_BEGINNING, _OF_ALL = 0.6, 0.35
# A typed word that this share of all facilities have does not count as a misspelling.
_COMMON = 0.02
# The rarity of an unknown word, of an unknown number, and the least rarity of a word that is only similar.
_UNKNOWN, _UNKNOWN_NUMBER, _LEAST_ALIKE = 0.8, 0.4, 0.3
# The share of a word's rarity that depends on how often names begin with it.
_LEADING = 0.5

# The similarity of each known word to a typed one, from 0 to 1.
Similarity = dict[str, float]


class Vocabulary:
    """The words of all facilities. A facility is identified by its position in `names` and `places`."""

    def __init__(self, names: Sequence[Sequence[str]], places: Sequence[Iterable[str]]):
        having: dict[str, list[int]] = defaultdict(list)
        for position, (name, place) in enumerate(zip(names, places, strict=True)):
            for word in {*name, *place}:
                having[word].append(position)
        self._having = {word: tuple(positions) for word, positions in having.items()}
        self._common = _COMMON * len(names)
        self._rarity = dict(_rarities(self._having, names))
        self._sorted = sorted(having)
        self._of_length: dict[int, list[str]] = defaultdict(list)
        for word in self._sorted:
            if not word.isdigit():
                self._of_length[len(word)].append(word)
        self.alike = lru_cache(maxsize=2048)(self._alike)

    def __contains__(self, word: str) -> bool:
        return word in self._having

    def facilities_with(self, word: str) -> tuple[int, ...]:
        """The facilities that have this word in their name or place."""
        return self._having.get(word, ())

    def rarity(self, word: str) -> float:
        """The rarity of a word: from 1, for a word that begins the name of a single facility, down to nearly 0."""
        known = self._rarity.get(word)
        if known is not None:
            return known
        alike = self.alike(word)
        if alike:
            return max(_LEAST_ALIKE, self._rarity[max(alike, key=alike.__getitem__)])
        return _UNKNOWN_NUMBER if word.isdigit() else _UNKNOWN

    def _alike(self, typed: str, *, is_half: bool = False) -> Similarity:
        """The known words similar to `typed`. `is_half` says that the word may be unfinished."""
        if len(self.facilities_with(typed)) > self._common:
            return {typed: 1.0}
        alike = dict(self._similar(typed))
        if len(typed) > 2 or (is_half and len(typed) == 2):
            for word in self._beginning_with(typed):
                alike[word] = max(alike.get(word, 0), _BEGINNING + _OF_ALL * len(typed) / len(word))
        return alike | {typed: 1.0} if typed in self._having else alike

    def _similar(self, typed: str) -> Iterator[tuple[str, float]]:
        if len(typed) < _SIMILAR_MIN or typed.isdigit():
            return
        reach = 1 if len(typed) < _LONG else 2
        for length in range(len(typed) - reach, len(typed) + reach + 1):
            words = self._of_length.get(length, ())
            near = process.extract(
                typed, words, scorer=OSA.normalized_similarity, score_cutoff=_LEAST_SIMILARITY, limit=None
            )
            yield from ((word, _SIMILAR * similarity) for word, similarity, _ in near)

    def _beginning_with(self, typed: str) -> Iterator[str]:
        for position in range(bisect_left(self._sorted, typed), len(self._sorted)):
            if not self._sorted[position].startswith(typed):
                return
            yield self._sorted[position]


def _rarities(having: dict[str, tuple[int, ...]], names: Sequence[Sequence[str]]) -> Iterator[tuple[str, float]]:
    """The rarity of each word. A word that often begins a name counts for more, since it is more specific."""
    leading, named = Counter(name[0] for name in names if name), Counter(word for name in names for word in {*name})
    size = len(names) + 1
    for word, positions in having.items():
        rarity = math.log(size / (len(positions) + 0.5)) / math.log(size)
        leads = (leading[word] + 1) / (named[word] + 2)
        yield word, rarity * (1 - _LEADING + _LEADING * leads)
