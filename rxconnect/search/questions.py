"""Short questions for the database, several for every key that somebody presses.

To prepare one, with its parameters and its typed rows, takes longer than to answer it. So they are written out, from
columns, numbers of ours, and words that hold nothing but letters and digits, and go straight to the driver.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import Any

from sqlmodel import Session

# Comes after every letter: what begins with a word lies between the word and the word with this.
LAST = "\U0010ffff"


def quoted(word: str) -> str:
    """A key (`search.normalise`) as it is written in a question. Raises `ValueError` for anything else."""
    if not word.isalnum():
        raise ValueError(word)
    return f"'{word}'"


def ask(session: Session, question: str) -> Sequence[Any]:
    """All rows of the answer, in the session's transaction."""
    with closing(session.connection().connection.cursor()) as cursor:
        cursor.execute(question)
        return cursor.fetchall()
