"""Topics: the changes that an open page can listen to, and the actors who may listen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rxconnect.domain.accounts import Actor, ActorKind, Permission
from rxconnect.domain.demo import Seat


class Subject(StrEnum):
    """The kind of a topic.

    `DESK`, `REPORTS`, `ROSTERS` and `LEDGER` have a facility's id, `INSIDE` the id of a person in custody, a `ROOM` and `REQUIREMENTS` a
    demo session's, and any other an account's.
    """

    DESK = "desk"
    REPORTS = "reports"
    ROSTERS = "rosters"
    LEDGER = "ledger"
    THREADS = "threads"
    INSIDE = "inside"
    PURCHASES = "purchases"
    ROOM = "room"
    REQUIREMENTS = "requirements"


# What is needed to hear of a facility's topics.
_OF_FACILITY = {
    Subject.DESK: Permission.REVIEW_MESSAGES,
    Subject.REPORTS: Permission.SEE_REPORTS,
    Subject.ROSTERS: Permission.IMPORT_ROSTERS,
    Subject.LEDGER: Permission.SEE_FINANCE,
}


@dataclass(frozen=True, slots=True)
class Topic:
    """A facility's review desk, reports, rosters or ledger, an account's threads or purchases, a person's letters on the kiosk, or a demo
    session's room or the requirements that its trainer ticks off."""

    subject: Subject
    id: int

    def may_be_heard_by(self, actor: Actor | Seat) -> bool:
        """Whether the actor may listen: staff to what they may see of their facility, a person in custody to their own letters, a
        family to its own topics.

        A seat may only listen to its own demo session, and only the trainer's to the requirements.
        """
        if isinstance(actor, Seat):
            is_mine = self.subject is Subject.ROOM or (self.subject is Subject.REQUIREMENTS and actor.is_trainer)
            return is_mine and self.id == actor.session_id
        if permission := _OF_FACILITY.get(self.subject):
            return self.id in actor.facilities(permission)
        if self.subject is Subject.INSIDE:
            return actor.kind is ActorKind.KIOSK and self.id == actor.inmate_id
        is_own = actor.kind is ActorKind.FAMILY and self.id == actor.account_id
        return is_own and self.subject not in (Subject.ROOM, Subject.REQUIREMENTS)
