"""Signing in and out. Each signed-in browser has one `SignIn` row and a cookie with its token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Update, bindparam, delete, false, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, or_, select

from rxconnect import db, i18n, routes, world
from rxconnect.config import settings
from rxconnect.domain import clock
from rxconnect.domain.accounts import PASSWORD_MAX, Actor, ActorKind
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.browsers import Browser
from rxconnect.domain.errors import (
    Invalid,
    ReopeningNeeded,
    SecondStepNeeded,
    Suspended,
    WrongCredentials,
)
from rxconnect.domain.notices import NoticeKind
from rxconnect.domain.problems import Problem
from rxconnect.models import Account, SignIn
from rxconnect.services.accounts import (
    account_emails,
    devices,
    guesses,
    passwords,
    pending_sign_ins,
    seen,
    staff,
    throttle,
    tokens,
)
from rxconnect.services.audit.recording import record_for_account
from rxconnect.services.notices import emails
from rxconnect.services.notices.notices import notify

LASTS = timedelta(days=30)
# A staff browser stands in a shared room and shows the messages of many families.
_STAFF_LASTS = timedelta(hours=12)
_NO_BROWSER = Browser("")

# Every event runs this query. It is built once and selects columns, because building it, or loading two objects, takes
# longer than running it.
_SIGNED_IN: Select[*tuple[Any, ...]] = (
    columns(
        col(Account.id),
        col(Account.name),
        col(Account.email),
        col(Account.kind),
        col(Account.email_verified_at),
        col(Account.language),
        col(SignIn.id).label("sign_in_id"),
        col(SignIn.created_at),
        col(SignIn.seen_at),
        col(SignIn.password_at),
    )
    .join(SignIn, col(SignIn.account_id) == col(Account.id))
    .where(
        col(SignIn.token_hash) == bindparam("token_hash"),
        col(SignIn.ended_at).is_(None),
        col(SignIn.expires_at) > bindparam("now"),
        # People in custody sign in at a kiosk alone (`services.kiosk`).
        col(Account.kind) != ActorKind.KIOSK.value,
    )
)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a right password has opened: a sign-in, or only the way to what `comes_first`.

    That is the second factor of most staff, or the question whether to open a closed account again.
    """

    token: str
    comes_first: type[SecondStepNeeded] | type[ReopeningNeeded] | None = None

    def complete_token(self) -> str:
        """The token of the sign-in. Raises `SecondStepNeeded` or `ReopeningNeeded` with that of the next step."""
        if self.comes_first:
            raise self.comes_first(self.token)
        return self.token


def cookie_name() -> str:
    """The sign-in cookie's name. Over TLS, `__Host-` keeps other sites of the same domain from setting it.

    In the world of a demo session the seat is the sign-in, so there it is the seat's cookie.
    """
    if not world.current().is_own:
        return seat_cookie_name()
    return "__Host-rxconnect" if settings().is_https else "rxconnect"


def seat_cookie_name() -> str:
    """The name of the cookie of a seat in a demo session."""
    return "__Host-rxconnect-seat" if settings().is_https else "rxconnect-seat"


def led_cookie_name() -> str:
    """The name of the cookie with the seat's token of a trainer whose session has ended. It signs nobody in."""
    return "__Host-rxconnect-led" if settings().is_https else "rxconnect-led"


def seat_hash(token: str) -> str:
    """What the installation's database knows a seat's token by, whichever world is bound."""
    with world.own().bound():
        return tokens.keyed_hash("seat", token)


def begin_for_seat(session: Session, account_id: int, seat_hash: str) -> None:
    """Sign a seat in, in the world of its demo session."""
    expires_at = clock.now() + LASTS
    session.add(SignIn(token_hash=hash_for_seat(seat_hash), account_id=account_id, expires_at=expires_at))


def end_for_seat(session: Session, seat_hash: str) -> None:
    """End the sign-in of a seat, if it has one."""
    session.exec(delete(SignIn).where(col(SignIn.token_hash) == hash_for_seat(seat_hash)))


