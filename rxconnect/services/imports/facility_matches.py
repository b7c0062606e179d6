"""Stores a file's facilities: updates the stored facility, whichever list it came from, or adds a new one.

HIFLD gives every facility an id, and UCLA's table names that id for most of its own. So the first list that contains a
facility adds it, and the other lists update it. Several rows may name one HIFLD id, as for the two halves of a campus.
Then the name has to match too. A facility without a known id is recognised by its name, state and city.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from sqlmodel import Session, select

from rxconnect.domain import money
from rxconnect.domain.facilities import LEAST_CHARGE_CENTS, Opening
from rxconnect.domain.imports import ImportReport, by_place
from rxconnect.domain.readings import Place
from rxconnect.domain.sentences import Sentence
from rxconnect.models import Facility
from rxconnect.search.normalise import folded_words
from rxconnect.services.directory import facilities
from rxconnect.services.imports.facility_rows import FacilityRow, Source

_TELL_EVERY = 200  # facilities


def store_facilities(
    session: Session, rows: list[FacilityRow], report: ImportReport, progress: Callable[[int, int], None]
) -> ImportReport:
    """Add or update these facilities, and count them in a copy of `report`. `progress` is called with (done, total)."""
    counted = ImportReport(total=report.total, bad_rows=report.bad_rows, bad=[*report.bad], notes=[*report.notes])
    known = _Known(session, rows)
    # Everything is written at the end. A statement for each facility would look through all of them each time.
    for done, row in enumerate(rows):
        if done % _TELL_EVERY == 0:
            progress(done, len(rows))
        facility = known.find(row)
        if problem := _purchase_problem(row, facility):
            counted.leave_out(Place(row.line), problem)
        elif facility is None:
            counted.new += 1
            counted.add_example("new", _shown(_create_facility(session, row, known)))
        elif changes := _update_facility(facility, row, known, counted.notes):
            counted.changed += 1
            counted.add_example(
                "changed", f"{_shown(facility)}: {', '.join(_field_shown(*one) for one in changes.items())}"
            )
        else:
            counted.unchanged += 1
    session.flush()
    if counted.new or counted.changed:
        facilities.invalidate_search(session)
    counted.bad.sort(key=by_place)
    progress(len(rows), len(rows))
    return counted


class _Known:
    """The stored facilities, indexed by everything that identifies one."""

    def __init__(self, session: Session, rows: list[FacilityRow]):
        everyone = session.exec(select(Facility)).all()
        self._by_key = {facility.key: facility for facility in everyone}
        self._by_id: dict[tuple[str | None, str | None], Facility] = {
            (facility.source, facility.source_id): facility for facility in everyone if facility.source
        }
        self._rows_with_id = Counter(row.ids.get(Source.HIFLD) for row in rows)
        meant = {facility.key for row in rows if (facility := self._by_number(row))}
        # A facility that a row of this file identifies by number cannot match another row by name.
        self._by_name: dict[tuple[str, str], list[Facility]] = defaultdict(list)
        for facility in everyone:
            if facility.key not in meant:
                self._by_name[folded_words(facility.name), facility.state].append(facility)

    def find(self, row: FacilityRow) -> Facility | None:
        """The stored facility that this row describes; None for a new one."""
        if not row.ids:
            return self._by_key.get(row.values["key"])
        return self._by_number(row) or self._by_name_and_place(row)

    def number_for(self, row: FacilityRow) -> tuple[Source, str]:
        """The number to store for a facility: HIFLD's if no other facility has it, else the file's own."""
        hifld = row.ids.get(Source.HIFLD)
        if hifld and self._rows_with_id[hifld] == 1 and (Source.HIFLD, hifld) not in self._by_id:
            return Source.HIFLD, hifld
        return next(iter(row.ids.items()))

    def unused_key(self, name: str, state: str) -> str:
        """A key that no stored or new facility has."""
        return facilities.first_unused(facilities.key_of(name, state), self._by_key)

    def add(self, facility: Facility) -> None:
        """Index a new facility. It is not found by its name, because each row of a list is a facility of its own."""
        self._by_key[facility.key] = facility
        if facility.source:
            self.index_by_number(facility)

    def index_by_number(self, facility: Facility) -> None:
        """Index a facility by its number."""
        self._by_id[facility.source, facility.source_id] = facility

    def _by_number(self, row: FacilityRow) -> Facility | None:
        for source, number in row.ids.items():
            facility = self._by_id.get((source, number))
            if facility and (source == next(iter(row.ids)) or self._is_same_facility(facility, row, number)):
                return facility
        return None

    def _is_same_facility(self, facility: Facility, row: FacilityRow, number: str) -> bool:
        """Whether a row with another list's number describes the facility with that number."""
        if row.values.get("state", facility.state) != facility.state:
            return False
        return self._rows_with_id[number] == 1 or folded_words(row.values["name"]) == folded_words(facility.name)

    def _by_name_and_place(self, row: FacilityRow) -> Facility | None:
        source, city = next(iter(row.ids)), folded_words(row.values.get("city", ""))
        named = self._by_name[folded_words(row.values["name"]), row.values.get("state", "")]
        alike = [
            facility
            for facility in named
            if facility.source != source and (not city or not facility.city or folded_words(facility.city) == city)
        ]
        if len(alike) != 1:
            return None
        named.remove(alike[0])
        return alike[0]


