"""How far first and second readings agree: at a facility, by reviewer, by rule and by language, over the last 90 days."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlmodel import Session, col, func, select

from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.agreement import gwet_ac1
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.languages import language_name
from rxconnect.domain.messages import Lane
from rxconnect.domain.quality import DAYS, AgreementLine, QualityView, agreement_line
from rxconnect.domain.review import DecisionState, Outcome
from rxconnect.domain.second_readings import Verdict
from rxconnect.domain.text import sort_key
from rxconnect.i18n import _
from rxconnect.models import Account, Decision, Message, ScreeningHit, ScreeningRule, SecondReading
from rxconnect.models.sorting import by_name
from rxconnect.services.accounts.staff import chosen_place
from rxconnect.services.audit.recording import record

_OUTCOMES = (Outcome.APPROVED, Outcome.REJECTED)


class _Pair(NamedTuple):
    """A letter that two people have read."""

    message_id: int
    first: str
    second: str
    first_by: int
    second_by: int
    language: str
    verdict: str

    @property
    def misses(self) -> tuple[int, ...]:
        """The account whose reading an administrator found wrong, if any."""
        return {Verdict.SECOND.value: (self.first_by,), Verdict.FIRST.value: (self.second_by,)}.get(self.verdict, ())


def quality(session: Session, actor: Actor, facility_id: int | None = None) -> QualityView:
    """The agreement at a facility. Reviewers see that of their own letters alone. Recorded. Raises `NotAllowed`."""
    place, choices = chosen_place(session, actor.must(Permission.SEE_QUALITY), facility_id)
    assert place.id is not None
    is_own = place.id not in actor.facilities(Permission.SEE_AUDIT)
    since = clock.now() - timedelta(days=DAYS)
    pairs = _pairs(session, place.id, since)
    whose = [one for one in pairs if one.first_by == actor.account_id] if is_own else pairs
    misses = Counter(account_id for one in pairs for account_id in one.misses)
    drawn, read = _drawn(session, place.id, since)
    record(session, actor, place.id, AuditKind.QUALITY_SHOWN)
    return QualityView(
        facility_id=place.id,
        facility=place.name,
        facilities=choices,
        is_own=is_own,
        decided=_decided(session, place.id, since),
        drawn=drawn,
        read=read,
        waiting=drawn - read,
        # To a reviewer, it would tell whether the reading that they have just given was another.
        open=0 if is_own else sum(one.first != one.second and not one.verdict for one in pairs),
        share=place.second_reading_share,
        foreign_share=place.foreign_reading_share,
        total=_line("", whose, misses[actor.account_id] if is_own else misses.total()),
        by_reviewer=_by_reviewer(session, whose, {actor.account_id: misses[actor.account_id]} if is_own else misses),
        by_rule=_by_rule(session, place.id, since, whose),
        by_language=_by_language(whose),
    )


def _pairs(session: Session, facility_id: int, since: datetime) -> list[_Pair]:
    columns: Any = (
        SecondReading.message_id,
        Decision.outcome,
        SecondReading.outcome,
        Decision.by_account_id,
        SecondReading.read_by,
        Decision.language,
        SecondReading.verdict,
    )
    rows: Any = (
        select(*columns)
        .join(Decision, col(Decision.id) == SecondReading.decision_id)
        .join(Message, col(Message.id) == SecondReading.message_id)
        .where(*_since(facility_id, since), SecondReading.outcome != "", Message.lane == Lane.ORDINARY)
    )
    return [_Pair(*row) for row in session.exec(rows)]


def _since(facility_id: int, since: datetime) -> tuple[Any, ...]:
    return col(SecondReading.facility_id) == facility_id, col(SecondReading.drawn_at) >= since


def _drawn(session: Session, facility_id: int, since: datetime) -> tuple[int, int]:
    counted = select(func.count(), func.count(col(SecondReading.read_at))).where(*_since(facility_id, since))
    drawn, read = session.exec(counted).one()
    return drawn, read


def _decided(session: Session, facility_id: int, since: datetime) -> int:
    counted = select(func.count()).where(
        Decision.facility_id == facility_id,
        col(Decision.committed_at) >= since,
        Decision.state == DecisionState.COMMITTED,
        col(Decision.appeal_id).is_(None),
    )
    return session.exec(counted).one()


def _line(label: str, pairs: Iterable[_Pair], misses: int = 0) -> AgreementLine:
    return agreement_line(label, gwet_ac1(((one.first, one.second) for one in pairs), _OUTCOMES), misses)


def _by_reviewer(session: Session, pairs: Sequence[_Pair], misses: Mapping[int, int]) -> list[AgreementLine]:
    """By the reviewer who decided first. Misses of second readings stand at whoever gave these."""
    groups: dict[int, list[_Pair]] = defaultdict(list)
    for one in pairs:
        groups[one.first_by].append(one)
    ids = groups.keys() | {account_id for account_id, count in misses.items() if count}
    people = session.exec(
        select(Account.id, Account.name).where(col(Account.id).in_(ids)).order_by(by_name(Account.name))
    )
    return [_line(name, groups[one], misses.get(one, 0)) for one, name in people if one is not None]


def _by_rule(session: Session, facility_id: int, since: datetime, pairs: Sequence[_Pair]) -> list[AgreementLine]:
    """By the rules that found something in the letter, which may be several."""
    found = (
        select(ScreeningHit.message_id, ScreeningRule.name)
        .join(ScreeningRule, col(ScreeningRule.id) == ScreeningHit.rule_id)
        .join(SecondReading, col(SecondReading.message_id) == ScreeningHit.message_id)
        .where(*_since(facility_id, since), ScreeningRule.facility_id == facility_id)
        .distinct()
    )
    rules: dict[int, set[str]] = defaultdict(set)
    for message_id, name in session.exec(found):
        rules[message_id].add(name)
    groups: dict[str, list[_Pair]] = defaultdict(list)
    for one in pairs:
        for name in rules[one.message_id] or {""}:
            groups[name].append(one)
    none = groups.pop("", None)
    lines = [_line(name, groups[name]) for name in sorted(groups)]
    return lines + ([_line(_("No rule found anything"), none)] if none else [])


def _by_language(pairs: Sequence[_Pair]) -> list[AgreementLine]:
    groups: dict[str, list[_Pair]] = defaultdict(list)
    for one in pairs:
        groups[one.language].append(one)
    named = {code: language_name(code) if code else _("Not recognised") for code in groups}
    return [_line(named[code], groups[code]) for code in sorted(groups, key=lambda code: sort_key(named[code]))]
