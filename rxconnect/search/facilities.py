"""Find facilities by what people call them: words in any order, abbreviations, places, ZIP codes, typing errors.

Every process keeps all facilities of a world in memory (`facility_index`), and arranges them anew when they have changed.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from threading import Lock

from sqlalchemy import select, update
from sqlmodel import Session, col

from rxconnect.domain.facilities import Opening
from rxconnect.models import DirectoryVersion, Facility
from rxconnect.search.facility_index import Found, Index
from rxconnect.search.facility_listings import Listing
from rxconnect.world import PerWorld


class _Kept:
    """The index, and the version of the facilities that are in it."""

    def __init__(self) -> None:
        self.arranged: tuple[int, Index] | None = None
        self.arranging = Lock()


_kept = PerWorld(_Kept)


def find(session: Session, text: str, *, state: str = "", limit: int) -> list[Found]:
    """The facilities that fit, best first, open ones first among nearly equals, in the state of that code if given.

    At most 200, always in the same order.
    """
    return _index(session).find(text, state=state, limit=limit)


def warm(session: Session) -> None:
    """Arrange the facilities now, so that nobody waits for it later."""
    _index(session)


def mark_changed(session: Session) -> None:
    """Let every process see what this transaction has changed in facilities' names, places and opening.

    The mark is random: a number that counts up would come again after a rollback or a restore, for something else.
    """
    session.execute(update(DirectoryVersion).values(facilities=secrets.randbits(31)))


def _index(session: Session) -> Index:
    kept = _kept()
    # Read before the facilities: should they change in between, the next search notices.
    version = session.execute(select(col(DirectoryVersion.facilities))).scalar_one()
    if kept.arranged is None or kept.arranged[0] != version:
        with kept.arranging:
            if kept.arranged is None or kept.arranged[0] != version:
                kept.arranged = (version, Index(_listings(session)))
            return kept.arranged[1]
    return kept.arranged[1]


def _listings(session: Session) -> Iterator[Listing]:
    wanted = (Facility.id, Facility.key, Facility.name, Facility.city, Facility.county, Facility.state)
    rows = session.execute(
        select(*map(col, wanted), col(Facility.zip_code), col(Facility.opening)).order_by(col(Facility.id))
    )
    for facility_id, key, name, city, county, state, zip_code, opening in rows:
        yield Listing(facility_id, key, name, city, county, state, zip_code, opening == Opening.OPEN)
