"""Staff posts: the role that a staff account has at each facility."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session, col, delete, select

from rxconnect.domain.accounts import SYSTEM, Actor, ActorKind, Post, PostView, Role
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import BadCommand, NotAllowed, NotFound
from rxconnect.domain.team import Choice
from rxconnect.models import Account, Facility, StaffPost
from rxconnect.models.sorting import by_name
from rxconnect.services.audit.recording import record


def posts(session: Session, account_id: int) -> tuple[Post, ...]:
    """The posts of an account that are not suspended, sorted by facility id."""
    return active_posts(session, account_id) or ()


def active_posts(session: Session, account_id: int) -> tuple[Post, ...] | None:
    """As `posts`, but None when the account has posts and all of them are suspended."""
    mine = select(StaffPost).where(StaffPost.account_id == account_id).order_by(col(StaffPost.facility_id))
    rows = session.exec(mine).all()
    active = tuple(Post(row.facility_id, Role(row.role)) for row in rows if row.suspended_at is None)
    return active if active or not rows else None


def my_posts(session: Session, actor: Actor) -> list[PostView]:
    """The actor's posts, sorted by the facility's name."""
    roles = {post.facility_id: post.role for post in actor.posts}
    rows = session.exec(select(Facility).where(col(Facility.id).in_(roles)).order_by(by_name(Facility.name))).all()
    return [PostView(row.id, row.name, roles[row.id].label) for row in rows if row.id]


def chosen_place(session: Session, allowed: Collection[int], facility_id: int | None) -> tuple[Facility, list[Choice]]:
    """The facility with this id, or without one the first by name, and all that are `allowed` to choose from.

    Raises `NotAllowed`, also for a facility that is not among them.
    """
    places = session.exec(select(Facility).where(col(Facility.id).in_(allowed)).order_by(by_name(Facility.name))).all()
    place = next((one for one in places if facility_id in (None, one.id)), None)
    if place is None:
        raise NotAllowed
    return place, [Choice(str(one.id), one.name, one.id == place.id) for one in places]


def assign(session: Session, account_id: int, facility_id: int, role: Role) -> None:
    """Give a staff account a role at a facility. It replaces an earlier role there, also a suspended one."""
    session.merge(StaffPost(account_id=account_id, facility_id=facility_id, role=role))
    session.flush()
    record(session, SYSTEM, facility_id, AuditKind.POST_GIVEN, subject=f"account {account_id}", role=str(role))


def dismiss(session: Session, account_id: int, facility_id: int) -> None:
    """End the account's post at a facility, from its next event on. Raises `NotFound`."""
    ended = delete(StaffPost).where(col(StaffPost.account_id) == account_id, col(StaffPost.facility_id) == facility_id)
    if not session.exec(ended).rowcount:
        raise NotFound("post")
    record(session, SYSTEM, facility_id, AuditKind.REMOVED, subject=f"account {account_id}")


def staff_id_by_email(session: Session, email: str) -> int:
    """The id of the staff account with this email address, for operators. Raises `BadCommand`."""
    mine = select(Account.id).where(Account.email == email.strip().lower(), Account.kind == ActorKind.STAFF)
    account_id = session.exec(mine).first()
    if account_id is None:
        raise BadCommand(f"email: no account of staff has the address {email}.")
    return account_id
