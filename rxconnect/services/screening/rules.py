"""A facility's rules: administrators write them and switch them on and off; other staff may read them.

A rule is never changed, so that its figures are about what it says: who wants another one writes another one.
"""

from __future__ import annotations

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import Invalid, NotAllowed, NotFound, NotTried, SecondAdministratorNeeded
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.problems import Problem
from rxconnect.domain.rules import NewRule
from rxconnect.domain.screening import CEILING, PATTERNS_MAX, WORDS_MAX, RuleCount, RuleEvent, RuleKind, RuleState
from rxconnect.models import Facility, ScreeningEvent, ScreeningRule, ScreeningSetting
from rxconnect.services.audit.recording import Act, record_acts
from rxconnect.services.screening import hits, new_rules, rule_books


def write(session: Session, actor: Actor, facility_id: int, typed: NewRule) -> int:
    """Write a rule, which is off. Returns its id. Raises `NotAllowed` and `Invalid`."""
    must_keep_rules(actor, facility_id)
    rule = new_rules.read(session, session.get_one(Facility, facility_id), typed)
    rule.written_by, rule.written_at = actor.account_id, clock.now()
    session.add(rule)
    session.flush()
    record(session, actor, rule, RuleEvent.WRITTEN)
    assert rule.id is not None
    return rule.id


def switch_on(session: Session, actor: Actor, rule_id: int) -> RuleState:
    """Switch a rule on. One that holds too much in vain waits until another administrator does the same.

    Returns the rule's new state. Raises `NotFound`, `NotTried`, `SecondAdministratorNeeded`, or `Invalid` when too many
    words or patterns are on.
    """
    rule = locked_rule(session, actor, rule_id)
    if rule.state == RuleState.ON:
        return RuleState.ON
    if rule.tried_at is None:
        raise NotTried
    if is_too_high(session, actor, rule):
        if rule.state == RuleState.OFF or rule.asked_by is None:
            rule.state, rule.asked_by = RuleState.WAITING, actor.account_id
            record(session, actor, rule, RuleEvent.ASKED)
            return RuleState.WAITING
        if rule.asked_by == actor.account_id:
            raise SecondAdministratorNeeded
    _require_room(session, rule)
    rule.state, rule.asked_by = RuleState.ON, None
    rule_books.change_version(session, rule.facility_id)
    record(session, actor, rule, RuleEvent.ON)
    return RuleState.ON


def switch_off(session: Session, actor: Actor, rule_id: int) -> None:
    """Switch a rule off, or take back the wish to switch it on. Raises `NotFound`."""
    rule = locked_rule(session, actor, rule_id)
    if rule.state == RuleState.OFF:
        return
    rule.state, rule.asked_by = RuleState.OFF, None
    rule_books.change_version(session, rule.facility_id)
    record(session, actor, rule, RuleEvent.OFF)


def change_settings(session: Session, actor: Actor, facility_id: int, *, releases_clean: bool, ceiling: str) -> None:
    """Change how the facility screens. `ceiling` is typed, in percent. Raises `NotAllowed` and `Invalid` (ceiling)."""
    must_keep_rules(actor, facility_id)
    percent = whole_number(ceiling, least=0, most=100)
    if percent is None:
        raise Invalid(ceiling=Problem.OUT_OF_BOUNDS(least=0, most=100))
    setting = rule_books.change_version(session, facility_id)
    setting.releases_clean = releases_clean
    _change_ceiling(setting, actor, percent)
    session.add(setting)
    detail = f"{'releases' if releases_clean else 'keeps'} clean letters, ceiling {percent} %"
    session.add(
        ScreeningEvent(
            facility_id=facility_id,
            account_id=actor.account_id,
            event=RuleEvent.SETTINGS,
            detail=detail,
            at=clock.now(),
        )
    )
    changed = {"releases_clean": releases_clean, "ceiling": percent}
    record_acts(session, actor, [Act(facility_id, AuditKind.SCREENING_CHANGED, details=changed)])


