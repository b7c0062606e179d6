"""Importing facilities and rosters from files: what is new is added, what changed is changed, and the rest stays.

A file is read and judged in full before anything is written, and then written in one transaction: an import happens
whole or not at all. A bad row is reported and stops nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sqlmodel import Session, select

from rxconnect import db
from rxconnect.domain.errors import BadFile
from rxconnect.domain.facilities import Opening
from rxconnect.domain.imports import BadRow, ImportReport
from rxconnect.domain.inmates import Custody, Person
from rxconnect.domain.money import each
from rxconnect.models import Facility, Inmate
from rxconnect.services import facilities, facility_rows, inmates, roster_rows
from rxconnect.services.facility_rows import Fields
from rxconnect.services.import_files import Row, Table, read_table

Progress = Callable[[int, int], None]
T = TypeVar("T")

_STEP = 200  # rows between two reports of progress


class _Roster(NamedTuple):
    """A file's people by number. `present` are all its numbers, of bad rows too: these people are not released."""

    facility_key: str
    people: dict[str, Person]
    present: set[str]


def import_facilities(path: Path, *, progress: Progress = lambda _done, _total: None) -> ImportReport:
    """Add or update the facilities of a file (`facility_rows` has the formats). `progress` is told (done, total).

    Raises `BadFile` when the file is not a list of facilities; nothing is changed then.
    """
    rows, report = read_facilities(path)
    return db.write(_store_facilities, rows, report, progress)


def read_facilities(path: Path) -> tuple[list[Fields], ImportReport]:
    """The fields of every good row, and a report with the bad ones. Raises `BadFile`."""
    table = read_table(path)
    report = ImportReport(total=len(table.rows), notes=table.notes)
    read = _good_rows(table, facility_rows.reader_for(table.columns), facility_rows.identity, report)
    return list(read.values()), report


def import_roster(facility_key: str, path: Path, *, progress: Progress = lambda _done, _total: None) -> ImportReport:
    """Make a facility's roster what the file says (`roster_rows` has the columns). `progress` is told (done, total).

    People who are missing from the file become released. A facility that is only listed opens. Raises `NotFound` for
    an unknown key (`facilities.suggest_keys` helps), and `BadFile`; nothing is changed then.
    """
    db.read(facilities.get_by_key, facility_key)
    table = read_table(path)
    roster_rows.require_columns(table.columns)
    report = ImportReport(total=len(table.rows), notes=table.notes)
    people = _good_rows(table, roster_rows.person, roster_rows.identity, report)
    if not people:
        raise BadFile(f"{path.name} has no usable row. Line {report.bad[0].line}: {report.bad[0].reason}.")
    roster = _Roster(facility_key, people, present={roster_rows.number_of(row) for row in table.rows})
    return db.write(_store_roster, roster, report, progress)


def _good_rows(
    table: Table, parse: Callable[[Row], T], identity: Callable[[T], str], report: ImportReport
) -> dict[str, T]:
    """What `parse` makes of each row, by identity; rows that are refused or repeat an earlier one go to the report."""
    found: dict[str, T] = {}
    for row in table.rows:
        try:
            if row.fault:
                raise ValueError(row.fault)
            parsed = parse(row)
            if identity(parsed) in found:
                raise ValueError(f"{identity(parsed)} was in an earlier row already; the first was kept")
            found[identity(parsed)] = parsed
        except ValueError as reason:
            report.bad.append(BadRow(row.line, str(reason)))
    return found


def _store_facilities(session: Session, rows: list[Fields], read: ImportReport, progress: Progress) -> ImportReport:
    report = replace(read)
    everyone = session.exec(select(Facility)).all()
    by_source: dict[tuple[Any, Any], Facility] = {(row.source, row.source_id): row for row in everyone if row.source}
    by_key = {row.key: row for row in everyone}
    for fields in _told(rows, progress):
        known = by_source.get((fields.get("source"), fields.get("source_id"))) or by_key.get(fields.get("key", ""))
        if known is None:
            facilities.create_facility(session, **fields)
            report.new += 1
        elif _apply(known, fields):
            facilities.update_search_text(known)
            report.changed += 1
        else:
            report.unchanged += 1
    return report


def _store_roster(session: Session, roster: _Roster, read: ImportReport, progress: Progress) -> ImportReport:
    report = replace(read, notes=[*read.notes])
    facility = facilities.get_by_key(session, roster.facility_key)
    assert facility.id is not None
    known = {row.number_key: row for row in session.exec(select(Inmate).where(Inmate.facility_id == facility.id))}
    for number, person in _told(roster.people.items(), progress):
        if number in known:
            changed = _apply(known[number], inmates.columns(person))
            report.changed, report.unchanged = report.changed + changed, report.unchanged + (not changed)
    new = [person for number, person in roster.people.items() if number not in known]
    inmates.add_to_roster(session, facility.id, new)
    report.new = len(new)
    report.released = _release(row for number, row in known.items() if number not in roster.present)
    if facility.opening == Opening.LISTED:
        facility.opening = Opening.OPEN.value
        report.notes.append(f"{facility.name} is open for messages now, at {each(facility.price_cents)} a credit.")
    return report


def _apply(row: Facility | Inmate, fields: Fields) -> bool:
    """Set what differs; returns whether anything did."""
    changes = {name: value for name, value in fields.items() if getattr(row, name) != value}
    for name, value in changes.items():
        setattr(row, name, value)
    return bool(changes)


def _release(missing: Iterable[Inmate]) -> int:
    released = [row for row in missing if row.custody == Custody.HELD]
    for row in released:
        row.custody = Custody.RELEASED.value
    return len(released)


def _told(items: Collection[T], progress: Progress) -> Iterator[T]:
    """The items, telling `progress` now and then how many are done, and at the end that all are."""
    for done, item in enumerate(items):
        if done % _STEP == 0:
            progress(done, len(items))
        yield item
    progress(len(items), len(items))
