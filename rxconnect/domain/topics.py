"""Topics: the changes that an open page can listen to, and the actors who may listen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rxconnect.domain.accounts import Actor, ActorKind, Permission


class Subject(StrEnum):
    """The kind of a topic. A `QUEUE` has a facility's id, and any other subject an account's id."""

    QUEUE = "queue"
    THREADS = "threads"
    PURCHASES = "purchases"


@dataclass(frozen=True, slots=True)
class Topic:
    """A facility's queue of messages, an account's threads, or its purchases."""

    subject: Subject
    id: int

    def may_be_heard_by(self, actor: Actor) -> bool:
        """Whether the actor may listen: reviewers to their facility's queue, a family to its own topics."""
        if self.subject is Subject.QUEUE:
            return self.id in actor.facilities(Permission.REVIEW_MESSAGES)
        return actor.kind is ActorKind.FAMILY and self.id == actor.account_id
