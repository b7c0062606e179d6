"""Accounts: create one, change its password or name, verify its email address."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, col, select

from rxconnect import db, i18n, routes
from rxconnect.domain import clock
from rxconnect.domain.accounts import NAME_MAX, Actor, ActorKind
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.browsers import Browser
from rxconnect.domain.errors import EmailTaken, Invalid, WrongCredentials
from rxconnect.domain.notices import NoticeKind
from rxconnect.domain.problems import Fact, Problem
from rxconnect.domain.text import one_line
from rxconnect.models import Account
from rxconnect.services.accounts import (
    account_emails,
    devices,
    email_links,
    guesses,
    passwords,
    sign_ins,
    throttle,
)
from rxconnect.services.accounts.email_links import Purpose
from rxconnect.services.audit.recording import record_for_account
from rxconnect.services.notices import dead_addresses, emails
from rxconnect.services.notices.notices import notify

_HOUR = timedelta(hours=1)


def sign_up(email: str, name: str, password: str, browser: Browser) -> str:
    """Create a family account and sign it in; return the sign-in's token. Queues the email that verifies the address.

    Opens its own transactions, because hashing a password is too slow to hold one. Raises `Invalid`, `EmailTaken` or
    `Throttled`.
    """
    account = _build_family_account(email, name, password)
    account.language = i18n.language()
    db.write(throttle.count_attempt, "sign up", browser.address, 60, _HOUR)
    account.password_hash = passwords.hash_password(password)
    return db.write(_sign_up, account, browser)


def create_account(
    session: Session,
    *,
    email: str,
    name: str,
    password: str,
    kind: ActorKind = ActorKind.FAMILY,
    verified: bool = False,
    is_demo: bool = False,
) -> int:
    """Create an account of any kind, for operators and the demonstration; `staff.assign` gives it posts.

    Raises `Invalid` or `EmailTaken`.
    """
    account = _build_family_account(email, name, password)
    account.password_hash = passwords.hash_password(password)
    account.kind, account.is_demo = kind, is_demo
    account.email_verified_at = clock.now() if verified else None
    return _insert_account(session, account)


def change_password(actor: Actor, current_password: str, new_password: str, token: str) -> None:
    """Replace the password and end every sign-in but the one with `token`. Opens its own transactions.

    Raises `Invalid(current_password=…)`, `Invalid(new_password=…)` or `Throttled`.
    """
    _check_new_password(new_password, actor.email, actor.name)
    _check_current_password(actor, current_password, "current_password", Problem.CURRENT_PASSWORD_WRONG())
    db.write(_change_password, actor.account_id, passwords.hash_password(new_password), token)


def check_password(actor: Actor, password: str) -> None:
    """Check the actor's password before something that is hard to undo. Opens its own transactions.

    Raises `Invalid(password=…)` or `Throttled`.
    """
    _check_current_password(actor, password, "password", Problem.PASSWORD_WRONG())


def confirm_password(actor: Actor, password: str) -> None:
    """Check the password and store the time: some permissions need a recent password check (`Actor.must`)."""
    check_password(actor, password)
    db.write(sign_ins.store_password_check, actor)


def request_reset(session: Session, email: str, browser: Browser) -> None:
    """Email a link to choose a new password. The caller cannot tell whether such an account exists.

    Requests are counted by device, or else by IP address, so that strangers cannot use up the owner's requests. Raises
    `Invalid(email=…)` or `Throttled`, also for an email address without an account.
    """
    email = emails.normalised_address(email)
    account = session.exec(select(Account).where(Account.email == email)).first()
    if account is not None and account.id is not None and devices.is_known_to(browser.device, account.id):
        throttle.count_attempt(
            session, "reset, device", f"{devices.device_hash(browser.device)} {account.id}", 5, _HOUR
        )
    else:
        throttle.count_attempt(session, "reset, from address", f"{email} {browser.address}", 5, _HOUR)
        throttle.count_attempt(session, "reset, address", browser.address, 60, _HOUR)
    # Many strangers together must not fill the mailbox. The owner is not shut out: the latest link still works.
    if account is not None and not email_links.has_many_links(session, account, Purpose.RESET):
        link = email_links.make_link(session, account, Purpose.RESET)
        with i18n.using_language(account.language):
            emails.queue(session, email, *account_emails.reset_email(link))


def reset_password(token: str, new_password: str, browser: Browser) -> str:
    """Use the link from an email to replace the password, end every sign-in, and return the token of a new one.

    Opens its own transactions. Raises `LinkExpired`, or `Invalid(new_password=…)`; the link still works after the
    latter. Raises `SecondStepNeeded` for staff, whose second factor is not replaced, `ReopeningNeeded` or `Suspended`.
    """
    email, name = db.read(_email_and_name_of_link, token)
    _check_new_password(new_password, email, name)
    return db.write(_reset_password, token, passwords.hash_password(new_password), browser).complete_token()


def verify_email(session: Session, token: str) -> None:
    """Mark the account's address as verified, since the link was opened. Raises `LinkExpired`."""
    _mark_verified(session, email_links.use_link(session, token, Purpose.VERIFY))


