"""Sign-ins that wait for one more step: the password was right, and nothing else is allowed yet.

Staff give their second factor. Whoever has closed an account says whether to open it again.
"""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, col, delete, select

from rxconnect.config import settings
from rxconnect.domain import clock
from rxconnect.models import Account, PendingSignIn
from rxconnect.services.accounts import tokens

# Long enough to find the phone, or to install an app on it.
LASTS = timedelta(minutes=15)


def cookie_name() -> str:
    """The cookie's name, with the same prefix rules as the sign-in cookie (`sign_ins.cookie_name`)."""
    return "__Host-rxconnect-step" if settings().is_https else "rxconnect-step"


def begin(session: Session, account_id: int) -> str:
    """Let a browser go on to the second step. Returns the token."""
    token, now = tokens.new_token(), clock.now()
    session.exec(delete(PendingSignIn).where(col(PendingSignIn.expires_at) <= now))
    session.add(PendingSignIn(token_hash=hash_token(token), account_id=account_id, expires_at=now + LASTS))
    return token


def account_of(session: Session, token: str) -> Account | None:
    """The account whose password was right in the browser with this token; None when that was too long ago."""
    account = _account_of(session, token)
    return account if account and account.closed_at is None else None


def closed_account_of(session: Session, token: str) -> Account | None:
    """As `account_of`, for an account that its owner has closed."""
    account = _account_of(session, token)
    return account if account and account.closed_at else None


def end(session: Session, token: str) -> bool:
    """Use the token up. Of two requests at the same moment, only one is told that it did."""
    used = delete(PendingSignIn).where(col(PendingSignIn.token_hash) == hash_token(token))
    return session.exec(used).rowcount == 1


def end_all(session: Session, account_id: int) -> None:
    """End every step that waits for this account's second factor."""
    session.exec(delete(PendingSignIn).where(col(PendingSignIn.account_id) == account_id))


def _account_of(session: Session, token: str) -> Account | None:
    if not token:
        return None
    waiting = select(Account).join(PendingSignIn, col(PendingSignIn.account_id) == Account.id)
    return session.exec(
        waiting.where(PendingSignIn.token_hash == hash_token(token), PendingSignIn.expires_at > clock.now())
    ).first()


def hash_token(token: str) -> str:
    """The token's keyed hash, as stored in the database."""
    return tokens.keyed_hash("pending sign-in", token)
