"""Topics: what an open page can listen to, and which actor may."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rxconnect.domain.accounts import Actor, ActorKind, Permission
from rxconnect.domain.demo import Seat


class Subject(StrEnum):
    """What changes. The id of a `QUEUE` is a facility's and that of a `ROOM` a demo session's; else it is an account's."""

    QUEUE = "queue"
    THREADS = "threads"
    PURCHASES = "purchases"
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class Topic:
    """A facility's queue of messages, an account's threads or purchases, or a demo session's room."""

    subject: Subject
    id: int

    def may_be_heard_by(self, actor: Actor | Seat) -> bool:
        """Whether the actor may listen: reviewers of the facility to its queue, a family to what is its own.

        A seat may listen to its room, and to nothing else.
        """
        if isinstance(actor, Seat):
            return self.subject is Subject.ROOM and self.id == actor.session_id
        if self.subject is Subject.QUEUE:
            return self.id in actor.facilities(Permission.REVIEW_MESSAGES)
        is_own = actor.kind is ActorKind.FAMILY and self.id == actor.account_id
        return is_own and self.subject is not Subject.ROOM
