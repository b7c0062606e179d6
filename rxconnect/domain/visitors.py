"""Visitors: the holder of a socket, as its handshake proved it."""

from __future__ import annotations

from dataclasses import dataclass

from rxconnect.i18n import ENGLISH


@dataclass(frozen=True, slots=True)
class Visitor:
    """The holder of a socket. It stays in the memory of one process, and never reaches a database, Redis or a page.

    `sign_in` is what the database knows the living sign-in by, "" for somebody who is not signed in; `address` is where
    tries are counted; `had_cookie` says that the browser brought a cookie of ours, although its sign-in may have ended;
    `language` is that of its pages.
    """

    sign_in: str = ""
    address: str = ""
    had_cookie: bool = False
    language: str = ENGLISH

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody is signed in."""
        return not self.sign_in
