"""Letters that wait for a person who has left: they follow the person, or their credits come back, and the sender is told.

A letter that follows keeps its credits at the facility where it was sent, so it costs no more. The new facility's rules
screen it again, unless it is privileged: it stays so for ever, also where its sender is not a verified lawyer. An
ordinary letter does not follow to a facility that has verified its sender as a lawyer, since staff there would read it.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, exists, update
from sqlmodel import Session, col

from rxconnect.domain import clock
from rxconnect.domain.contacts import ContactState
from rxconnect.domain.facilities import Opening, WaitingLetters
from rxconnect.domain.inmates import Custody
from rxconnect.domain.messages import Lane, MessageStatus
from rxconnect.domain.notices import NoticeKind
from rxconnect.domain.print_batches import Handover
from rxconnect.i18n import _, counted
from rxconnect.models import Appeal, Contact, Facility, Inmate, Message, PrintPage
from rxconnect.services.directory import contact_reviews
from rxconnect.services.lawyers.verifications import lane_at_send
from rxconnect.services.messages import message_emails, queue_entries
from rxconnect.services.messages.message_moves import move_to_status


def are_kept() -> ColumnElement[bool]:
    """The condition for letters that stay: their facility keeps those of people who were moved, and may return."""
    keeps = exists().where(
        col(Facility.id) == col(Message.facility_id), col(Facility.when_moved) == WaitingLetters.KEEP
    )
    return keeps & (col(Inmate.custody) != Custody.RELEASED)


def follow_or_return(session: Session, message: Message) -> None:
    """Send an undelivered letter after its person, if the facility's rule and the new facility allow it, or return it.

    The caller holds the lock of `message`, whose person has left.
    """
    inmate = session.get_one(Inmate, session.get_one(Contact, message.contact_id).inmate_id)
    new = session.get_one(Facility, inmate.facility_id)
    if _can_follow(session, message, inmate, new):
        _reroute(session, message, new)
        is_read = message.lane == Lane.ORDINARY
        message_emails.email_family(
            session, message, NoticeKind.MOVED, lambda name: _followed_email(name, new.name, is_read=is_read)
        )
    else:
        returned = move_to_status(session, message, MessageStatus.UNDELIVERABLE)
        credits = sum(item.credits for item in returned)
        message_emails.email_family(session, message, NoticeKind.MOVED, lambda name: _returned_email(name, credits))


def _can_follow(session: Session, message: Message, inmate: Inmate, new: Facility) -> bool:
    old = session.get_one(Facility, message.facility_id)
    assert new.id is not None
    return (
        old.when_moved == WaitingLetters.REROUTE
        and inmate.custody == Custody.HELD
        and new.id != old.id
        and new.opening == Opening.OPEN
        and contact_reviews.state_of(session, message.account_id, inmate)[0] is ContactState.ACCEPTED
        # Staff there may not read what this lawyer writes, also not what was written as an ordinary letter.
        and (message.lane == Lane.PRIVILEGED or lane_at_send(session, message.account_id, new.id) is Lane.ORDINARY)
    )


def _reroute(session: Session, message: Message, new: Facility) -> None:
    assert new.id is not None
    message.paid_facility_id = message.paid_facility_id or message.facility_id
    if message.lane == Lane.ORDINARY:
        if message.status != MessageStatus.SCREENING:
            move_to_status(session, message, MessageStatus.SCREENING)
        # The letter needs its one entry again. An appeal about a part of it waits until the letter is decided.
        queue_entries.remove_appeal(session, message)
        message.expires_at = clock.now() + timedelta(days=new.expires_after_days)
    message.facility_id = new.id
    session.flush()
    # The appeal goes along, and a page that was printed but not handed over is void.
    session.exec(update(Appeal).where(col(Appeal.message_id) == message.id).values(facility_id=new.id))
    printed = (col(PrintPage.message_id) == message.id, col(PrintPage.handover) == Handover.WAITING)
    session.exec(update(PrintPage).where(*printed).values(handover=Handover.MOVED))


def _followed_email(name: str, facility: str, *, is_read: bool) -> tuple[str, str]:
    subject = _("Your message follows {name}").format(name=name)
    sentence = (
        _("It goes to {facility}, is read there before it is handed over, and costs you no more. Sign in to follow it:")
        if is_read
        else _(
            "It goes to {facility}, and stays privileged: nobody reads it. It costs you no more. Sign in to follow it:"
        )
    )
    return subject, sentence.format(facility=facility)


def _returned_email(name: str, credits: int) -> tuple[str, str]:
    subject = _("Your message to {name} could not be delivered").format(name=name)
    sentence = counted(
        "They are no longer at the facility. Your {count} credit came back to you. Sign in to read more:",
        "They are no longer at the facility. Your {count} credits came back to you. Sign in to read more:",
        credits,
    )
    return subject, sentence
