"""Trials: what a rule would have held of the letters of the last days, and what staff have decided about these."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor
from rxconnect.domain.messages import Direction, Lane
from rxconnect.domain.screening import (
    TRIAL_DAYS,
    TRIAL_LETTERS,
    Rule,
    RuleCount,
    RuleEvent,
    RuleKind,
    ScreenedLetter,
    Trial,
)
from rxconnect.models import Contact, Message
from rxconnect.services.photos import serving
from rxconnect.services.screening import hits, languages, rule_books, rules
from rxconnect.services.screening.rule_book import RuleBook

_BATCH = 500
_DAY = timedelta(hours=24)
_TRIED = timedelta(days=TRIAL_DAYS)


def try_rule(actor: Actor, rule_id: int) -> Trial:
    """Try a rule, and keep the result with it. Raises `NotFound`.

    It reads in short transactions of its own and writes in another one, since it may look at thousands of letters.
    """
    rule, message_ids = db.read(_rule_and_letters, actor, rule_id)
    book, sent = RuleBook([rule]), defaultdict[int, deque[datetime]](deque)
    letters, outcomes = 0, Counter[str]()
    for batch in (message_ids[start : start + _BATCH] for start in range(0, len(message_ids), _BATCH)):
        for tried in db.read(_read, rule, batch):
            letters += 1
            if book.find(_counted(tried, sent[tried.contact_id])):
                outcomes[tried.outcome] += 1
    trial = Trial(letters, RuleCount(outcomes.total(), outcomes[hits.APPROVED], outcomes[hits.REJECTED]))
    db.write(_keep, actor, rule_id, trial)
    return trial


@dataclass(frozen=True, slots=True)
class _Tried:
    """A letter of the last days, and what staff have decided about it (`hits.outcome`)."""

    letter: ScreenedLetter
    contact_id: int
    outcome: str


def _rule_and_letters(session: Session, actor: Actor, rule_id: int) -> tuple[Rule, list[int]]:
    """The rule, and the ids of the facility's letters of the last days, the oldest first; the newest, if there are many."""
    rule = rules.my_rule(session, actor, rule_id)
    newest = (
        select(Message.id)
        .where(Message.facility_id == rule.facility_id, col(Message.created_at) >= clock.now() - _TRIED)
        .where(Message.direction == Direction.OUTGOING, Message.lane == Lane.ORDINARY)
        .order_by(col(Message.created_at).desc(), col(Message.id).desc())
        .limit(TRIAL_LETTERS)
    )
    return rule_books.as_rule(rule), [one for one in reversed(session.exec(newest).all()) if one is not None]


def _read(session: Session, rule: Rule, message_ids: list[int]) -> list[_Tried]:
    """These letters, the oldest first."""
    rows = session.exec(
        select(Message, Contact.inmate_id, hits.outcome())
        .join(Contact, col(Contact.id) == Message.contact_id)
        .where(col(Message.id).in_(message_ids))
        .order_by(col(Message.created_at), col(Message.id))
    )
    captions = serving.captions(session, message_ids)
    return [
        _Tried(_letter(message, inmate_id, rule, captions.get(message.id or 0, "")), message.contact_id, outcome)
        for message, inmate_id, outcome in rows
    ]


def _letter(message: Message, inmate_id: int, rule: Rule, captions: str) -> ScreenedLetter:
    wants_language = rule.kind is RuleKind.LANGUAGE
    return ScreenedLetter(
        message_id=message.id or 0,
        account_id=message.account_id,
        inmate_id=inmate_id,
        subject=message.subject,
        body=message.body,
        language=message.language or (languages.recognise(message.body) if wants_language else ""),
        letters_today=0,
        at=message.created_at,
        captions=captions,
    )


def _counted(tried: _Tried, sent: deque[datetime]) -> ScreenedLetter:
    """The letter with the number of letters that day. `sent` holds when the sender wrote to this person before."""
    sent.append(tried.letter.at)
    while sent[0] <= tried.letter.at - _DAY:
        sent.popleft()
    return replace(tried.letter, letters_today=len(sent))


def _keep(session: Session, actor: Actor, rule_id: int, trial: Trial) -> None:
    rule = rules.locked_rule(session, actor, rule_id)
    rule.tried_at, rule.trial_letters, rule.trial_held = clock.now(), trial.letters, trial.count.held
    rule.trial_approved, rule.trial_rejected = trial.count.approved, trial.count.rejected
    rules.record(session, actor, rule, RuleEvent.TRIED)
