"""Raw SQL that goes straight to the driver, without parameters.

Search sends several short queries for every keystroke. SQLAlchemy would take longer to prepare one than the database
takes to run it. So these queries have no parameters: they consist of our own columns and numbers, and of words that
contain only letters and digits (`quoted`). The same holds for the many short rows that an import adds to the index.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import Any
from weakref import ref

from sqlmodel import Session

# Sorts after every letter. Texts that begin with a word lie between the word and the word with this appended.
LAST = "\U0010ffff"
_CONNECTION = "driver connection"  # a key of `Session.info`


def quoted(word: str) -> str:
    """A key (`search.normalise`) as an SQL literal. Raises `ValueError` for anything but letters and digits."""
    if word and not word.isalnum():
        raise ValueError(word)
    return f"'{word}'"


def quoted_list(words: Iterable[str]) -> str:
    """Keys as SQL literals with commas between them. Raises `ValueError` as `quoted` does; checks them all at once."""
    words = list(words)
    quoted("".join(words))
    return "'" + "', '".join(words) + "'"


def fetch_rows(session: Session, sql: str) -> Sequence[Any]:
    """All rows of a query, in the session's transaction."""
    with closing(_driver_connection(session).cursor()) as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def execute(session: Session, sql: str) -> None:
    """Run a statement that returns no rows, in the session's transaction."""
    with closing(_driver_connection(session).cursor()) as cursor:
        cursor.execute(sql)


def _driver_connection(session: Session) -> Any:
    """The driver's connection of the transaction. The session takes longer to look for it than a short query runs."""
    known, connection = session.info.get(_CONNECTION, (None, None))
    if known is None or known() is not session.get_transaction():
        connection = session.connection().connection.driver_connection
        # A weak reference, since a transaction knows its session: together they would wait for the garbage collector.
        session.info[_CONNECTION] = ref(session.get_transaction()), connection
    return connection
