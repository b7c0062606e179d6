"""When each sign-in was last used.

Every event says so, and a write for each would keep the writers busy. So a process remembers what it saw, and a job brings
that into the database now and then: a process that dies forgets a minute of it at most.
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

# By the hash of the sign-in's token.
_seen = PerWorld(dict[str, datetime])


def note(token_hash: str, now: datetime) -> None:
    """Somebody has just used the sign-in with this token."""
    _seen()[token_hash] = now


def last(token_hash: str, seen_at: datetime) -> datetime:
    """When it was last used, as far as this process knows; the database says `seen_at`."""
    return max(seen_at, _seen().get(token_hash, seen_at))


def write(_after: int = 0) -> Batch:
    """Bring some of what this process has seen into the database, in one transaction."""
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