def hash_for_seat(seat_hash: str) -> str:
    """The hash of a seat's sign-in in the current world. No token is needed, so that a reset can sign every seat in."""
    return tokens.keyed_hash("sign-in", seat_hash)


def token_from_cookie(header: str) -> str:
    """The sign-in's token in a `Cookie` header, or ""."""
    return cookie_value(header, cookie_name())


def cookie_value(header: str, wanted: str) -> str:
    """The value of the `wanted` cookie in a `Cookie` header, or ""."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return next((value for name, _, value in pairs if name == wanted), "")


def sign_in(
    email: str, password: str, browser: Browser, *, also: Callable[[Session, Account], None] | None = None
) -> str:
    """Check the password and return the token of a new sign-in, which replaces the browser's earlier one.

    `also` runs in the transaction that signs in. Opens its own short transactions: a wrong guess must stay counted, and
    hashing is too slow to hold one. Raises `Invalid`, `Throttled` or `WrongCredentials`, also for an email address
    without an account, `ReopeningNeeded`, and for staff `SecondStepNeeded` or `Suspended`.
    """
    email = emails.normalised_address(email)
    if not password:
        raise Invalid(password=Problem.PASSWORD_MISSING())
    if len(password) > PASSWORD_MAX:
        raise Invalid(password=Problem.PASSWORD_TOO_LONG(most=PASSWORD_MAX, length=len(password)))
    account_id, known_hash = db.read(_find_id_and_hash, email)
    counted = guesses.counters_at_sign_in(account_id, email, browser)
    try:
        with throttle.counting_guesses(*counted) as guess:
            if not passwords.verify(known_hash, password) or account_id is None or known_hash is None:
                raise WrongCredentials
            newer_hash = passwords.hash_password(password) if passwords.is_outdated(known_hash) else known_hash
            opened = db.write(_finish_sign_in, account_id, known_hash, newer_hash, browser, guess, also)
    except WrongCredentials:
        if account_id is not None:
            guesses.warn_owner(account_id, counted[0])
        raise
    return opened.complete_token()


def open_sign_in(session: Session, account: Account, browser: Browser, *, is_announced: bool = True) -> Opened:
    """Sign in after the password was proved, or lead on to the second factor, or to the question of a closed account.

    An account's owner gets an email about a new device if it `is_announced`. Raises `Suspended`.
    """
    _refuse_suspended(session, account)
    assert account.id is not None
    if account.closed_at:
        return Opened(pending_sign_ins.begin(session, account.id), ReopeningNeeded)
    if needs_second_factor(account):
        return Opened(pending_sign_ins.begin(session, account.id), SecondStepNeeded)
    if is_announced:
        _announce_device(session, account, browser)
    return Opened(_sign_in_account(session, account, browser))


def complete_sign_in(session: Session, account: Account, browser: Browser) -> str:
    """Sign in after the second factor was proved, and return the token. Raises `Suspended`."""
    _refuse_suspended(session, account)
    _announce_device(session, account, browser)
    return _sign_in_account(session, account, browser)


def needs_second_factor(account: Account) -> bool:
    """Whether the account must give a second factor. For the people of the demonstration the published password is enough."""
    return account.kind == ActorKind.STAFF and not account.is_demo


def create_sign_in(session: Session, account_id: int, browser: Browser = _NO_BROWSER) -> str:
    """Create a sign-in for an account, after its owner was authenticated. Returns the token.

    It ends this browser's earlier sign-in, because the cookie with that token is overwritten.
    """
    token, now = tokens.new_token(), clock.now()
    session.exec(delete(SignIn).where(col(SignIn.account_id) == account_id, col(SignIn.expires_at) <= now))
    session.exec(_end_statement().where(_is_of_browser(browser)))
    session.add(
        SignIn(
            token_hash=hash_token(token),
            account_id=account_id,
            expires_at=now + LASTS,
            device=browser.name,
            device_hash=devices.device_hash(browser.device),
        )
    )
    return token


def _sign_in_account(session: Session, account: Account, browser: Browser) -> str:
    """Create a sign-in after all was proved. An account without a language gets the language of this browser."""
    assert account.id is not None
    account.language = account.language or i18n.language()
    if account.kind == ActorKind.STAFF:
        record_for_account(session, account.id, AuditKind.SIGNED_IN)
    return create_sign_in(session, account.id, browser)


def hash_token(token: str) -> str:
    """The token's keyed hash, as stored in the database. Nobody can sign in with the hash, only with the token."""
    return tokens.keyed_hash("sign-in", token) if world.current().is_own else hash_for_seat(seat_hash(token))


