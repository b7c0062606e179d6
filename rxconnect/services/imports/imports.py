"""Imports of facilities and rosters from files: add new rows, update changed ones, and keep the rest.

A file is read in full before anything is written. All facilities are one transaction, and so is every roster. So a
killed import leaves whole rosters behind, and importing the file again skips them and goes on. A bad row is reported
and does not stop the others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rxconnect import db
from rxconnect.domain.errors import BadFile
from rxconnect.domain.imports import ImportReport, RosterPlan, Suspicious
from rxconnect.services.directory import facilities
from rxconnect.services.files.files import open_import_file
from rxconnect.services.imports import facility_matches
from rxconnect.services.imports.facility_rows import FacilityFile
from rxconnect.services.rosters import rosters
from rxconnect.services.rosters.roster_files import Progress, RosterFile, open_roster

# Small rosters are stored together until they have so many people, because each transaction waits for the disk.
_AT_ONCE = 20_000


def no_progress(done: int, total: int) -> None:
    """A progress callback that does nothing."""


@contextmanager
def open_facilities(path: Path, *, given: Mapping[str, str] | None = None) -> Iterator[FacilityFile]:
    """Open a list of facilities (`facility_rows` has the formats). `given` is the column by field. Raises `BadFile`."""
    with open_import_file(path) as file:
        yield FacilityFile(file, given or {})


def import_facilities(file: FacilityFile, *, progress: Progress = no_progress) -> ImportReport:
    """Add or update the facilities of a file, all in one transaction. `progress` is called with (done, total)."""
    rows, report = file.read()
    return db.write(facility_matches.store_facilities, rows, report, progress)


@contextmanager
def open_rosters(
    path: Path, *, facility: str = "", given: Mapping[str, str] | None = None, progress: Progress = no_progress
) -> Iterator[RosterFile]:
    """Open a file with the roster of `facility`. Without it, a column `facility` must name the facility of each row.

    `progress` is called with (bytes read, all bytes). Raises `NotFound` for an unknown key (`facilities.suggest_keys`
    helps), and `BadFile`.
    """
    if facility:
        db.read(facilities.get_by_key, facility)
    with open_roster(path, facility=facility, given=given, progress=progress) as roster:
        known = db.read(rosters.facilities_with_neighbours, roster.facilities) if facility and roster.mentioned else {}
        if others := sorted((roster.mentioned - {facility}) & known.keys()):
            raise BadFile(f"{path.name} is about {others[0]} as well, so it is not a roster of {facility} alone.")
        yield roster


def plan_rosters(roster: RosterFile, *, progress: Progress = no_progress) -> RosterPlan:
    """Plan what `import_rosters` would do. `progress` is called with (rows, all rows). Raises `BadFile`."""
    known = db.read(rosters.facilities_with_neighbours, roster.facilities)
    plan = RosterPlan()
    for done, keys in _roster_batches(roster, known):
        progress(done, roster.total)
        plan.add(db.read(rosters.plan_roster, roster, keys))
    progress(roster.total, roster.total)
    return _finished_plan(plan, roster, known)


def import_rosters(
    roster: RosterFile, *, accept_suspicious: bool = False, progress: Progress = no_progress
) -> RosterPlan:
    """Update rosters to match the file (`services.rosters`). `progress` is called with (rows, all rows).

    Raises `Suspicious` when something looks wrong, unless that is accepted, and `BadFile` when the file has no usable
    row. Both leave everything unchanged, so all rosters are checked before the first is stored: `progress` counts rows
    twice.
    """
    known = db.read(rosters.facilities_with_neighbours, roster.facilities)
    looked_at = 0
    if not accept_suspicious:
        looked_at = roster.total
        _refuse_suspicious(roster, known, progress)
    plan = RosterPlan()
    for done, keys in _roster_batches(roster, known):
        progress(looked_at + done, looked_at + roster.total)
        plan.add(db.write(rosters.apply_roster, roster, keys, accept_suspicious=accept_suspicious))
    progress(looked_at + roster.total, looked_at + roster.total)
    return _finished_plan(plan, roster, known)


def _refuse_suspicious(roster: RosterFile, known: Mapping[str, bool], progress: Progress) -> None:
    """Check all rosters but those that can only add people. The error lists all problems: all are accepted at once."""
    reasons = roster.suspicions(known)
    for done, keys in _roster_batches(roster, {key for key, has_neighbours in known.items() if has_neighbours}):
        progress(done, 2 * roster.total)
        reasons += db.read(rosters.plan_roster, roster, keys).suspicious
    if reasons:
        raise Suspicious(reasons)


def _roster_batches(roster: RosterFile, known: Collection[str]) -> Iterator[tuple[int, list[str]]]:
    """Groups of known facilities whose rosters are stored together, each with the number of rows before it."""
    done, rows, keys = 0, 0, []
    for key, count in roster.facilities.items():
        if key in known:
            keys.append(key)
            rows += count
        if rows >= _AT_ONCE:
            yield done, keys
            done, rows, keys = done + rows, 0, []
    if keys:
        yield done, keys


def _finished_plan(plan: RosterPlan, roster: RosterFile, known: Collection[str]) -> RosterPlan:
    """Add the facts about the file as a whole to the plan. Raises `BadFile` when the plan has no roster."""
    for key, count in roster.facilities.items():
        if key not in known:
            reason = f"there is no facility with the key “{key[:60]}”" if key else "the facility is missing"
            plan.leave_out(roster.first_lines[key], f"{reason} ({count:,} rows)" if count > 1 else reason, count)
    plan.total = roster.total
    plan.bad.sort(key=lambda row: row.line)
    if plan.bad_rows == plan.total:
        raise BadFile(f"{roster.name} has no usable row. Line {plan.bad[0].line}: {plan.bad[0].reason}.")
    plan.suspicious = [*roster.suspicions(known), *plan.suspicious]
    plan.notes = [*roster.notes, *plan.notes]
    return plan
