"""The steps at which a second factor is asked for: after the password, instead of it, and where it is confirmed.

They open their own transactions: a wrong guess must stay counted.
"""

from __future__ import annotations

from functools import partial

from sqlmodel import Session

from rxconnect import db
from rxconnect.domain.accounts import Actor
from rxconnect.domain.browsers import Browser
from rxconnect.domain.errors import Invalid, NotSignedIn, WrongCredentials, WrongSecondFactor
from rxconnect.domain.problems import Problem
from rxconnect.models import Account
from rxconnect.services.accounts import accounts, guesses, pending_sign_ins, sign_ins, throttle
from rxconnect.services.second_factors import (
    code_apps,
    factor_emails,
    passkeys,
    recovery_codes,
)
from rxconnect.services.second_factors.challenges import Purpose

# After so many wrong codes the owner hears that somebody else knows the password.
_WARN_AFTER = 5


def finish_sign_in(token: str, browser: Browser, *, code: str = "", credential: str = "") -> str:
    """Give the second factor after the password: a code of the app, a recovery code, or a passkey's `credential`.

    Returns the token of the new sign-in. Raises `NotSignedIn` when the password was too long ago, `Invalid`,
    `WrongSecondFactor`, `Suspended` or `Throttled`.
    """
    _require_one(code, credential)
    account = db.read(pending_sign_ins.account_of, token)
    if account is None or account.id is None:
        raise NotSignedIn
    counted = guesses.counters_at_second_step(account.id, browser)
    try:
        with throttle.counting_guesses(*counted):
            return db.write(_finish, token, browser, code, credential)
    except WrongCredentials:
        if db.read(throttle.wrong_guesses, counted[0]) >= _WARN_AFTER:
            warning = factor_emails.wrong_codes_email
            db.write(guesses.send_warning, account.id, "told of wrong codes", warning)
        raise


def sign_in_with_passkey(credential: str, browser: Browser) -> str:
    """Sign in with a passkey alone, which asks for a PIN, a finger or a face. Returns the token of the new sign-in.

    Raises `WrongSecondFactor`, `Suspended` or `Throttled`.
    """
    with throttle.counting_guesses(guesses.counter_of_passkeys(browser.address)):
        return db.write(_sign_in_with_passkey, credential, browser)


def confirm(actor: Actor, password: str, *, code: str = "", credential: str = "") -> None:
    """Check the password and the second factor of staff who are signed in, and store the time.

    Raises `Invalid`, `WrongSecondFactor` or `Throttled`. For the people of the demonstration the password is enough.
    """
    accounts.check_password(actor, password)
    if db.read(_needs_second_factor, actor):
        _require_one(code, credential)
        with throttle.counting_guesses(guesses.counter_at_confirming(actor.sign_in_id)):
            db.write(_check, actor.account_id, code, credential, Purpose.CONFIRM, key_of(actor))
    db.write(sign_ins.store_password_check, actor)


def key_of(actor: Actor) -> str:
    """What a passkey's challenge knows the actor's sign-in by."""
    return f"sign-in {actor.sign_in_id}"


def key_of_pending(token: str) -> str:
    """What a passkey's challenge knows a sign-in by that waits for its second factor."""
    return f"pending {pending_sign_ins.hash_token(token)}"


def take_pending(session: Session, token: str, account: Account, browser: Browser) -> str:
    """Turn a waiting sign-in into a full one, and return its token. Raises `NotSignedIn` or `Suspended`."""
    if not pending_sign_ins.end(session, token):
        raise NotSignedIn
    return sign_ins.complete_sign_in(session, account, browser)


def _finish(session: Session, token: str, browser: Browser, code: str, credential: str) -> str:
    account = pending_sign_ins.account_of(session, token)
    if account is None or account.id is None:
        raise NotSignedIn
    _check(session, account.id, code, credential, Purpose.SECOND_STEP, key_of_pending(token))
    return take_pending(session, token, account, browser)


def _sign_in_with_passkey(session: Session, credential: str, browser: Browser) -> str:
    account_id = passkeys.use(session, credential, Purpose.SIGN_IN, "")
    return sign_ins.complete_sign_in(session, session.get_one(Account, account_id), browser)


def _check(session: Session, account_id: int, code: str, credential: str, purpose: Purpose, key: str) -> None:
    """Use one of the account's second factors. Raises `WrongSecondFactor`."""
    use = partial(code_apps.use_code if code_apps.is_code(_plain(code)) else recovery_codes.use, session, account_id)
    is_right = passkeys.use(session, credential, purpose, key) == account_id if credential else use(_plain(code))
    if not is_right:
        raise WrongSecondFactor


def _plain(code: str) -> str:
    """The code without what people and apps put between its digits."""
    return code.replace(" ", "").replace("-", "")


def _require_one(code: str, credential: str) -> None:
    if not _plain(code) and not credential:
        raise Invalid(one_time_code=Problem.ONE_TIME_CODE_MISSING())


def _needs_second_factor(session: Session, actor: Actor) -> bool:
    return sign_ins.needs_second_factor(session.get_one(Account, actor.account_id))
