"""Highlighting: the letters of a name or a number that match the query."""

from __future__ import annotations

import re
from functools import lru_cache

from rxconnect.search.normalise import folded_words, name_key, number_key

_WORD = re.compile(r"[^\s\-‐‑–]+")
_LONGEST_RUN = 4  # words of a name that may be typed as one


def name_pieces(name: str, typed: str) -> list[tuple[str, bool]]:
    """The name as (text, whether it was typed): for `marc`, `Marc` is True and `us Delgado` False."""
    wanted = _typed_words(typed)
    agree = [False] * len(name)
    found = list(_WORD.finditer(name))
    keys = [folded_words(word[0]).replace(" ", "") for word in found]
    for first, word in enumerate(found):
        begin, end = word.start(), 0
        for last in range(min(first + _LONGEST_RUN, len(found)) - 1, first - 1, -1):
            if "".join(keys[first : last + 1]) in wanted:
                end = found[last].end()
                break
        else:
            end = begin + _typed_length(word[0], keys[first], wanted)
        agree[begin:end] = [True] * (end - begin)
    return _join_neighbours(name, agree)


def number_pieces(text: str, typed: str) -> list[tuple[str, bool]]:
    """A text that begins with a number, as (text, whether it was typed): for `h552`, `H-552` and `10 · age 24`."""
    key = number_key(typed)
    if not number_key(text).startswith(key):
        return [(text, False)]
    begun = next(end for end in range(len(text) + 1) if number_key(text[:end]) == key)
    return _join_neighbours(text, [position < begun for position in range(len(text))])


@lru_cache(maxsize=64)
def _typed_words(typed: str) -> tuple[str, ...]:
    """The typed words, longest first. Cached, because all results of a search use the same ones."""
    return tuple(sorted({*folded_words(typed).split(), *name_key(typed).split()}, key=len, reverse=True))


def _typed_length(word: str, key: str, wanted: tuple[str, ...]) -> int:
    """The number of characters of the written word that were typed: `on` is three characters of `O’Neill`."""
    typed = next((one for one in wanted if key.startswith(one)), "")
    return next((end for end in range(1, len(word) + 1) if typed and len(folded_words(word[:end])) >= len(typed)), 0)


def _join_neighbours(name: str, agree: list[bool]) -> list[tuple[str, bool]]:
    """Join neighbouring letters that agree into pieces."""
    found: list[tuple[str, bool]] = []
    for letter, agrees in zip(name, agree, strict=True):
        if found and found[-1][1] == agrees:
            found[-1] = (found[-1][0] + letter, agrees)
        else:
            found.append((letter, agrees))
    return found
