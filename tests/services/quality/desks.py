"""Second readings, for tests: a facility that has every letter read again, and people who read."""

from __future__ import annotations

from rxconnect import db
from rxconnect.domain.accounts import Role
from rxconnect.domain.review import Outcome
from rxconnect.models import Facility
from rxconnect.services.quality import second_readings
from rxconnect.services.review import review


def set_shares(facility_id, share=100, foreign=100, **others):
    """Have so many percent of the decided letters read again."""
    with db.transaction() as session:
        place = session.get_one(Facility, facility_id)
        place.second_reading_share, place.foreign_reading_share = share, foreign
        for name, value in others.items():
            setattr(place, name, value)


def decided(pair, reason=None, *, by=None, body="We miss you."):
    """A letter that was approved, or rejected for a reason. Returns the message's id."""
    message_id = pair.send(body=body).id
    if reason:
        db.write(review.reject, by or pair.reviewer, message_id, reason)
    else:
        db.write(review.approve, by or pair.reviewer, message_id)
    return message_id


def read_again(reader, outcome=Outcome.APPROVED, reason=None):
    """Open the next letter and give a second reading of it. Returns the reading's id."""
    reading = db.write(second_readings.open_next, reader)
    db.write(second_readings.give, reader, reading.id, outcome, reason)
    return reading.id


def colleague(actor, pair, name="Casey Cole", role=Role.REVIEWER):
    """Somebody else who works at the same facility."""
    return actor(role=role, facility_id=pair.facility_id, name=name)
