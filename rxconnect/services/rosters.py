"""Rosters: what a file changes about who is held where, as a plan to look at and as a change to make.

A person is one row for life. Whoever is new on a roster and has the number and the name of somebody at another facility
of the same state is that person, who has moved and takes contacts and letters along. What a file says does not depend
on the order of its facilities, so every question about a move is asked of the whole file: nobody moves away from where
the file lists them too, and of two places that list one newcomer, the facility we have known for longer gets them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import bindparam, func, insert, select, update
from sqlmodel import Session, col

from rxconnect.domain import clock
from rxconnect.domain.errors import NotFound
from rxconnect.domain.facilities import Opening
from rxconnect.domain.imports import MOST_EXAMPLES, RosterPlan, Suspicious
from rxconnect.domain.inmates import Custody, Person
from rxconnect.domain.money import each
from rxconnect.models import Facility, Inmate, InmateMove
from rxconnect.search import directory
from rxconnect.search import facilities as facility_search
from rxconnect.search.directory import Named
from rxconnect.search.normalise import name_key
from rxconnect.services import inmates
from rxconnect.services.roster_files import Listing, RosterFile

T = TypeVar("T")

# What is seldom right: so much of a roster gone on balance, or gone whoever came, or so many other names under the same
# numbers, or so much of another facility moving here.
_SHRUNK, _GONE, _RENAMED, _TAKEN = 0.2, 0.5, 0.5, 0.5
_LEAST_RENAMED, _LEAST_TAKEN = 3, 10  # people
_AT_ONCE = 500  # values in one question


class _Place(NamedTuple):
    """What matters here of a facility."""

    id: int
    key: str
    name: str
    state: str
    opening: str
    price_cents: int


class _Stored(NamedTuple):
    """A person as stored: the columns of `Inmate`."""

    id: int
    facility_id: int
    number_key: str
    number: str
    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    aliases: str
    birth_date: date | None
    housing: str
    custody: str

    @property
    def is_held(self) -> bool:
        return self.custody == Custody.HELD

    @property
    def named(self) -> Named:
        return Named(self.id, self.first_name, self.middle_name, self.last_name, self.aliases)


class _Update(NamedTuple):
    """A person before and after; of moves `before` is elsewhere."""

    before: _Stored
    after: _Stored


@dataclass(slots=True)
class _Changes:
    """What happens to one roster."""

    place: _Place
    listing: Listing
    held: int = 0
    new: list[tuple[str, Person]] = field(default_factory=list)
    changed: list[_Update] = field(default_factory=list)
    moved: list[_Update] = field(default_factory=list)
    released: list[_Update] = field(default_factory=list)
    unchanged: int = 0
    # People who are held here and whom this file has at another facility: they move with that one's roster.
    leaving: int = 0


def plan_roster(session: Session, roster: RosterFile, facilities: Collection[str]) -> RosterPlan:
    """What `apply_roster` would do to the rosters of these facilities, by their keys. Reads only.

    Raises `BadFile` when the file was changed, and `NotFound` when one of the facilities is unknown.
    """
    everywhere = _places(session)
    changes = _compare(session, roster, _known(everywhere, facilities), everywhere)
    return _summary(session, roster, changes, everywhere)


def apply_roster(
    session: Session, roster: RosterFile, facilities: Collection[str], *, accept_suspicious: bool = False
) -> RosterPlan:
    """Make the rosters of these facilities what the file says, all of them in this transaction; returns what was done.

    People who are missing from the file become released, and a facility that was only listed opens. The same file a
    second time changes nothing. Raises what `plan_roster` raises, and `Suspicious` unless that is accepted.
    """
    directory.lock(session)
    everywhere = _places(session)
    changes = _compare(session, roster, _known(everywhere, facilities), everywhere)
    plan = _summary(session, roster, changes, everywhere)
    if plan.suspicious and not accept_suspicious:
        raise Suspicious(plan.suspicious)
    _store(session, changes)
    return plan


def facilities_with_neighbours(session: Session) -> dict[str, bool]:
    """All facilities by key, each with whether anybody is held in its state: if not, its roster can only add people."""
    held = select(col(Inmate.facility_id)).where(col(Inmate.custody) == Custody.HELD).distinct()
    columns = (col(Facility.key), col(Facility.state), col(Facility.id).in_(held))
    everywhere = session.execute(select(*columns)).all()
    states = {state for _, state, has_people in everywhere if has_people}
    return {key: state in states for key, state, _ in everywhere}


class _Matches:
    """Who of a file's people is somebody stored elsewhere in the same state, as far as these numbers go."""

    def __init__(self, session: Session, roster: RosterFile, everywhere: dict[str, _Place], numbers: Iterable[str]):
        self._roster, self._everywhere = roster, everywhere
        self._states = {place.id: place.state for place in everywhere.values()}
        self._stored: dict[str, list[_Stored]] = defaultdict(list)
        for some in _some(numbers):
            for person in _select(session, col(Inmate.number_key).in_(some)):
                self._stored[person.number_key].append(person)

    def mover(self, number: str, person: Person, place: _Place) -> _Stored | None:
        """Who comes to this place as `person`, who is new and held there; None for somebody we have never seen."""
        same = self._same_elsewhere(number, person, place)
        if not same:
            return None
        listed = [(other, named) for other, named in self._listed_elsewhere(number, place) if _is_held(named)]
        rivals = (other for other, named in listed if _is_same(person, named) and not self._is_stored_at(number, other))
        if any(rival.id < place.id for rival in rivals):
            return None
        staying = {other.id for other, _ in listed}
        movers = (other for other in same if other.facility_id not in staying)
        return max(movers, key=lambda other: (other.is_held, other.id), default=None)

    def leaves(self, stored: _Stored, place: _Place) -> bool:
        """Whether somebody whom the roster of their own place lacks, or has as gone, comes to another one in this file."""
        number = stored.number_key
        return any(
            _is_held(person) and not self._is_stored_at(number, other) and self.mover(number, person, other) == stored
            for other, person in self._listed_elsewhere(number, place)
        )

    def is_elsewhere(self, number: str, person: Person, place: _Place) -> bool:
        """Whether somebody who is new here, and gone already, is at another place as far as we or the file know."""
        listed = self._listed_elsewhere(number, place)
        if any(_is_held(named) and _is_same(person, named) for _, named in listed):
            return True
        ids = {other.id for other, _ in listed}
        return any(other.facility_id not in ids for other in self._same_elsewhere(number, person, place))

    def _same_elsewhere(self, number: str, person: Person, place: _Place) -> list[_Stored]:
        return [
            other
            for other in self._stored.get(number, ())
            if other.facility_id != place.id
            and place.state
            and self._states[other.facility_id] == place.state
            and _is_same(person, other)
        ]

    def _listed_elsewhere(self, number: str, place: _Place) -> list[tuple[_Place, Person]]:
        """Under this number at other places of the state, as the file has it."""
        listed = ((self._everywhere.get(key), person) for key, person in self._roster.elsewhere(number, place.key))
        return [(other, person) for other, person in listed if other and place.state and other.state == place.state]

    def _is_stored_at(self, number: str, place: _Place) -> bool:
        return any(other.facility_id == place.id for other in self._stored.get(number, ()))


