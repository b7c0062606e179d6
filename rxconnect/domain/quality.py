"""How well a facility's reviewers agree, in figures and in words: the read models of the page, and what they say."""

from __future__ import annotations

from dataclasses import dataclass

from rxconnect.domain.agreement import Agreement
from rxconnect.domain.team import Choice
from rxconnect.i18n import _, ngettext, number_text

DAYS = 90
# Below this, a figure would say more about chance than about people.
FEWEST_READINGS = 30


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """How far the readings of a group agree: of a reviewer, a rule or a language.

    `alike` says in how many letters both decided alike. `beyond_chance` is AC1, with its `bounds`, and `too_few` says
    instead that there are too few readings to say. `misses` are decisions of this reviewer that an administrator
    found wrong; it is 0 for other groups.
    """

    label: str
    alike: str
    beyond_chance: str
    bounds: str
    too_few: str
    misses: int


@dataclass(frozen=True, slots=True)
class QualityView:
    """The page of one facility. `is_own` is whether it is about the actor alone.

    `decided`, `drawn`, `read` and `waiting` count letters of the last 90 days, and `open` disagreements that nobody has judged.
    """

    facility_id: int
    facility: str
    facilities: list[Choice]
    is_own: bool
    decided: int
    drawn: int
    read: int
    waiting: int
    open: int
    share: int
    foreign_share: int
    total: AgreementLine
    by_reviewer: list[AgreementLine]
    by_rule: list[AgreementLine]
    by_language: list[AgreementLine]


def agreement_line(label: str, found: Agreement | None, misses: int = 0) -> AgreementLine:
    """A line about a group whose readings agree this far. None is a group without any reading."""
    count = found.count if found else 0
    if found is None or count < FEWEST_READINGS:
        too_few = _("Too few to say: {count} of at least {least}").format(count=count, least=FEWEST_READINGS)
        return AgreementLine(label, _alike(found), "", "", too_few, misses)
    bounds = _("{low} to {high}").format(low=_figure(found.low), high=_figure(found.high))
    return AgreementLine(label, _alike(found), _figure(found.value), bounds, "", misses)


def _alike(found: Agreement | None) -> str:
    if found is None:
        return ""
    sentence = ngettext("{alike} of {count} letter", "{alike} of {count} letters", found.count)
    return sentence.format(alike=number_text(found.alike), count=number_text(found.count))


def _figure(value: float) -> str:
    """A figure of agreement, rounded towards 0, so that 1.00 is only said where it is 1."""
    return f"{int(value * 100) / 100:.2f}"
