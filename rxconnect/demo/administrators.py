"""The administrator of a demo session's world, on whose behalf its trainer acts there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session, select

from rxconnect import db, world
from rxconnect.demo import scenarios
from rxconnect.demo.seats import room_of
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.demo import Seat
from rxconnect.models import Account
from rxconnect.services.accounts import staff


@contextmanager
def acting(seat: Seat) -> Iterator[tuple[Actor, int]]:
    """Bind the session's world inside the block. Yields the scenario's administrator, and the id of their facility.

    The actor counts as having just entered the password. It may write whoever drives, since only the trainer's pages use it.
    Raises `NotFound` if the session is over.
    """
    with world.own().bound():
        email = db.read(_email, seat)
    with world.world_of(seat.world).bound():
        actor = db.read(_actor, email)
        yield actor, actor.posts[0].facility_id


def _email(session: Session, seat: Seat) -> str:
    return scenarios.parse(room_of(session, seat).scenario).administrator


def _actor(session: Session, email: str) -> Actor:
    row = session.exec(select(Account).where(Account.email == email)).one()
    assert row.id is not None
    posts = staff.posts(session, row.id)
    return Actor(row.id, row.name, row.email, ActorKind.STAFF, posts, language=row.language)
