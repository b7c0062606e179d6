"""Imports as they are kept: the report of each, and what each changed, until the facility's next one."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from rxconnect.domain import clock
from rxconnect.domain.imports import RosterPlan
from rxconnect.domain.sentences import Sentence
from rxconnect.models import Inmate, InmateAbsence, RosterImport
from rxconnect.services.custody.roster_absences import Absence
from rxconnect.services.custody.roster_changes import Changes, Update
from rxconnect.services.rosters.roster_files import RosterFile
from rxconnect.services.rosters.roster_people import Stored, batches_of

# A file that is imported again within this time is the same list, not another one.
_SAME_LIST_FOR = timedelta(hours=12)
_MOST_NOTES = 100


class List(NamedTuple):
    """An import of one facility's roster. `is_new` is false when the same file was imported just before."""

    import_id: int
    is_new: bool


# By the facility's id.
Lists = dict[int, List]


class Undo(NamedTuple):
    """What to restore of one person: the columns that were changed, or all of them if the row is `absorbed`.

    `facility_id` is where the import left the person. `absence` is what it was before, None if there was none.
    """

    inmate_id: int
    facility_id: int
    columns: dict[str, Any]
    absence: Absence | None = None
    is_absorbed: bool = False


def record_imports(session: Session, file: RosterFile, every: Collection[Changes], by_account_id: int | None) -> Lists:
    """Keep the report of each import and what it will change. Call it before anything is changed.

    The same file again, shortly after, adds to its first import, so that an import which was interrupted is one.
    """
    latest = _latest_imports(session, [changes.facility.id for changes in every])
    newest = session.scalar(select(func.max(col(Inmate.id)))) or 0
    lists: Lists = {}
    for changes in every:
        before, undo = latest.get(changes.facility.id), _undo_of(session, changes)
        is_same = before is not None and _is_same_list(before, file)
        if is_same and before and not (undo or changes.new):
            assert before.id is not None
            lists[changes.facility.id] = List(before.id, is_new=False)
            continue
        row = RosterImport(
            facility_id=changes.facility.id,
            by_account_id=by_account_id,
            at=clock.now(),
            file_name=file.name[:200],
            digest=file.digest,
            report=report_of(changes.roster.report),
            newest_inmate_id=newest,
            changes=pack(undo),
        )
        session.add(row)
        session.flush()
        assert row.id is not None
        lists[changes.facility.id] = List(row.id, is_new=not is_same)
    for batch in batches_of([row.id for row in latest.values() if lists[row.facility_id].import_id != row.id]):
        session.execute(update(RosterImport).where(col(RosterImport.id).in_(batch)).values(changes=b""))
    return lists


def report_of(plan: RosterPlan) -> dict[str, Any]:
    """The report as it is stored: the counts, and the first notes and examples."""
    return {
        **plan.counts(),
        "notes": [_as_json(note) for note in (*plan.notes, *plan.tell())][:_MOST_NOTES],
        "suspicious": [*map(_as_json, plan.suspicious[:_MOST_NOTES])],
        "examples": plan.examples,
        "bad": [[row.line, _as_json(row.reason), row.sheet] for row in plan.bad],
    }


def _as_json(told: Sentence | str) -> Any:
    return told if isinstance(told, str) else asdict(told)


def pack(every: Collection[Undo]) -> bytes:
    """Pack what to restore into a few bytes a person."""
    rows = [[*one[:3], one.absence and [_plain(value) for value in one.absence], one.is_absorbed] for one in every]
    return zlib.compress(json.dumps(rows, default=_plain, separators=(",", ":")).encode(), 1) if rows else b""


def unpack(body: bytes) -> list[Undo]:
    """The reverse of `pack`."""
    rows = json.loads(zlib.decompress(body)) if body else []
    return [
        Undo(inmate_id, facility_id, columns_from(columns), _absence(absence), is_absorbed)
        for inmate_id, facility_id, columns, absence, is_absorbed in rows
    ]


def columns_to(person: Stored) -> dict[str, Any]:
    """All columns of a person as JSON can hold them."""
    return {name: _plain(value) for name, value in person._asdict().items()}


def columns_from(columns: dict[str, Any]) -> dict[str, Any]:
    """Columns of a person from JSON."""
    born = columns.get("birth_date")
    return columns | {"birth_date": date.fromisoformat(born)} if born else columns


def _latest_imports(session: Session, facility_ids: Collection[int]) -> dict[int, RosterImport]:
    """The latest import of each of these facilities that was not taken back."""
    found: dict[int, RosterImport] = {}
    for batch in batches_of(facility_ids):
        latest = select(func.max(col(RosterImport.id))).where(col(RosterImport.facility_id).in_(batch))
        latest = latest.where(col(RosterImport.undone_at).is_(None)).group_by(col(RosterImport.facility_id))
        found.update(
            (row.facility_id, row)
            for row in session.scalars(select(RosterImport).where(col(RosterImport.id).in_(latest)))
        )
    return found


def _is_same_list(before: RosterImport, file: RosterFile) -> bool:
    return bool(file.digest) and before.digest == file.digest and clock.now() - before.at < _SAME_LIST_FOR


def _undo_of(session: Session, changes: Changes) -> list[Undo]:
    """What to restore if the changes to one roster are taken back."""
    absences = changes.absences | _absences_of(session, [before.id for before, _ in changes.moved])
    undo = {one.before.id: _difference(one, absences) for one in changes.updates}
    for before, after in changes.missing:
        undo.setdefault(before.id, Undo(before.id, after.facility_id, {}))
    for person in changes.back:
        undo.setdefault(person.id, Undo(person.id, person.facility_id, {}, absences.get(person.id)))
    absorbed = [merge.absorbed for merge in changes.merges if merge.absorbed]
    return [
        *undo.values(),
        *(Undo(person.id, person.facility_id, columns_to(person), is_absorbed=True) for person in absorbed),
    ]


def _difference(one: Update, absences: dict[int, Absence]) -> Undo:
    before, after = one
    columns = {
        name: old for name, old, new in zip(Stored._fields, before, after, strict=True) if old != new and name != "id"
    }
    return Undo(before.id, after.facility_id, columns, absences.get(before.id))


def _absences_of(session: Session, inmate_ids: Collection[int]) -> dict[int, Absence]:
    columns = [getattr(InmateAbsence, name) for name in Absence._fields]
    found: dict[int, Absence] = {}
    for batch in batches_of(inmate_ids):
        theirs = select(*columns).where(col(InmateAbsence.inmate_id).in_(batch))
        found.update((row.inmate_id, Absence._make(row)) for row in session.execute(theirs))
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _absence(values: list[Any] | None) -> Absence | None:
    if values is None:
        return None
    inmate_id, since, lists, due_at, released_at, returned_at = values
    since, due_at, released_at, returned_at = map(_moment, (since, due_at, released_at, returned_at))
    assert since is not None
    assert due_at is not None
    return Absence(inmate_id, since, lists, due_at, released_at, returned_at)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
