"""Notices: the person in custody learns that a letter to them was not delivered, from whom, why, and how to protest.

Courts require it. A notice is read on a kiosk or printed with the next batch (`services/paper`), and never quotes the letter.
The writer of a rejected reply gets one too.
"""

from __future__ import annotations

from sqlalchemy import exists, update
from sqlmodel import Session, col

from rxconnect.domain import clock
from rxconnect.domain.messages import MessageStatus
from rxconnect.models import Contact, Decision, Message, Notice, PrintPage


def tell_person(session: Session, message: Message, decision: Decision, rule_text: str) -> None:
    """Write the notice of a rejection that is being committed. `rule_text` is the facility's own text of the reason."""
    assert message.id is not None
    assert decision.id is not None
    session.add(
        Notice(
            facility_id=message.facility_id,
            inmate_id=session.get_one(Contact, message.contact_id).inmate_id,
            message_id=message.id,
            decision_id=decision.id,
            reason=decision.reason,
            rule_text=rule_text,
            is_partial=message.status != MessageStatus.REJECTED,
        )
    )


def cancel(session: Session, message: Message) -> None:
    """Cancel the notices of a letter that is delivered after all, unless they were printed or read."""
    session.flush()
    is_printed = exists().where(col(PrintPage.notice_id) == col(Notice.id))
    mine = update(Notice).where(col(Notice.message_id) == message.id, ~is_printed, col(Notice.read_at).is_(None))
    session.exec(mine.values(cancelled_at=clock.now()))
