"""Warm-ups: invented letters with their right answers, which a reviewer may decide before a shift, with feedback after each.

Readers miss what is rare more often. A short run in which it is frequent helps for a while (Wolfe and others, PMC3848386),
so half of the letters of a warm-up are to be rejected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from random import Random
from typing import Any, NoReturn

from rxconnect.domain.messages import Reason
from rxconnect.domain.toml_files import NotToml, lines_of_keys, parse_toml
from rxconnect.i18n import _

# A warm-up has so many letters. Half of them are to be rejected.
LETTERS = 6
# A shift is at most this long: the next warm-up is offered after it.
SHIFT = timedelta(hours=10)
_TABLE, _LONGEST = "letters", 600


class WarmUpError(Exception):
    """A file of letters cannot be used. `reason` says in English what is wrong in line number `line` (from 1)."""

    def __init__(self, line: int, reason: str):
        super().__init__(f"line {line}: {reason}")
        self.line, self.reason = line, reason


@dataclass(frozen=True, slots=True)
class WarmUpLetter:
    """An invented letter. `reject` is the reason for which it is rejected, None if it is approved.

    `because` explains the answer. It is stored as in the file, and translated with `_` when it is shown.
    """

    subject: str
    text: str
    because: str
    reject: Reason | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reviewer reads after a letter of the warm-up."""

    is_right: bool
    answer: str
    because: str


def parse(text: str) -> list[WarmUpLetter]:
    """The letters of a file. Raises `WarmUpError` with the line of the first problem."""
    return _Reader(text).letters()


def choose(letters: Sequence[WarmUpLetter], random: Random) -> list[WarmUpLetter]:
    """Choose the letters of one warm-up, in a random order."""
    half = LETTERS // 2
    rejected = [one for one in letters if one.reject]
    approved = [one for one in letters if not one.reject]
    chosen = [*random.sample(rejected, half), *random.sample(approved, LETTERS - half)]
    random.shuffle(chosen)
    return chosen


def feedback(letter: WarmUpLetter, *, is_approved: bool) -> Feedback:
    """The feedback to somebody who approved this letter, or rejected it."""
    rejected = letter.reject and _("This one is rejected: {reason}.").format(reason=letter.reject.label)
    answer = rejected or _("This one is approved.")
    return Feedback(is_approved == (letter.reject is None), answer, _(letter.because))


class _Reader:
    """Reads one file, and knows the line of each key."""

    def __init__(self, text: str):
        try:
            self._data = parse_toml(text)
        except NotToml as error:
            raise WarmUpError(error.line, f"This is not TOML: {error.reason or 'nested too deeply'}.") from None
        self._lines = dict(lines_of_keys(text, _TABLE))

    def letters(self) -> list[WarmUpLetter]:
        """All letters. Raises `WarmUpError` for the first problem."""
        for key in self._data:
            if key != _TABLE:
                self._fail(0, key, f"The key {key} is not known. Write each letter under [[{_TABLE}]].")
        tables = self._data.get(_TABLE, [])
        if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
            self._fail(0, _TABLE, f"Write each letter as a table of its own, under [[{_TABLE}]].")
        found = [self._letter(number, table) for number, table in enumerate(tables, start=1)]
        half = LETTERS // 2
        if min(sum(one.reject is not None for one in found), sum(one.reject is None for one in found)) < half:
            self._fail(0, "", f"There must be at least {half} letters to reject and {half} to approve.")
        return found

    def _letter(self, number: int, table: Mapping[str, Any]) -> WarmUpLetter:
        names = [field.name for field in fields(WarmUpLetter)]
        for key in table:
            if key not in names:
                self._fail(number, key, f"The key {key} is not known. A letter has {', '.join(names)}.")
        return WarmUpLetter(
            subject=self._sentence(number, table, "subject"),
            text=self._sentence(number, table, "text"),
            because=self._sentence(number, table, "because"),
            reject=self._reason(number, table),
        )

    def _sentence(self, number: int, table: Mapping[str, Any], key: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            self._fail(number, key, f"{key} must be a text, in quotation marks.")
        if len(value) > _LONGEST:
            self._fail(number, key, f"{key} has {len(value)} characters; at most {_LONGEST} fit.")
        return " ".join(value.split())

    def _reason(self, number: int, table: Mapping[str, Any]) -> Reason | None:
        value = table.get("reject")
        if value is None:
            return None
        if value not in list(Reason):
            self._fail(number, "reject", f"reject must be one of: {', '.join(Reason)}.")
        return Reason(value)

    def _fail(self, number: int, key: str, reason: str) -> NoReturn:
        places = ((number, key), (number, ""))
        raise WarmUpError(next((self._lines[place] for place in places if place in self._lines), 1), reason)
