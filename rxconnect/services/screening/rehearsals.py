"""Rehearsals: what a facility's rules would do with an invented letter. Nothing is kept, and nobody sends it."""

from __future__ import annotations

import re2
from sqlmodel import Session, col, select

from rxconnect.domain import clock
from rxconnect.domain.errors import CannotScreen
from rxconnect.domain.screening import RuleKind, ScreenedLetter
from rxconnect.models import ScreeningRule
from rxconnect.services.screening import languages, rule_books


def holding_rules(session: Session, facility_id: int, subject: str, body: str) -> list[str]:
    """The names of the rules that are on and would hold such a letter, in the order in which they were written.

    It is a sender's first letter that day, from and to somebody whom no rule is about, and in no random sample. Raises
    `CannotScreen` when a rule cannot be applied now.
    """
    try:
        book = rule_books.of_facility(session, facility_id)
    except re2.error as error:
        raise CannotScreen from error
    letter = ScreenedLetter(
        message_id=0,
        account_id=0,
        inmate_id=0,
        subject=subject,
        body=body,
        language=languages.recognise(body) if book.has(RuleKind.LANGUAGE) else "",
        letters_today=1,
        at=clock.now(),
    )
    found = {hit.rule_id for hit in book.find(letter) if book.rules[hit.rule_id].kind.holds_for}
    names = select(ScreeningRule.name).where(col(ScreeningRule.id).in_(found)).order_by(col(ScreeningRule.id))
    return list(session.exec(names))
