"""A facility of the audience's own: the trainer types it, and the session's administrator saves it with the real services.

Everything lies in the session's world, and in the file in which a trainer takes the world along.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlmodel import Session, col, select

from rxconnect import db, world
from rxconnect.demo import progress, scenarios
from rxconnect.demo.administrators import acting
from rxconnect.demo.seats import require_trainer, room_of
from rxconnect.domain.accounts import Actor
from rxconnect.domain.demo import Seat
from rxconnect.domain.errors import Invalid
from rxconnect.domain.facility_settings import Setting
from rxconnect.domain.own_facility import PATTERN_NAME, WORDS_NAME, SavedFacility
from rxconnect.domain.problems import Fact
from rxconnect.domain.rules import NewRule
from rxconnect.domain.screening import RuleKind, RuleState
from rxconnect.i18n import _
from rxconnect.models import Facility, ScreeningRule
from rxconnect.services.directory import facility_profiles, facility_settings
from rxconnect.services.screening import new_rules, rules, trials

_NUMBERS = (Setting.PRICE_CENTS, Setting.PROMISED_HOURS)
_RULES = {RuleKind.WORDS: WORDS_NAME, RuleKind.PATTERN: PATTERN_NAME}


def values(seat: Seat) -> dict[str, str]:
    """The fields of the form as the world has them. Opens its own transactions. Raises `NotAllowed` but for the trainer."""
    require_trainer(seat)
    with acting(seat) as (actor, facility_id):
        return db.read(_values, actor, facility_id)


def save(seat: Seat, given: Mapping[str, str]) -> SavedFacility:
    """Save the form. Opens its own transactions. Raises `NotAllowed`, and `Invalid` with every field that is wrong."""
    require_trainer(seat)
    with acting(seat) as (actor, facility_id):
        new = db.write(_save, actor, facility_id, given)
        states = [_switch_on(actor, rule_id) for rule_id in new]
    return SavedFacility(
        facility=values(seat)["name"],
        is_beginning=_begin_like_this(seat),
        waiting=RuleState.WAITING in states,
    )


def _values(session: Session, actor: Actor, facility_id: int) -> dict[str, str]:
    settings = facility_settings.settings(session, actor, facility_id).values
    words, pattern = (_own_rule(session, facility_id, kind) for kind in _RULES)
    return {
        **facility_profiles.profile(session, actor, facility_id),
        **{setting.value: settings[setting] for setting in _NUMBERS},
        "words": "\n".join(words.words) if words else "",
        "pattern": pattern.pattern if pattern else "",
    }


def _save(session: Session, actor: Actor, facility_id: int, given: Mapping[str, str]) -> list[int]:
    """Save everything in one transaction. Returns the ids of new rules, which are not tried yet."""
    problems: dict[str, Fact] = {}
    numbers = {setting.value: given[setting.value] for setting in _NUMBERS}
    new: list[int] = []
    steps: list[Callable[[], object]] = [
        lambda: facility_profiles.save_profile(session, actor, facility_id, given),
        lambda: facility_settings.save(session, actor, facility_id, numbers),
        lambda: new.extend(_replace_rule(session, actor, facility_id, RuleKind.WORDS, words=given["words"])),
        lambda: new.extend(_replace_rule(session, actor, facility_id, RuleKind.PATTERN, pattern=given["pattern"])),
    ]
    for step in steps:
        try:
            step()
        except Invalid as error:
            problems |= error.fields
    if problems:
        raise Invalid(**problems)
    return new


def _replace_rule(
    session: Session, actor: Actor, facility_id: int, kind: RuleKind, *, words: str = "", pattern: str = ""
) -> list[int]:
    """Write the form's rule of this kind in place of the one before, unless it is the same. Returns the new one's id."""
    before = _own_rule(session, facility_id, kind)
    typed = NewRule(kind, _(_RULES[kind]), words=words, pattern=pattern)
    is_empty = not (words.strip() or pattern.strip())
    wanted = None if is_empty else new_rules.read(session, session.get_one(Facility, facility_id), typed)
    if before and wanted and (before.words, before.pattern) == (wanted.words, wanted.pattern):
        return []
    if before and before.id:
        rules.switch_off(session, actor, before.id)
    return [rules.write(session, actor, facility_id, typed)] if wanted else []


def _own_rule(session: Session, facility_id: int, kind: RuleKind) -> ScreeningRule | None:
    """The rule of this kind that the form has written last, unless it was switched off since."""
    mine = (ScreeningRule.facility_id == facility_id, ScreeningRule.kind == kind, ScreeningRule.name == _(_RULES[kind]))
    found = select(ScreeningRule).where(*mine, ScreeningRule.state != RuleState.OFF)
    return session.exec(found.order_by(col(ScreeningRule.id).desc())).first()


def _switch_on(actor: Actor, rule_id: int) -> RuleState:
    trials.try_rule(actor, rule_id)
    return db.write(rules.switch_on, actor, rule_id)


def _begin_like_this(seat: Seat) -> bool:
    """While no step is done, keep the world as it is as its beginning. Returns whether it was kept."""
    with world.own().bound():
        steps = db.read(_steps_to_come, seat)
    if steps:
        with world.world_of(seat.world).bound():
            progress.save_checkpoint(steps)
    return bool(steps)


def _steps_to_come(session: Session, seat: Seat) -> set[int]:
    """All steps of the scenario, or none once one is done."""
    scenario = scenarios.parse(room_of(session, seat).scenario)
    return set() if progress.steps_done(session, seat.session_id) else {1, *progress.numbers(scenario)}
