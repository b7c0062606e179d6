"""Inmates: the people on a facility's roster, and the read model of a search result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rxconnect.i18n import _

MAX_RESULTS = 20
MAX_DEPTH = 200
ALIASES_MAX = 400  # characters, all together
# The most characters in the fields of a search, far above any real number or name.
QUERY_NUMBER_MAX = 60
# Characters of an inmate number, as the facility writes it.
NUMBER_MAX = 24
QUERY_NAME_MAX = 120
QUERY_BORN_MAX = 40


class Custody(StrEnum):
    """The custody status of a person on a roster."""

    HELD = "held"
    RELEASED = "released"
    MOVED = "moved"

    @property
    def label(self) -> str:
        """The status in a few words; "" while the person is held."""
        return {"held": "", "released": _("Released"), "moved": _("Moved to another facility")}[self.value]


@dataclass(frozen=True, slots=True)
class InmateView:
    """A person found. `why` explains an inexact match ("" when exact); `detail` tells people with equal names apart.

    `pieces` and `detail_pieces` split name and detail into (text, whether it matches what was typed), for highlighting.
    SELECT must send back the `ticket` (`services.directory.tickets`).
    """

    id: int
    ticket: str
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
    """A search for a person. Any of the three texts may be empty, but not all.

    `is_everywhere` searches beyond the chosen facility; `state`, a two-letter code, then limits the search. `born` is a
    year of birth or an age as typed; it only decides who comes first.
    """

    number: str = ""
    first_name: str = ""
    last_name: str = ""
    is_everywhere: bool = False
    state: str = ""
    born: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A person on a roster. Everything but number and name may be unknown.

    `birth_date` is a full date. If only the year is known, it is None, and `birth_year` is the year. `unread` are the fields
    whose cells in the roster could not be read: an import leaves what is stored in them.
    """

    number: str
    first_name: str
    last_name: str
    middle_name: str = ""
    suffix: str = ""
    birth_date: date | None = None
    birth_year: int | None = None
    housing: str = ""
    custody: Custody = Custody.HELD
    # Other full names, separated by `;`.
    aliases: str = ""
    unread: frozenset[str] = frozenset()
