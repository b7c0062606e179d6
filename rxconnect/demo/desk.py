"""The desk of the demonstration: letters that wait, rejections, and appeals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle
from random import Random

from rxconnect.demo.desk_letters import REJECTED, WAITING, Rejected
from rxconnect.demo.history import Correspondence, Moment, read_at_desk
from rxconnect.domain import terms
from rxconnect.domain.accounts import Actor
from rxconnect.models import Message
from rxconnect.services.messages import drafts
from rxconnect.services.review import appeals, review
from rxconnect.services.screening import submissions

# The letters that wait were sent within this time. The facility promises 48 hours, so some are overdue.
_WAITED = timedelta(hours=60)


def desk_moments(
    families: Sequence[Correspondence], other_reviewer: Actor, now: datetime, random: Random
) -> Iterator[Moment]:
    """The moments of the desk's letters, which these families write in turn. `other_reviewer` decides the appeals."""
    writers = cycle(families)
    waited = sorted((random.random() * _WAITED for _letter in WAITING), reverse=True)
    for (subject, text), wait in zip(WAITING, waited, strict=True):
        yield Moment(now - wait, partial(_send, next(writers), subject, text))
    for letter in REJECTED:
        yield from _rejected(next(writers), other_reviewer, letter, now - timedelta(days=letter.days))


def _rejected(between: Correspondence, other_reviewer: Actor, letter: Rejected, at: datetime) -> Iterator[Moment]:
    """A rejected letter's moments, from SEND to the decision on its appeal."""
    session, sent = between.session, []

    def send() -> None:
        sent.append(_send(between, letter.subject, letter.text))

    def reject() -> None:
        read_at_desk(between, sent[0])
        review.reject(session, between.reviewer, sent[0], letter.reason, letter.remark)

    def appeal() -> None:
        appeals.appeal(session, between.family, sent[0], letter.appeal)

    def decide() -> None:
        assert letter.outcome is not None
        review.decide_appeal(session, other_reviewer, sent[0], letter.outcome, letter.answer)

    yield Moment(at, send)
    yield Moment(at + timedelta(hours=7), reject)
    if letter.appeal:
        yield Moment(at + timedelta(hours=20), appeal)
    if letter.outcome:
        yield Moment(at + timedelta(hours=44), decide)


def _send(between: Correspondence, subject: str, text: str) -> int:
    session, family = between.session, between.family
    draft_id = drafts.get_or_create_empty(session, family, between.contact_id)
    drafts.save(session, family, draft_id, subject=subject, body=text)
    message_id = submissions.send(session, family, draft_id, accepted_terms=terms.VERSION)
    # It never expires, so a demonstration of any age still shows it.
    session.get_one(Message, message_id).expires_at = None
    return message_id
