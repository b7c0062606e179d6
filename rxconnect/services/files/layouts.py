"""Recognises text whose columns stand at fixed places, as printers and old programs write it, and finds the places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from rxconnect.services.files import headers

LOOKED_AT = 64 * 1024  # bytes
_LINES_BEFORE, LINES_AFTER = 60, 40
FEWEST_COLUMNS = 3
_FEWEST_TIGHT = 4  # words
_SHARE = 0.6  # of the columns
_SHARE_OF_LINES = 0.5
# Dashes under each name of a column.
_RULER = re.compile(r" *[-=_]+(?: +[-=_]+)+ *")
_DASHES = re.compile(r"[-=_]+")
# Words with single blanks between them.
_RUN = re.compile(r"[^ ]+(?: [^ ]+)*")
_DELIMITER = re.compile(r"[,;\t|]")
_DIGITS = re.compile(r"\d+")
# Old programs end a name with the number of its digits.
_SHORT_NAME = re.compile(r"[A-Z@#$]{3,}\d{1,2}")
_SHARE_OF_TOUCHING = 0.8
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
# A date without separators, or what stands for none.
DATE = re.compile(rf"(?:19|20)\d\d{_DAY}|{_DAY}(?:19|20)\d\d|0{{8}}|9{{8}}")
DIGITS_OF_DATE = 8


class _Name(NamedTuple):
    """A name in a header, and where it stands. `is_filled` is whether a row has a text below it."""

    name: str
    start: int
    end: int
    is_filled: bool


class Layout(NamedTuple):
    """Where the columns of a text begin, and their names. `first` and `last` are the lines of the header, from 0.

    Without a blank before them, as after numbers that fill their column, begin those in `touching`. A text without a header has
    no `names`, and its rows have a number at these `edges` (`unnamed_layouts`). Without line breaks, all are of one `length`.
    """

    names: list[str]
    starts: list[int]
    first: int
    last: int
    touching: frozenset[int] = frozenset()
    edges: frozenset[tuple[str, int]] = frozenset()
    length: int = 0


def layout_of(lines: Sequence[str]) -> Layout | None:
    """The layout of a text with these first lines; None if its columns stand at no fixed places."""
    if _has_tabs(lines[: _LINES_BEFORE + LINES_AFTER]):
        return None
    lines = [printed(line) for line in lines[: _LINES_BEFORE + LINES_AFTER]]
    before = lines[:_LINES_BEFORE]
    ruled = (_under_ruler(lines, place) for place, line in enumerate(before) if _RULER.fullmatch(line))
    named = (
        _under_header(lines, place) for place, line in enumerate(before) if "  " in line or _is_tight(lines, place)
    )
    return next(filter(None, chain(ruled, named)), None)


def _has_tabs(lines: Sequence[str]) -> bool:
    """Whether nearly all lines have the same number of tabs, and two or more: these part cells, and align nothing."""
    counts = Counter(line.count("\t") for line in lines if line.strip())
    tabs, often = counts.most_common(1)[0] if counts else (0, 0)
    return tabs > 1 and often >= _SHARE_OF_TOUCHING * counts.total()


def is_further_header(line: str, layout: Layout) -> bool:
    """Whether a line may be the header of another table: words that stand apart, and none of the numbers that a row has."""
    names = runs_of(line)
    is_wordy = len(names) >= FEWEST_COLUMNS and not any(map(str.isdigit, line)) and not is_ruler(line)
    return is_wordy and shape_of(line) != shape_of(" ".join(layout.names))


def printed(line: str) -> str:
    """A line as it stands on the page."""
    return line.rstrip("\r\n").replace("\f", "").replace("\ufeff", "").expandtabs().rstrip()


def is_ruler(line: str) -> bool:
    """Whether a line is nothing but dashes."""
    return not line.strip(" -=_")


def shape_of(line: str) -> str:
    """What the heading of each page has in common: its words, whatever its numbers are."""
    return _DIGITS.sub("#", " ".join(line.split()))


def cells_of(line: str, starts: Sequence[int]) -> list[str]:
    """The cells of a line."""
    ends = [*starts[1:], len(line)]
    return [line[start:end].strip() for start, end in zip([0, *starts[1:]], ends, strict=True)]


def fits(line: str, starts: Sequence[int], touching: Collection[int] = ()) -> bool:
    """Whether no text of a line reaches from one column into the next."""
    return all(
        line[start - 1 : start] in ("", " ") or (start in touching and _touches(line, start)) for start in starts[1:]
    )


def _touches(line: str, start: int) -> bool:
    """Whether a number ends and a word begins at this place, or the reverse, or a date does either."""
    before, after = line[start - 1 : start], line[start : start + 1]
    is_change = (_DIGITS.fullmatch(before) and after.isalpha()) or (before.isalpha() and _DIGITS.fullmatch(after))
    return bool(is_change or DATE.match(line, start) or DATE.match(line, start - DIGITS_OF_DATE, start))


def runs_of(line: str) -> list[str]:
    """The texts of a line that stand apart."""
    return _RUN.findall(line)


def _under_ruler(lines: Sequence[str], place: int) -> Layout | None:
    starts = [found.start() for found in _DASHES.finditer(lines[place])]
    if len(starts) < FEWEST_COLUMNS or not place:
        return None
    names, first = cells_of(lines[place - 1], starts), place - 1
    if place > 1 and _is_upper_line(lines[place - 2], starts):
        names = [
            f"{above} {name}".strip() for above, name in zip(cells_of(lines[place - 2], starts), names, strict=True)
        ]
        first = place - 2
    is_header = sum(map(bool, names)) >= _SHARE * len(names) and not headers.values_in(names)
    return Layout(names, starts, first, place) if is_header and fits(lines[place - 1], starts) else None


def _is_upper_line(line: str, starts: Sequence[int]) -> bool:
    """Whether a line is the upper one of a header of two: each of its texts is above one column."""
    cells = cells_of(line, starts)
    return (
        bool(line)
        and not is_ruler(line)
        and fits(line, starts)
        and not any(map(str.isdigit, line))
        and len(runs_of(line)) == sum(map(bool, cells))
    )


def _under_header(lines: Sequence[str], place: int) -> Layout | None:
    """The layout if this line is a header without a ruler, above lines with texts in most of its columns."""
    if _DELIMITER.search(lines[place]):
        return None
    below = [line for line in _table_below(lines, place) if line and not is_ruler(line)]
    headings = {*map(shape_of, lines[:place])}
    likely = [line for line in below if len(runs_of(line)) >= FEWEST_COLUMNS and shape_of(line) not in headings]
    runs = [part for run in _RUN.finditer(lines[place]) for part in _parted(run, likely)]
    names = [run.name for run in runs]
    if len(runs) < FEWEST_COLUMNS or any(
        any(map(str.isdigit, name)) and not _SHORT_NAME.fullmatch(name) for name in names
    ):
        return None
    starts = [runs[0].start]
    for before, after in pairwise(runs):
        gaps = range(after.start - 1, before.end - 1, -1)
        starts.append(1 + min(gaps, key=lambda gap: sum(line[gap : gap + 1] not in ("", " ") for line in likely)))
    touching = frozenset(
        start
        for start in starts[1:]
        if sum(_touches(line, start) for line in likely) >= _SHARE_OF_TOUCHING * max(1, len(likely))
    )
    rows = sum(_is_row(line, starts, touching) for line in below)
    last = place + 1 if place + 1 < len(lines) and lines[place + 1] and is_ruler(lines[place + 1]) else place
    return Layout(names, starts, place, last, touching) if rows > 1 and rows >= _SHARE_OF_LINES * len(below) else None


def _table_below(lines: Sequence[str], place: int) -> list[str]:
    """The lines below a header, up to that of another table."""
    below = [*lines[place + 1 : place + 1 + LINES_AFTER]]
    begun = False
    for at, line in enumerate(below):
        has_digits = any(map(str.isdigit, line))
        if (
            begun
            and not has_digits
            and len(runs_of(line)) >= FEWEST_COLUMNS
            and shape_of(line) != shape_of(lines[place])
        ):
            return below[:at]
        begun = begun or has_digits
    return below


def _parted(run: re.Match[str], rows: Sequence[str]) -> list[_Name]:
    """The names in a run, which old programs write with one blank between them.

    They are parted where every row has a blank, and some row has texts on both sides.
    """
    text, begin = run[0], run.start()
    blanks = [
        begin + place
        for place, sign in enumerate(text)
        if sign == " " and len(rows) > 1 and all(line[begin + place : begin + place + 1] in ("", " ") for line in rows)
    ]
    parts = [begin, *(blank + 1 for blank in blanks)]
    ends = [*blanks, run.end()]
    names = list[_Name]()
    for begins, end in zip(parts, ends, strict=True):
        start, is_filled = begins, any(line[begins:end].strip() for line in rows)
        if names and not (is_filled and names[-1].is_filled):
            first = names.pop()
            start, is_filled = first.start, is_filled or first.is_filled
        names.append(_Name(text[start - begin : end - begin], start, end, is_filled))
    return names


def _is_tight(lines: Sequence[str], place: int) -> bool:
    """Whether a line may be a header with one blank between all its names: capitals alone, right above a row with a number."""
    line, row = lines[place], lines[place + 1] if place + 1 < len(lines) else ""
    return (
        line.isupper()
        and len(line.split()) >= _FEWEST_TIGHT
        and not any(map(str.isdigit, line.replace("#", "")))
        and any(map(str.isdigit, row))
        and len(runs_of(row)) >= FEWEST_COLUMNS
    )


def _is_row(line: str, starts: Sequence[int], touching: Collection[int]) -> bool:
    return fits(line, starts, touching) and sum(map(bool, cells_of(line, starts))) >= max(
        FEWEST_COLUMNS, _SHARE * len(starts)
    )
