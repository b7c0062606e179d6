"""Raw SQL that goes straight to the driver, without parameters.

Search sends several short queries for every keystroke. SQLAlchemy would take longer to prepare one than the database
takes to run it. So these queries have no parameters: they consist of our own columns and numbers, and of words that
contain only letters and digits (`quoted`).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import Any

from sqlmodel import Session

# Sorts after every letter. Texts that begin with a word lie between the word and the word with this appended.
LAST = "\U0010ffff"


def quoted(word: str) -> str:
    """A key (`search.normalise`) as an SQL literal. Raises `ValueError` for anything but letters and digits."""
    if not word.isalnum():
        raise ValueError(word)
    return f"'{word}'"


def fetch_rows(session: Session, sql: str) -> Sequence[Any]:
    """All rows of a query, in the session's transaction."""
    with closing(session.connection().connection.cursor()) as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
