"""A write-back cache of the time when each sign-in was last used.

Every event updates this time, and one write for each event would be too many. So each process caches the times, and a
job writes them to the database every minute. A process that dies loses at most one minute of them. Those of kiosks, where a
sign-in lasts two minutes, are written every few seconds.
"""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from sqlalchemy import update
from sqlmodel import col

from rxconnect import db
from rxconnect.models import SignIn
from rxconnect.services.scheduling.batches import Batch
from rxconnect.world import PerWorld

_BATCH = 500

# Keyed by the hash of the sign-in's token.
_seen = PerWorld(dict[str, datetime])
_seen_at_kiosks = PerWorld(dict[str, datetime])


def cache_last_use(token_hash: str, now: datetime) -> None:
    """Cache `now` as the time of the last use of the sign-in with this token hash."""
    _seen()[token_hash] = now


def cache_use_of_kiosk(token_hash: str, now: datetime) -> None:
    """Cache `now` as the time of the last use of this sign-in at a kiosk."""
    _seen_at_kiosks()[token_hash] = now


def last_use(token_hash: str, seen_at: datetime) -> datetime:
    """The later of `seen_at`, which the database has, and the cached time of this sign-in's last use."""
    return max(seen_at, *(cache().get(token_hash, seen_at) for cache in (_seen, _seen_at_kiosks)))


def write_cached_uses(_after: int = 0) -> Batch:
    """Write one batch of the cached times to the database, in one transaction."""
    return _write(_seen())


def write_uses_of_kiosks(_after: int = 0) -> Batch:
    """Write one batch of the cached times of kiosks to the database, in one transaction."""
    return _write(_seen_at_kiosks())


def _write(cache: dict[str, datetime]) -> Batch:
    seen = dict(islice(cache.items(), _BATCH))
    if not seen:
        return Batch()
    with db.transaction() as session:
        for token_hash, moment in seen.items():
            older = update(SignIn).where(col(SignIn.token_hash) == token_hash, col(SignIn.seen_at) < moment)
            session.exec(older.values(seen_at=moment))
    for token_hash, moment in seen.items():
        if cache.get(token_hash) == moment:
            cache.pop(token_hash, None)
    return Batch(len(seen), 0 if len(seen) == _BATCH else None)
