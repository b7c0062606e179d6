"""Warm-ups: invented letters with their right answers, which a reviewer may decide before a shift, with feedback after each.

Readers miss what is rare more often. A short run in which it is frequent helps for a while (Wolfe and others, PMC3848386),
so half of the letters of a warm-up are to be rejected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from random import Random

from rxconnect.domain.messages import Reason
from rxconnect.domain.toml_files import TomlFile, TomlTable
from rxconnect.i18n import _

# A warm-up has so many letters. Half of them are to be rejected.
LETTERS = 6
# A shift is at most this long: the next warm-up is offered after it.
SHIFT = timedelta(hours=10)
_TABLE, _LONGEST, _MOST = "letters", 600, 200


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
    """The letters of a file. Raises `UnusableFile` with the line of the first problem."""
    file = TomlFile(text, _TABLE)
    file.require_known([_TABLE])
    letters = [_letter(table) for table in file.tables(_TABLE, most=_MOST)]
    half = LETTERS // 2
    if not half <= sum(one.reject is not None for one in letters) <= len(letters) - half:
        file.fail("", f"There must be at least {half} letters to reject and {half} to approve.")
    return letters


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


def _letter(table: TomlTable) -> WarmUpLetter:
    table.require_known(field.name for field in fields(WarmUpLetter))
    subject, text, because = (table.sentence(key, most=_LONGEST) for key in ("subject", "text", "because"))
    reject = table.one_of("reject", list(Reason), "")
    return WarmUpLetter(subject, text, because, Reason(reject) if reject else None)
