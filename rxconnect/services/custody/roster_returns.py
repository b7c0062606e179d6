"""What was refunded for people who counted as released, and are on a list again: a note for the operator."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlmodel import Session, col

from rxconnect.domain.refunds import Cause, RefundStatus
from rxconnect.domain.sentences import Sentence
from rxconnect.models import Contact, InmateAbsence, Refund
from rxconnect.services.rosters.roster_people import Stored, batches_of


def refund_notes(session: Session, people: Collection[Stored]) -> list[Sentence]:
    """A sentence about each of these people for whom money went back to cards while they counted as released."""
    names = {person.id: f"{person.first_name} {person.last_name} ({person.number})" for person in people}
    notes = []
    for batch in batches_of(names):
        cents = (
            select(col(InmateAbsence.inmate_id), func.sum(col(Refund.cents)))
            .join(Contact, col(Contact.inmate_id) == col(InmateAbsence.inmate_id))
            .join(Refund, col(Refund.account_id) == col(Contact.account_id))
            .where(
                col(InmateAbsence.inmate_id).in_(batch),
                col(InmateAbsence.returned_at).is_(None),
                col(Refund.cause) == Cause.RELEASED,
                col(Refund.status) != RefundStatus.FAILED,
                col(Refund.created_at) >= col(InmateAbsence.released_at),
            )
            .group_by(col(InmateAbsence.inmate_id))
        )
        notes += [
            Sentence(
                "{name} counted as released, and {cents} went back to cards. That stays.",
                name=names[inmate_id],
                cents=int(total),
            )
            for inmate_id, total in session.execute(cents)
        ]
    return notes
