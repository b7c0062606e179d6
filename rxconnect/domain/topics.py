"""Topics: what an open page can listen to, and which actor may."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rxconnect.domain.accounts import Actor, ActorKind, Permission


class Subject(StrEnum):
    """What changes. The id of a `QUEUE` is a facility's; that of any other subject is an account's."""

    QUEUE = "queue"
    THREADS = "threads"
    PURCHASES = "purchases"


@dataclass(frozen=True, slots=True)
class Topic:
    """A facility's queue of messages, an account's threads, or its purchases."""

    subject: Subject
    id: int

    def may_be_heard_by(self, actor: Actor) -> bool:
        """Whether the actor may listen: reviewers of the facility to its queue, a family to what is its own."""
        if self.subject is Subject.QUEUE:
            return self.id in actor.facilities(Permission.REVIEW_MESSAGES)
        return actor.kind is ActorKind.FAMILY and self.id == actor.account_id
