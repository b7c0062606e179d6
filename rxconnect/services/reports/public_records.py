"""The redacted export for public-records requests: a line for each letter, without words, names, numbers or exact times.

docs/decisions/0063-reports.md says which columns remain, and why. It is read month by month, so that a year needs little memory.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.domain.public_records import LetterFacts, RedactedLetter, redact
from rxconnect.domain.reports import AskedReport
from rxconnect.domain.review import DecisionState, Outcome, Queue
from rxconnect.models import Appeal, Decision, Message
from rxconnect.services.reports.counting import Span
from rxconnect.services.review import desk

_RANDOM = secrets.SystemRandom()


def redacted_letters(report: AskedReport) -> Iterator[RedactedLetter]:
    """The letters of whole months of which nothing waits any more, month by month, and in no order within a month.

    The same letter has another number in every export, and the order tells nothing, so two exports cannot be joined. Of a
    few days, or of a month in which a letter still waits, two exports would differ by few letters, and so tell their facts.
    """
    for span in report.month_spans:
        letters = db.read(_facts, report.facility_id, span)
        _RANDOM.shuffle(letters)
        for facts in redact(letters):
            yield RedactedLetter(secrets.token_hex(8), f"{span[0]:%Y-%m}", facts)


def _facts(session: Session, facility_id: int, span: Span) -> list[LetterFacts]:
    within = (desk.is_reported(facility_id), col(Message.created_at) >= span[0], col(Message.created_at) < span[1])
    fields: Any = (Decision.message_id, Decision.outcome, Decision.reason, Decision.waited_seconds, Decision.is_late)
    decisions = (
        select(*fields)
        .join(Message, col(Message.id) == Decision.message_id)
        .where(
            *within,
            Decision.facility_id == facility_id,
            Decision.state == DecisionState.COMMITTED,
            Decision.queue == Queue.LETTERS,
        )
        .order_by(col(Decision.id).desc())
    )
    first, rejected = {}, {}
    # Ordered backwards, so that the first decision about a letter stays.
    for message_id, outcome, reason, waited, is_late in session.exec(decisions):
        first[message_id] = (waited, is_late)
        if outcome == Outcome.REJECTED:
            rejected[message_id] = reason
    is_families = (col(Message.id) == Appeal.message_id) & (col(Message.account_id) == Appeal.account_id)
    made = select(Appeal.message_id, Appeal.status).join(Message, is_families).where(*within)
    appeals = dict(session.exec(made).all())
    return [
        LetterFacts.of(
            status, first.get(message_id or 0), rejected.get(message_id or 0), appeals.get(message_id or 0, "")
        )
        for message_id, status in session.exec(select(Message.id, Message.status).where(*within))
    ]
