"""Which letters of a name agree with what somebody typed, so that the eye finds them."""

from __future__ import annotations

import re

from rxconnect.search.normalise import name_key, words

_WORD = re.compile(r"[^\s\-‐‑–]+|[\s\-‐‑–]+")


def pieces(name: str, typed: str) -> list[tuple[str, bool]]:
    """The name in pieces, each with whether it was typed: `Marcus Delgado` by `marc` -> `Marc` yes, `us Delgado` no."""
    wanted = sorted(set(words(typed).split()) | {name_key(typed).replace(" ", "")} - {""}, key=len, reverse=True)
    found: list[tuple[str, bool]] = []
    for word in _WORD.findall(name):
        begin = next((_letters(word, len(key)) for key in wanted if words(word).startswith(key)), 0)
        for text, agrees in ((word[:begin], True), (word[begin:], False)):
            if text and found and found[-1][1] == agrees:
                found[-1] = (found[-1][0] + text, agrees)
            elif text:
                found.append((text, agrees))
    return found


def _letters(word: str, length: int) -> int:
    """How much of the word as written makes up `length` letters of its key: `O’Neill` needs three for `on`."""
    return next((end for end in range(1, len(word) + 1) if len(words(word[:end])) >= length), len(word))