def _shown(facility: Facility) -> str:
    return ", ".join(filter(None, (facility.name, facilities.place_of(facility), facility.key)))


def _field_shown(name: str, value: object) -> str:
    return f"{name.replace('_', ' ')} {value}"


def _purchase_problem(row: FacilityRow, known: Facility | None) -> str:
    """The problem when the smallest purchase would be none, or cost less than a card can be charged; "" when there is none."""
    if not row.values.keys() & {"price_cents", "min_credits", "max_credits"}:
        return ""
    before = known or Facility(key="", name="")
    price = row.values.get("price_cents", before.price_cents)
    least = row.values.get("min_credits", before.min_credits)
    most = row.values.get("max_credits", before.max_credits)
    if least > most:
        return f"min_credits, {least:,}, is more than max_credits, {most:,}"
    if price * least >= LEAST_CHARGE_CENTS:
        return ""
    return (
        f"the least to buy, {money.credits(least)} at {money.price_each(price)}, is {money.dollars(price * least)}, and Stripe "
        f"charges no card less than {money.dollars(LEAST_CHARGE_CENTS)}: raise price_cents or min_credits"
    )


def _create_facility(session: Session, row: FacilityRow, known: _Known) -> Facility:
    values = dict(row.values)
    if row.ids:
        source, number = known.number_for(row)
        values |= {"source": source.value, "source_id": number}
    if row.is_closed:
        values["opening"] = Opening.CLOSED.value
    if "key" not in values:
        values["key"] = known.unused_key(values["name"], values.get("state", ""))
    facility = facilities.new_facility(**values)
    session.add(facility)
    known.add(facility)
    return facility


def _update_facility(
    facility: Facility, row: FacilityRow, known: _Known, notes: list[Sentence | str]
) -> dict[str, Any]:
    """Set the fields that differ, and return them."""
    values = dict(row.values)
    if Source.HIFLD in row.ids and len(row.ids) == 1 and facility.kind:
        values.pop("kind", None)  # HIFLD's kind names the operator of the place, not its type
    if row.ids and facility.source != Source.HIFLD:
        source, number = known.number_for(row)
        values |= {"source": source.value, "source_id": number}
    if row.is_closed:
        if facility.opening == Opening.LISTED:
            values["opening"] = Opening.CLOSED.value
        elif facility.opening != Opening.CLOSED:
            notes.append(f"{facility.name} is closed by this list, but it uses RxConnect, so it stays as it is.")
    changes = {name: value for name, value in values.items() if getattr(facility, name) != value}
    for name, value in changes.items():
        setattr(facility, name, value)
    if row.ids:
        known.index_by_number(facility)
    return changes
