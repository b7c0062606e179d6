"""Runs in the process of `converter`: columns of a JSON document that stand apart from its rows, and rows that stand by column.

`{"columns": ["ID", "Name"], "data": [["1", "LEE, ANN"]]}` is how programs for tables write; the names may be objects, come
after the rows, or stand further up, as Socrata's do. Others write `{"ID": ["1"], "Name": ["LEE, ANN"]}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from rxconnect.services.files.rows import MOST_COLUMNS
from rxconnect.services.shapes.headers import lists_people

_LISTS = frozenset(
    ["columns", "cols", "fields", "headers", "header", "aocolumns", "columnnames", "columndefs", "names", "rowtype"]
)
_NAMES = ("label", "title", "sTitle", "headerName", "displayName", "caption", "name", "header", "text", "field")
# Socrata's own columns, such as `:id`, are no part of the table.
_OWN = ":"
# The cells of a row in the programs of a well-known company, and the values of such cells.
_CELLS, _VALUE, _SHOWN = ("c", "f"), "v", "f"
_DATE = "Date("
_SCRIPT_DATE = re.compile(r"Date\((\d{4}), ?(\d{1,2}), ?(\d{1,2})\b")

Names = list[str | None]


class ColumnNames:
    """The lists of names in a document, by where each stands. None is in the place of a column that is left out."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, ...], Names] = {}
        # Whether the whole document was looked through.
        self.are_complete = False

    def add(self, where: str, items: object) -> bool:
        """Keep the names, if these items are names."""
        names = [_name_of(item) for item in items] if isinstance(items, list) and len(items) <= MOST_COLUMNS else []
        if any(names):
            self._found[_parents(where)] = names
        return any(names)

    def of(self, where: str, width: int) -> Names:
        """The names for the list of rows that stands there: of those with as many columns, the nearest. [] if there are none."""
        fit = [
            (_common(parents, _parents(where)), names) for parents, names in self._found.items() if len(names) == width
        ]
        return max(fit, key=lambda found: found[0])[1] if fit else []

    def are_beside(self, where: str, width: int) -> bool:
        """Whether names for these rows stand in the same object."""
        return len(self._found.get(_parents(where), ())) == width


def may_be_names(where: str) -> bool:
    """Whether a list that stands there may hold names of columns."""
    return where.rpartition(".")[2].replace("_", "").casefold() in _LISTS


def row_of(item: Any) -> Any:
    """A row as a list, if its cells are objects in a list: `{"c": [{"v": "1"}, null]}`. Else the item itself."""
    cells = (
        next((item[name] for name in _CELLS if isinstance(item.get(name), list)), None)
        if isinstance(item, dict)
        else None
    )
    if cells is None or not all(cell is None or (isinstance(cell, dict) and _VALUE in cell) for cell in cells):
        return item
    return [_value_of(cell) for cell in cells]


def rows_by_column(document: object) -> list[dict[str, Any]]:
    """The rows of a document with a list, or an object, for each column, or with an object for each row. [] for others."""
    if not isinstance(document, dict) or len(document) < 2 or not _lists_people(document):
        return []
    if lists_people(document):
        columns = {
            name: values if isinstance(values, dict) else dict(enumerate(values)) for name, values in document.items()
        }
        keys = dict.fromkeys(key for values in columns.values() for key in values)
        return [{name: values.get(key) for name, values in columns.items()} for key in keys]
    return [*document.values()]


def _lists_people(document: dict[str, Any]) -> bool:
    """Whether an object has one list or object a column of people, or one object a person, and nothing else."""
    values = [*document.values()]
    if all(isinstance(value, list) for value in values):
        return lists_people(document) and len({*map(len, values)}) == 1
    if not all(isinstance(value, dict) and value for value in values):
        return False
    return lists_people(document) or (len(values) > 1 and lists_people(values[0]))


def _value_of(cell: dict[str, Any] | None) -> Any:
    value = (cell or {}).get(_VALUE)
    if cell is None or not isinstance(value, str) or not value.startswith(_DATE):
        return value
    # The months of a script count from 0. A shown date may lack its year, or have the day in front.
    found = _SCRIPT_DATE.match(value)
    return f"{found[1]}-{int(found[2]) + 1:02}-{int(found[3]):02}" if found else cell.get(_SHOWN, value)


def _name_of(item: object) -> str | None:
    if isinstance(item, str):
        return item
    if not isinstance(item, dict) or str(item.get("fieldName", "")).startswith(_OWN):
        return None
    name = next((item[key] for key in _NAMES if isinstance(item.get(key), str) and item[key].strip()), None)
    return None if name is None or name.startswith(_OWN) else name


def _parents(where: str) -> tuple[str, ...]:
    return tuple(where.split(".")[:-1])


def _common(one: Iterable[str], other: Iterable[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
