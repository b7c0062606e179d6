"""Finds facilities by the names that people use: words in any order, abbreviations, places, ZIP codes, typing errors.

Every process caches an index of a world's facilities in memory (`facility_index`), and rebuilds it when they have
changed.
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


class _Cache:
    """The cached index with its version (`DirectoryVersion.facilities`), and the lock for rebuilding it."""

    def __init__(self) -> None:
        self.built: tuple[int, Index] | None = None
        self.building = Lock()


_cache = PerWorld(_Cache)


def find(session: Session, text: str, *, state: str = "", limit: int) -> list[Found]:
    """The matching facilities, best first; among nearly equal ones, open ones first. `state` is a code.

    At most 200, always in the same order.
    """
    return _cached_index(session).find(text, state=state, limit=limit)


def build_index(session: Session) -> None:
    """Build the index now, so that the first search does not wait for it."""
    _cached_index(session)


def mark_changed(session: Session) -> None:
    """Invalidate the index in every process, after this transaction has changed a facility's name, place or opening.

    The new version is random, because a counter would repeat a version after a rollback or a restore.
    """
    session.execute(update(DirectoryVersion).values(facilities=secrets.randbits(31)))


def _cached_index(session: Session) -> Index:
    kept = _cache()
    # The version is read before the facilities, so that the next search notices a change in between.
    version = session.execute(select(col(DirectoryVersion.facilities))).scalar_one()
    if kept.built is None or kept.built[0] != version:
        with kept.building:
            if kept.built is None or kept.built[0] != version:
                kept.built = (version, Index(_select_listings(session)))
            return kept.built[1]
    return kept.built[1]


def _select_listings(session: Session) -> Iterator[Listing]:
    wanted = (Facility.id, Facility.key, Facility.name, Facility.city, Facility.county, Facility.state)
    rows = session.execute(
        select(*map(col, wanted), col(Facility.zip_code), col(Facility.opening)).order_by(col(Facility.id))
    )
    for facility_id, key, name, city, county, state, zip_code, opening in rows:
        yield Listing(facility_id, key, name, city, county, state, zip_code, opening == Opening.OPEN)
