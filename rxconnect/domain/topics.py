"""Topics: the changes that an open page can listen to, and the actors who may listen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rxconnect.domain.accounts import Actor, ActorKind, Permission
from rxconnect.domain.demo import Seat


class Subject(StrEnum):
    """The kind of a topic.

    `DESK` and `REPORTS` have a facility's id, `INSIDE` the id of a person in custody, a `ROOM` a demo session's, and any other
    an account's.
    """

    DESK = "desk"
    REPORTS = "reports"
    THREADS = "threads"
    INSIDE = "inside"
    PURCHASES = "purchases"
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class Topic:
    """A facility's review desk or reports, an account's threads or purchases, a person's letters on the kiosk, or a demo
    session's room."""

    subject: Subject
    id: int

    def may_be_heard_by(self, actor: Actor | Seat) -> bool:
        """Whether the actor may listen: reviewers to their facility's desk, whoever sees its reports to those, a person
        in custody to their own letters, a family to its own topics.

        A seat may only listen to the topic of its own demo session.
        """
        if isinstance(actor, Seat):
            return self.subject is Subject.ROOM and self.id == actor.session_id
        if self.subject is Subject.DESK:
            return self.id in actor.facilities(Permission.REVIEW_MESSAGES)
        if self.subject is Subject.REPORTS:
            return self.id in actor.facilities(Permission.SEE_REPORTS)
        if self.subject is Subject.INSIDE:
            return actor.kind is ActorKind.KIOSK and self.id == actor.inmate_id
        is_own = actor.kind is ActorKind.FAMILY and self.id == actor.account_id
        return is_own and self.subject is not Subject.ROOM
