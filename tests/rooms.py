"""Demo sessions for tests: a room, and the people who join it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rxconnect import world
from rxconnect.demo import seats, sessions
from rxconnect.domain.demo import Seat, SeatKind
from rxconnect.i18n import ENGLISH
from rxconnect.services.accounts import sign_ins
from rxconnect.world import World


class Room:
    """A session that Aisha has started. Nobody else is in it yet."""

    def __init__(self, scenario: str = "blank", *, starter: str = "the room", allows_guests: bool = True):
        self.trainer, view = sessions.start(
            scenario, name="Aisha", address_key=starter, language=ENGLISH, allows_guests=allows_guests
        )
        self.code = view.code

    def join(self, name: str = "Ben", kind: SeatKind = SeatKind.FAMILY) -> str:
        """Let a person join. Returns the token of their seat."""
        return seats.join(self.code, name, kind, address_key=name)

    @property
    def world(self) -> World:
        """The session's current world."""
        return world.world_of(seat_of(self.trainer).world)


def find(token: str) -> Seat | None:
    """The seat of a token, or None if it is gone."""
    return seats.find(sign_ins.seat_hash(token))


def seat_of(token: str) -> Seat:
    """The seat of a token."""
    found = find(token)
    assert found is not None
    return found


@pytest.fixture
def open_room(demos: Path) -> type[Room]:
    """`open_room()` starts a demo session from a template that already exists."""
    return Room
