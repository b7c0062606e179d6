"""Proofs: what must always be true, each as a question to the database that has no rows for an answer.

Plain SQL on purpose: an auditor can run these by hand, and they share no code with what writes the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from string import Formatter
from typing import Any

from sqlalchemy import BindParameter, bindparam, text
from sqlmodel import Session

# A ledger that is broken everywhere is told in a page, not in a million lines.
_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Question:
    """`sentence` names, in braces, columns of `query`; `values` are the query's parameters, a list for `IN :name`."""

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


def answers(session: Session, questions: Iterable[Question], **about: str | int | None) -> Iterator[str]:
    """Every sentence that is true and must not be, at most twenty a question.

    `about` narrows to one thing: `purchase="8f…"` asks only what is asked of purchases, and only of that one.
    """
    for one in questions:
        if about.keys() <= one.columns:
            yield from _answers(session, one, about)


def _answers(session: Session, one: Question, about: dict[str, str | int | None]) -> Iterator[str]:
    narrowed = " AND ".join(f"about.{column} = :about_{column}" for column in about) or "1 = 1"
    # Databases look only at what a condition on a grouped column leaves, so that this is quick for one thing.
    query = text(f"SELECT * FROM ({one.query}) AS about WHERE {narrowed} LIMIT {_AT_MOST}")  # noqa: S608
    values = one.values | {f"about_{column}": value for column, value in about.items()}
    bound: list[BindParameter[Any]] = [
        bindparam(name, value, expanding=isinstance(value, list)) for name, value in values.items()
    ]
    for row in session.connection().execute(query.bindparams(*bound)).mappings():
        yield one.sentence.format(**row)