def ceiling_for(setting: ScreeningSetting | None, actor: Actor) -> int:
    """The ceiling above which the actor needs another administrator: for whoever raised it, the one before."""
    if setting is None:
        return CEILING
    return setting.raised_from if setting.raised_by == actor.account_id else setting.ceiling


def _change_ceiling(setting: ScreeningSetting, actor: Actor, percent: int) -> None:
    own = ceiling_for(setting, actor)
    if percent > setting.ceiling:
        setting.raised_by, setting.raised_from = actor.account_id, own
    elif percent < setting.ceiling and percent <= own:
        setting.raised_by, setting.raised_from = None, percent
    setting.ceiling = percent


def must_keep_rules(actor: Actor, facility_id: int) -> None:
    """Require that the actor is an administrator of the facility. Raises `NotAllowed`."""
    if facility_id not in actor.facilities(Permission.ADMINISTER):
        raise NotAllowed


def my_rule(session: Session, actor: Actor, rule_id: int) -> ScreeningRule:
    """A rule of a facility that the actor administers. Raises `NotFound`."""
    return _one(session, _mine(actor, rule_id))


def locked_rule(session: Session, actor: Actor, rule_id: int) -> ScreeningRule:
    """The same, locked until the transaction ends."""
    return _one(session, _mine(actor, rule_id).with_for_update())


def measured(rule: ScreeningRule, count: RuleCount) -> RuleCount:
    """What the rule has held and staff have decided; before the first decision, what it held in its trial."""
    return count if count.decided else RuleCount(rule.trial_held, rule.trial_approved, rule.trial_rejected)


def is_too_high(session: Session, actor: Actor, rule: ScreeningRule) -> bool:
    """Whether the rule's share of false holds is above the actor's ceiling. A rule that releases letters holds none."""
    count = hits.counts(session, rule.facility_id).get(rule.id or 0, RuleCount())
    return exceeds(rule, count, ceiling_for(session.get(ScreeningSetting, rule.facility_id), actor))


def exceeds(rule: ScreeningRule, count: RuleCount, ceiling: int) -> bool:
    """The same, when the figures are known."""
    share = measured(rule, count).false_holds
    return RuleKind(rule.kind).holds_for is not None and share is not None and share > ceiling


def record(session: Session, actor: Actor, rule: ScreeningRule, event: RuleEvent) -> None:
    """Record what an administrator did to a rule."""
    session.add(rule)
    session.add(
        ScreeningEvent(
            facility_id=rule.facility_id, rule_id=rule.id, account_id=actor.account_id, event=event, at=clock.now()
        )
    )
    session.flush()
    act = Act(rule.facility_id, AuditKind.RULE_CHANGED, subject=f"rule {rule.id}", details={"event": event})
    record_acts(session, actor, [act])


def _mine(actor: Actor, rule_id: int) -> SelectOfScalar[ScreeningRule]:
    administered = actor.facilities(Permission.ADMINISTER)
    return select(ScreeningRule).where(ScreeningRule.id == rule_id, col(ScreeningRule.facility_id).in_(administered))


def _one(session: Session, query: SelectOfScalar[ScreeningRule]) -> ScreeningRule:
    rule = session.exec(query).one_or_none()
    if rule is None:
        raise NotFound("rule")
    return rule


def _require_room(session: Session, rule: ScreeningRule) -> None:
    """Keep screening quick: so many words and patterns are on at once. Raises `Invalid`."""
    others = session.exec(
        select(ScreeningRule.kind, ScreeningRule.words).where(
            ScreeningRule.facility_id == rule.facility_id, ScreeningRule.state == RuleState.ON
        )
    ).all()
    words = len(rule.words) + sum(len(one) for _kind, one in others)
    if words > WORDS_MAX:
        raise Invalid(form=Problem.TOO_MANY_WORDS(most=WORDS_MAX, length=words))
    if rule.kind == RuleKind.PATTERN and sum(kind == RuleKind.PATTERN for kind, _ in others) >= PATTERNS_MAX:
        raise Invalid(form=Problem.TOO_MANY_PATTERNS(most=PATTERNS_MAX))
