"""Imports of facilities and rosters from files: add new rows, update changed ones, and keep the rest.

A file is read in full before anything is written. All facilities are one transaction, and so is every roster. So a
killed import leaves whole rosters behind, and importing the file again skips them and goes on. A bad row is reported
and does not stop the others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlmodel import Session

from rxconnect import db
from rxconnect.domain.errors import BadFile
from rxconnect.domain.imports import ImportReport, NoUsableRow, RosterPlan, Suspicious, by_place
from rxconnect.domain.readings import Choices
from rxconnect.domain.sentences import Sentence
from rxconnect.services.custody import rosters
from rxconnect.services.custody.roster_identities import find_identities
from rxconnect.services.custody.roster_matches import Identities
from rxconnect.services.directory import facilities
from rxconnect.services.files.columns import no_column, plain_name
from rxconnect.services.files.files import open_import_file
from rxconnect.services.imports import facility_matches, roster_mappings
from rxconnect.services.imports.facility_rows import FacilityFile
from rxconnect.services.rosters import roster_places
from rxconnect.services.rosters.roster_files import Progress, RosterFile, open_roster
from rxconnect.services.rosters.roster_places import FacilityLookup

# Small rosters are stored together until they have so many people, because each transaction waits for the disk.
_AT_ONCE = 20_000


class Journal:
    """Remembers which rosters of a file are stored. This one remembers nothing; `folders` keeps one in the database."""

    # The keys of the facilities whose rosters an interrupted import has stored.
    stored: frozenset[str] = frozenset()

    def plan(self) -> RosterPlan:
        """The report about the rosters in `stored`."""
        return RosterPlan()

    def keep(self, session: Session, keys: list[str], plan: RosterPlan) -> None:
        """Remember, in the transaction that stores them, the rosters of these facilities and the report about them."""


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


def plan_facilities(file: FacilityFile, *, progress: Progress = no_progress) -> ImportReport:
    """Plan what `import_facilities` would do: does it, and takes it back."""
    rows, report = file.read()
    with db.transaction() as session, session.begin_nested() as all_of_it:
        plan = facility_matches.store_facilities(session, rows, report, progress)
        all_of_it.rollback()
    return plan


@contextmanager
def open_rosters(
    path: Path,
    *,
    facility: str = "",
    given: Mapping[str, str] | None = None,
    choices: Choices | None = None,
    forget: bool = False,
    progress: Progress = no_progress,
) -> Iterator[RosterFile]:
    """Open a file with the roster of `facility`. Without it, a column `facility` must name the facility of each row.

    `given` is the column by field, and `choices` more ways to read the file. What was chosen the last time holds as well
    (`roster_mappings`), unless the operator wants to `forget` it. `progress` is called with (bytes read, all bytes).

    Raises `NotFound` for an unknown key (`facilities.suggest_keys` helps), and `BadFile`.
    """
    places = db.read(roster_places.load_facility_lookup)
    if facility:
        facility = _known_facility(facility, places)
    chosen = (choices or Choices()).updated(Choices(given or {}))
    kept = Choices()

    def choices_for(header: list[str]) -> Choices:
        nonlocal kept
        _require_columns(chosen, header)
        if not forget:
            kept = db.read(roster_mappings.kept_choices, roster_mappings.source_of(facility, header))
        places.name(kept.updated(chosen).places)
        return roster_mappings.applicable(kept, header).updated(chosen)

    with open_roster(path, facility=facility, choices=choices_for, places=places, progress=progress) as roster:
        known = db.read(rosters.facilities_with_neighbours, roster.facilities) if facility and roster.mentioned else {}
        if others := sorted((roster.mentioned - {facility}) & known.keys()):
            raise BadFile(
                "{name} is about {other} as well, so it is not a roster of {facility} alone.",
                name=path.name,
                other=others[0],
                facility=facility,
            )
        roster.choices = kept.updated(chosen)
        if kept:
            roster.notes.append(Sentence("As last time: {choices}.", choices=roster_mappings.describe(kept)))
        yield roster


def _known_facility(named: str, places: FacilityLookup) -> str:
    """The key of a facility that the operator names by key or by name. Raises `NotFound`, and `BadFile` if two have the name."""
    if places.is_ambiguous(named):
        raise BadFile(places.ambiguous(named, "--facility KEY"))
    key = places.key_of(named)
    db.read(facilities.get_by_key, key)
    return key


def _require_columns(chosen: Choices, header: Collection[str]) -> None:
    """Raise `BadFile` when the operator names a column to leave out that is not there."""
    there = {plain_name(name) for name in header}
    if missing := next((name for name in sorted(chosen.ignored) if plain_name(name) not in there), ""):
        raise no_column(missing, header)


def plan_rosters(roster: RosterFile, *, progress: Progress = no_progress) -> RosterPlan:
    """Plan what `import_rosters` would do. `progress` is called with (rows, all rows). Raises `BadFile`."""
    known = db.read(rosters.facilities_with_neighbours, roster.facilities)
    identities = db.read(find_identities, roster)
    plan = RosterPlan()
    for done, keys in _roster_batches(roster, known):
        progress(done, roster.total)
        plan.add(db.read(rosters.plan_roster, roster, keys, identities))
    progress(roster.total, roster.total)
    return _finished_plan(plan, roster, known)


def import_rosters(
    roster: RosterFile,
    *,
    accept_suspicious: bool = False,
    by_account_id: int | None = None,
    progress: Progress = no_progress,
    journal: Journal | None = None,
) -> RosterPlan:
    """Update rosters to match the file (`services.rosters`). `progress` is called with (rows, all rows).

    Raises `Suspicious` when something looks wrong, unless that is accepted, and `BadFile` when the file has no usable
    row. Both leave everything unchanged, so all rosters are checked before the first is stored: `progress` counts rows
    twice. A `journal` makes sure that no roster is stored twice when an import is resumed.
    """
    journal = journal or Journal()
    known = db.read(rosters.facilities_with_neighbours, roster.facilities)
    wanted = {key: has_neighbours for key, has_neighbours in known.items() if key not in journal.stored}
    identities = db.read(find_identities, roster)
    looked_at = 0
    # The rosters of a resumed import were checked before it began.
    if not accept_suspicious and not journal.stored:
        looked_at = roster.total
        _refuse_suspicious(roster, known, identities, progress)
    plan = journal.plan()
    accept_suspicious = accept_suspicious or bool(journal.stored)

    def apply(session: Session, keys: list[str]) -> RosterPlan:
        """Store some rosters, and remember them in the same transaction."""
        stored = rosters.apply_roster(
            session, roster, keys, identities, accept_suspicious=accept_suspicious, by_account_id=by_account_id
        )
        journal.keep(session, keys, stored)
        return stored

    for done, keys in _roster_batches(roster, wanted):
        progress(looked_at + done, looked_at + roster.total)
        plan.add(db.write(apply, keys))
    progress(looked_at + roster.total, looked_at + roster.total)
    plan = _finished_plan(plan, roster, known)
    db.write(
        roster_mappings.keep_choices, roster_mappings.source_of(roster.facility, roster.columns.header), roster.choices
    )
    return plan


def _refuse_suspicious(
    roster: RosterFile, known: Mapping[str, bool], identities: Identities, progress: Progress
) -> None:
    """Check all rosters but those that can only add people. The error lists all problems: all are accepted at once."""
    reasons: list[Sentence | str] = [*roster.suspicions(known)]
    for done, keys in _roster_batches(roster, {key for key, has_neighbours in known.items() if has_neighbours}):
        progress(done, 2 * roster.total)
        reasons += db.read(rosters.plan_roster, roster, keys, identities).suspicious
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
            reason = roster.places.reason(key)
            if count > 1:
                reason = Sentence("{reason} ({rows} rows)", reason=reason, rows=count)
            plan.leave_out(roster.place_of(roster.first_lines[key]), reason, count)
    plan.total = roster.total
    plan.bad.sort(key=by_place)
    if plan.bad_rows == plan.total:
        raise _no_usable_row(plan, roster)
    plan.suspicious = [*roster.suspicions(known), *plan.suspicious]
    plan.notes = [*roster.notes, *plan.notes, *plan.tell()]
    return plan


def _no_usable_row(plan: RosterPlan, roster: RosterFile) -> NoUsableRow:
    first = plan.bad[0]
    refusal = Sentence(
        "{name} has no usable row. The reason in {place}: {reason}.",
        name=roster.name,
        place=first.place.sentence,
        reason=first.reason,
    )
    words = [word for word, _ in plan.reading.words.most_common()]
    for note in plan.reading.notes() if words else []:
        refusal = Sentence("{refusal} {note}", refusal=refusal, note=note)
    if words:
        column = roster.columns.header[roster.columns.position("status")]
        option = f'--ignore "{column}"'
        refusal = Sentence("{refusal} Or leave the column out: {option}.", refusal=refusal, option=option)
    if strange := next((key for key in roster.facilities if key and roster.places.is_unknown(key)), ""):
        option = f'--place "{strange[:60]}=KEY"'
        refusal = Sentence(
            "{refusal} If it is one of your facilities under another name, say {option}.",
            refusal=refusal,
            option=option,
        )
    return NoUsableRow(refusal, words)
