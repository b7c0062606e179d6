"""Emails: a transactional outbox. An email is stored in the transaction it reports, and sent after the commit."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import aiosmtplib
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from rxconnect import db, i18n, world
from rxconnect.domain import clock, dates
from rxconnect.domain.emails import EmailView
from rxconnect.domain.errors import Invalid, NotFound
from rxconnect.domain.problems import Problem
from rxconnect.models import Email
from rxconnect.services.notices import dead_addresses, mail
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


def queue(
    session: Session,
    to: str,
    subject: str,
    body: str,
    *,
    kind: str = "",
    account_id: int | None = None,
    thread: str = "",
) -> None:
    """Add an email to the outbox, in the bound language. It is sent only if the transaction commits.

    A family is told something through `notices.notify`, which passes the rest. Only an account's link, and an email to staff or to
    the operator, are queued directly.
    """
    session.add(
        Email(
            to=to,
            subject=subject,
            body=body,
            kind=kind,
            account_id=account_id,
            language=i18n.language(),
            thread=thread,
        )
    )


def outbox(session: Session) -> list[EmailView]:
    """The newest 100 emails, for every visitor of the demonstration. Raises `NotFound` in production."""
    if not world.current().is_demo:
        raise NotFound("page")
    newest = session.exec(select(Email).order_by(col(Email.id).desc()).limit(_SHOWN))
    return [_view(email) for email in newest]


async def deliver_due(after: int = 0) -> Batch:
    """Claim one batch of due emails and send them concurrently. Any number of workers may call it at once."""
    claimed = await asyncio.to_thread(_claim, after)
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
            await mail.send(email)
    except aiosmtplib.SMTPRecipientsRefused as error:
        await asyncio.to_thread(db.write, _refused, email_id, error.recipients[0])
        return False
    except (aiosmtplib.SMTPException, OSError) as error:
        await asyncio.to_thread(db.write, _postpone, email_id, f"{type(error).__name__}: {error}")
        return False
    await asyncio.to_thread(db.write, _mark_sent, email_id)
    return True


def _is_due() -> ColumnElement[bool]:
    """The condition for a due email. `lease_until` is both a worker's lease and the time of the next retry."""
    free = or_(col(Email.lease_until).is_(None), col(Email.lease_until) <= clock.now())
    return col(Email.sent_at).is_(None) & (col(Email.attempts) < _MAX_ATTEMPTS) & free


def _claim(after: int) -> list[Email]:
    # Mostly there are none, and a read keeps no other writer waiting.
    return db.write(_claim_due, after) if db.read(_has_due, after) else []


def _has_due(session: Session, after: int) -> bool:
    return session.exec(select(Email.id).where(_is_due(), col(Email.id) > after).limit(1)).first() is not None


def _claim_due(session: Session, after: int) -> list[Email]:
    """Lease the next emails, the oldest first. Skips those that another worker is claiming."""
    due = select(Email).where(_is_due(), col(Email.id) > after).order_by(col(Email.id)).limit(_BATCH)
    claimed = list(session.exec(due.with_for_update(skip_locked=True)))
    for email in claimed:
        email.lease_until, email.attempts = clock.now() + _LEASE, email.attempts + 1
    return claimed


def _refused(session: Session, email_id: int, error: aiosmtplib.SMTPRecipientRefused) -> None:
    """Give an email up whose address takes none for good; retry it later after any other refusal."""
    reason = f"{error.code} {error.message}"
    _postpone(session, email_id, reason)
    if dead_addresses.reply_says_dead(error.code, error.message):
        email = session.get_one(Email, email_id)
        email.attempts, email.lease_until = _MAX_ATTEMPTS, None
        dead_addresses.record(session, email.to, reason)


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
