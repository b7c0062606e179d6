"""The compiled rules of each facility, kept by each process until an administrator changes them."""

from __future__ import annotations

import secrets
from contextlib import suppress

import re2
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from rxconnect import db
from rxconnect.domain.screening import Rule, RuleKind, RuleState
from rxconnect.models import ScreeningRule, ScreeningSetting, StaffLanguage, StaffPost
from rxconnect.services.screening import languages
from rxconnect.services.screening.rule_book import RuleBook
from rxconnect.world import PerWorld

_EMPTY = RuleBook([])
# By the facility's id: the version, and the rules that were on then.
_books: PerWorld[dict[int, tuple[str, RuleBook]]] = PerWorld(dict)


def of_facility(session: Session, facility_id: int) -> RuleBook:
    """The rules that are on, compiled. Raises `re2.error` when a pattern cannot be used any more."""
    setting = session.get(ScreeningSetting, facility_id)
    if setting is None:
        return _EMPTY
    version, book = _books().get(facility_id, ("", _EMPTY))
    if version != setting.version:
        book = _compile(session, setting)
        _books()[facility_id] = (setting.version, book)
    return book


def compile_all() -> None:
    """Compile every facility's rules, and load the model of languages if one needs it: SEND must not wait for either."""
    with db.reading() as session:
        for facility_id in session.exec(select(ScreeningSetting.facility_id)).all():
            # Rules that cannot be compiled are told of when a letter meets them.
            with suppress(re2.error):
                of_facility(session, facility_id)
        is_listed = session.exec(select(StaffLanguage.account_id).limit(1)).first() is not None
    if is_listed or any(book.has(RuleKind.LANGUAGE) for _version, book in _books().values()):
        languages.load()


def needs_language(session: Session, facility_id: int) -> bool:
    """Whether a rule is about languages, or somebody on the staff has listed those that they read."""
    readers = select(StaffLanguage.account_id).join(StaffPost, col(StaffPost.account_id) == StaffLanguage.account_id)
    return of_facility(session, facility_id).has(RuleKind.LANGUAGE) or (
        session.exec(readers.where(StaffPost.facility_id == facility_id).limit(1)).first() is not None
    )


def published(session: Session, facility_id: int) -> dict[int, str]:
    """The texts of the rules that are on and published, by the rule's id."""
    rows = session.exec(_on(facility_id).where(col(ScreeningRule.is_published)))
    return {row.id: row.published_text for row in rows if row.id and RuleKind(row.kind).can_be_published}


def change_version(session: Session, facility_id: int) -> ScreeningSetting:
    """Make every process compile the facility's rules again. Returns its settings, locked until the transaction ends.

    The version is a random token, not a number: one that was rolled back never comes again.
    """
    locked = select(ScreeningSetting).where(ScreeningSetting.facility_id == facility_id).with_for_update()
    setting = session.exec(locked).one_or_none() or ScreeningSetting(facility_id=facility_id)
    setting.version = secrets.token_hex(8)
    session.add(setting)
    session.flush()
    return setting


def as_rule(row: ScreeningRule) -> Rule:
    """A row as screening applies it."""
    assert row.id is not None
    return Rule(
        id=row.id,
        kind=RuleKind(row.kind),
        words=tuple(row.words),
        pattern=row.pattern,
        account_id=row.account_id,
        inmate_id=row.inmate_id,
        languages=tuple(row.languages),
        most=row.most,
        until=row.until,
        # Nobody outside can compute who is in the sample, since nobody knows the microsecond.
        seed=row.written_at.isoformat(),
    )


def _compile(session: Session, setting: ScreeningSetting) -> RuleBook:
    rules = [as_rule(row) for row in session.exec(_on(setting.facility_id).order_by(col(ScreeningRule.id)))]
    return RuleBook(rules, releases_clean=setting.releases_clean)


def _on(facility_id: int) -> SelectOfScalar[ScreeningRule]:
    return select(ScreeningRule).where(ScreeningRule.facility_id == facility_id, ScreeningRule.state == RuleState.ON)
