"""Rules for tests: written, tried and switched on by an administrator."""

from __future__ import annotations

from rxconnect import db
from rxconnect.domain.rules import NewRule
from rxconnect.domain.screening import RuleKind
from rxconnect.services.screening import rules, trials


def words(*typed: str, name: str = "Words", published: str = "") -> NewRule:
    return NewRule(RuleKind.WORDS, name, words="\n".join(typed), is_published=bool(published), published_text=published)


def pattern(typed: str, name: str = "Pattern", published: str = "") -> NewRule:
    return NewRule(RuleKind.PATTERN, name, pattern=typed, is_published=bool(published), published_text=published)


def write(administrator, facility_id: int, rule: NewRule) -> int:
    return db.write(rules.write, administrator, facility_id, rule)


def switch_on(administrator, facility_id: int, rule: NewRule) -> int:
    """Write a rule, try it, and switch it on. Returns its id."""
    rule_id = write(administrator, facility_id, rule)
    trials.try_rule(administrator, rule_id)
    db.write(rules.switch_on, administrator, rule_id)
    return rule_id


def release_clean(administrator, facility_id: int, *, ceiling: str = "50") -> None:
    db.write(rules.change_settings, administrator, facility_id, releases_clean=True, ceiling=ceiling)
