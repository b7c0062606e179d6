"""A facility's rules as its staff read them, with what each has held."""

from __future__ import annotations

from sqlmodel import Session, col, select

from rxconnect.domain import dates
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.languages import language_name
from rxconnect.domain.rules import RuleChange, RuleGroup, RulesView, RuleView
from rxconnect.domain.screening import CEILING, TRIAL_DAYS, RuleCount, RuleEvent, RuleKind, RuleState
from rxconnect.i18n import _, counted, join_with_or
from rxconnect.models import Account, Facility, Inmate, ScreeningEvent, ScreeningRule, ScreeningSetting
from rxconnect.models.sorting import by_name
from rxconnect.services.accounts.staff import chosen_place
from rxconnect.services.screening import hits, rules

# The words of a rule that its line shows.
_WORDS_SHOWN = 8
_CHANGES_SHOWN = 20


def rules_of(session: Session, actor: Actor, facility_id: int | None = None) -> RulesView:
    """The rules of a facility, by kind, those that are on first. Without an id, of the actor's first facility by name.

    Raises `NotAllowed`, also for a facility whose rules the actor may not see.
    """
    place, choices = chosen_place(session, actor.facilities(Permission.SEE_RULES), facility_id)
    assert place.id is not None
    setting = session.get(ScreeningSetting, place.id) or ScreeningSetting(facility_id=place.id, ceiling=CEILING)
    may_change = place.id in actor.facilities(Permission.ADMINISTER)
    return RulesView(
        facility_id=place.id,
        facility=place.name,
        facilities=choices,
        groups=_groups(session, actor, place, rules.ceiling_for(setting, actor), may_change=may_change),
        releases_clean=setting.releases_clean,
        ceiling=setting.ceiling,
        may_change=may_change,
        changes=_changes(session, place),
    )


def kinds() -> list[tuple[str, str, str]]:
    """Every kind as (value, label, what a rule of it does)."""
    return [(kind.value, kind.label, kind.purpose) for kind in RuleKind]


def _groups(session: Session, actor: Actor, place: Facility, ceiling: int, *, may_change: bool) -> list[RuleGroup]:
    assert place.id is not None
    counts = hits.counts(session, place.id)
    found: dict[RuleKind, list[tuple[bool, RuleView]]] = {kind: [] for kind in RuleKind}
    written = select(ScreeningRule, Account.name).join(Account, col(Account.id) == ScreeningRule.written_by)
    for rule, writer in session.exec(
        written.where(ScreeningRule.facility_id == place.id).order_by(by_name(ScreeningRule.name))
    ):
        count = counts.get(rule.id or 0, RuleCount())
        is_too_high = rules.exceeds(rule, count, ceiling)
        why_not = _why_not(rule, actor, is_too_high=is_too_high) if may_change else ""
        view = RuleView(
            id=rule.id or 0,
            name=rule.name,
            what=_what(session, rule, place.time_zone),
            details=[rule.reason] if rule.reason else [],
            state=rule.state,
            state_label=RuleState(rule.state).label,
            is_published=rule.is_published,
            published_text=rule.published_text,
            written=_("Written by {name}, {when}").format(
                name=writer, when=dates.day_and_year(rule.written_at, place.time_zone)
            ),
            trial=_trial(rule, place.time_zone),
            figures=_figures(rule, count),
            rate=_rate(rule, count),
            is_too_high=is_too_high,
            may_switch_on=may_change and rule.state != RuleState.ON and not why_not,
            why_not=why_not if rule.state != RuleState.ON else "",
        )
        found[RuleKind(rule.kind)].append((rule.state == RuleState.OFF, view))
    return [
        RuleGroup(kind, kind.label, kind.purpose, [view for _off, view in sorted(lines, key=lambda line: line[0])])
        for kind, lines in found.items()
        if lines
    ]


