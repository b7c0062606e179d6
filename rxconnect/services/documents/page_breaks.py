"""Runs in the process of `converter`: takes the headings and footers of pages out of a printed list.

A page may end in the middle of a person. What stands between the two halves is no end of either.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import takewhile

from rxconnect.services.files.labels import is_rule, pairs_in
from rxconnect.services.files.layouts import shape_of

_MOST_LINES = 12  # of a heading, and of a footer

Line = tuple[int, str]


def without_page_breaks(lines: Iterator[Line]) -> Iterator[Line]:
    """The lines but the heading of each page after the first, and the footer above it.

    The heading is what stands above the first label of the list, if it has a date or a number, which may be another one on the
    next page. A person may begin below it, or go on: whoever begins there has the same label first as everybody.
    """
    heading, begun = _heading_of(lines)
    yield from begun
    if not any("#" in shape for shape in heading):
        yield from lines
        return
    leading = _first_label(begun[-1][1])
    waiting, ahead = list[Line](), deque[Line]()
    is_after_break = False
    while line := ahead.popleft() if ahead else next(lines, None):
        if shape_of(line[1]) == heading[0] and _is_heading(line, ahead, lines, heading):
            yield from _without_footer(waiting)
            waiting.clear()
            is_after_break = True
            continue
        label = _first_label(line[1])
        if is_after_break and label == leading:
            waiting.append((line[0], ""))
        waiting.append(line)
        if label or len(waiting) > _MOST_LINES:
            is_after_break = False
            yield from waiting
            waiting.clear()
    yield from waiting


def _heading_of(lines: Iterator[Line]) -> tuple[list[str], list[Line]]:
    """The shapes of the lines above the first label, without blank ones, and all lines that were read."""
    heading, begun = list[str](), list[Line]()
    for line in lines:
        begun.append(line)
        if _first_label(line[1]):
            return heading, begun
        if shape := shape_of(line[1]):
            heading.append(shape)
        if len(heading) > _MOST_LINES:
            break
    return [], begun


def _first_label(line: str) -> str:
    return next((label for label, _ in pairs_in(line)), "")


def _without_footer(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines below a label, which may belong to its value, up to the first blank one."""
    return takewhile(lambda line: not is_rule(line[1].replace("\f", "")), lines)


def _is_heading(first: Line, ahead: deque[Line], lines: Iterator[Line], heading: list[str]) -> bool:
    """Whether the lines from this one on are the heading. They are taken from `ahead` then."""
    looked_at = [first]
    for shape in heading[1:]:
        while (line := _next(ahead, lines, looked_at)) is not None and not shape_of(line[1]):
            pass
        if line is None or shape_of(line[1]) != shape:
            ahead.extendleft(reversed(looked_at[1:]))
            return False
    return True


def _next(ahead: deque[Line], lines: Iterator[Line], looked_at: list[Line]) -> Line | None:
    line = ahead.popleft() if ahead else next(lines, None)
    if line is not None:
        looked_at.append(line)
    return line
