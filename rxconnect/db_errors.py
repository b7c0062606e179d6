"""Classifies errors of the database: it is busy, it is unavailable, or our program has a bug.

No other module looks at them. Services, States and routes get `Busy` and `Unavailable`, like any other refusal.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree

from rxconnect.domain.errors import Busy, Unavailable

# Serialization failure and deadlock: the transaction can be retried.
TRY_AGAIN = {"40001", "40P01"}
# Statement timeout, lock timeout, no connection left: PostgreSQL is up, but overloaded.
_BUSY = TRY_AGAIN | {"57014", "55P03", "53300"}
# Connection lost, out of disk or memory, shutting down, I/O error. A read-only database is a standby, or an operator
# has set it after the disk filled up.
_GONE = ("08", "53", "57P", "58")
_READ_ONLY = "25006"

_SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_SQLITE_GONE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}


@contextmanager
def translated(*, is_writing: bool) -> Iterator[None]:
    """Turn errors inside the block into `Busy` or `Unavailable`. Any other error is a bug, and passes unchanged."""
    try:
        yield
    except NoneFree as error:
        raise Busy("no connection is free") from error
    except DBAPIError as error:
        kind = _error_class(error, is_writing=is_writing)
        if kind is None:
            raise
        # The driver's own message, without SQLAlchemy's additions, which repeat the statement.
        raise kind(" ".join(str(error.orig).split())) from error


def is_retryable(error: BaseException | None) -> bool:
    """Whether PostgreSQL asks us to retry the transaction."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in TRY_AGAIN


def _error_class(error: DBAPIError, *, is_writing: bool) -> type[Busy | Unavailable] | None:
    if isinstance(error.orig, sqlite3.Error):
        return _error_class_of_sqlite(error.orig, is_writing=is_writing)
    state = getattr(error.orig, "sqlstate", None)
    if state in _BUSY:
        return Busy
    if error.connection_invalidated or (state is None and isinstance(error, OperationalError | InterfaceError)):
        return Unavailable
    # A write in a read transaction is our bug, although PostgreSQL reports it with the code of a read-only database.
    return Unavailable if (state or "").startswith(_GONE) or (state == _READ_ONLY and is_writing) else None


def _error_class_of_sqlite(error: sqlite3.Error, *, is_writing: bool) -> type[Busy | Unavailable] | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _SQLITE_BUSY:
        return Busy
    return Unavailable if code in _SQLITE_GONE or (code == sqlite3.SQLITE_READONLY and is_writing) else None
