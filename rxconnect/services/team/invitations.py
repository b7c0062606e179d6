"""Invitations to a facility's staff, by an emailed link that works once, for seven days."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from sqlalchemy import Update, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from rxconnect import db, i18n, routes
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, ActorKind, Role
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.browsers import Browser
from rxconnect.domain.errors import EmailTaken, Invalid, LinkExpired, NotForStaff, NotFound
from rxconnect.domain.problems import Problem
from rxconnect.models import Account, Facility, Invitation, StaffPost
from rxconnect.services.accounts import accounts, passwords, sign_ins, staff, throttle, tokens
from rxconnect.services.audit.recording import record
from rxconnect.services.notices import emails
from rxconnect.services.team import team_emails
from rxconnect.services.team.team import must_manage, role_of

LASTS = timedelta(days=7)
_A_DAY = 50


def invite(session: Session, actor: Actor, facility_id: int, *, email: str, name: str, role: str) -> None:
    """Email an invitation, in place of an earlier one to the same address at this facility.

    Whether the address has an account elsewhere makes no difference that the administrator could see. Raises
    `NotAllowed`, `PasswordNeeded`, `Invalid` or `Throttled`.
    """
    must_manage(session, actor, facility_id)
    email, name, chosen = emails.normalised_address(email), accounts.valid_name(name), role_of(role)
    if _works_here(session, facility_id, email):
        raise Invalid(email=Problem.ALREADY_ON_THE_TEAM())
    throttle.count_attempt(session, "invitations", str(facility_id), _A_DAY, timedelta(days=1))
    session.exec(_withdrawal(facility_id).where(col(Invitation.email) == email))
    token = tokens.new_token()
    row = Invitation(
        token_hash=_hash(token),
        facility_id=facility_id,
        email=email,
        name=name,
        role=chosen,
        invited_by=actor.account_id,
        expires_at=clock.now() + LASTS,
    )
    session.add(row)
    session.flush()
    record(session, actor, facility_id, AuditKind.INVITED, subject=f"invitation {row.id}", role=str(chosen))
    facility = session.get_one(Facility, facility_id)
    link = routes.absolute_url(routes.with_query(routes.INVITATION, token=token))
    with i18n.using_language(actor.language):
        emails.queue(session, email, *team_emails.invitation_email(facility.name, chosen.label, link))


def withdraw(session: Session, actor: Actor, facility_id: int, invitation_id: int) -> None:
    """Make an invitation's link useless. Raises `NotAllowed`, `PasswordNeeded` or `NotFound`."""
    must_manage(session, actor, facility_id)
    if session.exec(_withdrawal(facility_id).where(col(Invitation.id) == invitation_id)).rowcount != 1:
        raise NotFound("invitation")
    record(session, actor, facility_id, AuditKind.INVITATION_WITHDRAWN, subject=f"invitation {invitation_id}")


def name_of(session: Session, token: str) -> str:
    """The name that the administrator gave to whom this link invites; "" for a link that does not work."""
    found = session.exec(_living(token)).first()
    return found.name if found else ""


def accept(token: str, name: str, password: str, browser: Browser) -> str:
    """Join a facility's staff: as a new account, or as an account of staff with its own password.

    Returns the token of a sign-in. Opens its own transactions. Raises `SecondStepNeeded`, since staff go on to their
    second factor, or `LinkExpired`, `Invalid`, `EmailTaken`, `NotForStaff`, `WrongCredentials`, `Suspended` or `Throttled`.
    """
    invitation = db.read(_get, token)
    kind = db.read(_kind_of_account, invitation.email)
    if kind is None:
        email, name = invitation.email, accounts.valid_name(name)
        if weak := passwords.password_problem(password, email, name):
            raise Invalid(password=weak)
        account = Account(
            email=email, name=name, password_hash=passwords.hash_password(password), kind=ActorKind.STAFF,
            language=i18n.language(), email_verified_at=clock.now(),
        )  # fmt: skip
        return db.write(_join, token, account, browser).complete_token()
    if kind != ActorKind.STAFF:
        raise NotForStaff
    return sign_ins.sign_in(invitation.email, password, browser, also=partial(_take, token))


def _join(session: Session, token: str, account: Account, browser: Browser) -> sign_ins.Opened:
    invitation = _use_up(session, token)
    if not db.add_once(session, account):
        raise EmailTaken
    _give_post(session, invitation, account)
    return sign_ins.open_sign_in(session, account, browser, is_announced=False)


def _take(token: str, session: Session, account: Account) -> None:
    """Use the invitation up, and give the account its post. Raises `LinkExpired`."""
    _give_post(session, _use_up(session, token), account)


def _use_up(session: Session, token: str) -> Invitation:
    """The invitation, which no second press can use. Raises `LinkExpired`."""
    invitation = _get(session, token)
    used = update(Invitation).where(col(Invitation.id) == invitation.id, col(Invitation.accepted_at).is_(None))
    if session.exec(used.values(accepted_at=clock.now())).rowcount != 1:
        raise LinkExpired
    return invitation


def _give_post(session: Session, invitation: Invitation, account: Account) -> None:
    assert account.id is not None
    # The link was emailed to this address.
    account.email_verified_at = account.email_verified_at or clock.now()
    staff.assign(session, account.id, invitation.facility_id, Role(invitation.role))


def _get(session: Session, token: str) -> Invitation:
    found = session.exec(_living(token)).first()
    if found is None:
        raise LinkExpired
    return found


def _living(token: str) -> SelectOfScalar[Invitation]:
    return select(Invitation).where(
        Invitation.token_hash == _hash(token),
        col(Invitation.accepted_at).is_(None),
        col(Invitation.withdrawn_at).is_(None),
        Invitation.expires_at > clock.now(),
    )


def _withdrawal(facility_id: int) -> Update:
    open_ones = col(Invitation.accepted_at).is_(None), col(Invitation.withdrawn_at).is_(None)
    mine = update(Invitation).where(col(Invitation.facility_id) == facility_id, *open_ones)
    return mine.values(withdrawn_at=clock.now())


def _works_here(session: Session, facility_id: int, email: str) -> bool:
    post = select(StaffPost.account_id).join(Account, col(Account.id) == StaffPost.account_id)
    return session.exec(post.where(StaffPost.facility_id == facility_id, Account.email == email)).first() is not None


def _kind_of_account(session: Session, email: str) -> str | None:
    return session.exec(select(Account.kind).where(Account.email == email)).first()


def _hash(token: str) -> str:
    return tokens.keyed_hash("invitation", token)
