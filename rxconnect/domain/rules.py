"""Rules of screening as people type and read them: an administrator's form, the page of rules, and the check before SEND."""

from __future__ import annotations

from dataclasses import dataclass

from rxconnect.domain.marks import Piece
from rxconnect.domain.team import Choice


@dataclass(frozen=True, slots=True)
class NewRule:
    """A rule as an administrator has typed it. `words` are one a line, `until` is an ISO date."""

    kind: str
    name: str
    words: str = ""
    pattern: str = ""
    sender: str = ""
    person: str = ""
    languages: str = ""
    most: str = ""
    until: str = ""
    reason: str = ""
    is_published: bool = False
    published_text: str = ""


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule as staff read it. `what` says what it looks for, `figures` and `trial` what it has held.

    `is_too_high` is whether its share of false holds is above the facility's ceiling. `may_switch_on` is whether the actor
    can switch it on with the next press, and `why_not` says what comes first.
    """

    id: int
    name: str
    what: str
    details: list[str]
    state: str
    state_label: str
    is_published: bool
    published_text: str
    written: str
    trial: str
    figures: str
    rate: str
    is_too_high: bool
    may_switch_on: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """The rules of one kind."""

    kind: str
    label: str
    purpose: str
    rules: list[RuleView]


@dataclass(frozen=True, slots=True)
class RuleChange:
    """Something that an administrator did. `rule` is the rule's name, or what the settings became."""

    what: str
    rule: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class RulesView:
    """A facility's rules. `ceiling` is in percent; `may_change` is whether the actor is an administrator there.

    `changes` are the latest, the newest first.
    """

    facility_id: int
    facility: str
    facilities: list[Choice]
    groups: list[RuleGroup]
    releases_clean: bool
    ceiling: int
    may_change: bool
    changes: list[RuleChange]


@dataclass(frozen=True, slots=True)
class LetterCheck:
    """What a facility's published rules say about a letter before SEND: each sentence once, and the text with marks."""

    notes: list[str]
    subject: list[Piece]
    body: list[Piece]
