"""The daily email: one that lists what happened, for an account that wants to hear of some kinds once a day."""

from __future__ import annotations

from sqlalchemy import delete
from sqlmodel import Session, col, select

from rxconnect import db, i18n, routes
from rxconnect.domain import clock
from rxconnect.i18n import _, counted
from rxconnect.models import Account, DigestLine
from rxconnect.services.notices import dead_addresses, emails
from rxconnect.services.notices.unsubscribing import DAILY
from rxconnect.services.scheduling.batches import Batch

_BATCH = 50
_LISTED = 40


def send_due(after: int = 0) -> Batch:
    """Queue the daily emails of one batch of accounts. `done` counts the emails."""
    return Batch.of_page(db.read(_due_account_ids, after), _BATCH, lambda account_id: db.write(_send, account_id))


def _due_account_ids(session: Session, after: int) -> list[int]:
    due = select(DigestLine.account_id).where(DigestLine.due_at <= clock.now(), DigestLine.account_id > after)
    return list(session.exec(due.distinct().order_by(col(DigestLine.account_id)).limit(_BATCH)))


def _send(session: Session, account_id: int) -> bool:
    """Take an account's lines and queue its email, in one transaction. False if another worker took them.

    A new line is never due yet. So nobody finds a line that belongs into an email which is just being queued.
    """
    is_due = (col(DigestLine.account_id) == account_id, col(DigestLine.due_at) <= clock.now())
    taken = (
        delete(DigestLine).where(*is_due).returning(col(DigestLine.id), col(DigestLine.subject), col(DigestLine.path))
    )
    lines = sorted((line_id or 0, subject, path) for line_id, subject, path in session.connection().execute(taken))
    account = session.get_one(Account, account_id)
    is_read = account.email_verified_at is not None and account.closed_at is None
    if not lines or not is_read or dead_addresses.is_dead(session, account.email):
        return False
    with i18n.using_language(account.language):
        subject, body = _wording(account, lines)
        emails.queue(session, account.email, subject, body, kind=DAILY, account_id=account_id)
    return True


def _wording(account: Account, lines: list[tuple[int, str, str]]) -> tuple[str, str]:
    listed = [f"{subject}\n{routes.absolute_url(path)}" for _id, subject, path in lines[:_LISTED]]
    if more := len(lines) - len(listed):
        rest = counted("And {count} more.", "And {count} more.", more)
        listed.append(f"{rest}\n{routes.absolute_url(routes.INBOX)}")
    body = [
        _("Hello {name},").format(name=account.name),
        _("This happened since your last daily email:"),
        *listed,
        _("Warm regards,\nRxConnect\n"),
    ]
    return _("What happened today"), "\n\n".join(body)
