"""Emails: a transactional outbox. An email is stored in the transaction it reports, and sent after the commit."""

from __future__ import annotations

import asyncio
import ipaddress
import re
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import aiosmtplib
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from rxconnect import db, world
from rxconnect.config import settings
from rxconnect.domain import clock, dates
from rxconnect.domain.emails import EmailView
from rxconnect.domain.errors import Invalid, NotFound
from rxconnect.domain.problems import Problem
from rxconnect.models import Email
from rxconnect.services.scheduling.batches import Batch

# The number of emails that are sent at once, each over its own connection.
_BATCH = 10
_SHOWN = 100
# Seconds after which a worker stops trying, well before the lease ends and another worker may send the email.
_PATIENCE, _LEASE = 60, timedelta(minutes=3)
# Retries after 1, 2, 4, … minutes, at most six hours apart, for about two days.
_MAX_ATTEMPTS, _LONGEST_WAIT = 16, timedelta(hours=6)
_LINK = re.compile(r"https?://\S+")


def normalised_address(text: str) -> str:
    """The normalised email address: trimmed, in lower case, its domain in ASCII. Raises `Invalid(email=…)`."""
    if not text.strip():
        raise Invalid(email=Problem.EMAIL_MISSING())
    try:
        # Most servers cannot deliver to an address with letters outside ASCII before the @, so it is refused.
        valid = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise Invalid(email=Problem.EMAIL_UNREADABLE()) from None
    return (valid.ascii_email or valid.normalized).lower()


def queue(session: Session, to: str, subject: str, body: str) -> None:
    """Add an email to the outbox. It is sent only if the transaction commits."""
    session.add(Email(to=to, subject=subject, body=body))


def outbox(session: Session) -> list[EmailView]:
    """The newest 100 emails, for every visitor of the demonstration. Raises `NotFound` in production."""
    if not world.current().is_demo:
        raise NotFound("page")
    newest = session.exec(select(Email).order_by(col(Email.id).desc()).limit(_SHOWN))
    return [_view(email) for email in newest]


async def deliver_due(after: int = 0) -> Batch:
    """Claim one batch of due emails and send them concurrently. Any number of workers may call it at once."""
    claimed = await asyncio.to_thread(db.write, _claim_due, after)
    batch = Batch(resume_after=claimed[-1].id if len(claimed) == _BATCH else None)
    for outcome in await asyncio.gather(*map(_deliver, claimed), return_exceptions=True):
        if isinstance(outcome, Exception):
            batch.errors.append(outcome)
        else:
            batch.done += bool(outcome)
    return batch


async def _deliver(email: Email) -> bool:
    assert email.id is not None
    email_id = email.id
    try:
        async with asyncio.timeout(_PATIENCE):
            await _send(email_id, _message(email))
    except (aiosmtplib.SMTPException, OSError) as error:
        await asyncio.to_thread(db.write, _postpone, email_id, f"{type(error).__name__}: {error}")
        return False
    await asyncio.to_thread(db.write, _mark_sent, email_id)
    return True


def _is_due() -> ColumnElement[bool]:
    """The condition for a due email. `lease_until` is both a worker's lease and the time of the next retry."""
    free = or_(col(Email.lease_until).is_(None), col(Email.lease_until) <= clock.now())
    return col(Email.sent_at).is_(None) & (col(Email.attempts) < _MAX_ATTEMPTS) & free


def _claim_due(session: Session, after: int) -> list[Email]:
    """Lease the next emails, the oldest first. Skips those that another worker is claiming."""
    due = select(Email).where(_is_due(), col(Email.id) > after).order_by(col(Email.id)).limit(_BATCH)
    claimed = list(session.exec(due.with_for_update(skip_locked=True)))
    for email in claimed:
        email.lease_until, email.attempts = clock.now() + _LEASE, email.attempts + 1
    return claimed


def _postpone(session: Session, email_id: int, error: str) -> None:
    email = session.get_one(Email, email_id)
    wait = min(timedelta(minutes=2 ** (email.attempts - 1)), _LONGEST_WAIT)
    email.lease_until, email.error = clock.now() + wait, error[:300]


def _mark_sent(session: Session, email_id: int) -> None:
    email = session.get_one(Email, email_id)
    email.sent_at, email.lease_until, email.error = clock.now(), None, ""
    if not world.current().is_demo:
        # The body may contain a link that grants access to an account. Only the demonstration shows its outbox.
        email.body = ""


def _message(email: Email) -> EmailMessage:
    sender = _sender()
    message = EmailMessage()
    message["From"] = f"RxConnect <{sender}>"
    message["To"] = email.to
    message["Subject"] = email.subject
    message["Date"] = format_datetime(email.created_at)
    # Every retry has the same id, so a mailbox can drop the copy if a worker died before it stored the success.
    message["Message-ID"] = f"<{email.created_at.timestamp():.0f}.{email.id}@{sender.partition('@')[2]}>"
    message.set_content(email.body)
    return message


def _sender() -> str:
    """The sender: the mail server's user if that is an address, since many servers require it; else our host's."""
    user = unquote(urlsplit(settings().smtp_url).username or "")
    if "@" in user:
        return user
    host = urlsplit(settings().origin).hostname or "localhost"
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return f"no-reply@{host}"
    return "no-reply@localhost"


async def _send(email_id: int, message: EmailMessage) -> None:
    """Send to the mail server, or write a file if none is set. Only the installation's own world sends emails."""
    if not world.current().is_own:
        return
    if not settings().smtp_url:
        await asyncio.to_thread(_write_file, email_id, message)
        return
    url = urlsplit(settings().smtp_url)
    await aiosmtplib.send(
        message,
        hostname=url.hostname,
        port=url.port,
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        use_tls=url.scheme == "smtps",
        # None upgrades the connection when the server offers it; True insists.
        start_tls={"smtp": None, "smtps": False, "smtp+starttls": True}[url.scheme],
    )


def _write_file(email_id: int, message: EmailMessage) -> None:
    folder = world.current().folder / "outbox"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{email_id:06}.eml").write_bytes(bytes(message))


def _view(email: Email) -> EmailView:
    link = _LINK.search(email.body)
    return EmailView(
        id=email.id or 0,
        recipient=email.to,
        subject=email.subject,
        body=email.body,
        link=link.group() if link else "",
        at=dates.ago(email.created_at),
    )
