"""Stores changed columns of people, with their names in the search index."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session, col

from rxconnect.models import Inmate
from rxconnect.search import directory
from rxconnect.services.custody.roster_changes import Update
from rxconnect.services.rosters.roster_people import Stored, facilities_left


def store_updates(session: Session, updates: Collection[Update]) -> None:
    """Store the changed columns of people, and their names in the search index. The caller writes the sheets."""
    if updates:
        change = update(Inmate).where(col(Inmate.id) == bindparam("stored_id"))
        change = change.values({name: bindparam(name) for name in Stored._fields if name != "id"})
        rows: list[dict[str, Any]] = [{**after._asdict(), "stored_id": after.id} for _, after in updates]
        for row in rows:
            del row["id"]
        session.connection().execute(change, rows)
    renamed = [(before.named, after.named) for before, after in updates if before.named != after.named]
    directory.rename_people(session, [before for before, _ in renamed], [after for _, after in renamed])


def stale_sheets(session: Session, updates: Collection[Update]) -> set[int]:
    """The facilities whose sheets have to be written again after these updates.

    A person who moved stays on the sheets of all facilities that they ever left. So a move changes only the sheet of
    the new facility, unless what a sheet says of the person changes as well.
    """
    touched = {after.facility_id for before, after in updates if before.facility_id != after.facility_id}
    otherwise = [before for before, after in updates if before.on_sheet != after.on_sheet]
    return (
        touched
        | {person.facility_id for person in otherwise}
        | facilities_left(session, [person.id for person in otherwise])
    )
