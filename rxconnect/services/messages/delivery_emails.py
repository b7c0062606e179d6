"""Emails about letters that were printed: handed over, for families who want that email, or returned."""

from __future__ import annotations

from sqlmodel import Session

from rxconnect.domain.notices import NoticeKind
from rxconnect.i18n import _, counted
from rxconnect.models import Message
from rxconnect.services.messages import message_emails


def email_delivery(session: Session, message: Message) -> None:
    """Tell the family that a letter was handed over, if it asked for such notices."""
    message_emails.email_family(session, message, NoticeKind.DELIVERED, _delivered)


def email_return(session: Session, message: Message, credits: int) -> None:
    """Tell the family that a letter could not be handed over, and that its credits came back."""
    message_emails.email_family(session, message, NoticeKind.REJECTED, lambda name: _returned(name, credits))


def _delivered(name: str) -> tuple[str, str]:
    sentence = _("You asked to hear of it. Sign in to read more:")
    return _("Your message was handed over to {name}").format(name=name), sentence


def _returned(name: str, credits: int) -> tuple[str, str]:
    sentence = counted(
        "The mail room could not reach them. Your {count} credit came back to you. Sign in to read more:",
        "The mail room could not reach them. Your {count} credits came back to you. Sign in to read more:",
        credits,
    )
    return _("Your message to {name} could not be handed over").format(name=name), sentence
