"""Finds the columns of text whose columns stand at fixed places below no header: they are parted by what is blank in every row.

Where nothing is blank, a number and a name part where digits become letters, and dates of eight digits part from what surrounds them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from rxconnect.services.files.layouts import (
    DATE,
    DIGITS_OF_DATE,
    FEWEST_COLUMNS,
    LOOKED_AT,
    Layout,
    layout_of,
    printed,
)

# Fewer rows stand below each other by chance.
_FEWEST_ROWS = 3
_SHARE_OF_LINES, _SHARE_DELIMITED = 0.5, 0.8
_DELIMITERS = ",;\t|"
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d{2,}")
# A number that fills its column, and the word behind it. A shorter one may be part of a number such as 2024CF0012.
_FILLED = re.compile(r"(?<=\d{5})(?=[^\W\d_]['’]?[^\W\d_])")


def fixed_layout_of(beginning: bytes) -> Layout | None:
    """The layout of a text that begins so, with or without a header; None if its columns stand at no fixed places."""
    lines = beginning.decode(errors="replace").split("\n")
    return layout_of(lines) or _unnamed_layout_of(lines if len(beginning) < LOOKED_AT else lines[:-1])


def _unnamed_layout_of(lines: Sequence[str]) -> Layout | None:
    rows = _rows(lines)
    if len(rows) < _FEWEST_ROWS or _are_delimited(rows):
        return None
    width = max(len(printed(row)) for row in rows)
    rows = [printed(row).ljust(width) for row in rows]
    columns = [*map("".join, zip(*rows, strict=True))]
    blank = [not column.strip() for column in columns]
    starts = {place for place in range(width) if not blank[place] and (place == 0 or blank[place - 1])}
    touching = frozenset.intersection(*(frozenset(found.start() for found in _FILLED.finditer(row)) for row in rows))
    touching |= {place for place in _edges_of_dates(rows, columns) if 0 < place < width and not blank[place]} - starts
    found = _without_split_names(rows, sorted(starts | touching))
    return Layout([], found, -1, -1, touching) if len(found) >= FEWEST_COLUMNS else None


def _rows(lines: Sequence[str]) -> list[str]:
    """The lines that have a number where most lines have one, which headings and totals have not; none if few lines do."""
    edges = [{*_edges(printed(line))} for line in lines]
    counts = Counter(edge for its in edges for edge in its)
    usual, often = counts.most_common(1)[0] if counts else (("", 0), 0)
    if often < _SHARE_OF_LINES * sum(bool(line.strip()) for line in lines):
        return []
    return [line for line, its in zip(lines, edges, strict=True) if usual in its]


def _edges(line: str) -> Iterator[tuple[str, int]]:
    """Where the numbers of a line begin and end."""
    for number in _NUMBER.finditer(line):
        yield "start", number.start()
        yield "end", number.end()


def _are_delimited(rows: Sequence[str]) -> bool:
    """Whether nearly all rows have a delimiter twice. One comma may only part a name."""
    return any(
        sum(row.count(delimiter) > 1 for row in rows) >= _SHARE_DELIMITED * len(rows) for delimiter in _DELIMITERS
    )


def _edges_of_dates(rows: Sequence[str], columns: Sequence[str]) -> Iterator[int]:
    """Where dates begin and end. A single one with more digits behind it may be a number such as 202606130012."""
    has_digit = [any(map(_DIGIT.match, column)) for column in columns] + [False]
    for start in range(len(columns)):
        if not has_digit[start] or (start and has_digit[start - 1]):
            continue
        end = start
        while _are_dates([row[end : end + DIGITS_OF_DATE] for row in rows]):
            end += DIGITS_OF_DATE
        if end > start and (not has_digit[end] or end - start > DIGITS_OF_DATE):
            yield from range(start, end + 1, DIGITS_OF_DATE)


def _are_dates(cells: Sequence[str]) -> bool:
    """Whether these are dates, and not only what stands for none."""
    filled = [cell for cell in cells if cell.strip()]
    return all(map(DATE.fullmatch, filled)) and any(len({*cell}) > 1 for cell in filled)


def _without_split_names(rows: Sequence[str], starts: Sequence[int]) -> list[int]:
    """The starts of the columns, without those in the middle of names, which are as long as each other by chance."""
    kept = [*starts[:1]]
    for start, end in pairwise([*starts[1:], len(rows[0])]):
        if not _goes_on([(row[kept[-1] : start], row[start:end].strip()) for row in rows]):
            kept.append(start)
    return kept


def _goes_on(cells: Sequence[tuple[str, str]]) -> bool:
    """Whether names go on in the right cells: behind a comma, or with words only where the left cell is full up to a blank."""
    cells = [(left, right) for left, right in cells if left.strip()]
    if 2 * sum(left.rstrip().endswith(",") for left, _ in cells) > len(cells):
        return True
    is_full = {left[-2:-1] != " " for left, right in cells if right}
    is_full_alone = {left[-2:-1] != " " for left, right in cells if not right}
    has_digits = any(map(_DIGIT.search, chain.from_iterable(cells)))
    return not has_digits and is_full == {True} and is_full_alone == {False}
