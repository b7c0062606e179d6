"""Reads a pasted list of requirements: one a line, without its bullets and numbers."""

from __future__ import annotations

import re

from rxconnect.domain.text import one_line

_BULLET = r"[-*+•‣▪▫◦·●○■□–—✓☐]"
# 1. 12) (3) 3.1. iv) a. and R1: as lists number their lines, each with a blank behind it.
_NUMBER = r"\(?(?:[0-9]{1,4}(?:\.[0-9]{1,3}){0,4}|[a-zA-Z]|[ivxIVX]{1,5})[.):]|\([0-9a-zA-Z]{1,4}\)"
# “3.1 The system”: without a sign behind it, a number before a small letter is a part of the sentence, as in “24 hours”.
_BARE = r"[0-9]{1,4}(?:\.[0-9]{1,3}){0,4}(?=\s+[^\W\d_a-z]|\t)"
_MARK = re.compile(rf"\s*(?:(?:{_BULLET}|{_NUMBER})(?=\s)|{_BARE})\s*")
# A line may be numbered below a bullet, and seldom more.
_DEEPEST = 2


def requirements_in(text: str) -> list[str]:
    """The requirements in a pasted list, in its order. Blank lines are dropped, and so is a line that stands there twice."""
    lines = (_without_mark(line) for line in text.splitlines())
    return list(dict.fromkeys(filter(None, lines)))


def _without_mark(line: str) -> str:
    for _level in range(_DEEPEST):
        line = _MARK.sub("", line, count=1) if _MARK.match(line) else line
    line = one_line(line)
    # A lone bullet or number is no requirement.
    return line if any(character.isalpha() for character in line) else ""
