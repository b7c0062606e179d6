"""The rules of screening: their kinds, what each applies to, and what follows for a letter."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rxconnect.domain.review import HoldReason
from rxconnect.i18n import N_, _

RULE_NAME_MAX = 80
PUBLISHED_TEXT_MAX = 200
PATTERN_MAX = 500
RULE_REASON_MAX = 200
# The words and patterns of one facility's rules, and the longest word or phrase.
WORDS_MAX = 5_000
WORD_MAX = 80
PATTERNS_MAX = 200
# A pair is released by itself for this long at most.
PAIR_DAYS_MAX = 366
# A rule is tried on the letters of this many days, and on the newest ones if there are more.
TRIAL_DAYS, TRIAL_LETTERS = 30, 5_000
# The share of false holds, in percent, above which switching a rule on needs two administrators.
CEILING = 50


class RuleKind(StrEnum):
    """What a rule looks at."""

    WORDS = "words"
    PATTERN = "pattern"
    SENDER = "sender"
    PERSON = "person"
    PAIR = "pair"
    CHARACTERS = "characters"
    LETTERS = "letters"
    LANGUAGE = "language"
    SAMPLE = "sample"

    @property
    def label(self) -> str:
        """The kind's name."""
        return _(_KINDS[self].label)

    @property
    def purpose(self) -> str:
        """What a rule of this kind does, in one sentence."""
        return _(_KINDS[self].purpose)

    @property
    def holds_for(self) -> HoldReason | None:
        """Why a letter waits that such a rule holds; None for the kind that releases letters."""
        return _KINDS[self].holds_for

    @property
    def can_be_published(self) -> bool:
        """Whether families may read such a rule. What is about one person is nobody else's business, nor is a sample."""
        return self in _PUBLISHABLE


@dataclass(frozen=True, slots=True)
class _Kind:
    label: str
    purpose: str
    holds_for: HoldReason | None


_KINDS = {
    RuleKind.WORDS: _Kind(
        N_("Words"), N_("Letters with one of these words or phrases wait for staff."), HoldReason.WORDS
    ),
    RuleKind.PATTERN: _Kind(
        N_("Pattern"), N_("Letters with a passage of this form wait, such as a telephone number."), HoldReason.PATTERN
    ),
    RuleKind.SENDER: _Kind(N_("Sender"), N_("All letters of this sender wait."), HoldReason.SENDER),
    RuleKind.PERSON: _Kind(N_("Person in custody"), N_("All letters to this person wait."), HoldReason.PERSON),
    RuleKind.PAIR: _Kind(
        N_("Released pair"),
        N_("Letters of this sender to this person are released by themselves, until a date."),
        None,
    ),
    RuleKind.CHARACTERS: _Kind(N_("Length"), N_("Longer letters wait."), HoldReason.LIMIT),
    RuleKind.LETTERS: _Kind(
        N_("Letters a day"), N_("Further letters of one sender to one person within 24 hours wait."), HoldReason.LIMIT
    ),
    RuleKind.LANGUAGE: _Kind(
        N_("Language"), N_("Letters in these languages wait for somebody who reads them."), HoldReason.LANGUAGE
    ),
    RuleKind.SAMPLE: _Kind(N_("Random sample"), N_("So many of a hundred letters wait, at random."), HoldReason.SAMPLE),
}
_PUBLISHABLE = frozenset({RuleKind.WORDS, RuleKind.PATTERN, RuleKind.CHARACTERS, RuleKind.LETTERS, RuleKind.LANGUAGE})
# When several rules hold a letter, the desk shows the first of these reasons.
_MOST_TELLING_FIRST = (
    HoldReason.SENDER,
    HoldReason.PERSON,
    HoldReason.WORDS,
    HoldReason.PATTERN,
    HoldReason.LIMIT,
    HoldReason.LANGUAGE,
    HoldReason.SAMPLE,
)
# Only these hold a letter of a pair that is released by itself.
_ABOVE_A_PAIR = frozenset({HoldReason.SENDER, HoldReason.PERSON})


