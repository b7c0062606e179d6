"""Forged events and guessed codes against demo sessions, by people who may not change anything."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from random import Random
from unittest.mock import patch

from rxconnect import db
from rxconnect.demo import codes, seats
from rxconnect.domain.demo import SeatKind
from rxconnect.domain.errors import RxConnectError
from tests.rooms import Room
from tests.state.driver import Server
from tests.state.forgeries import attack
from tests.worlds import installed


def soak(folder: Path, *, events: int, guesses: int) -> list[str]:
    """So many forged events in a room, and guesses of its code from one address. Returns what was untrue."""
    with patch.dict("os.environ", RXCONNECT_DATA_DIR=str(folder)), installed():
        db.upgrade()
        server = Server()
        try:
            room = Room("first-letter")
            changed = attack(server, room, events, Random(events))
            got_in = _guess(guesses)
        finally:
            server.close()
    return [f"forged events changed {what}" for what in changed] + [f"{one} let a guest in" for one in got_in]


def _guess(guesses: int) -> list[str]:
    """The codes, tried one after the other as fast as they go, with which somebody came in."""
    random, got_in = Random(guesses), []
    for _ in range(guesses):
        code = f"{random.choice(codes.WORDS)}-{random.randrange(1000):03}"
        with suppress(RxConnectError):
            seats.join(code, "Mallory", SeatKind.FAMILY, address_key="one address")
            got_in.append(code)
    return got_in
