"""Change of an account's email address. Both addresses confirm it, each by a link of its own, and until then nothing changes.

An old address that was never confirmed, or from which emails come back, cannot be asked: it gets a notice alone. The sign-ins
stay, since the password was just given; links that were sent to the old address for other purposes end, because they are
tied to it (`email_links`).
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, or_, select

from rxconnect import db, i18n, routes
from rxconnect.domain import clock, dates
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.email_changes import EmailChangeStep, EmailChangeView
from rxconnect.domain.errors import Invalid, LinkExpired
from rxconnect.domain.notices import NoticeKind
from rxconnect.domain.problems import Problem
from rxconnect.models import Account, EmailChange
from rxconnect.services.accounts import accounts, email_change_emails, throttle, tokens
from rxconnect.services.audit.recording import record_for_account
from rxconnect.services.notices import choices, dead_addresses, emails
from rxconnect.services.notices.notices import notify

LASTS = timedelta(days=2)
_PER_HOUR, _HOUR = 5, timedelta(hours=1)
_TOKEN = "email change"  # noqa: S105 - the purpose of its hash


def request(actor: Actor, new_email: str, password: str) -> None:
    """Begin a change to `new_email`, and email both addresses. A change that was begun before ends.

    Opens its own transactions. Raises `Invalid(email=…)`, `Invalid(password=…)` or `Throttled`.
    """
    new_email = emails.normalised_address(new_email)
    if new_email == actor.email:
        raise Invalid(email=Problem.EMAIL_IS_THE_SAME())
    accounts.check_password(actor, password)
    # A transaction of its own, so that requests for addresses in use count too.
    db.write(_count, actor, new_email)
    db.write(_begin, actor, new_email)


def pending(session: Session, actor: Actor) -> EmailChangeView | None:
    """The actor's change that waits to be confirmed."""
    change = session.get(EmailChange, actor.account_id)
    if change is None or change.done_at or change.expires_at <= clock.now():
        return None
    return EmailChangeView(
        new_email=change.new_email,
        old_email=change.old_email,
        new_is_confirmed=change.new_confirmed_at is not None,
        old_is_asked=change.asks_old,
        old_is_confirmed=change.old_confirmed_at is not None,
        until=dates.day_and_time(change.expires_at, choices.time_zone(session, actor.account_id)),
    )


def cancel(session: Session, actor: Actor) -> None:
    """End the actor's change that waits, if there is one."""
    if (change := session.get(EmailChange, actor.account_id)) and not change.done_at:
        session.delete(change)


def confirm(session: Session, token: str) -> EmailChangeStep:
    """Confirm the address to which the link with this `token` was sent. The second of the two carries the change out.

    A link that is pressed again changes nothing more, and returns the same. Raises `LinkExpired`, and `Invalid(token=…)` when
    another account has taken the address meanwhile.
    """
    change = _of_link(session, token)
    if change.done_at:
        return EmailChangeStep.DONE
    if change.new_token_hash == tokens.keyed_hash(_TOKEN, token):
        change.new_confirmed_at = change.new_confirmed_at or clock.now()
    else:
        change.old_confirmed_at = change.old_confirmed_at or clock.now()
    if change.new_confirmed_at is None:
        return EmailChangeStep.WAITS_FOR_NEW
    if change.asks_old and change.old_confirmed_at is None:
        return EmailChangeStep.WAITS_FOR_OLD
    _carry_out(session, change)
    return EmailChangeStep.DONE


def stop(session: Session, token: str) -> EmailChangeStep:
    """End the change that either link belongs to, because a reader of one address did not ask for it. Raises `LinkExpired`."""
    change = _of_link(session, token)
    if change.done_at:
        raise LinkExpired
    session.delete(change)
    return EmailChangeStep.STOPPED


def _count(session: Session, actor: Actor, new_email: str) -> None:
    throttle.count_attempt(session, "email change", str(actor.account_id), _PER_HOUR, _HOUR)
    # Many accounts together must not fill a stranger's mailbox.
    throttle.count_attempt(session, "email change, to", new_email, _PER_HOUR, _HOUR)


def _begin(session: Session, actor: Actor, new_email: str) -> None:
    if session.exec(select(Account.id).where(Account.email == new_email)).first() is not None:
        raise Invalid(email=Problem.EMAIL_TAKEN())
    account = session.exec(select(Account).where(Account.id == actor.account_id).with_for_update()).one()
    asks_old = account.email_verified_at is not None and not dead_addresses.is_dead(session, account.email)
    to_new, to_old = tokens.new_token(), tokens.new_token()
    session.merge(
        EmailChange(
            account_id=actor.account_id,
            old_email=account.email,
            new_email=new_email,
            old_token_hash=tokens.keyed_hash(_TOKEN, to_old),
            new_token_hash=tokens.keyed_hash(_TOKEN, to_new),
            requested_at=clock.now(),
            expires_at=clock.now() + LASTS,
            asks_old=asks_old,
            old_confirmed_at=None,
            new_confirmed_at=None,
            done_at=None,
        )
    )
    with i18n.using_language(account.language):
        emails.queue(session, new_email, *email_change_emails.to_new_address(_link(to_new)))
        wording = email_change_emails.to_old_address if asks_old else email_change_emails.notice_to_old_address
        emails.queue(session, account.email, *wording(_link(to_old)))


def _link(token: str) -> str:
    return routes.absolute_url(routes.with_query(routes.CONFIRM_EMAIL, token=token))


def _of_link(session: Session, token: str) -> EmailChange:
    """The change of a link. Its account is locked, so that both links pressed at one moment carry it out once.

    Raises `LinkExpired`.
    """
    hashed = tokens.keyed_hash(_TOKEN, token)
    mine = or_(col(EmailChange.new_token_hash) == hashed, col(EmailChange.old_token_hash) == hashed)
    owner = session.exec(select(EmailChange.account_id).where(mine)).first()
    session.exec(select(Account.id).where(Account.id == owner).with_for_update()).first()
    change = session.exec(select(EmailChange).where(mine)).first()
    if change is None or change.expires_at <= clock.now():
        raise LinkExpired
    return change


def _carry_out(session: Session, change: EmailChange) -> None:
    account = session.get_one(Account, change.account_id)
    if account.closed_at or account.email != change.old_email:
        raise LinkExpired
    try:
        # The unique index decides between two accounts that want one address.
        with session.begin_nested():
            account.email, account.email_verified_at = change.new_email, clock.now()
            session.flush()
    except IntegrityError:
        raise Invalid(token=Problem.EMAIL_TAKEN()) from None
    change.done_at = clock.now()
    dead_addresses.revive(session, change.new_email)
    if account.kind == ActorKind.STAFF:
        record_for_account(session, change.account_id, AuditKind.EMAIL_CHANGED)
    with i18n.using_language(account.language):
        emails.queue(session, change.old_email, *email_change_emails.changed_email())
    notify(session, account, NoticeKind.SIGN_IN, email_change_emails.changed_email, path=routes.ACCOUNT)
