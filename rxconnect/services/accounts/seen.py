"""A write-back cache of the time when each sign-in was last used.

Every event updates this time, and one write for each event would be too many. So each process caches the times, and a
job writes them to the database every minute. A process that dies loses at most one minute of them.
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


def cache_last_use(token_hash: str, now: datetime) -> None:
    """Cache `now` as the time of the last use of the sign-in with this token hash."""
    _seen()[token_hash] = now


def last_use(token_hash: str, seen_at: datetime) -> datetime:
    """The later of `seen_at`, which the database has, and the cached time of this sign-in's last use."""
    return max(seen_at, _seen().get(token_hash, seen_at))


def write_cached_uses(_after: int = 0) -> Batch:
    """Write one batch of the cached times to the database, in one transaction."""
    seen = dict(islice(_seen().items(), _BATCH))
    if not seen:
        return Batch()
    with db.transaction() as session:
        for token_hash, moment in seen.items():
            older = update(SignIn).where(col(SignIn.token_hash) == token_hash, col(SignIn.seen_at) < moment)
            session.exec(older.values(seen_at=moment))
    for token_hash, moment in seen.items():
        if _seen().get(token_hash) == moment:
            _seen().pop(token_hash, None)
    return Batch(len(seen), 0 if len(seen) == _BATCH else None)
