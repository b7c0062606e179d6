"""What an operator chose for a roster is kept, so that the next night's file needs no options.

A facility keeps its choices by itself, whatever its file looks like. A department's file has many facilities, so its choices
are kept for the files with the same columns. A change of the columns asks the operator anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from sqlmodel import Session

from rxconnect.domain import clock
from rxconnect.domain.inmates import Custody
from rxconnect.domain.readings import Choices, field_name
from rxconnect.domain.sentences import Sentence
from rxconnect.i18n import N_
from rxconnect.models import RosterMapping
from rxconnect.services.files.columns import named_columns, plain_name

_STATUS = {
    Custody.HELD: N_("status {word} is held"),
    Custody.RELEASED: N_("status {word} is released"),
    Custody.MOVED: N_("status {word} is moved"),
}


def source_of(facility: str, header: Iterable[str]) -> str:
    """What choices are kept for: the facility with this key, or ("") the files of a department with these columns."""
    if facility:
        return f"facility {facility}"
    names = "\n".join(sorted(map(plain_name, header)))
    return f"columns {hashlib.sha256(names.encode()).hexdigest()}"


def kept_choices(session: Session, source: str) -> Choices:
    """The choices that were kept for this source; none if it is new."""
    row = session.get(RosterMapping, source)
    if row is None:
        return Choices()
    statuses = {word: Custody(custody) for word, custody in row.statuses.items()}
    return Choices(dict(row.columns), frozenset(row.ignored), statuses, dict(row.places))


def keep_choices(session: Session, source: str, choices: Choices) -> None:
    """Keep these choices instead of earlier ones; without any, forget the earlier ones."""
    row = session.get(RosterMapping, source)
    if not choices:
        if row is not None:
            session.delete(row)
        return
    row = row or RosterMapping(source=source)
    row.columns, row.ignored = dict(choices.columns), sorted(choices.ignored)
    row.statuses = {word: custody.value for word, custody in choices.statuses.items()}
    row.places, row.kept_at = dict(choices.places), clock.now()
    session.add(row)


def applicable(choices: Choices, header: Iterable[str]) -> Choices:
    """Kept choices without columns that this file does not have."""
    header = [*header]
    there = {plain_name(name) for name in header}
    columns = {
        field: column
        for field, column in choices.columns.items()
        if not column or all(plain_name(one) in there for one in named_columns(column, header))
    }
    ignored = frozenset(column for column in choices.ignored if plain_name(column) in there)
    return replace(choices, columns=columns, ignored=ignored)


def describe(choices: Choices) -> list[Sentence]:
    """`number from Ref No`, `Custody is left out`, `status X is held`: each choice in a few words."""
    return [
        *(
            Sentence("{field} from {column}", field=field_name(field), column=column)
            for field, column in choices.columns.items()
            if column
        ),
        *(_left_out(field_name(field)) for field, column in choices.columns.items() if not column),
        *map(_left_out, sorted(choices.ignored)),
        *(Sentence(_STATUS[custody], word=word) for word, custody in choices.statuses.items()),
        *(Sentence("{name} is {key}", name=name, key=key) for name, key in choices.places.items()),
    ]


def _left_out(what: Sentence | str) -> Sentence:
    return Sentence("{what} is left out", what=what)
