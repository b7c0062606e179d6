"""The reports of imports that were kept, for operators and for the staff of a facility."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session, col, func, select

from rxconnect.domain.imports import BadRow, ImportView
from rxconnect.domain.sentences import Sentence
from rxconnect.models import Account, Facility, InmateMerge, RosterImport
from rxconnect.services.custody.roster_merges import merges_that

# Texts of a report that are not counts.
_TEXTS = {"notes", "suspicious", "examples", "bad"}


def imports_of(session: Session, facility_ids: Collection[int], limit: int = 50) -> list[ImportView]:
    """The latest imports of these facilities, newest first."""
    rows = session.exec(
        select(RosterImport, Facility.name, Account.name)
        .join(Facility, col(Facility.id) == RosterImport.facility_id)
        .join(Account, col(Account.id) == RosterImport.by_account_id, isouter=True)
        .where(col(RosterImport.facility_id).in_(facility_ids))
        .order_by(col(RosterImport.id).desc())
        .limit(limit)
    ).all()
    latest = set(
        session.exec(
            select(func.max(RosterImport.id))
            .where(col(RosterImport.facility_id).in_(facility_ids))
            .group_by(col(RosterImport.facility_id))
        )
    )
    return [_view(session, row, name, by or "", is_last=row.id in latest) for row, name, by in rows]


def _view(session: Session, row: RosterImport, facility: str, by: str, *, is_last: bool) -> ImportView:
    assert row.id is not None
    return ImportView(
        id=row.id,
        facility=facility,
        file_name=row.file_name,
        at=row.at,
        counts={name: value for name, value in row.report.items() if name not in _TEXTS},
        notes=[str(Sentence.kept(note)) for note in row.report["notes"]],
        bad=[BadRow(line, str(Sentence.kept(reason)), sheet) for line, reason, sheet in row.report["bad"]],
        examples=row.report["examples"],
        merges=merges_that(session, col(InmateMerge.import_id) == row.id),
        may_undo=is_last and row.undone_at is None,
        is_undone=row.undone_at is not None,
        by=by,
    )
