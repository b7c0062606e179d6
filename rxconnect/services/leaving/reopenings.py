"""Reopening: whoever signs in to an account that they have closed is asked first, and nothing happens before the answer."""

from __future__ import annotations

from sqlmodel import Session

from rxconnect.domain import dates
from rxconnect.domain.browsers import Browser
from rxconnect.domain.errors import NotSignedIn
from rxconnect.services.accounts import pending_sign_ins, sign_ins
from rxconnect.services.notices import choices


def closed_on(session: Session, token: str) -> str:
    """The day on which the account was closed whose password was right in the browser with this token; "" without one."""
    account = pending_sign_ins.closed_account_of(session, token)
    if account is None or account.id is None or account.closed_at is None:
        return ""
    return dates.day_and_year(account.closed_at, choices.time_zone(session, account.id))


def reopen(session: Session, token: str, browser: Browser) -> str:
    """Open the account again, and return the token of a new sign-in.

    Raises `NotSignedIn` when the password was too long ago, or the question was answered in another tab.
    """
    account = pending_sign_ins.closed_account_of(session, token)
    if account is None or not pending_sign_ins.end(session, token):
        raise NotSignedIn
    account.closed_at = None
    return sign_ins.complete_sign_in(session, account, browser)


def leave_closed(session: Session, token: str) -> None:
    """Use the token up. The account stays as it is."""
    pending_sign_ins.end(session, token)
