"""Outlooks: what happens next to a letter that waits, and what its sender is told by email."""

from __future__ import annotations

from sqlmodel import Session

from rxconnect.domain.accounts import Actor
from rxconnect.domain.messages import Direction, Lane, MessageStatus, Outlook
from rxconnect.domain.notices import NoticeKind, Pace
from rxconnect.i18n import _
from rxconnect.models import Account, Contact, Inmate, Message
from rxconnect.services.messages import review_times
from rxconnect.services.notices import choices, dead_addresses


def outlook(session: Session, actor: Actor, message_id: int) -> Outlook | None:
    """The outlook of one of the actor's letters; None unless it is on its way."""
    message = session.get(Message, message_id)
    if message is None or message.account_id != actor.account_id or message.direction != Direction.OUTGOING:
        return None
    status = MessageStatus(message.status)
    if not status.is_pending:
        return None
    is_read_by_staff = status.is_undecided and message.lane == Lane.ORDINARY
    reading = review_times.measured_time(session, message.facility_id) if is_read_by_staff else ""
    account = session.get_one(Account, actor.account_id)
    if account.email_verified_at is None:
        why = _("No email comes, because your address is not confirmed yet. This page always shows what became of it.")
        return Outlook(reading, [], why)
    if dead_addresses.is_dead(session, account.email):
        why = _("No email comes, because emails to your address come back. This page always shows what became of it.")
        return Outlook(reading, [], why)
    emails = _emails(session, message)
    why = "" if emails else _("You have switched these emails off. This page always shows what became of it.")
    return Outlook(reading, emails, why)


def _emails(session: Session, message: Message) -> list[str]:
    """What the sender is told by email, as they have chosen."""
    contact = session.get_one(Contact, message.contact_id)
    name = session.get_one(Inmate, contact.inmate_id).called
    sentences = {
        NoticeKind.DELIVERED: _("We email you when {name} has it."),
        NoticeKind.REJECTED: _("We email you if it is not delivered."),
        NoticeKind.REPLY: _("We email you when {name} answers."),
    }
    return [
        sentence.format(name=name)
        for kind, sentence in sentences.items()
        if choices.pace_of(session, message.account_id, kind) is not Pace.OFF
    ]
