"""Accounts of every kind, put straight into the database. They cannot sign in: hashing a password is slow on purpose."""

from __future__ import annotations

from sqlmodel import Session

from rxconnect.domain.accounts import Actor, ActorKind, Role
from rxconnect.domain.clock import now
from rxconnect.models import Account
from rxconnect.services.accounts import staff


def add(
    session: Session,
    email: str,
    name: str,
    role: Role | None = None,
    facility_id: int | None = None,
    kind: ActorKind = ActorKind.FAMILY,
) -> Actor:
    """An account with a verified address: of staff with a `role`, at a facility if there is one, else of this `kind`."""
    kind = ActorKind.STAFF if role else kind
    row = Account(email=email, name=name, password_hash="none", kind=kind, email_verified_at=now())
    session.add(row)
    session.flush()
    assert row.id is not None
    if role and facility_id:
        staff.assign(session, row.id, facility_id, role)
    return Actor(row.id, name, email, kind, staff.posts(session, row.id))
