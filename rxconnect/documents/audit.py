"""An export of the audit chain as CSV, line by line. docs/decisions/0060-the-audit-chain.md says how it is verified."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from rxconnect.documents.history import escape_formula
from rxconnect.domain.audit_chain import ChainRow, Head

# Names for programs, which are not translated.
COLUMNS = ("facility_id", *ChainRow._fields, "person")


def audit_csv(facility_id: int, rows: Iterable[tuple[ChainRow, str]], head: Head) -> Iterator[bytes]:
    """Lines of the rows as they are hashed, each with the name of who acted, and a last line `head` with the head."""
    yield _line(COLUMNS)
    for row, person in rows:
        told = row._replace(at=row.at.isoformat(timespec="microseconds"))  # type: ignore[arg-type]
        yield _line([facility_id, *("" if value is None else value for value in told), escape_formula(person)])
    yield _line(["head", *[""] * (len(COLUMNS) - 2), str(head)])


def _line(cells: Iterable[object]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()
