"""Screening: the facility's rules decide whether staff must read a letter. Without rules, they read every letter."""

from __future__ import annotations

from datetime import timedelta

import re2
from sqlmodel import Session, col, func, select

from rxconnect.domain import clock
from rxconnect.domain.errors import CannotScreen
from rxconnect.domain.messages import Direction, Lane
from rxconnect.domain.review import Screening
from rxconnect.domain.screening import RuleKind, ScreenedLetter, hold_reason
from rxconnect.models import Contact, Message
from rxconnect.services.photos import serving
from rxconnect.services.screening import languages, rule_books

_DAY = timedelta(hours=24)


def screen(session: Session, message: Message) -> Screening:
    """Screen a letter by the rules of its facility. Raises `CannotScreen` when a rule cannot be applied now."""
    try:
        book = rule_books.of_facility(session, message.facility_id)
    except re2.error as error:
        raise CannotScreen from error
    language = languages.recognise(message.body) if rule_books.needs_language(session, message.facility_id) else ""
    if not book.rules:
        return Screening(hold_reason([], releases_clean=book.releases_clean), language)
    message_id = message.id or 0
    letter = ScreenedLetter(
        message_id=message_id,
        account_id=message.account_id,
        inmate_id=session.get_one(Contact, message.contact_id).inmate_id,
        subject=message.subject,
        body=message.body,
        language=language,
        letters_today=letters_since(session, message.contact_id, message.direction)
        if book.has(RuleKind.LETTERS)
        else 1,
        at=clock.now(),
        captions=serving.captions(session, [message_id]).get(message_id, ""),
    )
    hits = tuple(book.find(letter))
    return Screening(hold_reason(book.kinds(hits), releases_clean=book.releases_clean), language, hits)


def letters_since(session: Session, contact_id: int, direction: str = Direction.OUTGOING) -> int:
    """How many ordinary letters a family has sent to a person, or replies the person to the family, in the last 24 hours."""
    sent = select(func.count()).where(
        col(Message.contact_id) == contact_id,
        col(Message.direction) == direction,
        col(Message.lane) == Lane.ORDINARY,
        col(Message.created_at) > clock.now() - _DAY,
    )
    return session.exec(sent).one()
