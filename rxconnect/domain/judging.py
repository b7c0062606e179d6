"""Judging letters together in a demo session: its limits, what a judge sees, and the score, with what it means in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rxconnect.domain.agreement import GroupAgreement
from rxconnect.i18n import N_, _

# The most characters of a file of letters, the most letters in it, and the most rules: each has a digit as its key.
LETTERS_FILE_MAX, MOST_LETTERS, MOST_RULES = 40_000, 20, 9
LETTER_TITLE_MAX, PERSON_MAX, SUBJECT_MAX, BODY_MAX, SENTENCE_MAX = 60, 80, 120, 3_000, 400
RULE_KEY_MAX = 30
# A letter counts as read for this many seconds at most. Whoever takes longer has left.
LONGEST_READING = 600
# With fewer letters than this that two judges have read, a figure would say more about chance than about people.
FEWEST_LETTERS = 10


class Decision(StrEnum):
    """A judge's decision about a letter, and the right answer in a file."""

    APPROVE = "approve"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class PublishedRule:
    """A rule that a letter may break. `number` is its key on the keyboard."""

    number: int
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class JudgedLetter:
    """A letter of the file. `reason` is the key of the rule that it breaks, and "" if it is approved."""

    sender: str
    recipient: str
    subject: str
    body: str
    reason: str
    explanation: str

    @property
    def is_approved(self) -> bool:
        """Whether the right answer is to approve it."""
        return not self.reason


@dataclass(frozen=True, slots=True)
class LetterFile:
    """A file of letters. Its sentences are stored as written, and translated with `_` when they are shown."""

    title: str
    about: str
    rules: tuple[PublishedRule, ...]
    letters: tuple[JudgedLetter, ...]


@dataclass(frozen=True, slots=True)
class JudgingStatus:
    """How far a judging is: nothing else is told to the room before its end.

    `judges` are the people in the room, without a trainer who does not judge, and those who have finished and left.
    """

    id: int
    title: str
    letters: int
    judges: int
    finished: int
    is_over: bool


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter as a judge reads it. Nothing in it comes from its answer. `place` counts from 1, in this judge's order."""

    place: int
    sender: str
    recipient: str
    subject: str
    body: str
    # The judge's own answer: a `Decision` or "", and the number of the rule that they have named, or 0.
    decision: str
    rule: int


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A letter in the list of a judge's own answers. `rule` is the text of the rule for which they rejected it."""

    place: int
    sender: str
    subject: str
    decision: str
    rule: str


@dataclass(frozen=True, slots=True)
class JudgeView:
    """What a judge sees before the end. `place` is that of the first letter without an answer, or 0."""

    status: JudgingStatus
    about: str
    rules: tuple[PublishedRule, ...]
    places: tuple[PlaceView, ...]
    decided: int
    place: int
    minutes: int
    has_finished: bool


@dataclass(frozen=True, slots=True)
class AgreementWords:
    """How far the judges agree: Gwet's AC1 and its bounds, as texts, and what they mean. All but `meaning` may be "".

    `at`, `starts` and `ends` are their places on a scale from 0 to 100.
    """

    figure: str
    low: str
    high: str
    meaning: str
    at: int = 0
    starts: int = 0
    ends: int = 0


@dataclass(frozen=True, slots=True)
class LetterResult:
    """What the room has decided about a letter, after the end. `number` is its place in the file, from 1.

    `held_by` names the rules of screening that would have held it. The shares are percents of those who have decided it.
    """

    number: int
    sender: str
    recipient: str
    subject: str
    body: str
    approved: int
    rejected: int
    approved_share: int
    rejected_share: int
    is_approved: bool
    rule: str
    explanation: str
    held_by: str


@dataclass(frozen=True, slots=True)
class JudgingScore:
    """The score of a room: sums alone, and no name.

    `agreement_with_key` is the percent of all `decisions` that are right. Of the decisions about letters that should have been
    rejected (`on_rejects`), `misses` approved one; of those about the others (`on_approves`), `needless` rejected one.
    `to_reject` letters should be rejected: screening would have held `screening_held` of them and missed `screening_missed`, and
    of the `to_approve` others it would have held `screening_needless`. `median_minutes` is of the judges who have finished.
    """

    title: str
    letters: int
    judges: int
    finished: int
    decisions: int
    agreement: AgreementWords
    agreement_with_key: int
    misses: int
    on_rejects: int
    needless: int
    on_approves: int
    median_minutes: int | None
    to_reject: int
    to_approve: int
    screening_held: int
    screening_missed: int
    screening_needless: int
    # In the order of the file. `splits` are the letters on which the room split most, that one first.
    lines: tuple[LetterResult, ...]
    splits: tuple[LetterResult, ...]


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """A letter after the end, with a judge's own answer. `decision` is "" without one; `rule` is the one they have named."""

    letter: LetterResult
    decision: str
    rule: str
    is_right: bool


@dataclass(frozen=True, slots=True)
class JudgeResult:
    """One judge's result. `right` of `decided` answers are right. The minutes are never shown without the misses."""

    name: str
    decided: int
    right: int
    misses: int
    needless: int
    minutes: int


@dataclass(frozen=True, slots=True)
class ResultsView:
    """What a seat sees after the end: the room's score, those who show their names, and the seat's own result, if it judged.

    `answers` has one line for each letter, in the order of the file, so `score` comes without its own `lines`.
    """

    score: JudgingScore
    named: tuple[JudgeResult, ...]
    own: JudgeResult | None
    answers: tuple[OwnAnswer, ...]
    shows_name: bool


# From this figure on, and what it means. Each says what it is to be a sender, since nobody feels a coefficient.
_MEANINGS = (
    (0.8, N_("You decide nearly alike. A family can rely on it that the reader makes no difference.")),
    (0.6, N_("You mostly decide alike. For some letters, it depends on who opens them.")),
    (0.4, N_("You often decide alike. But many letters depend on who opens them.")),
    (0.2, N_("You agree a little more than chance would. Most letters depend on who opens them.")),
    (-1.0, N_("You agree hardly more than people who guess. The rules mean something else to each of you.")),
)


def agreement_in_words(found: GroupAgreement | None) -> AgreementWords:
    """The agreement as a room reads it. Figures are rounded towards 0, so that 1.00 is only said where it is 1."""
    if found is None:
        return AgreementWords("", "", "", _("It takes two judges of a letter to agree or to disagree."))
    if found.count < FEWEST_LETTERS:
        too_few = _("Two judges have decided {count} letters. Below {least}, the figure would say more about chance.")
        return AgreementWords("", "", "", too_few.format(count=found.count, least=FEWEST_LETTERS))
    meaning = next(meaning for least, meaning in _MEANINGS if found.value >= least)
    low, figure, high = (
        f"{int(value * 100) / 100:.2f}".replace("-", "−") for value in (found.low, found.value, found.high)
    )
    starts, at, ends = (max(0, int(value * 100)) for value in (found.low, found.value, found.high))
    return AgreementWords(figure, low, high, _(meaning), at, starts, ends)
