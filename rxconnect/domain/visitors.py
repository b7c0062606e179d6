"""Visitors: the holders of sockets, as the socket's handshake proved them."""

from __future__ import annotations

from dataclasses import dataclass

from rxconnect.i18n import ENGLISH


@dataclass(frozen=True, slots=True)
class Visitor:
    """The holder of a socket. It stays in one process's memory and never reaches a database, Redis or a page.

    `sign_in` is the hash under which the database stores the sign-in, or "". `address` is the key by which attempts are
    counted. `had_cookie` says that the browser sent our cookie, even if its sign-in has ended. `world` is the name of
    the world that the socket was opened in (`rxconnect/world.py`), and `language` the language of its pages. `seat` is
    the hash of the browser's seat in a demo session, or "". A browser whose seat is gone is not signed in, even if it
    sends a sign-in cookie too. `kiosk` is the hash of the sign-in of a person in custody, or "": a cookie of its own, which
    only the kiosk's pages use. `watches` is the id of a seat of the same demo session if the socket is of a frame that only
    shows its pages (the split view). The browser says so, and gives up everything else with it.
    `led` is the demo session that has ended and whose trainer this browser was, or 0.
    """

    sign_in: str = ""
    address: str = ""
    had_cookie: bool = False
    world: str = ""
    language: str = ENGLISH
    seat: str = ""
    kiosk: str = ""
    watches: int = 0
    led: int = 0

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody is signed in."""
        return not self.sign_in and not self.kiosk
