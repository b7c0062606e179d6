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

# Fewer rows stand below each other by chance. Between them may stand lines about something else, such as charges.
_FEWEST_ROWS = 3
_SHARE_OF_ROWS, _SHARE_DELIMITED = 0.2, 0.8
_LIKELY_EDGES = 10
# A single line of tabs would make all rows as wide.
_MOST_CHARACTERS = 8 * LOOKED_AT
# Of a number: where it begins and ends.
_FEWEST_EDGES = 2
_DELIMITERS = ",;\t|"
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d{2,}")
# A number that fills its column, and the word behind it. A shorter one may be part of a number such as 2024CF0012.
_FILLED = re.compile(r"(?<=\d{5})(?=[^\W\d_]['’]?[^\W\d_])")
# Records without line breaks have digits where the one before has them.
_SHORTEST_RECORD, _LONGEST_RECORD = 20, 4_000
_SHARE_OF_DIGITS = 0.7

Edge = tuple[str, int]


def fixed_layout_of(beginning: bytes) -> Layout | None:
    """The layout of a text that begins so, with or without a header; None if its columns stand at no fixed places."""
    lines = beginning.decode(errors="replace").removeprefix("\ufeff").split("\n")
    if layout := layout_of(lines):
        return layout
    whole = lines if len(beginning) < LOOKED_AT else lines[:-1]
    if len(lines) > 1 and any(map(str.strip, lines[1:])):
        return _unnamed_layout_of(whole)
    if not (length := _length_of_records(lines[0])):
        return None
    layout = _unnamed_layout_of(
        [lines[0][start : start + length] for start in range(0, len(lines[0]) - length + 1, length)]
    )
    return layout and layout._replace(length=length)


def may_be_row(line: str, edges: frozenset[Edge]) -> bool:
    """Whether a line has a number where the rows have one. Somebody's birth date may be missing. Hot: one call for each line."""
    fewest = min(_FEWEST_EDGES, len(edges))
    for kind, place in edges:
        before = place > 0 and line[place - 1 : place].isdecimal()
        after = line[place : place + 1].isdecimal()
        fewest -= before < after if kind == "start" else before > after
        if fewest <= 0:
            return True
    return False


def _edges_of(line: str) -> frozenset[Edge]:
    """Where the numbers of a line begin and end."""
    numbers = [*_NUMBER.finditer(line)]
    return frozenset(edge for number in numbers for edge in (("start", number.start()), ("end", number.end())))


def _length_of_records(text: str) -> int:
    """The length after which digits stand where they stood before; 0 if there is none."""
    digits = int("".join("1" if sign.isdecimal() else "0" for sign in reversed(text)) or "0", 2)
    lengths = range(_SHORTEST_RECORD, min(_LONGEST_RECORD, len(text) // _FEWEST_ROWS) + 1)
    all_digits = [(digits >> length).bit_count() for length in lengths]
    shares = [
        (digits & (digits >> length)).bit_count() / max(1, every)
        for length, every in zip(lengths, all_digits, strict=True)
    ]
    best = max(shares, default=0.0)
    return next(
        (length for length, share in zip(lengths, shares, strict=True) if share >= max(0.9 * best, _SHARE_OF_DIGITS)), 0
    )


def _unnamed_layout_of(lines: Sequence[str]) -> Layout | None:
    rows, edges = _rows(lines)
    width = max((len(printed(row)) for row in rows), default=0)
    if len(rows) < _FEWEST_ROWS or width * len(rows) > _MOST_CHARACTERS or _are_delimited(rows):
        return None
    rows = [printed(row).ljust(width) for row in rows]
    columns = [*map("".join, zip(*rows, strict=True))]
    blank = [not column.strip() for column in columns]
    starts = {place for place in range(width) if not blank[place] and (place == 0 or blank[place - 1])}
    touching = frozenset.intersection(*(frozenset(found.start() for found in _FILLED.finditer(row)) for row in rows))
    touching |= {place for place in _edges_of_dates(rows, columns) if 0 < place < width and not blank[place]} - starts
    found = _without_split_names(rows, sorted(starts | touching))
    return Layout([], found, -1, -1, touching, edges) if len(found) >= FEWEST_COLUMNS else None


def _rows(lines: Sequence[str]) -> tuple[list[str], frozenset[Edge]]:
    """The lines whose numbers stand below each other, more of them than in any other lines, and where they do."""
    edges = [_edges_of(printed(line)) for line in lines]
    fewest, most = _SHARE_OF_ROWS * sum(bool(line.strip()) for line in lines), 0
    rows_at = frozenset[Edge]()
    for usual, often in Counter(chain.from_iterable(edges)).most_common(_LIKELY_EDGES):
        common = frozenset.intersection(*(its for its in edges if usual in its))
        if often >= fewest and often * len(common) > most:
            most, rows_at = often * len(common), common
    return [line for line, its in zip(lines, edges, strict=True) if 2 * len(its & rows_at) > len(rows_at)], rows_at


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
        if not _continue_names([(row[kept[-1] : start], row[start:end].strip()) for row in rows]):
            kept.append(start)
    return kept


def _continue_names(cells: Sequence[tuple[str, str]]) -> bool:
    """Whether the right cells continue the names in the left ones: after a comma, or words only where the left cell is full to a blank."""
    cells = [(left, right) for left, right in cells if left.strip()]
    if 2 * sum(left.rstrip().endswith(",") for left, _ in cells) > len(cells):
        return True
    is_full = {left[-2:-1] != " " for left, right in cells if right}
    is_full_alone = {left[-2:-1] != " " for left, right in cells if not right}
    has_digits = any(map(_DIGIT.search, chain.from_iterable(cells)))
    return not has_digits and is_full == {True} and is_full_alone == {False}
