"""Inmates: the people on a facility's roster, and how a match is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rxconnect.i18n import _

MAX_RESULTS = 20
MAX_DEPTH = 200
ALIASES_MAX = 400  # characters, all together
# How long the fields of a search may be; far above any real number or name.
QUERY_NUMBER_MAX = 60
QUERY_NAME_MAX = 120


class Custody(StrEnum):
    """Where a person on a roster is now."""

    HELD = "held"
    RELEASED = "released"
    MOVED = "moved"

    @property
    def label(self) -> str:
        """The status in a word or two, empty when there is nothing to say."""
        return {"held": "", "released": _("Released"), "moved": _("Moved to another facility")}[self.value]


@dataclass(frozen=True, slots=True)
class InmateView:
    """A person found. `why` explains an inexact match ("" when exact); `detail` tells equal names apart.

    `pieces` and `detail_pieces` are name and detail cut where they agree with what was typed: (text, whether it agrees).
    """

    id: int
    number: str
    name: str
    pieces: list[tuple[str, bool]]
    first_name: str
    last_name: str
    facility_id: int
    facility: str
    place: str
    detail: str
    detail_pieces: list[tuple[str, bool]]
    custody: str
    custody_label: str
    why: str
    is_contact: bool = False
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class InmateQuery:
    """What a person remembers of someone: any of the three texts may be empty, not all.

    `is_everywhere` looks beyond the chosen facility; `state`, two letters, then narrows it down.
    """

    number: str = ""
    first_name: str = ""
    last_name: str = ""
    is_everywhere: bool = False
    state: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A row for a facility's roster, as booked. Everything but number and name may be unknown."""

    number: str
    first_name: str
    last_name: str
    middle_name: str = ""
    suffix: str = ""
    birth_date: date | None = None
    housing: str = ""
    custody: Custody = Custody.HELD
    # Other full names, divided by `;`.
    aliases: str = ""