def _places(session: Session) -> dict[str, _Place]:
    """All facilities by key."""
    columns = (getattr(Facility, name) for name in _Place._fields)
    return {place.key: place for place in (_Place._make(row) for row in session.execute(select(*columns)))}


def _known(everywhere: dict[str, _Place], keys: Collection[str]) -> list[_Place]:
    if not everywhere.keys() >= set(keys):
        raise NotFound("facility")
    return [everywhere[key] for key in keys]


def _compare(
    session: Session, roster: RosterFile, places: Collection[_Place], everywhere: dict[str, _Place]
) -> list[_Changes]:
    every = [_Changes(place, roster.listing(place.key)) for place in places]
    known: dict[int, dict[str, _Stored]] = {place.id: {} for place in places}
    for some in _some(known):
        for person in _select(session, col(Inmate.facility_id).in_(some)):
            known[person.facility_id][person.number_key] = person
    numbers: set[str] = set()
    for changes in every:
        people, here = changes.listing.people, known[changes.place.id]
        numbers |= people.keys() - here.keys()
        numbers.update(number for number, stored in here.items() if stored.is_held and not _is_listed(people, number))
    matches = _Matches(session, roster, everywhere, numbers)
    for changes in every:
        if changes.listing.people:
            _compare_people(changes, known[changes.place.id], matches)
        else:
            note = f"{changes.place.name} has no usable row in the file, so its roster stays as it is."
            changes.listing.report.notes.append(note)
    return every


