"""A rule as an administrator has typed it, read and checked field by field."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from rxconnect.domain import clock
from rxconnect.domain.accounts import ActorKind
from rxconnect.domain.errors import Invalid
from rxconnect.domain.folding import fold_words
from rxconnect.domain.languages import codes_of
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.problems import Fact, Problem
from rxconnect.domain.rules import NewRule
from rxconnect.domain.screening import (
    PAIR_DAYS_MAX,
    PATTERN_MAX,
    PUBLISHED_TEXT_MAX,
    RULE_NAME_MAX,
    RULE_REASON_MAX,
    WORD_MAX,
    WORDS_MAX,
    RuleKind,
)
from rxconnect.domain.text import one_line
from rxconnect.models import Account, Contact, Facility, Inmate, ScreeningRule
from rxconnect.services.lawyers import verifications
from rxconnect.services.screening.rule_book import pattern_problem

# The smallest and the largest number of each kind that has one.
_BOUNDS = {RuleKind.CHARACTERS: (1, 50_000), RuleKind.LETTERS: (1, 1_000), RuleKind.SAMPLE: (1, 100)}
_NEEDS_REASON = (RuleKind.SENDER, RuleKind.PERSON, RuleKind.PAIR)
_NEEDS_SENDER = (RuleKind.SENDER, RuleKind.PAIR)
_NEEDS_PERSON = (RuleKind.PERSON, RuleKind.PAIR)


def read(session: Session, facility: Facility, typed: NewRule) -> ScreeningRule:
    """The rule, not stored yet. Raises `Invalid` with every field that is wrong."""
    if typed.kind not in list(RuleKind):
        raise Invalid(kind=Problem.RULE_KIND_UNKNOWN())
    assert facility.id is not None
    kind, problems = RuleKind(typed.kind), dict[str, Fact]()
    values: dict[str, Any] = {"name": _line("name", typed.name, RULE_NAME_MAX, Problem.RULE_NAME_MISSING, problems)}
    values |= _what(kind, typed, problems)
    values |= _whom(session, facility, kind, typed, problems)
    values |= _publication(kind, typed, problems)
    if problems:
        raise Invalid(**problems)
    return ScreeningRule(facility_id=facility.id, kind=kind, **values)


def _what(kind: RuleKind, typed: NewRule, problems: dict[str, Fact]) -> dict[str, Any]:
    """What a rule about letters looks for."""
    if kind is RuleKind.WORDS:
        return {"words": _words(typed.words, problems)}
    if kind is RuleKind.PATTERN:
        return {"pattern": _pattern(typed.pattern, problems)}
    if kind is RuleKind.LANGUAGE:
        return {"languages": _languages(typed.languages, problems)}
    return {"most": _number(typed.most, *_BOUNDS[kind], problems)} if kind in _BOUNDS else {}


def _whom(
    session: Session, facility: Facility, kind: RuleKind, typed: NewRule, problems: dict[str, Fact]
) -> dict[str, Any]:
    """The sender or person that a rule is about, and the reason for it."""
    assert facility.id is not None
    values: dict[str, Any] = {}
    if kind in _NEEDS_SENDER:
        values["account_id"] = _sender(session, facility.id, typed.sender, problems)
    if kind in _NEEDS_PERSON:
        values["inmate_id"] = _person(session, facility.id, typed.person, problems)
    if kind is RuleKind.PAIR:
        values["until"] = _until(typed.until, facility.time_zone, problems)
    if kind in _NEEDS_REASON:
        missing = Problem.RULE_REASON_MISSING
        values["reason"] = _line("reason", typed.reason, RULE_REASON_MAX, missing, problems)
    return values


def _line(field: str, text: str, most: int, missing: Problem, problems: dict[str, Fact]) -> str:
    line = one_line(text)
    if not line:
        problems[field] = missing()
    elif len(line) > most:
        problems[field] = Problem.TOO_LONG(most=most, length=len(line))
    return line


def _words(text: str, problems: dict[str, Fact]) -> list[str]:
    """The words and phrases, one a line. Of those that are the same when folded, the first one."""
    typed = [line for line in map(one_line, text.splitlines()) if line]
    words = list({fold_words(word): word for word in reversed(typed)}.values())[::-1]
    if not words:
        problems["words"] = Problem.WORDS_MISSING()
    elif empty := next((word for word in words if fold_words(word) == " "), ""):
        problems["words"] = Problem.WORD_WITHOUT_LETTERS(word=empty[:WORD_MAX])
    elif long := next((word for word in words if len(word) > WORD_MAX), ""):
        problems["words"] = Problem.WORD_TOO_LONG(word=long[:30], most=WORD_MAX)
    elif len(words) > WORDS_MAX:
        problems["words"] = Problem.TOO_MANY_WORDS(most=WORDS_MAX, length=len(words))
    return words


def _pattern(text: str, problems: dict[str, Fact]) -> str:
    pattern = text.strip()
    if not pattern:
        problems["pattern"] = Problem.PATTERN_MISSING()
    elif len(pattern) > PATTERN_MAX:
        problems["pattern"] = Problem.TOO_LONG(most=PATTERN_MAX, length=len(pattern))
    elif problem := pattern_problem(pattern):
        problems["pattern"] = problem
    return pattern


def _sender(session: Session, facility_id: int, text: str, problems: dict[str, Fact]) -> int | None:
    """The family account with this email address or name that writes to somebody at the facility.

    No rule ever looks at a verified lawyer's letters, so none is about them, and their name is not confirmed.
    """
    typed = one_line(text).lower()
    writers = (
        select(Account.id)
        .join(Contact, col(Contact.account_id) == Account.id)
        .join(Inmate, col(Inmate.id) == Contact.inmate_id)
        .where(Inmate.facility_id == facility_id, Account.kind == ActorKind.FAMILY)
        .where((col(Account.email) == typed) | (func.lower(Account.name) == typed))
        .where(~verifications.is_verified(col(Account.id), facility_id))
        .distinct()
    )
    found = session.exec(writers.limit(2)).all()
    if len(found) != 1:
        problems["sender"] = Problem.SENDER_AMBIGUOUS() if found else Problem.SENDER_UNKNOWN()
        return None
    return found[0]


def _person(session: Session, facility_id: int, text: str, problems: dict[str, Fact]) -> int | None:
    """The person at the facility with this inmate number."""
    number = one_line(text).lower()
    held = select(Inmate.id).where(Inmate.facility_id == facility_id, func.lower(Inmate.number) == number)
    found = session.exec(held).first()
    if found is None:
        problems["person"] = Problem.PERSON_UNKNOWN()
    return found


def _until(text: str, zone: str, problems: dict[str, Fact]) -> datetime | None:
    """The end of the day, where the facility is."""
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = today
    if not today < day <= today + timedelta(days=PAIR_DAYS_MAX):
        problems["until"] = Problem.RULE_DATE_WRONG(most=PAIR_DAYS_MAX)
        return None
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))


def _languages(text: str, problems: dict[str, Fact]) -> list[str]:
    known, unknown = codes_of(text)
    if unknown:
        problems["languages"] = Problem.LANGUAGE_UNKNOWN(language=unknown[0][:40])
    elif not known:
        problems["languages"] = Problem.LANGUAGES_MISSING()
    return known


def _number(text: str, least: int, most: int, problems: dict[str, Fact]) -> int:
    number = whole_number(text, least=least, most=most)
    if number is None:
        problems["most"] = Problem.OUT_OF_BOUNDS(least=least, most=most)
    return number or 0


def _publication(kind: RuleKind, typed: NewRule, problems: dict[str, Fact]) -> dict[str, Any]:
    text = one_line(typed.published_text)
    if not typed.is_published:
        return {"is_published": False, "published_text": ""}
    if not kind.can_be_published:
        problems["is_published"] = Problem.CANNOT_BE_PUBLISHED()
    elif not text:
        problems["published_text"] = Problem.PUBLISHED_TEXT_MISSING()
    elif len(text) > PUBLISHED_TEXT_MAX:
        problems["published_text"] = Problem.TOO_LONG(most=PUBLISHED_TEXT_MAX, length=len(text))
    return {"is_published": True, "published_text": text}
