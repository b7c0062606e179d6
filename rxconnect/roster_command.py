"""The `rxconnect roster` commands: the imports of a facility, people under new numbers, and how to take either back."""

from __future__ import annotations

from typing import Annotated

import typer

from rxconnect import db, serve
from rxconnect.domain.imports import ImportView
from rxconnect.search_command import suggesting_facilities
from rxconnect.services.custody import roster_merges, roster_reports, roster_undo
from rxconnect.services.directory import facilities
from rxconnect.terminal import screen

Key = Annotated[str, typer.Option(help="The key of the facility.")]

app = typer.Typer(help="See what imports of rosters did, and take it back.", no_args_is_help=True)


@app.command()
def imports(facility: Key) -> None:
    """List the latest imports of a facility's roster, with their reports."""
    serve.migrate()
    views = db.read(roster_reports.imports_of, [_facility_id(facility)], limit=10)
    if not views:
        screen.print(f"No roster of {facility} has been imported.")
    for view in views:
        _print_import(view)


@app.command()
def undo(facility: Key) -> None:
    """Take the last import of a facility's roster back as a whole. Refunds and emails that went out stay."""
    serve.migrate()
    view = db.write(roster_undo.undo_import, _facility_id(facility))
    screen.print(f"Taken back: {view.restored:,} people are as they were, {view.removed:,} newcomers are gone.")
    for line in view.kept:
        screen.print(line)


@app.command()
def merges(facility: Annotated[str, typer.Option(help="The key of a facility; without it, all.")] = "") -> None:
    """List the people who were found to be one under two numbers, newest first."""
    serve.migrate()
    views = db.read(roster_merges.list_merges, [_facility_id(facility)] if facility else None)
    if not views:
        screen.print("Nobody was found under another number.")
    for view in views:
        moved = f" at {view.from_facility}, now at {view.to_facility}" if view.from_facility != view.to_facility else ""
        state = ", split" if view.is_split else ""
        screen.print(
            f"{view.id}: {view.name}, {view.from_number} → {view.to_number}{moved} ({view.at:%Y-%m-%d}{state})"
        )


@app.command()
def split(merge: Annotated[int, typer.Argument(help="The number in the list of merges.")]) -> None:
    """Make two people of one again. Contacts, messages and credits stay with the one who had them first."""
    serve.migrate()
    view = db.write(roster_merges.split, merge)
    screen.print(
        f"{view.name} has the number {view.from_number} at {view.from_facility} again; "
        f"{view.to_number} at {view.to_facility} is somebody else."
    )


def _facility_id(key: str) -> int:
    with suggesting_facilities(key):
        facility_id = db.read(facilities.get_by_key, key).id
    assert facility_id is not None
    return facility_id


def _print_import(view: ImportView) -> None:
    told = ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in view.counts.items() if number)
    state = " (taken back)" if view.is_undone else " (can be taken back)" if view.may_undo else ""
    screen.print(f"{view.at:%Y-%m-%d %H:%M} UTC, {view.file_name}: {told}{state}")
    for line in (*(merge.line for merge in view.merges), *view.notes):
        screen.print(f"  {line}")
