"""A person at a kiosk, and the family that writes to them, for tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from rxconnect import db
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.drafts import DraftChange
from rxconnect.domain.terms import VERSION
from rxconnect.services.inside import letters, replies
from rxconnect.services.messages import drafts
from rxconnect.services.review import review
from rxconnect.services.screening import submissions
from tests.services.conftest import Pair

KIOSKS = {"reads_on_kiosks": True}


@dataclass(frozen=True)
class Inside:
    """A pair, with the kiosk's actor of its person."""

    pair: Pair
    person: Actor

    def letter(self, body: str = "We miss you.", *, pays: bool = False) -> int:
        """A letter that was sent."""
        draft_id = self.pair.draft("Hello", body)
        if pays:
            db.write(drafts.pay_for_answer, self.pair.family, draft_id, pays=True)
        return db.write(submissions.send, self.pair.family, draft_id, accepted_terms=VERSION)

    def delivered(self, body: str = "We miss you.", *, pays: bool = False) -> int:
        """A letter that was approved, and so is on the kiosk."""
        message_id = self.letter(body, pays=pays)
        db.write(review.approve, self.pair.reviewer, message_id)
        return message_id

    def opened(self, *, pays: bool = False) -> int:
        message_id = self.delivered(pays=pays)
        db.write(letters.open_letter, self.person, message_id)
        return message_id

    def draft(self, body: str = "I miss you too.") -> int:
        draft_id = db.write(replies.start, self.person, self.pair.contact_id)
        db.write(replies.save, self.person, draft_id, DraftChange("a", 1, 0), body)
        return draft_id

    def reply(self, body: str = "I miss you too.") -> int:
        """A reply that was sent."""
        return db.write(replies.send, self.person, self.draft(body))


def inside(pair: Callable[..., Pair], actor: Callable[..., Actor], **fields: object) -> Inside:
    """A pair at a facility with kiosks, and the settings in `fields`."""
    one = pair(facility_fields=KIOSKS | fields)
    return Inside(one, kiosk_of(actor, one.inmate_id))


def kiosk_of(actor: Callable[..., Actor], inmate_id: int) -> Actor:
    return replace(actor(kind=ActorKind.KIOSK, name="Marcus Rivera"), inmate_id=inmate_id)
