"""Counters of password guesses, and the email that warns an account's owner about many wrong ones.

A device that has signed in to the account before has its own counter, so strangers' guesses do not make it wait. A
guess from any other device is counted three times: for this account and this address, for this account from any
address, and for this address at any account. The last two add a wait of at most one minute, so the owner can always get
in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlmodel import Session

from rxconnect import db, routes
from rxconnect.domain.browsers import Browser
from rxconnect.domain.errors import Throttled
from rxconnect.domain.notices import NoticeKind
from rxconnect.models import Account
from rxconnect.services.accounts import account_emails, devices, throttle
from rxconnect.services.accounts.throttle import Guess
from rxconnect.services.notices.notices import notify

_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)
# The number of wrong guesses within a day after which the owner gets an email. At most one email is sent a day.
_WARN_AFTER = 10


def counters_at_sign_in(account_id: int | None, email: str, browser: Browser) -> list[Guess]:
    """The counters for an attempt to sign in. The first one decides when the owner gets an email."""
    if account_id is not None and devices.is_known_to(browser.device, account_id):
        device = f"{devices.device_hash(browser.device)} {account_id}"
        return [Guess("sign in, device", device, 10, 15 * _SECOND, 5 * _MINUTE)]
    return [
        Guess("sign in, anywhere", email, 50, _SECOND, _MINUTE),
        counter_from_address(email, browser.address),
        Guess("sign in, address", browser.address, 100, _SECOND, _MINUTE),
    ]


def counter_from_address(email: str, address: str) -> Guess:
    """The counter for attempts at one account by unknown devices at one IP address."""
    return Guess("sign in, from address", f"{email} {address}", 5, 15 * _SECOND, 5 * _MINUTE)


def counter_at_confirming(sign_in_id: int | None) -> Guess:
    """The counter for re-entering a password while signed in. Each sign-in has its own, so none makes another wait."""
    return Guess("confirm", str(sign_in_id), 10, 15 * _SECOND, 5 * _MINUTE)


def counters_at_second_step(account_id: int, browser: Browser) -> list[Guess]:
    """The counters for a second factor. Only who knows the password gets there, so others wait longer than at sign-in.

    A known device has its own counter here too. The wait of all other devices together is an hour at most.
    """
    if devices.is_known_to(browser.device, account_id):
        device = f"{devices.device_hash(browser.device)} {account_id}"
        return [Guess("second step, device", device, 10, 15 * _SECOND, 5 * _MINUTE)]
    return [Guess("second step, anywhere", str(account_id), 10, 15 * _SECOND, 60 * _MINUTE)]


def counter_of_passkeys(address: str) -> Guess:
    """The counter for sign-ins with a passkey alone, which name no account, from one IP address."""
    return Guess("passkey, address", address, 100, _SECOND, _MINUTE)


def warn_owner(account_id: int, guess: Guess) -> None:
    """Email the account's owner when this counter shows many wrong passwords, at most once a day.

    Opens its own transactions: most wrong passwords are typing errors, which need no write.
    """
    if db.read(throttle.wrong_guesses, guess) >= _WARN_AFTER:
        db.write(send_warning, account_id, "told of guesses", account_emails.many_guesses_email)


def send_warning(session: Session, account_id: int, what: str, email: Callable[[str], tuple[str, str]]) -> None:
    """Email the account's owner, at most once a day about `what`. The `email` gets the link to the form for a reset."""
    try:
        throttle.count_attempt(session, what, str(account_id), 1, throttle.LONGEST)
    except Throttled:
        return
    link = routes.absolute_url(routes.FORGOT_PASSWORD)
    account = session.get_one(Account, account_id)
    notify(session, account, NoticeKind.SIGN_IN, lambda: email(link), path=routes.PROFILE)
