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
    """Send forged events to a room, and guess its code from one address. Returns the promises that did not hold."""
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
    """Try codes one after the other, as fast as possible. Returns those that were accepted."""
    random, got_in = Random(guesses), []
    for _ in range(guesses):
        code = f"{random.choice(codes.WORDS)}-{random.randrange(1000):03}"
        with suppress(RxConnectError):
            seats.join(code, "Mallory", SeatKind.FAMILY, address_key="one address")
            got_in.append(code)
    return got_in
