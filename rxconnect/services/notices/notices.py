"""Notices: the one way to tell an account that something happened. It is told as it has chosen (`choices`).

A notice never contains a word of a letter, and its subject never names the facility.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import Session

from rxconnect import i18n
from rxconnect.domain import clock
from rxconnect.domain.notices import NoticeKind, Pace, next_digest
from rxconnect.domain.text import one_line
from rxconnect.models import Account, DigestLine
from rxconnect.services.notices import choices, dead_addresses, emails
from rxconnect.services.push import pushes

# Returns the subject and the body of an email.
Wording = Callable[[], tuple[str, str]]

SUBJECT_MAX = 200


def notify(
    session: Session, account: Account, kind: NoticeKind, wording: Wording, *, path: str, thread: str = ""
) -> None:
    """Tell an account at once, in its next daily email, or not at all, as it has chosen for this kind.

    `wording` is called with the account's language set. `path` is the page that a daily email and a push lead to. Emails with
    the same `thread` are shown as one conversation. An optional notice goes to a confirmed address alone, as another might be
    a stranger's, and not to one that emails come back from.
    """
    assert account.id is not None
    if kind.is_optional and account.email_verified_at is None:
        return
    pace = choices.pace_of(session, account.id, kind)
    if pace is Pace.OFF:
        return
    with i18n.using_language(account.language):
        subject, body = wording()
        subject = one_line(subject)[:SUBJECT_MAX]
        if pace is Pace.DAILY:
            due_at = next_digest(clock.now(), choices.time_zone(session, account.id))
            session.add(DigestLine(account_id=account.id, kind=kind, subject=subject, path=path, due_at=due_at))
            return
        if not (kind.is_optional and dead_addresses.is_dead(session, account.email)):
            emails.queue(session, account.email, subject, body, kind=kind, account_id=account.id, thread=thread)
    pushes.queue(session, account.id, subject, path)
