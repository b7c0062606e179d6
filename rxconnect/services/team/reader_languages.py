"""The languages that each member of staff reads: the desk can show only letters in these."""

from __future__ import annotations

from sqlmodel import Session, col, delete, select

from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import Invalid, NotAllowed
from rxconnect.domain.languages import LANGUAGES, language_name
from rxconnect.domain.problems import Problem
from rxconnect.domain.text import sort_key
from rxconnect.models import StaffLanguage
from rxconnect.services.audit.recording import record_at


def my_languages(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """The languages that the actor reads, as (code, name), by name."""
    mine = session.exec(select(StaffLanguage.language).where(StaffLanguage.account_id == actor.account_id))
    return sorted(((code, language_name(code)) for code in mine), key=lambda one: sort_key(one[1]))


def add(session: Session, actor: Actor, language: str) -> None:
    """Add a language to those that the actor reads. Raises `NotAllowed` and `Invalid` (language)."""
    if language not in LANGUAGES:
        raise Invalid(language=Problem.LANGUAGE_UNKNOWN(language=language[:12]))
    _record(session, actor, added=language)
    session.merge(StaffLanguage(account_id=actor.account_id, language=language))
    session.flush()


def remove(session: Session, actor: Actor, language: str) -> None:
    """Take a language away again. Does nothing about one that the actor has not listed. Raises `NotAllowed`."""
    _require_reviewer(actor)
    mine = col(StaffLanguage.account_id) == actor.account_id, col(StaffLanguage.language) == language
    # Only then, since the audit takes no words that somebody has typed.
    if session.exec(delete(StaffLanguage).where(*mine)).rowcount:
        _record(session, actor, removed=language)


def _require_reviewer(actor: Actor) -> tuple[int, ...]:
    """The facilities where the actor reviews letters. Raises `NotAllowed` if that is nowhere."""
    reviewed = actor.facilities(Permission.REVIEW_MESSAGES)
    if not reviewed:
        raise NotAllowed
    return reviewed


def _record(session: Session, actor: Actor, **details: str) -> None:
    """Record the change wherever the actor reviews letters. Raises `NotAllowed` if that is nowhere."""
    record_at(session, actor, _require_reviewer(actor), AuditKind.LANGUAGES_CHANGED, **details)
