"""Letters that a family takes along. An account gets its own alone, privileged ones too: they are its own words and answers."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.domain.accounts import Actor
from rxconnect.domain.letter_exports import MOST_IN_PDF, ExportedConversation, ExportedLetter
from rxconnect.domain.messages import MessageView
from rxconnect.models import Message
from rxconnect.services.directory import contacts
from rxconnect.services.messages import messages
from rxconnect.services.messages.message_views import is_for_family, newest_messages
from rxconnect.services.photos import serving

# How many letters of an archive are read in one transaction.
_AT_ONCE = 50


def letter(session: Session, actor: Actor, message_id: int) -> ExportedLetter:
    """One of the actor's letters. Raises `NotFound`."""
    return _with_photos(session, actor, [messages.get(session, actor, message_id)])[0]


def conversation(session: Session, actor: Actor, contact_id: int) -> ExportedConversation:
    """The newest letters with one of the actor's contacts, also a removed one. Raises `NotFound`."""
    contact = contacts.get_even_removed(session, actor, contact_id)
    found = messages.thread(session, actor, contact_id, length=MOST_IN_PDF)
    return ExportedConversation(
        contact_id=contact_id,
        name=contact.name,
        number=contact.number,
        facility=contact.facility,
        total=len(letter_ids(session, actor, contact_id)),
        letters=_with_photos(session, actor, found),
    )


def letter_ids(session: Session, actor: Actor, contact_id: int) -> list[int]:
    """The ids of all letters with one of the actor's contacts, the oldest first. Raises `NotFound`."""
    contacts.get_even_removed(session, actor, contact_id)
    mine = select(Message.id).where(
        Message.contact_id == contact_id, Message.account_id == actor.account_id, is_for_family()
    )
    rows = session.exec(mine.order_by(col(Message.created_at), col(Message.id)))
    return [message_id for message_id in rows if message_id is not None]


def read_letters(actor: Actor, message_ids: list[int]) -> Iterator[ExportedLetter]:
    """These letters of the actor's in order, read in several transactions: an archive can be long."""
    for start in range(0, len(message_ids), _AT_ONCE):
        yield from db.read(_some_letters, actor, message_ids[start : start + _AT_ONCE])


def _some_letters(session: Session, actor: Actor, message_ids: list[int]) -> list[ExportedLetter]:
    mine = col(Message.id).in_(message_ids), Message.account_id == actor.account_id, is_for_family()
    return _with_photos(session, actor, newest_messages(session, *mine, limit=len(message_ids)))


def _with_photos(session: Session, actor: Actor, found: list[MessageView]) -> list[ExportedLetter]:
    with_photos = [message.id for message in found if message.photos]
    photos = serving.of_own_letters(session, actor, with_photos) if with_photos else {}
    return [ExportedLetter(message, photos.get(message.id, [])) for message in found]
