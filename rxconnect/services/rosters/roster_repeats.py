"""Rows of a roster file that are no people of their own: the header again, totals, footers, and what continues the row above.

Names go on in the row below when they are longer than their column: `ARCHULETA, MAXIMILIANO`, `ESTEBAN` (`Wraps`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from rxconnect.domain.inmates import NUMBER_MAX
from rxconnect.domain.sentences import Sentence
from rxconnect.services.files.columns import NO_COLUMN, Columns
from rxconnect.services.files.rows import Row
from rxconnect.services.shapes.sections import hints_at_leaving, section_of
from rxconnect.services.shapes.units import unit_in_heading
from rxconnect.services.shapes.words import is_nothing

_TOTAL = re.compile(r"(?:.*\s)?(?:sub-?)?totals?\b|.*\bcount\s*:", re.IGNORECASE)
# A person has a number and at least one name, even in a row that is bad.
_MOST_CELLS = 2
# How the last rows of a report begin.
_FOOTER = re.compile(
    r"[*=_~#-]{2,}|[\W_]*(?:end of|page:? *\d|printed|generated|as of\b|notes?\s*:|source\s*:|disclaimer|copyright|©|number of|"
    r"(?:report|run|print|roster|list)(?:ing)? (?:by|id|no|name|date|time|run|user|generated|created|total|count|end|printed|prepared)\b|"
    r"(?:sub-?)?totals?\b|grand total|(?:prepared|reported|produced|compiled|created|submitted|reviewed|approved|verified|certified|"
    r"authori[sz]ed|requested|signed|run|exported|extracted|checked|counted) (?:by|on|at|from|for)\b|(?:approved|verified|"
    r"reviewed|certified|signature|signed|run|user|login|operator|printed|date|time|report)\s*:|"
    r"confidential\b.*\b(?:not|only|use|information)\b|for official use|law enforcement (?:sensitive|use|only)|"
    r"(?:records?|inmates?|rows?|people|persons?|offenders?|detainees?|prisoners?|residents?)\s*:\s*\d+\b|"
    r"\d+ (?:total\b|records?|inmates?|rows?|people|persons?|offenders?|detainees?|prisoners?|residents?)\b)",
    re.IGNORECASE,
)
# A name has fewer words, and a number has fewer still.
_SENTENCE, _MOST_OF_NUMBER = 9, 3
PERSON = ("number", "name", "given_names", "first_name", "middle_name", "last_name")
# A row with another of these is about somebody else, though it lacks number and name.
_SAME = ("facility", "birth_date", "birth_year", "status", "release_date")
_FEW = 0.1  # of the rows
_LONGEST_QUOTE = 60
_LONGEST_UNIT, _DIGITS_OF_COUNT = 12, 3
# How a name ends that goes on below.
_GOES_ON = ("-", ",")


class Repeats:
    """Tells the rows that are no people of their own from the others, after a look at the first ones.

    `remark` is the first passed-over row that is neither the header again nor a total.
    """

    def __init__(self, columns: Columns, sample: Sequence[Sequence[str]]):
        self._header, self._number = columns.header, columns.position("number")
        self._names = [columns.position(field) for field in PERSON if field in columns]
        self._same = [place for field in _SAME if (place := columns.position(field)) != NO_COLUMN]
        self._has_housing = "housing" in columns
        self._person: Sequence[str] = ()
        self.remark = ""
        people = [
            row for row in sample if not _FOOTER.match(" ".join(filter(None, row))) and not any(map(_TOTAL.match, row))
        ]
        self._usual = [place for place in range(len(self._header)) if self._is_usual(place, people)]
        # Rows with a number and two names.
        whole = [row for row in people if row[self._number] and len(self._words_of_names(row)) > _MOST_CELLS]
        self._usual_of_whole = [place for place in range(len(self._header)) if self._is_usual(place, whole)]
        self._gate = self._usual[0] if self._usual else self._number
        numbers = [row[self._number] for row in people if not is_nothing(row[self._number])]
        self._lengths = Counter(map(len, numbers))
        self._have_digits = _are_nearly_all(sum(map(_has_digit, numbers)), len(numbers))

    def may_be_none(self, cells: Sequence[str]) -> bool:
        """Whether a row needs a closer look. Hot: one call for each row, and almost every one is plainly a person.

        Almost every number begins with a digit, is one word and as long as others, and no header or footer is.
        """
        number = cells[self._number]
        return not number[:1].isdecimal() or " " in number or not cells[self._gate] or len(number) not in self._lengths

    def lacks_digit(self, number: str) -> bool:
        """Whether a number is none, because it has no digit and the others have: `PREPARED BY`."""
        is_digitless = not number.isdecimal() and bool(number) and not _has_digit(number)
        return is_digitless and self._have_digits and not is_nothing(number)

    def unit_above(self, cells: Sequence[str]) -> str | None:
        """What a row that is no person says: the unit of the people below it, or "". None if it may be a person.

        "" is the header again, in any case, a total or a footer. The cells are trimmed, as the header is.
        """
        number = cells[self._number]
        if number and number.casefold() == self._header[self._number].casefold():
            pairs = zip(cells, self._header, strict=False)
            return "" if all(cell.casefold() == name.casefold() for cell, name in pairs if cell) else None
        filled = [cell for cell in cells if cell]
        if filled and self._is_total(cells, filled):
            return ""
        is_heading = 0 < len(filled) <= _MOST_CELLS and (len(filled) == 1 or filled[0].endswith(":"))
        if unit := unit_in_heading(" ".join(filled)) if is_heading else "":
            return unit
        if self._has_housing and len(filled) == _MOST_CELLS and _counts_unit(*filled):
            return ""
        if filled and self._is_remark(cells, " ".join(filled)):
            self.remark = self.remark or " ".join(filled)[:_LONGEST_QUOTE]
            return ""
        return "" if len(filled) == 1 and _is_footer(filled[0], is_number=bool(number)) else None

    def _is_total(self, cells: Sequence[str], filled: Sequence[str]) -> bool:
        """Whether a row is a sum: its label is in front or, if the row has no number as others have, in any column."""
        if _TOTAL.match(filled[0]) and _are_sums(filled[1:]):
            return True
        number = cells[self._number]
        is_person = len(number) in self._lengths and not _TOTAL.match(number)
        others = [cell for cell in filled if not _TOTAL.match(cell)]
        return not is_person and len(others) < len(filled) and _are_short(others)

    def continues(self, cells: Sequence[str]) -> bool:
        """Whether a row has no number and no name, and goes on about the person above, such as with the next charge."""
        if any(cells[place] for place in self._names):
            self._person = cells
            return False
        return (
            bool(self._person) and any(cells) and all(cells[place] in ("", self._person[place]) for place in self._same)
        )

    def _words_of_names(self, cells: Sequence[str]) -> list[str]:
        return [word for place in self._names for word in cells[place].split()]

    def _is_usual(self, place: int, people: Sequence[Sequence[str]]) -> bool:
        """Whether nearly every row has something in this column, which says more than who the person is."""
        filled = sum(bool(row[place]) for row in people)
        return place not in self._names and _are_nearly_all(filled, len(people))

    def _is_remark(self, cells: Sequence[str], text: str) -> bool:
        """Whether the columns cut a remark into pieces: `PREPARED BY`, `SGT MILLER`, `0412`.

        It lacks what nearly every row has, and has no number or begins as footers do.
        """
        number, missing = cells[self._number], sum(not cells[place] for place in self._usual)
        is_bare = 2 * missing > len(self._usual)
        if self.lacks_digit(number):
            return is_bare or _FOOTER.match(text) is not None
        return bool(number) and (is_bare or not self._usual) and _FOOTER.match(text) is not None

    def is_bare(self, cells: Sequence[str]) -> bool:
        """Whether a row has little but a number and a name: less than others have or, where these have no more, another number."""
        if usual := self._usual_of_whole:
            return 2 * sum(not cells[place] for place in usual) > len(usual)
        return self._lengths[len(cells[self._number])] < _MOST_CELLS


class Wraps:
    """Tells the rows that only go on with the name above them."""

    def __init__(self, columns: Columns, sample: Sequence[Sequence[str]], status_of: Callable[[str], str]):
        self._number, self._status_of = columns.position("number"), status_of
        self._names = [columns.position(field) for field in PERSON[1:] if field in columns]
        # A printer breaks a name only if the next word does not fit into the column any more.
        self._widths = {place: max((len(row[place]) for row in sample), default=0) for place in self._names}
        others = {*range(len(columns.header))} - {self._number, *self._names}
        self._has_more = 2 * sum(any(row[place] for place in others) for row in sample) > len(sample)
        self._count, self._example = 0, ""

    def join(self, above: Row, below: Row) -> Row | None:
        """The two rows as one; None if the lower one is a row of its own."""
        if below.cells[self._number] or below.fault or not above.cells[self._number]:
            return None
        places = [place for place, cell in enumerate(below.cells) if cell]
        if len(places) != 1 or places[0] not in self._names or not self._goes_on(above, below, places[0]):
            return None
        joined = above.joined(below)
        self._count += 1
        self._example = self._example or joined.cells[places[0]][:_LONGEST_QUOTE]
        return joined

    def notes(self) -> list[Sentence]:
        """A sentence about the names that were joined."""
        note = Sentence.counted(
            "{count} row only goes on with the name above: “{example}”.",
            "{count} rows only go on with the name above, such as “{example}”.",
            self._count,
            example=self._example,
        )
        return [note] * bool(self._count)

    def _goes_on(self, above: Row, below: Row, place: int) -> bool:
        text, rest = above.cells[place], below.cells[place]
        if not text or ("," in text.rstrip(",") and "," in rest) or any(map(str.isdigit, rest)):
            # A whole name of its own, or a line of a report.
            return False
        if not self._has_more and "," not in text + rest:
            # Somebody whose number is missing would look the same.
            return False
        if text.isupper() != rest.isupper():
            return False
        is_full = len(text) + 1 + len(rest.split()[0]) > self._widths[place]
        return (is_full or text.endswith(_GOES_ON)) and not self._is_heading(rest)

    def _is_heading(self, text: str) -> bool:
        return bool(
            section_of(text) is not None
            or hints_at_leaving(text)
            or unit_in_heading(text)
            or is_footer_line(text)
            or self._status_of(text) != text
        )


def is_footer_line(text: str) -> bool:
    """Whether a line begins as the last ones of a report do, or counts its people."""
    return _FOOTER.match(text) is not None or _TOTAL.match(text) is not None


def _counts_unit(unit: str, count: str) -> bool:
    """Whether a row says how many people are in a unit: `Unit A`, `12`."""
    return bool(unit_in_heading(unit)) and count.isdecimal() and len(count) <= _DIGITS_OF_COUNT


def _are_nearly_all(some: int, every: int) -> bool:
    """Whether so many of a few or many rows are all but an exception or a tenth."""
    return 2 * some > every and every - some <= max(1, _FEW * every)


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _are_sums(cells: Sequence[str]) -> bool:
    """Whether the cells beside the word for a total are numbers, or one text at most."""
    return len(cells) < _MOST_CELLS or not any(cell.upper().isupper() for cell in cells)


def _are_short(cells: Sequence[str]) -> bool:
    """Whether these are at most one name of a unit, such as `C`, and numbers."""
    return sum(not cell.isdecimal() for cell in cells) < _MOST_CELLS and all(
        len(cell) <= _LONGEST_UNIT for cell in cells
    )


def _is_footer(text: str, *, is_number: bool) -> bool:
    words = text.split()
    is_long = len(words) > _MOST_OF_NUMBER or len(text) > NUMBER_MAX if is_number else len(words) >= _SENTENCE
    return is_long or _FOOTER.match(text) is not None