def _compare_people(changes: _Changes, known: dict[str, _Stored], matches: _Matches) -> None:
    place, listing = changes.place, changes.listing
    changes.held = sum(stored.is_held for stored in known.values())
    for number, person in listing.people.items():
        before = known.get(number)
        if before is None:
            _compare_newcomer(changes, number, person, matches)
        elif before.is_held and not _is_held(person) and matches.leaves(before, place):
            changes.leaving += 1
            changes.unchanged += 1
        else:
            after = _stored(before.id, place.id, number, person)
            if after == before:
                changes.unchanged += 1
            else:
                changes.changed.append(_Update(before, after))
    for number, before in known.items():
        if before.is_held and number not in listing.people and number not in listing.unreadable:
            if matches.leaves(before, place):
                changes.leaving += 1
            else:
                changes.released.append(_Update(before, before._replace(custody=Custody.RELEASED.value)))


def _compare_newcomer(changes: _Changes, number: str, person: Person, matches: _Matches) -> None:
    if not _is_held(person):
        if matches.is_elsewhere(number, person, changes.place):
            changes.unchanged += 1
        else:
            changes.new.append((number, person))
    elif mover := matches.mover(number, person, changes.place):
        changes.moved.append(_Update(mover, _stored(mover.id, changes.place.id, number, person)))
    else:
        changes.new.append((number, person))


def _is_held(person: Person) -> bool:
    return person.custody == Custody.HELD


def _is_listed(people: dict[str, Person], number: str) -> bool:
    return number in people and _is_held(people[number])


def _is_same(one: Person, other: Person | _Stored) -> bool:
    """Whether two people who have the same number have the same name, and no two birth dates."""
    if one.birth_date and other.birth_date and one.birth_date != other.birth_date:
        # The middle of a year stands for a date of which only the year is known.
        only_year = any((born.month, born.day) == (7, 1) for born in (one.birth_date, other.birth_date))
        if not only_year or one.birth_date.year != other.birth_date.year:
            return False
    return _names(one) == _names(other)


def _names(person: Person | _Stored) -> tuple[str, str]:
    return name_key(person.first_name), name_key(person.last_name)


def _stored(inmate_id: int, facility_id: int, number: str, person: Person) -> _Stored:
    return _Stored(inmate_id, facility_id, number, **inmates.columns(person))


def _summary(
    session: Session, roster: RosterFile, every: Collection[_Changes], everywhere: dict[str, _Place]
) -> RosterPlan:
    plan = RosterPlan()
    names = {place.id: place.name for place in everywhere.values()}
    for changes in every:
        report = changes.listing.report
        report.new, report.changed = len(changes.new), len(changes.changed)
        report.moved, report.released = len(changes.moved), len(changes.released)
        report.unchanged = changes.unchanged
        report.examples = _examples(changes, names)
        report.suspicious = list(_suspicions(changes))
        place = changes.place
        if place.opening == Opening.LISTED and changes.listing.people:
            report.opens = [(place.name, each(place.price_cents))]
        plan.add(report)
    listed = {everywhere[key].id for key in roster.facilities if key in everywhere}
    plan.suspicious += _taken(session, every, listed, names)
    return plan


def _examples(changes: _Changes, names: dict[int, str]) -> dict[str, list[str]]:
    lines: dict[str, Iterable[str]] = {
        "new": (_line(person) for _, person in changes.new),
        "changed": (f"{_line(before)}: {_difference(before, after)}" for before, after in changes.changed),
        "moved": (
            f"{_line(after)}: from {names[before.facility_id]} to {changes.place.name}"
            for before, after in changes.moved
        ),
        "released": (_line(before) for before, _ in changes.released),
    }
    return {kind: found for kind, some in lines.items() if (found := list(islice(some, MOST_EXAMPLES)))}


def _line(person: Person | _Stored) -> str:
    names = (person.number, person.first_name, person.middle_name, person.last_name, person.suffix)
    return " ".join(filter(None, names))


def _difference(before: _Stored, after: _Stored) -> str:
    """`housing B, now C`: the fields that differ."""
    pairs = zip(_Stored._fields, before, after, strict=True)
    return ", ".join(
        f"{name.replace('_', ' ')} {old or 'unknown'}, now {new or 'unknown'}"
        for name, old, new in pairs
        if old != new and name != "number_key"
    )


