"""Signing in and out: one row a signed-in browser, and the cookie that names it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Update, bindparam, delete, update
from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.config import settings
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, Role
from rxconnect.domain.errors import Invalid, WrongCredentials
from rxconnect.models import Account, SignIn
from rxconnect.services import emails, passwords, throttle, tokens

LASTS = timedelta(days=30)
_WINDOW = timedelta(minutes=15)
# One mail room or library shares an address, so an address may fail more often than a person.
_TRIES_PER_EMAIL, _TRIES_PER_ADDRESS = 10, 100

# Made once: every event asks this, and making the statement takes longer than running it.
_SIGNED_IN = (
    select(Account)
    .join(SignIn, col(SignIn.account_id) == Account.id)
    .where(
        SignIn.token_hash == bindparam("alias"),
        col(SignIn.ended_at).is_(None),
        SignIn.expires_at > bindparam("now"),
    )
)


def cookie_name() -> str:
    """The sign-in cookie's name. Over TLS, `__Host-` keeps other sites of the same domain from setting it."""
    return "__Host-rxconnect" if settings().is_https else "rxconnect"


def token_from_cookie(header: str) -> str:
    """The sign-in's token in a `Cookie` header, or ""."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return next((value for name, _, value in pairs if name == cookie_name()), "")


def sign_in(email: str, password: str, address: str) -> str:
    """Check the password and return the token of a new sign-in. `address` is where the try came from.

    Opens its own short transactions: a failed try must stay counted, and hashing is too slow to hold one.
    Raises `Invalid`, `Throttled` or `WrongCredentials`, the same for an email that nobody uses.
    """
    email = emails.address(email)
    if not password:
        raise Invalid(password="Please enter your password.")  # noqa: S106
    account_id, known_hash = db.write(_count_try, email, address)
    if not passwords.verify(known_hash, password) or account_id is None or known_hash is None:
        raise WrongCredentials
    newer_hash = passwords.hashed(password) if passwords.is_outdated(known_hash) else known_hash
    return db.write(_succeed, account_id, known_hash, newer_hash, address)


def begin(session: Session, account_id: int) -> str:
    """A new sign-in of an account whose owner has proved to be there. Returns its token."""
    token, now = tokens.new(), clock.now()
    session.exec(delete(SignIn).where(col(SignIn.account_id) == account_id, col(SignIn.expires_at) <= now))
    session.add(SignIn(token_hash=_hashed(token), account_id=account_id, expires_at=now + LASTS))
    return token


def come_back(session: Session, account: Account) -> str:
    """As `begin`; whoever closed the account and comes back has it back."""
    assert account.id is not None
    account.closed_at = None
    return begin(session, account.id)


def alias(token: str) -> str:
    """What stands for the token where a page's scripts might see it: it says who is signed in, and opens nothing."""
    return _hashed(token)


def actor_for(session: Session, token: str) -> Actor | None:
    """Who is signed in with this token, if the sign-in still lives."""
    return actor_for_alias(session, alias(token))


def actor_for_alias(session: Session, alias: str) -> Actor | None:
    """Who is signed in with the token of this alias, if the sign-in still lives."""
    account = session.exec(_SIGNED_IN, params={"alias": alias, "now": clock.now()}).first()
    if account is None or account.id is None:
        return None
    return Actor(
        account_id=account.id,
        name=account.name,
        email=account.email,
        role=Role(account.role),
        email_verified=account.email_verified_at is not None,
        facility_id=account.facility_id,
    )


def sign_out(session: Session, token: str) -> None:
    """End the sign-in of this token, if it lives."""
    session.exec(_ending().where(col(SignIn.token_hash) == _hashed(token)))


def sign_out_everywhere(session: Session, actor: Actor) -> None:
    """End every sign-in of the actor's account, this one included."""
    end_all(session, actor.account_id)


def end_all(session: Session, account_id: int, *, but: str = "") -> None:
    """End every sign-in of the account, except the one with the token `but`."""
    session.exec(_ending().where(col(SignIn.account_id) == account_id, col(SignIn.token_hash) != _hashed(but)))


def forget_failures(session: Session, email: str) -> None:
    """Let the owner of the address try again at once, after proving to be the owner."""
    throttle.forget(session, "sign in, email", email)


def _count_try(session: Session, email: str, address: str) -> tuple[int | None, str | None]:
    """Count the try, then look the account up: its id and hash, or None and None."""
    throttle.allow(session, "sign in, email", email, _TRIES_PER_EMAIL, _WINDOW)
    throttle.allow(session, "sign in, address", address, _TRIES_PER_ADDRESS, _WINDOW)
    found = session.exec(select(Account.id, Account.password_hash).where(Account.email == email)).first()
    return found or (None, None)


def _succeed(session: Session, account_id: int, known_hash: str, newer_hash: str, address: str) -> str:
    account = session.get_one(Account, account_id)
    if account.password_hash != known_hash:
        # Changed while we were checking: the old password must not open a sign-in that the change has just ended.
        raise WrongCredentials
    account.password_hash = newer_hash
    forget_failures(session, account.email)
    throttle.forget_last(session, "sign in, address", address)
    return come_back(session, account)


def _ending() -> Update:
    return update(SignIn).where(col(SignIn.ended_at).is_(None)).values(ended_at=clock.now())


def _hashed(token: str) -> str:
    return tokens.hashed("sign-in", token)