def actor_for(session: Session, token: str, *, is_used: bool = True) -> Actor | None:
    """The actor who is signed in with this token; None when the sign-in has ended. `is_used` is as in `actor_for_hash`."""
    return actor_for_hash(session, hash_token(token), is_used=is_used)


def actor_for_hash(session: Session, token_hash: str, *, is_used: bool = True) -> Actor | None:
    """The actor whose sign-in token has this keyed hash, or None when the sign-in has ended or the staff are suspended.

    With `is_used` this counts as activity. What nobody does by hand passes False, so it does not extend the sign-in: a
    page that reloads by itself, or a socket that opens again.
    """
    now = clock.now()
    found = session.connection().execute(_SIGNED_IN, {"token_hash": token_hash, "now": now}).first()
    actor = _actor(found, token_hash, now, is_used=is_used)
    if actor is None or actor.kind is not ActorKind.STAFF:
        return actor
    posts = staff.active_posts(session, actor.account_id)
    return None if posts is None else replace(actor, posts=posts)


def find_family_actor(token_hash: str, *, is_used: bool = True) -> Actor | None:
    """Like `actor_for_hash`, but faster, in its own transaction. For many family events this is the only query.

    The actor may be of another kind: it then has no posts, and the caller must refuse it.
    """
    now = clock.now()
    return _actor(db.read_row(_SIGNED_IN, {"token_hash": token_hash, "now": now}), token_hash, now, is_used=is_used)


def _actor(found: Row[Any] | None, token_hash: str, now: datetime, *, is_used: bool) -> Actor | None:
    if found is None:
        return None
    kind = ActorKind(found.kind)
    # How long the sign-in of a demo session lasts, its seat decides: staff who watch do nothing for a long time.
    may_end = kind is ActorKind.STAFF and world.current().is_own
    if may_end and _is_over(found.created_at, seen.last_use(token_hash, found.seen_at), now):
        return None
    if is_used:
        seen.cache_last_use(token_hash, now)
    return Actor(
        account_id=found.id,
        name=found.name,
        email=found.email,
        kind=kind,
        email_verified=found.email_verified_at is not None,
        language=found.language,
        sign_in_id=found.sign_in_id,
        # Nobody in a demo session has ever given a password, and no money there is real.
        password_at=found.password_at if world.current().is_own else now,
    )


def time_left(session: Session, token_hash: str) -> timedelta:
    """The time until a staff sign-in ends unless it is used, and in a demo session a day. This does not count as use."""
    if not world.current().is_own:
        return timedelta(days=1)
    now = clock.now()
    times = select(SignIn.created_at, SignIn.seen_at).where(SignIn.token_hash == token_hash)
    found = session.exec(times.where(col(SignIn.ended_at).is_(None))).first()
    if found is None:
        return timedelta(0)
    began, seen_at = found
    return min(began + _STAFF_LASTS, seen.last_use(token_hash, seen_at) + _staff_idle()) - now


def store_password_check(session: Session, actor: Actor) -> None:
    """Store the time at which the actor re-entered the password."""
    if actor.kind is ActorKind.STAFF:
        record_for_account(session, actor.account_id, AuditKind.CONFIRMED)
    session.exec(update(SignIn).where(col(SignIn.id) == actor.sign_in_id).values(password_at=clock.now()))