def _suspicions(changes: _Changes) -> Iterator[str]:
    """What is seldom right about one roster. Whoever moves within the file is neither here nor lost."""
    held = changes.held - changes.leaving
    lost = len(changes.released) + sum(before.is_held and not after.is_held for before, after in changes.changed)
    came = sum(_is_held(person) for _, person in changes.new) + len(changes.moved)
    came += sum(after.is_held and not before.is_held for before, after in changes.changed)
    if lost - came > _SHRUNK * held or lost > _GONE * held:
        yield f"{lost:,} of {held:,} people held at {changes.place.name} would be there no more"
    renamed = sum(_names(before) != _names(after) for before, after in changes.changed)
    listed = len(changes.changed) + changes.unchanged
    if renamed >= _LEAST_RENAMED and renamed > _RENAMED * listed:
        yield f"{renamed:,} of {listed:,} numbers at {changes.place.name} would belong to other names"


def _taken(session: Session, every: Collection[_Changes], listed: set[int], names: dict[int, str]) -> list[str]:
    """Facilities of which much would move here though this file is not about them: it may be their roster."""
    taken = Counter(before.facility_id for changes in every for before, _ in changes.moved if before.is_held)
    reasons = []
    for facility_id, people in taken.items():
        if facility_id in listed or people < _LEAST_TAKEN:
            continue
        here = col(Inmate.facility_id) == facility_id, col(Inmate.custody) == Custody.HELD
        held = session.scalar(select(func.count()).select_from(Inmate).where(*here)) or 0
        if people > _TAKEN * held:
            reasons.append(f"{people:,} of {held:,} people held at {names[facility_id]} would move away")
    return reasons


def _store(session: Session, every: Collection[_Changes]) -> None:
    moved = [update for changes in every for update in changes.moved]
    updates = [update for changes in every for update in (*changes.changed, *changes.moved, *changes.released)]
    _store_updates(session, updates)
    if moved:
        moves = [{"inmate_id": b.id, "from_facility_id": b.facility_id, "number": b.number} for b, _ in moved]
        session.execute(insert(InmateMove), [move | {"moved_at": clock.now()} for move in moves])
    renamed = [(before.named, after.named) for before, after in updates if before.named != after.named]
    directory.rename(session, [before for before, _ in renamed], [after for _, after in renamed])
    directory.insert(
        session,
        [
            {"facility_id": changes.place.id, "number_key": number, **inmates.columns(person)}
            for changes in every
            for number, person in changes.new
        ],
    )
    touched = {changes.place.id for changes in every if changes.new}
    touched |= {facility_id for pair in updates for facility_id in (pair.before.facility_id, pair.after.facility_id)}
    directory.write_sheets(session, touched | _left_before(session, [update.before.id for update in updates]))
    _open(session, [changes.place for changes in every if changes.listing.people])


def _store_updates(session: Session, updates: Collection[_Update]) -> None:
    if updates:
        change = update(Inmate).where(col(Inmate.id) == bindparam("stored_id"))
        change = change.values({name: bindparam(name) for name in _Stored._fields if name != "id"})
        rows: list[dict[str, Any]] = [{**after._asdict(), "stored_id": after.id} for _, after in updates]
        for row in rows:
            del row["id"]
        session.connection().execute(change, rows)


def _left_before(session: Session, inmate_ids: Collection[int]) -> set[int]:
    """The facilities that these people ever left: whoever looks there finds them as well."""
    left: set[int] = set()
    for some in _some(inmate_ids):
        left.update(
            session.scalars(select(col(InmateMove.from_facility_id)).where(col(InmateMove.inmate_id).in_(some)))
        )
    return left


def _open(session: Session, places: Collection[_Place]) -> None:
    opening = [place.id for place in places if place.opening == Opening.LISTED]
    for some in _some(opening):
        session.execute(update(Facility).where(col(Facility.id).in_(some)).values(opening=Opening.OPEN.value))
    if opening:
        facility_search.mark_changed(session)


def _select(session: Session, which: Any) -> Iterator[_Stored]:
    columns = (getattr(Inmate, name) for name in _Stored._fields)
    return (_Stored._make(row) for row in session.execute(select(*columns).where(which)))


def _some(values: Iterable[T]) -> Iterator[list[T]]:
    every = iter(values)
    return iter(lambda: list(islice(every, _AT_ONCE)), [])
