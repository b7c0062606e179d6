"""Emails about decisions, as (subject, sentence). They never contain the letter's text, or the reason."""

from __future__ import annotations

from collections.abc import Collection

from rxconnect.domain.appeals import AppealStatus
from rxconnect.domain.messages import MessageStatus
from rxconnect.i18n import _, counted
from rxconnect.models import Appeal, Item, Message


def rejection_email(message: Message, rejected: Collection[Item], name: str) -> tuple[str, str]:
    """A letter, or a part of it, was rejected."""
    subject = (
        _("Your message to {name} was not delivered")
        if message.status == MessageStatus.REJECTED
        else _("A part of your message to {name} was not delivered")
    )
    returned = counted(
        "Your {count} credit came back to you.",
        "Your {count} credits came back to you.",
        sum(item.credits for item in rejected),
    )
    why = _("Sign in to read why, and how to appeal:")
    return subject.format(name=name), f"{returned} {why}"


def appeal_email(appeal: Appeal, name: str) -> tuple[str, str]:
    """An appeal was decided."""
    if appeal.status == AppealStatus.OVERTURNED:
        subject = _("Your appeal was granted: your message to {name} will be delivered")
        sentence = _("Somebody else read it again. It costs you nothing. Sign in to follow it:")
    else:
        subject = _("Your appeal about your message to {name} was decided")
        sentence = _("Somebody else read it again, and it is not delivered. Sign in to read the answer:")
    return subject.format(name=name), sentence