def _changes(session: Session, place: Facility) -> list[RuleChange]:
    """The latest changes, the newest first."""
    rows = session.exec(
        select(ScreeningEvent, Account.name, ScreeningRule.name)
        .join(Account, col(Account.id) == ScreeningEvent.account_id)
        .outerjoin(ScreeningRule, col(ScreeningRule.id) == ScreeningEvent.rule_id)
        .where(ScreeningEvent.facility_id == place.id)
        .order_by(col(ScreeningEvent.id).desc())
        .limit(_CHANGES_SHOWN)
    )
    return [
        RuleChange(RuleEvent(row.event).label, rule or row.detail, by, dates.day_and_time(row.at, place.time_zone))
        for row, by, rule in rows
    ]


def _what(session: Session, rule: ScreeningRule, zone: str) -> str:
    """What the rule looks for, in a few words."""
    kind = RuleKind(rule.kind)
    if kind is RuleKind.WORDS:
        return _first_words(rule.words)
    if kind is RuleKind.CHARACTERS:
        return counted("More than {count} character", "More than {count} characters", rule.most)
    if kind is RuleKind.LETTERS:
        return counted("More than {count} letter", "More than {count} letters", rule.most)
    if kind is RuleKind.LANGUAGE:
        return join_with_or([language_name(one) for one in rule.languages])
    if kind is RuleKind.SAMPLE:
        return _("{count} of 100 letters").format(count=rule.most)
    return rule.pattern or _whom(session, rule, zone)


def _first_words(words: list[str]) -> str:
    shown, more = ", ".join(words[:_WORDS_SHOWN]), len(words) - _WORDS_SHOWN
    return _("{words} and {count} more").format(words=shown, count=more) if more > 0 else shown


def _whom(session: Session, rule: ScreeningRule, zone: str) -> str:
    """The sender, the person, or both, whom the rule is about."""
    if rule.until is None:
        return _sender(session, rule) if rule.account_id else _person(session, rule)
    names = {"sender": _sender(session, rule), "person": _person(session, rule)}
    return _("{sender} to {person}, until {day}").format(**names, day=dates.day_and_time(rule.until, zone))


def _sender(session: Session, rule: ScreeningRule) -> str:
    return session.get_one(Account, rule.account_id).name


def _person(session: Session, rule: ScreeningRule) -> str:
    person = session.get_one(Inmate, rule.inmate_id)
    return f"{person.full_name}, {person.number}"


def _trial(rule: ScreeningRule, zone: str) -> str:
    """The result of the trial; "" before it."""
    if rule.tried_at is None:
        return ""
    about = {
        "held": rule.trial_held,
        "letters": rule.trial_letters,
        "rejected": rule.trial_rejected,
        "days": TRIAL_DAYS,
        "when": dates.day_and_year(rule.tried_at, zone),
    }
    if rule.kind == RuleKind.PAIR:
        text = _(
            "Tried {when}: would have released {held} of {letters} letters in {days} days, {rejected} of them rejected"
        )
    else:
        text = _(
            "Tried {when}: would have held {held} of {letters} letters in {days} days, {rejected} of them rejected"
        )
    return text.format(**about)


def _figures(rule: ScreeningRule, count: RuleCount) -> str:
    if rule.kind == RuleKind.PAIR:
        return counted("Has released {count} letter", "Has released {count} letters", count.held)
    return _("Has held {held}: {approved} approved, {rejected} rejected").format(
        held=count.held, approved=count.approved, rejected=count.rejected
    )


def _rate(rule: ScreeningRule, count: RuleCount) -> str:
    """The share of false holds in words; "" if nothing is decided yet."""
    share = rules.measured(rule, count).false_holds
    if share is None or rule.kind == RuleKind.PAIR:
        return ""
    if count.decided:
        return _("{share} % held in vain").format(share=share)
    return _("{share} % held in vain in the trial").format(share=share)


def _why_not(rule: ScreeningRule, actor: Actor, *, is_too_high: bool) -> str:
    if rule.tried_at is None:
        return _("Try it first.")
    if is_too_high and rule.state == RuleState.WAITING and rule.asked_by == actor.account_id:
        return _("You have asked for it. Another administrator must switch it on.")
    return ""
