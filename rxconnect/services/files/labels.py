"""Recognises lists that name each value: `Label: value` in lines, a block a person, or the labels again in every row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

LOOKED_AT = 200  # lines
_FEWEST_LABELS, _SHARE = 2, 0.6
_LABEL = r"[A-Za-z][A-Za-z0-9 #/.&()'’_-]{0,40}?"
# A label begins its line, or stands behind a wide blank.
_PAIR = re.compile(rf"(?:^\s*|\s{{2,}}|\t|\s\|\s)(?P<label>{_LABEL})[ .]*(?:;[^:]{{0,80}})?:(?=[^/\\]|$):?[ \t]*")
# Clients of databases number the rows: `-[ RECORD 1 ]-----`, `*** 1. row ***`.
_RULE = re.compile(r"[\s\-=*_~#]*(?:\[ RECORD \d+ \][-+]*|\d+\. row \*+)?\s*")
_NUMBERED = re.compile(r"-\[ RECORD \d+ \]|\*+ \d+\. row \*")
_BAR = re.compile(r"(\w+) *\| ?")
_LONGEST_LINE = 4_000


def pairs_in(line: str) -> list[tuple[str, str]]:
    """The labels of a line and their values; none if it does not begin with a label."""
    found = [*_PAIR.finditer(line)] if ":" in line and len(line) <= _LONGEST_LINE else []
    if not found or found[0].start() > 0:
        return []
    ends = [*(match.start() for match in found[1:]), len(line)]
    return [
        (match["label"].strip(" ."), line[match.end() : end].strip()) for match, end in zip(found, ends, strict=True)
    ]


def is_numbered(first_line: str) -> bool:
    """Whether a text with this first line has rows as clients of databases write wide ones."""
    return _NUMBERED.match(first_line) is not None


def as_pair(line: str) -> str:
    """A line of such a text without what aligns it: `dob | 1990-02-03`, or blanks in front of a label."""
    return _BAR.sub(r"\1: ", line.lstrip(), count=1)


def is_rule(line: str) -> bool:
    """Whether a line is blank or nothing but dashes."""
    return _RULE.fullmatch(line) is not None


def has_records(lines: Sequence[str]) -> bool:
    """Whether most of these lines are labels with a value, of which some come again and again."""
    looked_at = [*map(as_pair, lines[:LOOKED_AT])] if lines and is_numbered(lines[0]) else lines[:LOOKED_AT]
    some = [line for line in looked_at if not is_rule(line) and line[:1] not in (" ", "\t")]
    found = [pairs for line in some if (pairs := pairs_in(line))]
    labels = {label.casefold() for pairs in found for label, _ in pairs}
    return len(labels) >= _FEWEST_LABELS and len(found) >= _SHARE * len(some)


def repeat_labels(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first rows have several of the same words, as when each row repeats the labels of a form."""
    rows = of_usual_width(rows)
    if len(rows) < 2:
        return False
    same = {*filter(_may_be_label, rows[0])}
    for row in rows[1:]:
        same &= {*row}
    return len(same) >= _FEWEST_LABELS


def of_usual_width(rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """The rows with as many cells as most have. A total has fewer."""
    widths = Counter(map(len, rows)).most_common(1)
    return [row for row in rows if len(row) == widths[0][0]]


def _may_be_label(cell: str) -> bool:
    return any(map(str.isalpha, cell)) and not any(map(str.isdigit, cell)) and len(cell) <= 40
