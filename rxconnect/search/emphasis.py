"""Which letters of a name agree with what somebody typed, so that the eye finds them."""

from __future__ import annotations

import re

from rxconnect.search.normalise import name_key, words

_WORD = re.compile(r"[^\s\-‐‑–]+")
_LONGEST_RUN = 4  # words of a name that somebody may type as one


def pieces(name: str, typed: str) -> list[tuple[str, bool]]:
    """The name in pieces, each with whether it was typed: `Marcus Delgado` by `marc` -> `Marc` yes, `us Delgado` no."""
    wanted = sorted({*words(typed).split(), *name_key(typed).split()}, key=len, reverse=True)
    agree = [False] * len(name)
    found = list(_WORD.finditer(name))
    for first, word in enumerate(found):
        for run in range(_LONGEST_RUN, 0, -1):
            text = name[word.start() : found[min(first + run, len(found)) - 1].end()]
            key = words(text).replace(" ", "")
            if letters := next((len(key) for one in wanted if key == one), 0) or (run == 1 and _begun(text, wanted)):
                end = word.start() + (len(text) if letters == len(key) else letters)
                agree[word.start() : end] = [True] * (end - word.start())
                break
    return _grouped(name, agree)


def _begun(word: str, wanted: list[str]) -> int:
    """How much of the word as written was typed: `O’Neill` needs three characters for `on`."""
    key = next((one for one in wanted if words(word).startswith(one)), "")
    return next((end for end in range(1, len(word) + 1) if key and len(words(word[:end])) >= len(key)), 0)


def _grouped(name: str, agree: list[bool]) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    for letter, agrees in zip(name, agree, strict=True):
        if found and found[-1][1] == agrees:
            found[-1] = (found[-1][0] + letter, agrees)
        else:
            found.append((letter, agrees))
    return found
