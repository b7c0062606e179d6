"""Beginnings: a few lines to begin a letter with, for somebody who sits before an empty page."""

from __future__ import annotations

from dataclasses import dataclass

from rxconnect.domain.text import unwrap
from rxconnect.i18n import N_, _


@dataclass(frozen=True, slots=True)
class Beginning:
    """A beginning as the compose page offers it. `text` greets the person by name, and takes the place of no typed word."""

    name: str
    text: str


_WRITTEN = [
    (
        N_("A first letter"),
        N_("""
        Dear {name},

        I know where you are now, and I wanted you to hear from me at once. I am thinking of you every day.

        How are you? Please tell me what you need, and what a day is like.

        Here at home
        """),
    ),
    (
        N_("A birthday"),
        N_("""
        Dear {name},

        Happy birthday. I wish I could say it to you across the table, with a cake between us.

        The best thing I remember of you from this year is
        """),
    ),
    (
        N_("Before a court date"),
        N_("""
        Dear {name},

        I know that your day in court is near. I am with you, whatever happens there.

        Please do not write to me about the case: staff read our letters. Your lawyer is the one to ask. Tell me how you
        sleep, and what would help.

        On that day I will
        """),
    ),
]


def of(first_name: str) -> list[Beginning]:
    """The beginnings of a letter to somebody with this first name; none as long as nobody is chosen."""
    if not first_name:
        return []
    return [Beginning(_(name), unwrap(_(text)).format(name=first_name) + " ") for name, text in _WRITTEN]
