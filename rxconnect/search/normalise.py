"""Keys: what names and numbers are compared by. Two spellings of the same thing have the same key.

The functions that make keys are idempotent: the key of a key is the key.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rxconnect.domain.text import fold

_SUFFIXES = {"jr", "sr", "ii", "iii", "iv", "2nd", "3rd", "4th"}
_SEPARATORS = re.compile(r"[-‐‑‒–—―−/,;_&]")
# Letters that Unicode does not decompose, as English records write them.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
# `O Neill` and `Mc Donald` are `O'Neill` and `McDonald`.
_PARTICLE = re.compile(r"^(o|d|mc|mac) (?=\w{2})")


def words(text: str) -> str:
    """Folded words, one space apart: `Walla-Walla, Núñez’s` -> `walla walla nunezs`."""
    return fold(fold(_SEPARATORS.sub(" ", text)).translate(_PLAIN))


def name_key(text: str) -> str:
    """The key of a first or last name: `O’Neill Jr.` -> `oneill`, `Delgado-Reyes` -> `delgado reyes`."""
    parts = _PARTICLE.sub(r"\1", words(text)).split()
    while len(parts) > 1 and parts[-1] in _SUFFIXES:
        parts.pop()
    return " ".join(parts)


def number_key(text: str) -> str:
    """The key of an inmate number: letters and digits only, `H-55210` -> `h55210`."""
    return words(text).replace(" ", "")


# Spellings that sound alike in English and Spanish names, applied in this order to a key in plain letters.
_SOUNDS = [
    (re.compile(pattern), spoken)
    for pattern, spoken in (
        (r"[^a-z]", ""),
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
def sound(key: str) -> str:
    """Roughly how a name is spoken: `markus` and `marcus` -> `markas`. "" for a name in another script."""
    for pattern, spoken in _SOUNDS:
        key = pattern.sub(spoken, key)
    return key