def sign_out(session: Session, token: str) -> None:
    """End the sign-in with this token, unless it has already ended."""
    mine = _end_statement().where(col(SignIn.token_hash) == hash_token(token))
    for account_id in session.exec(mine.returning(col(SignIn.account_id))).scalars().all():
        # Does nothing for a family.
        record_for_account(session, account_id, AuditKind.SIGNED_OUT)


def sign_out_everywhere(session: Session, actor: Actor) -> None:
    """End every sign-in of the actor's account, this one included."""
    end_all_sign_ins(session, actor.account_id)
    if actor.kind is ActorKind.STAFF:
        record_for_account(session, actor.account_id, AuditKind.SIGNED_OUT, everywhere=True)


def end_all_sign_ins(session: Session, account_id: int, *, but: str = "") -> None:
    """End every sign-in of the account, except the one with the token `but`, and each that waits for a second factor."""
    pending_sign_ins.end_all(session, account_id)
    session.exec(
        _end_statement().where(col(SignIn.account_id) == account_id, col(SignIn.token_hash) != hash_token(but))
    )


def _find_id_and_hash(session: Session, email: str) -> tuple[int | None, str | None]:
    """The account's id and hash, or None and None."""
    return session.exec(select(Account.id, Account.password_hash).where(Account.email == email)).first() or (None, None)


def _refuse_suspended(session: Session, account: Account) -> None:
    assert account.id is not None
    if account.kind == ActorKind.STAFF and staff.active_posts(session, account.id) is None:
        raise Suspended


def _announce_device(session: Session, account: Account, browser: Browser) -> None:
    """Email the owner of an account that signs in on a device that it has not used before."""
    assert account.id is not None
    is_new = browser.device and not devices.is_known_to(browser.device, account.id)
    if is_new and _has_signed_in(session, account.id):
        link = routes.absolute_url(routes.FORGOT_PASSWORD)
        wording = partial(account_emails.new_device_email, browser.name, link)
        notify(session, account, NoticeKind.SIGN_IN, wording, path=routes.PROFILE)


def _finish_sign_in(
    session: Session,
    account_id: int,
    known_hash: str,
    newer_hash: str,
    browser: Browser,
    guess: throttle.CountedGuess,
    also: Callable[[Session, Account], None] | None,
) -> Opened:
    """Go on after the password was verified: undo the count of the guess, and open a sign-in or the way to the second step."""
    account = session.get_one(Account, account_id)
    if account.password_hash != known_hash:
        # The password was changed while we checked the old one, which must no longer sign in.
        raise WrongCredentials
    account.password_hash = newer_hash
    # First the rows that another sign-in from this address may delete too, so that the two wait for each other in one order.
    throttle.reset_guesses(session, guesses.counter_from_address(account.email, browser.address))
    guess.undo(session)
    if also is not None:
        also(session, account)
    return open_sign_in(session, account, browser)


def _has_signed_in(session: Session, account_id: int) -> bool:
    """Whether the account has ever signed in."""
    return session.exec(select(SignIn.id).where(SignIn.account_id == account_id).limit(1)).first() is not None


def _is_over(began: datetime, last_used: datetime, now: datetime) -> bool:
    """Whether a staff sign-in has reached its longest duration or idle time."""
    return now - began > _STAFF_LASTS or now - last_used > _staff_idle()


def _staff_idle() -> timedelta:
    return timedelta(minutes=settings().staff_idle)


def _is_of_browser(browser: Browser) -> ColumnElement[bool]:
    """The condition for this browser's earlier sign-ins: the one in its cookie, and those of its device."""
    had = [
        (SignIn.token_hash, browser.token and hash_token(browser.token)),
        (SignIn.device_hash, devices.device_hash(browser.device)),
    ]
    return or_(false(), *(col(column) == value for column, value in had if value))


def _end_statement() -> Update:
    return update(SignIn).where(col(SignIn.ended_at).is_(None)).values(ended_at=clock.now())