def resend_verification(session: Session, actor: Actor) -> None:
    """Email another link to verify the address, unless it is verified already and emails reach it. Raises `Throttled`."""
    account = session.get_one(Account, actor.account_id)
    if account.email_verified_at is not None and not dead_addresses.is_dead(session, account.email):
        return
    throttle.count_attempt(session, "verify", account.email, 5, _HOUR)
    _queue_verification(session, account)


def rename(session: Session, actor: Actor, name: str) -> str:
    """Change the actor's name and return it as stored. Raises `Invalid(name=…)`."""
    account = session.get_one(Account, actor.account_id)
    account.name = valid_name(name)
    return account.name


def choose_language(session: Session, actor: Actor, language: str) -> None:
    """Set the language of the actor's pages and emails."""
    session.get_one(Account, actor.account_id).language = language


def has_demo_accounts(session: Session) -> bool:
    """Whether the database has demo accounts. Their password is published, so production refuses to start with them."""
    return session.exec(select(Account.id).where(col(Account.is_demo)).limit(1)).first() is not None


def valid_name(name: str) -> str:
    """The name of an account as it is stored. Raises `Invalid(name=…)`."""
    name = one_line(name)
    if not name:
        raise Invalid(name=Problem.NAME_MISSING())
    if not any(ch.isalpha() for ch in name):
        raise Invalid(name=Problem.NAME_WITHOUT_LETTERS())
    if len(name) > NAME_MAX:
        raise Invalid(name=Problem.TOO_LONG(most=NAME_MAX, length=len(name)))
    return name


def _build_family_account(email: str, name: str, password: str) -> Account:
    """Build a family account without adding it. Raises `Invalid` that names every field that is wrong."""
    problems: dict[str, Fact] = {}
    try:
        email = emails.normalised_address(email)
    except Invalid as error:
        problems |= error.fields
    try:
        name = valid_name(name)
    except Invalid as error:
        problems |= error.fields
    if weak := passwords.password_problem(password, email, name):
        problems["password"] = weak
    if problems:
        raise Invalid(**problems)
    return Account(email=email, name=name, password_hash="")


def _check_new_password(new_password: str, email: str, name: str) -> None:
    if weak := passwords.password_problem(new_password, email, name):
        raise Invalid(new_password=weak)


def _check_current_password(actor: Actor, password: str, field: str, wrong: Fact) -> None:
    """Check the actor's current password. Raises `Invalid({field}=wrong)`, or `Throttled` after many wrong guesses."""
    known_hash = db.read(_password_hash_of, actor)
    try:
        with throttle.counting_guesses(guesses.counter_at_confirming(actor.sign_in_id)):
            if not passwords.verify(known_hash, password):
                raise WrongCredentials
    except WrongCredentials:
        raise Invalid(**{field: wrong}) from None


def _insert_account(session: Session, account: Account) -> int:
    if not db.add_once(session, account):
        raise EmailTaken
    assert account.id is not None
    return account.id


def _sign_up(session: Session, account: Account, browser: Browser) -> str:
    account_id = _insert_account(session, account)
    _queue_verification(session, account)
    return sign_ins.create_sign_in(session, account_id, browser)


def _queue_verification(session: Session, account: Account) -> None:
    link = email_links.make_link(session, account, Purpose.VERIFY)
    with i18n.using_language(account.language):
        emails.queue(session, account.email, *account_emails.verification_email(link))


def _password_hash_of(session: Session, actor: Actor) -> str:
    return session.get_one(Account, actor.account_id).password_hash


def _change_password(session: Session, account_id: int, password_hash: str, token: str) -> None:
    account = session.get_one(Account, account_id)
    _replace_password(session, account, password_hash, but=token)


def _email_and_name_of_link(session: Session, token: str) -> tuple[str, str]:
    account = email_links.account_of(session, token, Purpose.RESET)
    return account.email, account.name


def _reset_password(session: Session, token: str, password_hash: str, browser: Browser) -> sign_ins.Opened:
    account = email_links.use_link(session, token, Purpose.RESET)
    # The link was emailed to this address, so using it verifies the address.
    _mark_verified(session, account)
    throttle.reset_guesses(session, guesses.counter_from_address(account.email, browser.address))
    _replace_password(session, account, password_hash)
    return sign_ins.open_sign_in(session, account, browser, is_announced=False)


def _mark_verified(session: Session, account: Account) -> None:
    """Record that the account's owner reads at its address now."""
    account.email_verified_at = clock.now()
    dead_addresses.revive(session, account.email)


def _replace_password(session: Session, account: Account, password_hash: str, *, but: str = "") -> None:
    assert account.id is not None
    account.password_hash = password_hash
    sign_ins.end_all_sign_ins(session, account.id, but=but)
    if account.kind == ActorKind.STAFF:
        record_for_account(session, account.id, AuditKind.PASSWORD_CHANGED)
    link = routes.absolute_url(routes.FORGOT_PASSWORD)
    notify(
        session, account, NoticeKind.SIGN_IN, lambda: account_emails.password_changed_email(link), path=routes.PROFILE
    )
