"""Setting up a second factor: at the first sign-in of staff, where it is required, and later from the profile."""

from __future__ import annotations

from sqlmodel import Session, select

from rxconnect import db, world
from rxconnect.domain.accounts import Actor
from rxconnect.domain.browsers import Browser
from rxconnect.domain.errors import Invalid, NotAllowed
from rxconnect.domain.problems import Problem
from rxconnect.domain.second_factors import Applicant
from rxconnect.i18n import N_
from rxconnect.models import Account
from rxconnect.services.accounts import pending_sign_ins
from rxconnect.services.second_factors import code_apps, passkeys, second_factors, second_steps


def applicant_of(session: Session, token: str, actor: Actor | None) -> Applicant | None:
    """Who may set up a second factor in a browser with these: the token of a waiting sign-in, or a signed-in actor.

    None when nobody may. A password alone never adds a second factor to an account that has one. Raises `NotAllowed` in
    a demo session, whose accounts nobody signs in to, and `PasswordNeeded`.
    """
    account = pending_sign_ins.account_of(session, token)
    if account is not None and account.id is not None:
        key = second_steps.key_of_pending(token)
        has_one = second_factors.has_any(session, account.id)
        return None if has_one else Applicant(account.id, account.email, account.name, key, token)
    if actor is None:
        return None
    if not world.current().is_own:
        raise NotAllowed
    actor.must_be_fresh()
    return Applicant(actor.account_id, actor.email, actor.name, second_steps.key_of(actor))


def secret_and_address(session: Session, applicant: Applicant) -> tuple[str, str]:
    """The secret for the applicant's app in base32, and as the address in a QR code."""
    secret = code_apps.new_secret(session, applicant.account_id, applicant.key)
    return secret, code_apps.address_for_app(secret, applicant.email)


def set_up_app(applicant: Applicant, code: str, browser: Browser) -> str:
    """Set up the app with the secret shown, if the code is right. Returns the token of a new sign-in, or "".

    Opens its own transaction. Raises `Invalid(one_time_code=…)`, `NotSignedIn` or `Suspended`.
    """
    return db.write(_set_up_app, applicant, code.replace(" ", ""), browser)


def add_passkey(applicant: Applicant, credential: str, browser: Browser) -> str:
    """Add the passkey that the browser has made. Returns the token of a new sign-in, or "".

    Opens its own transaction. Raises `WrongSecondFactor`, `Invalid`, `NotSignedIn` or `Suspended`.
    """
    return db.write(_add_passkey, applicant, credential, browser)


def _set_up_app(session: Session, applicant: Applicant, code: str, browser: Browser) -> str:
    account = _lock(session, applicant)
    if not code:
        raise Invalid(one_time_code=Problem.ONE_TIME_CODE_MISSING())
    secret = code_apps.new_secret(session, applicant.account_id, applicant.key)
    if not code_apps.set_up(session, applicant.account_id, secret, code):
        raise Invalid(one_time_code=Problem.ONE_TIME_CODE_WRONG())
    return _finish(
        session, applicant, account, browser, N_("An app for one-time codes was added to your RxConnect account.")
    )


def _add_passkey(session: Session, applicant: Applicant, credential: str, browser: Browser) -> str:
    account = _lock(session, applicant)
    passkeys.register(session, applicant.account_id, credential, applicant.key, browser.name)
    return _finish(session, applicant, account, browser, N_("A passkey was added to your RxConnect account."))


def _lock(session: Session, applicant: Applicant) -> Account:
    """Lock the account. Raises `NotAllowed` if it has got a second factor since the password was given."""
    account = session.exec(select(Account).where(Account.id == applicant.account_id).with_for_update()).one()
    if applicant.token and second_factors.has_any(session, applicant.account_id):
        raise NotAllowed
    return account


def _finish(session: Session, applicant: Applicant, account: Account, browser: Browser, change: str) -> str:
    second_factors.tell(session, account, change)
    return second_steps.take_pending(session, applicant.token, account, browser) if applicant.token else ""
