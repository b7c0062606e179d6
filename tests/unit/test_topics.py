"""Topics: the rules for listening to them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rxconnect.domain.accounts import Actor, ActorKind, Post, Role
from rxconnect.domain.demo import Seat, SeatKind
from rxconnect.domain.topics import Subject, Topic

FAMILY = Actor(7, "Sam", "sam@example.com", ActorKind.FAMILY)
REVIEWER = Actor(8, "Denise", "denise@example.com", ActorKind.STAFF, (Post(3, Role.REVIEWER),))
TRAINER = Actor(9, "Aisha", "aisha@example.com", ActorKind.STAFF, (Post(3, Role.TRAINER),))
AUDITOR = Actor(6, "Ruth", "ruth@example.com", ActorKind.STAFF, (Post(3, Role.AUDITOR),))
SEAT = Seat(
    id=7,
    session_id=4,
    world="a world",
    kind=SeatKind.FAMILY,
    name="Ben",
    is_trainer=False,
    drives=False,
    follows=True,
    sees=3,
    is_paused=False,
    everyone_acts=False,
    language="en",
    driver="Aisha",
)
TRAINERS_SEAT = replace(SEAT, is_trainer=True)


@pytest.mark.parametrize(
    ("listener", "topic"),
    [
        (FAMILY, Topic(Subject.THREADS, 7)),
        (FAMILY, Topic(Subject.PURCHASES, 7)),
        (REVIEWER, Topic(Subject.DESK, 3)),
        (AUDITOR, Topic(Subject.REPORTS, 3)),
        (SEAT, Topic(Subject.ROOM, 4)),
        (TRAINERS_SEAT, Topic(Subject.REQUIREMENTS, 4)),
    ],
)
def test_what_is_ones_own_can_be_listened_to(listener, topic):
    assert topic.may_be_heard_by(listener)


@pytest.mark.parametrize(
    ("listener", "topic"),
    [
        (FAMILY, Topic(Subject.THREADS, 8)),
        (FAMILY, Topic(Subject.DESK, 3)),
        (REVIEWER, Topic(Subject.DESK, 4)),
        (TRAINER, Topic(Subject.DESK, 3)),
        (REVIEWER, Topic(Subject.REPORTS, 3)),
        (AUDITOR, Topic(Subject.REPORTS, 4)),
        # An account has the number of a session, or a seat that of an account.
        (FAMILY, Topic(Subject.ROOM, 7)),
        (TRAINER, Topic(Subject.ROOM, 9)),
        (SEAT, Topic(Subject.ROOM, 7)),
        (SEAT, Topic(Subject.REQUIREMENTS, 4)),
        (TRAINERS_SEAT, Topic(Subject.REQUIREMENTS, 7)),
        (FAMILY, Topic(Subject.REQUIREMENTS, 7)),
        (SEAT, Topic(Subject.THREADS, 7)),
        (SEAT, Topic(Subject.DESK, 4)),
    ],
)
def test_what_is_anothers_cannot(listener, topic):
    assert not topic.may_be_heard_by(listener)
