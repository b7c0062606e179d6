"""Proofs: invariants of the database, each a query that returns no rows while it holds.

They are plain SQL on purpose: an auditor can run them by hand, and they share no code with the services they check.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from string import Formatter
from typing import Any

from sqlalchemy import BindParameter, bindparam, text
from sqlmodel import Session

# The limit keeps the report of a badly broken ledger readable.
_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Question:
    """An invariant: `sentence` describes a row of `query` that breaks it.

    It names columns of the query in braces. `values` are the query's parameters, a list for `IN :name`.
    """

    sentence: str
    query: str
    values: dict[str, str | list[str]]

    @property
    def columns(self) -> set[str]:
        """The columns that the sentence names."""
        return {name for _text, name, _format, _conversion in Formatter().parse(self.sentence) if name}


def question(sentence: str, query: str, **values: Any) -> Question:
    """A `Question`, with its parameters by name."""
    return Question(sentence, query, values)


def broken_invariants(session: Session, questions: Iterable[Question], **about: str | int | None) -> Iterator[str]:
    """The sentences about broken invariants, at most twenty a question.

    `about` narrows to one object: `purchase="8f…"` runs only the queries about purchases, and only for that one.
    """
    for one in questions:
        if about.keys() <= one.columns:
            yield from _broken_invariants_of(session, one, about)


def _broken_invariants_of(session: Session, one: Question, about: dict[str, str | int | None]) -> Iterator[str]:
    narrowed = " AND ".join(f"about.{column} = :about_{column}" for column in about) or "1 = 1"
    # Databases apply a condition on a grouped column before they group, so a query about one object is fast.
    query = text(f"SELECT * FROM ({one.query}) AS about WHERE {narrowed} LIMIT {_AT_MOST}")  # noqa: S608
    values = one.values | {f"about_{column}": value for column, value in about.items()}
    bound: list[BindParameter[Any]] = [
        bindparam(name, value, expanding=isinstance(value, list)) for name, value in values.items()
    ]
    for row in session.connection().execute(query.bindparams(*bound)).mappings():
        yield one.sentence.format(**row)
