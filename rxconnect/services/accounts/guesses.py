"""Guesses at passwords: who has to wait, and when the owner hears of them.

A device that has signed in to the account before is counted by itself, so nobody else's guesses make it wait. All others
are counted three times: at this account from this address, at this account from anywhere, and from this address at
anything. The last two only slow a crowd down, by a minute at most, so that one can always get in.
"""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from rxconnect import db, i18n, routes
from rxconnect.config import settings
from rxconnect.domain.browsers import Browser
from rxconnect.domain.errors import Throttled
from rxconnect.models import Account
from rxconnect.services.accounts import account_emails, devices, throttle
from rxconnect.services.accounts.throttle import Guess
from rxconnect.services.notices import emails

_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)
# So many wrong ones within a day, and the owner gets an email about it, once a day.
_TOLD_AFTER = 10


def at_sign_in(account_id: int | None, email: str, browser: Browser) -> list[Guess]:
    """As what a try to sign in is counted. The first one is that by which the owner hears of it."""
    if account_id is not None and devices.knows(browser.device, account_id):
        device = f"{devices.hashed(browser.device)} {account_id}"
        return [Guess("sign in, device", device, 10, 15 * _SECOND, 5 * _MINUTE)]
    return [
        Guess("sign in, anywhere", email, 50, _SECOND, _MINUTE),
        from_address(email, browser.address),
        Guess("sign in, address", browser.address, 100, _SECOND, _MINUTE),
    ]


def from_address(email: str, address: str) -> Guess:
    """As what the tries of an unknown device at one account are counted."""
    return Guess("sign in, from address", f"{email} {address}", 5, 15 * _SECOND, 5 * _MINUTE)


def at_confirming(sign_in_id: int | None) -> Guess:
    """As what the password is counted that is asked for again: by the sign-in, so that none hinders another."""
    return Guess("confirm", str(sign_in_id), 10, 15 * _SECOND, 5 * _MINUTE)


def tell_owner(account_id: int, guess: Guess) -> None:
    """Tell the account's owner, when these guesses have become many; once a day, and what to do.

    Opens its own transactions: most wrong passwords are a slip, and need no write.
    """
    if db.read(throttle.wrong_guesses, guess) >= _TOLD_AFTER:
        db.write(_tell_owner, account_id)


def _tell_owner(session: Session, account_id: int) -> None:
    try:
        throttle.allow(session, "told of guesses", str(account_id), 1, throttle.LONGEST)
    except Throttled:
        return
    link = f"{settings().origin}{routes.FORGOT_PASSWORD}"
    account = session.get_one(Account, account_id)
    with i18n.speaking(account.language):
        emails.queue(session, account.email, *account_emails.many_guesses(link))
