"""Emails about letters that arrived, on paper or on a kiosk, for families who want that email, or that came back."""

from __future__ import annotations

from sqlmodel import Session

from rxconnect.domain.notices import NoticeKind
from rxconnect.i18n import _, counted
from rxconnect.models import Message
from rxconnect.services.messages import message_emails


def email_delivery(session: Session, message: Message) -> None:
    """Tell the family that a letter has arrived, if it asked for such notices."""
    wording = _on_kiosk if message.on_kiosk_at else _handed_over
    message_emails.email_family(session, message, NoticeKind.DELIVERED, wording)


def email_return(session: Session, message: Message, credits: int) -> None:
    """Tell the family that a letter could not be handed over, and that its credits came back."""
    message_emails.email_family(session, message, NoticeKind.REJECTED, lambda name: _returned(name, credits))


def _handed_over(name: str) -> tuple[str, str]:
    return _("Your message was handed over to {name}").format(name=name), _as_asked_for()


def _on_kiosk(name: str) -> tuple[str, str]:
    return _("{name} can read your message now").format(name=name), _as_asked_for()


def _as_asked_for() -> str:
    return _("You asked us to tell you. Sign in to read more:")


def _returned(name: str, credits: int) -> tuple[str, str]:
    sentence = counted(
        "The mail room could not reach them. Your {count} credit came back to you. Sign in to read more:",
        "The mail room could not reach them. Your {count} credits came back to you. Sign in to read more:",
        credits,
    )
    return _("Your message to {name} could not be handed over").format(name=name), sentence
