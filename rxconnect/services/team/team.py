"""The staff of a facility: who they are, and changes to their posts by its administrators."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, delete, func, select

from rxconnect.domain import clock, dates
from rxconnect.domain.accounts import PERMISSIONS, Actor, Permission, Role
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import Invalid, LastAdministrator, NotAllowed, NotFound
from rxconnect.domain.problems import Problem
from rxconnect.domain.team import InvitationView, MemberView, RoleView, TeamView
from rxconnect.i18n import _
from rxconnect.models import Account, CodeApp, Invitation, Passkey, SignIn, StaffPost
from rxconnect.models.sorting import by_name
from rxconnect.services.accounts.staff import chosen_place
from rxconnect.services.audit.recording import Act, record_acts

_MANAGING = [role for role in Role if Permission.MANAGE_STAFF in PERMISSIONS[role]]


def team(session: Session, actor: Actor, facility_id: int | None = None) -> TeamView:
    """The staff of a facility, those at work first, by name. Without an id, it is the actor's first facility by name.

    Raises `NotAllowed`, also for a facility that is not the actor's to manage.
    """
    place, choices = chosen_place(session, actor.facilities(Permission.MANAGE_STAFF), facility_id)
    assert place.id is not None
    return TeamView(place.id, place.name, choices, _members(session, actor, place.id), _invitations(session, place.id))


def roles() -> list[RoleView]:
    """Every role, and what it may do in plain words, as `PERMISSIONS` has it."""
    return [
        RoleView(role, role.label, role.purpose, [one.label for one in Permission if one in PERMISSIONS[role]])
        for role in Role
    ]


def change_role(session: Session, actor: Actor, facility_id: int, account_id: int, role: str) -> None:
    """Give a member of the facility's staff another role there.

    Raises `NotAllowed`, `PasswordNeeded`, `NotFound`, `Invalid` or `LastAdministrator`.
    """
    must_manage(session, actor, facility_id)
    chosen = role_of(role)
    _change(session, facility_id, account_id, role=chosen)
    _require_an_administrator(session, facility_id)
    _record(session, actor, facility_id, account_id, AuditKind.ROLE_CHANGED, role=str(chosen))


def suspend(session: Session, actor: Actor, facility_id: int, account_id: int) -> None:
    """Take a member's rights at the facility away, until they are reinstated.

    Who works nowhere else is signed out at the next event. Raises as `change_role` does.
    """
    must_manage(session, actor, facility_id)
    _change(session, facility_id, account_id, suspended_at=clock.now())
    _require_an_administrator(session, facility_id)
    _record(session, actor, facility_id, account_id, AuditKind.SUSPENDED)


def reinstate(session: Session, actor: Actor, facility_id: int, account_id: int) -> None:
    """Give a suspended member the rights back. Raises as `change_role` does."""
    must_manage(session, actor, facility_id)
    _change(session, facility_id, account_id, suspended_at=None)
    _record(session, actor, facility_id, account_id, AuditKind.REINSTATED)


def remove(session: Session, actor: Actor, facility_id: int, account_id: int) -> None:
    """End a member's post at the facility. The account stays, with its posts elsewhere. Raises as `change_role` does."""
    must_manage(session, actor, facility_id)
    ended = delete(StaffPost).where(_is_post(facility_id, account_id))
    if not session.exec(ended).rowcount:
        raise NotFound("member")
    _require_an_administrator(session, facility_id)
    _record(session, actor, facility_id, account_id, AuditKind.REMOVED)


def must_manage(session: Session, actor: Actor, facility_id: int) -> None:
    """Lock the facility's administrators, and require that the actor is one of them now.

    Changes to a team wait here for each other, so that of two administrators who demote each other, the second is refused.
    Raises `NotAllowed` or `PasswordNeeded`.
    """
    if facility_id not in actor.must(Permission.MANAGE_STAFF):
        raise NotAllowed
    if actor.account_id not in _administrators(session, facility_id):
        raise NotAllowed


def role_of(text: str) -> Role:
    """The role that a browser sent. Raises `Invalid(role=…)`."""
    if text not in list(Role):
        raise Invalid(role=Problem.ROLE_UNKNOWN())
    return Role(text)


def _administrators(session: Session, facility_id: int) -> list[int]:
    """The ids of those who can manage the facility's staff, locked until the transaction ends."""
    posts = select(StaffPost.account_id).where(
        StaffPost.facility_id == facility_id,
        col(StaffPost.role).in_(_MANAGING),
        col(StaffPost.suspended_at).is_(None),
    )
    return list(session.exec(posts.order_by(col(StaffPost.account_id)).with_for_update()).all())


def _require_an_administrator(session: Session, facility_id: int) -> None:
    if not _administrators(session, facility_id):
        raise LastAdministrator


def _change(session: Session, facility_id: int, account_id: int, **values: Any) -> None:
    changed = update(StaffPost).where(_is_post(facility_id, account_id)).values(**values)
    if not session.exec(changed).rowcount:
        raise NotFound("member")


def _record(
    session: Session, actor: Actor, facility_id: int, account_id: int, kind: AuditKind, **details: object
) -> None:
    record_acts(session, actor, [Act(facility_id, kind, subject=f"account {account_id}", details=details)])


def _is_post(facility_id: int, account_id: int) -> Any:
    return (col(StaffPost.facility_id) == facility_id) & (col(StaffPost.account_id) == account_id)


def _members(session: Session, actor: Actor, facility_id: int) -> list[MemberView]:
    posts = select(StaffPost, Account).join(Account, col(Account.id) == StaffPost.account_id)
    rows = session.exec(
        posts.where(StaffPost.facility_id == facility_id).order_by(by_name(Account.name), Account.email)
    ).all()
    ids = [post.account_id for post, _account in rows]
    passkeys = _having(session, Passkey.account_id, ids)
    apps = _having(session, CodeApp.account_id, ids)
    seen = dict(
        session.exec(
            select(SignIn.account_id, func.max(SignIn.seen_at))
            .where(col(SignIn.account_id).in_(ids))
            .group_by(col(SignIn.account_id))
        ).all()
    )
    members = [
        MemberView(
            account_id=post.account_id,
            name=account.name,
            email=account.email,
            role=post.role,
            role_label=Role(post.role).label,
            is_suspended=post.suspended_at is not None,
            is_me=post.account_id == actor.account_id,
            second_factor=_in_words(post.account_id in passkeys, post.account_id in apps),
            last_seen=dates.ago(seen[post.account_id]) if post.account_id in seen else "",
        )
        for post, account in rows
    ]
    return sorted(members, key=lambda member: member.is_suspended)


def _having(session: Session, column: Any, ids: Iterable[int]) -> set[int]:
    return set(session.exec(select(column).where(col(column).in_(ids))).all())


def _in_words(has_passkey: bool, has_app: bool) -> str:
    if has_passkey and has_app:
        return _("Passkey and one-time codes")
    if has_passkey:
        return _("Passkey")
    return _("One-time codes") if has_app else _("No second step yet")


def _invitations(session: Session, facility_id: int) -> list[InvitationView]:
    waiting = select(Invitation).where(
        Invitation.facility_id == facility_id,
        col(Invitation.accepted_at).is_(None),
        col(Invitation.withdrawn_at).is_(None),
    )
    now = clock.now()
    return [
        InvitationView(
            row.id, row.name, row.email, Role(row.role).label, dates.ago(row.created_at), row.expires_at <= now
        )
        for row in session.exec(waiting.order_by(col(Invitation.id).desc())).all()
        if row.id is not None
    ]
