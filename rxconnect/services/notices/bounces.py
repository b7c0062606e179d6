"""Bounces: messages of mail servers that an email of ours could not be delivered (RFC 3464).

The Message-ID of the email, which such a message quotes, holds a token of ours. So only who got the email, or the servers on
its way, can say that it came back, and nobody can stop the emails to somebody else's address.
"""

from __future__ import annotations

import email
from datetime import timedelta
from email.message import Message

from sqlmodel import Session, col, select

from rxconnect.domain import clock
from rxconnect.models import Account, Email
from rxconnect.services.notices import dead_addresses, mail

# An older email proves nothing about the address of today.
_COUNTS_FOR = timedelta(days=30)


def take(session: Session, raw: bytes) -> str:
    """Read one message. Returns the address that gets no more optional emails, or "" if the message changes nothing."""
    message = email.message_from_bytes(raw)
    if message.get_content_type() != "multipart/report":
        return ""
    parts = list(message.walk())
    reason = next(filter(None, map(_failure, parts)), "")
    message_id = next(filter(None, map(_original_id, parts)), "")
    email_id = mail.bounced_email_id(message_id) if reason else None
    sent = session.get(Email, email_id) if email_id is not None else None
    if sent is None or not _still_counts(session, sent):
        return ""
    dead_addresses.record(session, sent.to, reason)
    return sent.to


def _failure(part: Message) -> str:
    """The diagnosis in a part about recipients, if one of them takes no emails for good; else ""."""
    if part.get_content_type() != "message/delivery-status":
        return ""
    for about in part.get_payload():
        if not isinstance(about, Message):
            continue
        status = str(about.get("Status", "")).partition(" ")[0].strip()
        if str(about.get("Action", "")).strip().lower() == "failed" and dead_addresses.status_says_dead(status):
            return f"{status} {about.get('Diagnostic-Code', '')}".strip()
    return ""


def _original_id(part: Message) -> str:
    """The Message-ID of the email that came back, from a part that quotes it or its headers; else ""."""
    kind = part.get_content_type()
    if kind in ("message/rfc822", "message/rfc822-headers") and part.is_multipart():
        quoted = part.get_payload(0)
        return str(quoted.get("Message-ID", "")) if isinstance(quoted, Message) else ""
    content = part.get_payload(decode=True) if kind == "text/rfc822-headers" else None
    return str(email.message_from_bytes(content).get("Message-ID", "")) if isinstance(content, bytes) else ""


def _still_counts(session: Session, sent: Email) -> bool:
    """Whether the email is recent, and nobody has proved since then to read at its address."""
    confirmed = session.exec(select(Account.email_verified_at).where(col(Account.email) == sent.to)).first()
    is_recent = clock.now() - sent.created_at <= _COUNTS_FOR
    return is_recent and (confirmed is None or confirmed < sent.created_at)
