"""Staff posts: the role that a staff account has at each facility."""

from __future__ import annotations

from sqlmodel import Session, col, delete, select

from rxconnect.domain.accounts import Actor, ActorKind, Permission, Post, PostView, Role
from rxconnect.domain.errors import BadCommand, NotFound
from rxconnect.models import Account, Facility, StaffPost


def posts(session: Session, account_id: int) -> tuple[Post, ...]:
    """The posts of an account, sorted by facility id."""
    rows = session.exec(
        select(StaffPost).where(StaffPost.account_id == account_id).order_by(col(StaffPost.facility_id))
    )
    return tuple(Post(row.facility_id, Role(row.role)) for row in rows)


def my_posts(session: Session, actor: Actor) -> list[PostView]:
    """The actor's posts, sorted by the facility's name."""
    roles = {post.facility_id: post.role for post in actor.posts}
    rows = session.exec(select(Facility).where(col(Facility.id).in_(roles)).order_by(Facility.name)).all()
    seen = actor.facilities(Permission.SEE_FINANCE)
    return [PostView(row.id, row.name, roles[row.id].label, row.id in seen) for row in rows if row.id]


def assign(session: Session, account_id: int, facility_id: int, role: Role) -> None:
    """Give a staff account a role at a facility. It replaces an earlier role there."""
    session.merge(StaffPost(account_id=account_id, facility_id=facility_id, role=role))
    session.flush()


def dismiss(session: Session, account_id: int, facility_id: int) -> None:
    """End the account's post at a facility, from its next event on. Raises `NotFound`."""
    ended = delete(StaffPost).where(col(StaffPost.account_id) == account_id, col(StaffPost.facility_id) == facility_id)
    if not session.exec(ended).rowcount:
        raise NotFound("post")


def staff_id_by_email(session: Session, email: str) -> int:
    """The id of the staff account with this email address, for operators. Raises `BadCommand`."""
    mine = select(Account.id).where(Account.email == email.strip().lower(), Account.kind == ActorKind.STAFF)
    account_id = session.exec(mine).first()
    if account_id is None:
        raise BadCommand(f"email: no account of staff has the address {email}.")
    return account_id
