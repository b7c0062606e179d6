"""The imports of a facility's rosters, as its staff see them."""

from __future__ import annotations

from sqlmodel import Session

from rxconnect.domain import dates
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.imports import ImportView
from rxconnect.domain.rosters import ImportLine, MergeLine, RostersView, counts_in_words
from rxconnect.services.accounts.staff import chosen_place
from rxconnect.services.custody import roster_reports
from rxconnect.services.files.kinds import kinds_in_words
from rxconnect.services.imports import uploads

_SHOWN = 20


def rosters(session: Session, actor: Actor, facility_id: int | None = None) -> RostersView:
    """The latest imports of a facility. Without an id, it is the actor's first facility by name. Raises `NotAllowed`."""
    place, choices = chosen_place(session, actor.must(Permission.SEE_SETTINGS), facility_id)
    assert place.id is not None
    may_import = place.id in actor.facilities(Permission.IMPORT_ROSTERS)
    every = roster_reports.imports_of(session, [place.id], limit=_SHOWN)
    return RostersView(
        facility_id=place.id,
        facility=place.name,
        facilities=choices,
        may_import=may_import,
        imports=[_line(one, place.time_zone, may_import=may_import) for one in every],
        kinds=kinds_in_words(),
        most_mb=uploads.most_mb(),
    )


def _line(one: ImportView, zone: str, *, may_import: bool) -> ImportLine:
    return ImportLine(
        id=one.id,
        file_name=one.file_name,
        at=dates.day_and_time(one.at, zone),
        by=one.by,
        told=[f"{label}: {number:,}" for label, number in counts_in_words(one.counts)],
        # Names of people are for those who import.
        notes=one.notes if may_import else [],
        merges=[MergeLine(merge.id, merge.line, merge.may_split, merge.is_split) for merge in one.merges if may_import],
        may_undo=one.may_undo and may_import,
        is_undone=one.is_undone,
    )
