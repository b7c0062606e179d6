"""Runs in the process of `converter`: reads the table of people in a dump of a database, as the programs of databases write it.

Nothing is run. The rows are taken out of `INSERT … VALUES (…), (…)` and `COPY … FROM stdin`, the names of the columns out of these or
of `CREATE TABLE`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from rxconnect.domain.errors import BadFile
from rxconnect.domain.sentences import Sentence
from rxconnect.services.files.notes import Notes
from rxconnect.services.files.rows import MOST_COLUMNS
from rxconnect.services.shapes.headers import is_bare_number, lists_people, meaning_of

_LARGEST = 24 * 1024**2  # characters
_NAME = r"(?:\[[^\]]+\]|`[^`]+`|\"[^\"]+\"|\w+)"
_TABLE = rf"(?P<table>{_NAME}(?:\.{_NAME})*)"
_BEGINS = re.compile(
    rf"\bINSERT\s+(?:IGNORE\s+|OR\s+\w+\s+)?(?:INTO\s+)?{_TABLE}\s*(?:\((?P<columns>[^()]*)\)\s*)?(?=VALUES\b|SELECT\b)|"
    rf"\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?P<created>{_NAME}(?:\.{_NAME})*)\s*\(|"
    rf"^COPY\s+(?P<copied>{_NAME}(?:\.{_NAME})*)\s*\((?P<fields>[^()]*)\)\s+FROM\s+stdin[^;\n]*;[ \t]*\n",
    re.IGNORECASE | re.MULTILINE,
)
_STRING = r"'(?:[^'\\]|''|\\.)*'", r"'(?:[^']|'')*'"
# What ends a value, and what may stand in one.
_COMMENT = r"--[^\n]*|/\*.*?\*/"
_NO_COLUMN = re.compile(
    r"(?:constraint|primary|unique|foreign|key|index|check|period|fulltext|spatial)\b", re.IGNORECASE
)
# What says that somebody has left, and what belongs to the time in custody.
_LEAVING = frozenset(("status", "release_date"))
_STAYS = _LEAVING | {"booking_date", "housing"}
# The names of the columns, and the rows.
Table = tuple[list[str], list[list[str]]]
_ESCAPES = {"n": " ", "r": " ", "t": " ", "0": "", "Z": "", "b": ""}


def convert(name: str, source: BinaryIO, scratch: BinaryIO, notes: Notes) -> str:
    """Write the rows of the table of people. Raises `BadFile`."""
    text = io.TextIOWrapper(source, encoding="utf-8-sig").read(_LARGEST)
    if len(text) == _LARGEST:
        raise BadFile("{name} is too large for a dump of a database; export the list alone, as CSV.", name=name)
    dump = _Dump(text)
    tables = dump.tables()
    if dump.is_cut_off:
        # The people on the rest of the list would count as missing.
        raise BadFile("{name} is cut off or damaged, so nothing was changed; get it again.", name=name)
    people = [table for table, (header, rows) in tables.items() if rows and lists_people(header)]
    if len(people) != 1:
        some = [table for table in people or tables if tables[table][1]]
        raise BadFile(
            "{name} is a dump of a database, with {tables} and not one table of people; export the list alone, as CSV.",
            name=name,
            tables=[f"“{table}”" for table in some[:5]] or ["–"],
        )
    header, rows = tables[people[0]]
    if stays := next(
        (table for table in tables if table != people[0] and _tells_stays(tables[table], header, rows)), ""
    ):
        # Everybody who was ever there would count as in custody.
        raise BadFile(
            "{name} is a dump of a database, in which “{table}” lists people and “{stays}” says who of them is in custody, and the "
            "two are not read together; export one list of those in custody, as CSV.",
            name=name,
            table=people[0],
            stays=stays,
        )
    notes.append(Sentence("Of the dump of a database, the table “{table}” was read.", table=people[0]))
    with io.TextIOWrapper(scratch, encoding="utf-8", errors="replace", newline="") as written:
        writer = csv.writer(written, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return "csv"


def _tells_stays(table: Table, header: list[str], rows: list[list[str]]) -> bool:
    """Whether this table says of the people in `rows` what their own does not: who has left, or who has a booking at all."""
    own, other = _fields_of(header), _fields_of(table[0])
    says_more = (own.isdisjoint(_LEAVING) and not other.isdisjoint(_LEAVING)) or (
        own.isdisjoint(_STAYS) and not other.isdisjoint(_STAYS)
    )
    if not says_more or not table[1]:
        return False
    numbers = [*_numbers_of(header, rows)]
    return any(len(mine & theirs) * 2 > len(theirs) for theirs in _numbers_of(*table) for mine in numbers)


def _fields_of(header: list[str]) -> set[str]:
    return {meaning.field for column in header if (meaning := meaning_of(column))}


def _numbers_of(header: list[str], rows: list[list[str]]) -> Iterator[set[str]]:
    """The values of each column that may be a number of people, or refer to one."""
    for place, column in enumerate(header):
        if ((meaning := meaning_of(column)) and meaning.field == "number") or is_bare_number(column):
            yield {row[place] for row in rows if len(row) > place} - {""}


class _Dump:
    """Finds the tables of a dump, each with the names of its columns and its rows.

    `is_cut_off` is whether a row or a list did not end.
    """

    def __init__(self, text: str):
        self._text = text
        # Only some programs escape signs by a backslash; for others it is a sign like any other.
        has_escapes = "`" in text or re.search(r"^-- (?:MySQL|MariaDB)", text, re.MULTILINE) is not None
        self._string = re.compile(_STRING[0 if has_escapes else 1], re.DOTALL)
        self._token = re.compile(rf"{self._string.pattern}|{_COMMENT}|[(),;]|[^'(),;/-]+|.", re.DOTALL)
        self._has_escapes = has_escapes
        self.is_cut_off = False

    def tables(self) -> dict[str, Table]:
        """The columns and the rows by the name of the table."""
        created: dict[str, list[str]] = {}
        found: dict[str, Table] = {}
        at = 0
        while begins := _BEGINS.search(self._text, at):
            at = begins.end()
            if begins["created"]:
                (columns, at) = next(self._groups(at - 1), ([], at))
                created[_plain(begins["created"])] = [
                    _first_name(column) for column in columns if not _NO_COLUMN.match(column.strip())
                ]
                continue
            table = _plain(begins["table"] or begins["copied"])
            given = [_plain(column) for column in (begins["columns"] or begins["fields"] or "").split(",")]
            header, rows = found.setdefault(table, (given if any(given) else created.get(table, []), []))
            if begins["copied"]:
                end = self._text.find("\n\\.", at - 1)
                self.is_cut_off |= end < 0
                lines = self._text[at : end if end >= 0 else None].splitlines()
                rows += [[_copied(cell) for cell in line.split("\t")] for line in lines if line]
                at = end if end >= 0 else len(self._text)
                continue
            for values, end in self._groups(at):
                row = [self._value(value) for value in values]
                rows.append(_in_order(row, given if any(given) else header, header))
                at = end
        return found

    def _groups(self, at: int) -> Iterator[tuple[list[str], int]]:
        """Each group in brackets up to the end of the statement: its parts between the commas, and where it ends."""
        depth, parts, pieces = 0, list[str](), list[str]()
        for token in self._token.finditer(self._text, at):
            sign = token[0]
            if sign.startswith(("--", "/*")):
                continue
            if depth == 0 and (sign == ";" or (parts == [] and _is_other_statement(sign))):
                return
            depth += (sign == "(") - (sign == ")")
            if depth == 1 and sign == "(":
                parts, pieces = [], []
            elif depth == 0 and sign == ")":
                yield [*parts, "".join(pieces)], token.end()
                parts, pieces = [], []
            elif depth == 1 and sign == ",":
                parts.append("".join(pieces))
                pieces = []
                if len(parts) > MOST_COLUMNS:
                    self.is_cut_off = True
                    return
            elif depth:
                pieces.append(sign)
        # A comma between two rows promises the second.
        self.is_cut_off |= depth > 0 or self._text.rstrip().endswith(",")

    def _value(self, written: str) -> str:
        """A value as text. Of a function it is the first text in it: `CAST(N'1990-02-13' AS Date)`."""
        if found := self._string.search(written):
            text = found[0][1:-1].replace("''", "'")
            if self._has_escapes:
                text = re.sub(r"\\(.)", lambda sign: _ESCAPES.get(sign[1], sign[1]), text, flags=re.DOTALL)
            return " ".join(text.split())
        plain = written.strip()
        return "" if plain.upper() in ("NULL", "DEFAULT") else plain


def _is_other_statement(sign: str) -> bool:
    """Whether a piece outside of brackets begins another statement, since some dumps end none by a semicolon."""
    return re.search(r"\n\s*(?:GO|INSERT|SET|UPDATE|CREATE|ALTER|PRINT|COMMIT)\b", sign, re.IGNORECASE) is not None


def _in_order(row: list[str], given: list[str], header: list[str]) -> list[str]:
    """The values in the order of the header, as another statement may name its columns in another one."""
    if given == header or len(given) != len(row):
        return row
    named = dict(zip(given, row, strict=True))
    return [named.get(column, "") for column in header]


def _copied(cell: str) -> str:
    return "" if cell == "\\N" else re.sub(r"\\(.)", lambda sign: _ESCAPES.get(sign[1], sign[1]), cell)


def _first_name(column: str) -> str:
    found = re.match(_NAME, column.strip())
    return _plain(found[0]) if found else ""


def _plain(name: str) -> str:
    """The last part of a name without its quotation marks: `[dbo].[Inmate]` is Inmate."""
    parts = re.findall(_NAME, name)
    return parts[-1].strip('[]`"') if parts else ""
