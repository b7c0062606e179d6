"""The demonstration's second readings: three months in which every letter was read again, and some readings disagree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random

from sqlmodel import Session, col, select

from rxconnect.demo.history import Moment
from rxconnect.domain.accounts import Actor
from rxconnect.domain.messages import Reason
from rxconnect.domain.review import Outcome
from rxconnect.domain.second_readings import Verdict
from rxconnect.models import Decision, Message, SecondReading
from rxconnect.services.directory import facility_settings
from rxconnect.services.quality import disagreements, second_readings

# Every letter of these days is read again, some days after its decision. Of the last days, nobody has read any yet.
_FROM, _UNTIL, _EVERY = 88, 4, 4
_SHARE_NOW = "10"
# Letters whose rejection the second reader does not understand, and one that they would not have let through.
_HARMLESS = ("Grades", "Birds", "Knitting")
_DOUBTFUL = {"The truck": Reason.CODED}
# The chance that two readers disagree about any other letter.
_DISAGREE = 0.02


def reading_moments(
    session: Session, readers: Sequence[Actor], administrator: Actor, now: datetime
) -> Iterator[Moment]:
    """The moments of second readings at the administrator's facility, and of the verdicts about the first of them."""
    random = Random(7)  # noqa: S311 - the same readings every time, on purpose
    (post,) = administrator.posts
    change = partial(facility_settings.save, session, administrator, post.facility_id)
    yield Moment(now - timedelta(days=_FROM), partial(change, {"second_reading_share": "100", "has_warm_up": "yes"}))
    for days in range(_FROM - _EVERY, _UNTIL - 1, -_EVERY):
        for place, reader in enumerate(readers, start=1):
            at = now - timedelta(days=days, minutes=40 * place)
            yield Moment(at, partial(_read_all, session, reader, random))
    yield Moment(now - timedelta(days=2), partial(_judge, session, administrator))
    yield Moment(now - timedelta(hours=3), partial(change, {"second_reading_share": _SHARE_NOW}))


def _read_all(session: Session, reader: Actor, random: Random) -> None:
    """Give a second reading of every letter that waits for this reader."""
    while reading := second_readings.open_next(session, reader):
        subject, first = session.exec(
            select(Message.subject, Decision.outcome)
            .join(SecondReading, col(SecondReading.message_id) == Message.id)
            .join(Decision, col(Decision.id) == SecondReading.decision_id)
            .where(SecondReading.id == reading.id)
        ).one()
        is_approved = (first == Outcome.APPROVED) != (random.random() < _DISAGREE)
        if subject in _HARMLESS or subject in _DOUBTFUL:
            is_approved = subject in _HARMLESS
        outcome = Outcome.APPROVED if is_approved else Outcome.REJECTED
        second_readings.give(session, reader, reading.id, outcome, _DOUBTFUL.get(subject, Reason.CODED))


def _judge(session: Session, administrator: Actor) -> None:
    """Judge the oldest two readings that disagree. The others wait for a verdict."""
    (post,) = administrator.posts
    oldest = disagreements.reload(session, administrator, post.facility_id).lines[::-1]
    for line, verdict in zip(oldest, (Verdict.SECOND, Verdict.EITHER), strict=False):
        disagreements.judge(session, administrator, line.id, verdict)
