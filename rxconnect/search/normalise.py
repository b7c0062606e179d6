"""Keys by which names and numbers are compared. Two spellings of the same name have the same key.

The functions that make keys are idempotent: the key of a key is the key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from rxconnect.domain.text import fold

# Suffixes, each with the form in which it is compared.
_SUFFIXES = {name: name for name in ("jr", "sr", "ii", "iii", "iv")} | {"2nd": "ii", "3rd": "iii", "4th": "iv"}
SUFFIXES = frozenset(_SUFFIXES)
_SEPARATORS = re.compile(r"[-‐‑‒–—―−/,;_&]")
# Letters that Unicode does not decompose, in the form that English records use.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
# `O Neill` and `Mc Donald` are `O'Neill` and `McDonald`. A `d` is D'Angelo's only in front; elsewhere it is an initial.
_BOUND = re.compile(r"(?:^d )?(?:\b(?:o|mc|mac) )+(?=\w{2})|^d (?=\w{2})")
# Words that belong to the following word of a last name: `De La Cruz` is one name, not three.
_PARTICLES = (
    "al bin da das de del della den der di do dos du el ibn la las le los saint san santa st ste ten ter van von y"
)
PARTICLES = frozenset(_PARTICLES.split())

_SHORTEST_NAME = 2  # letters of each of several names that were typed as one


class Part(NamedTuple):
    """One name of a person: `delacruz`, and its `core` without particles, `cruz`. Mostly both are the same."""

    whole: str
    core: str


class Name(NamedTuple):
    """A first or a last name, which may be several: `Delgado-Reyes` has two parts, and is `delgadoreyes` as a whole."""

    whole: str
    parts: tuple[Part, ...]

    @property
    def words(self) -> set[str]:
        """The words under which it is indexed: `deleon`, `leon` and `ponce` for `Ponce de León`."""
        return set(chain.from_iterable(self.parts))

    @property
    def forms(self) -> set[str]:
        """The words under which a name typed like this may be indexed: each part, and all of it as one word."""
        return {self.whole, *chain.from_iterable(self.parts)} if self.whole else set()


def folded_words(text: str) -> str:
    """Folded words with single spaces: `Walla-Walla, Núñez’s` -> `walla walla nunezs`."""
    if text.isascii() and (text.isalpha() or not text):
        return text.lower()  # the fast path for most names, ten times faster
    folded = fold(_SEPARATORS.sub(" ", text))
    return folded if folded.isascii() else fold(folded.translate(_PLAIN))


def name_key(text: str) -> str:
    """The key of a first or last name: `O’Neill Jr.` -> `oneill`, `Delgado-Reyes` -> `delgado reyes`."""
    key = folded_words(text)
    if " " not in key:
        return key
    parts = _BOUND.sub(lambda bound: bound[0].replace(" ", ""), key).split()
    while len(parts) > 1 and parts[-1] in SUFFIXES:
        parts.pop()
    return " ".join(parts)


def suffix_of(text: str) -> str:
    """The suffix at the end of a name, or "": `O’Neill Jr.` -> `jr`, `Lee 3rd` -> `iii`."""
    return _SUFFIXES.get(folded_words(text).rpartition(" ")[2], "")


@lru_cache(maxsize=4_096)
def first_name(text: str) -> Name:
    """A first name. Every word of it is a part: `Mary Ann` has two."""
    parts = name_key(text).split()
    return Name("".join(parts), tuple(Part(part, part) for part in parts))


@lru_cache(maxsize=4_096)
def last_name(text: str) -> Name:
    """A last name. Particles belong to the following word, so `Ponce de León` has two parts: `ponce` and `deleon`."""
    parts, particles = [], ""
    every = name_key(text).split()
    for position, word in enumerate(every):
        if word in PARTICLES and position < len(every) - 1:
            particles += word
        else:
            parts.append(Part(particles + word, word))
            particles = ""
    return Name("".join(every), tuple(parts))


def splits(word: str, number: int) -> Iterator[tuple[str, ...]]:
    """The ways to split a word into so many names that were typed as one: `garcia` and `lopez`."""
    if number == 1:
        yield (word,)
        return
    for end in range(_SHORTEST_NAME, len(word) - _SHORTEST_NAME * (number - 1) + 1):
        yield from ((word[:end], *rest) for rest in splits(word[end:], number - 1))


def words_less_a_letter(word: str) -> set[str]:
    """The word, and the word without each one of its letters. Words that are one error apart have some of these in common."""
    return {word, *(word[:gap] + word[gap + 1 :] for gap in range(len(word)))}


def number_key(text: str) -> str:
    """The key of an inmate number: letters and digits only, `H-55210` -> `h55210`."""
    return folded_words(text).replace(" ", "")


# Spellings that sound alike in English and Spanish names, applied in this order to keys on one line each.
_SOUNDS = [
    (re.compile(pattern, re.MULTILINE), spoken)
    for pattern, spoken in (
        (r"[^a-z\n]", ""),
        (r"^x", "s"),
        (r"x", "ks"),
        (r"^[kgp]n", "n"),
        (r"^wr", "r"),
        (r"ph|v", "f"),
        (r"ch(?=[rl])|ck|c(?![eiyh])|q", "k"),
        (r"sch|[sc]h", "x"),
        (r"[czs]+", "s"),
        (r"dg|g(?=[ei])", "j"),
        (r"gh|h", ""),
        (r"(?<=..)e$", ""),
        (r"[eiy]+", "i"),
        (r"(?<=.)w|[aou]+", "a"),
        (r"(.)\1+", r"\1"),
    )
]


@lru_cache(maxsize=16_384)
def sound_of(key: str) -> str:
    """The approximate sound of a name: `markus` and `marcus` -> `markas`. "" for a name in another script."""
    return sounds_of([key])[0]


def sounds_of(keys: Iterable[str]) -> list[str]:
    """The sound of each of these names. Together they take a third of the time."""
    lines = "".join(f"{key}\n" for key in keys)
    for pattern, spoken in _SOUNDS:
        lines = pattern.sub(spoken, lines)
    return lines.split("\n")[:-1]