class RuleState(StrEnum):
    """A rule is off, on, or waits for a second administrator to switch it on."""

    OFF = "off"
    WAITING = "waiting"
    ON = "on"

    @property
    def label(self) -> str:
        """The state in words."""
        return {"off": _("Off"), "waiting": _("Waits for a second administrator"), "on": _("On")}[self.value]


class RuleEvent(StrEnum):
    """What an administrator did to a facility's rules."""

    WRITTEN = "written"
    TRIED = "tried"
    ASKED = "asked for a second administrator"
    ON = "switched on"
    OFF = "switched off"
    SETTINGS = "settings"

    @property
    def label(self) -> str:
        """What was done, in words."""
        return _(_EVENTS[self])


_EVENTS = {
    RuleEvent.WRITTEN: N_("Written"),
    RuleEvent.TRIED: N_("Tried"),
    RuleEvent.ASKED: N_("Asked for a second administrator"),
    RuleEvent.ON: N_("Switched on"),
    RuleEvent.OFF: N_("Switched off"),
    RuleEvent.SETTINGS: N_("Changed how letters are screened"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as screening applies it. `most` is a limit, or the percent of a sample; `seed` makes each sample another one."""

    id: int
    kind: RuleKind
    words: tuple[str, ...] = ()
    pattern: str = ""
    account_id: int | None = None
    inmate_id: int | None = None
    languages: tuple[str, ...] = ()
    most: int = 0
    until: datetime | None = None
    seed: str = ""


@dataclass(frozen=True, slots=True)
class ScreenedLetter:
    """What rules look at. `letters_today` counts this sender's letters to this person in the last 24 hours, with this one.

    `message_id` is 0 before SEND: then no sample applies. `captions` are those of the photos, a line each.
    """

    message_id: int
    account_id: int
    inmate_id: int
    subject: str
    body: str
    language: str
    letters_today: int
    at: datetime
    captions: str = ""


def applies(rule: Rule, letter: ScreenedLetter) -> bool:
    """Whether a rule about a letter as a whole applies to it. Words and patterns are looked for elsewhere."""
    is_sender, is_person = rule.account_id == letter.account_id, rule.inmate_id == letter.inmate_id
    match rule.kind:
        case RuleKind.SENDER | RuleKind.PERSON:
            return is_sender if rule.kind is RuleKind.SENDER else is_person
        case RuleKind.PAIR:
            return is_sender and is_person and rule.until is not None and letter.at < rule.until
        case RuleKind.CHARACTERS | RuleKind.LETTERS:
            return rule.most < (len(letter.body) if rule.kind is RuleKind.CHARACTERS else letter.letters_today)
        case RuleKind.LANGUAGE:
            return letter.language in rule.languages
        case RuleKind.SAMPLE:
            return bool(letter.message_id) and is_in_sample(rule, letter.message_id)
    return False


def is_in_sample(rule: Rule, message_id: int) -> bool:
    """Whether a letter is in the sample. The same letter always gets the same answer."""
    digest = hashlib.blake2b(f"{rule.seed} {rule.id} {message_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) % 10_000 < rule.most * 100


def hold_reason(kinds: Iterable[RuleKind], *, releases_clean: bool) -> HoldReason | None:
    """Why staff must read a letter to which rules of these kinds apply; None to release it by itself."""
    found = set(kinds)
    reasons = {kind.holds_for for kind in found} - {None}
    if RuleKind.PAIR in found:
        reasons &= _ABOVE_A_PAIR
    first = next((reason for reason in _MOST_TELLING_FIRST if reason in reasons), None)
    if first or releases_clean or RuleKind.PAIR in found:
        return first
    return HoldReason.EVERY_LETTER


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many letters a rule held, and of these how many staff have approved and rejected."""

    held: int = 0
    approved: int = 0
    rejected: int = 0

    @property
    def decided(self) -> int:
        """How many of them are decided."""
        return self.approved + self.rejected

    @property
    def false_holds(self) -> int | None:
        """The percent of decided letters that were held in vain; None before the first decision."""
        return round(100 * self.approved / self.decided) if self.decided else None


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would have done to the letters of the last days: how many there were, and what it would have held."""

    letters: int
    count: RuleCount
