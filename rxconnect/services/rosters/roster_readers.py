"""Reads the rows of one file: finds its columns, learns how it writes names and dates, and brings each row into plain form."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from rxconnect.domain import clock
from rxconnect.domain.inmates import Custody, Person
from rxconnect.domain.readings import Choices, ReadingReport
from rxconnect.domain.sentences import Sentence
from rxconnect.i18n import N_
from rxconnect.services.files.cells import without_decimals
from rxconnect.services.files.columns import NO_COLUMN
from rxconnect.services.files.rows import ImportFile
from rxconnect.services.rosters import roster_housing
from rxconnect.services.rosters.roster_columns import Written, find_columns
from rxconnect.services.rosters.roster_repeats import Repeats, Wraps
from rxconnect.services.rosters.roster_watch import Watch
from rxconnect.services.shapes import dates, names, statuses
from rxconnect.services.shapes.headers import has_address
from rxconnect.services.shapes.name_orders import order_of
from rxconnect.services.shapes.name_types import NameTypes
from rxconnect.services.shapes.words import (
    FIRST_NAMES,
    LAST_NAMES,
    NO_PLACE,
    NOTHING,
    OF_PROGRAMS,
    is_no_number,
    is_nothing,
)

# So many rows show how a file writes names and dates.
_SAMPLE = 2_000
_MOST_CACHED = 65_536
_CELLS = ("number", "first_name", "middle_name", "last_name", "suffix", "aliases", "birth_date", "birth_year", "housing",
          "status", "name", "given_names", "release_date", "booking_date", "second_last_name",
          "release_reason")  # fmt: skip
_NUMBER, _FIRST, _MIDDLE, _LAST, _SUFFIX, _ALIASES, _BIRTH, _YEAR, _HOUSING, _STATUS = range(10)
_NAME, _GIVEN, _RELEASE, _BOOKING, _SECOND_LAST, _REASON = range(10, 16)
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+")
_FOOTNOTES = "*†‡# "  # A list explains these below, or calls what follows a number.
_UNREADABLE = "?"  # in place of a date that cannot be read, since it need not be in ISO form
_RELEASED, _MOVED = Custody.RELEASED.value, Custody.MOVED.value
_DATES = ("birth_date", "birth_year", "release_date", "booking_date")
# How the name of a column begins that asks whether somebody is in or out.
_IN_OR_OUT = ("inout", "incustody", "injail", "infacility", "custodyflag", "custodyind")
# Written for a release that nobody awaits.
_NO_RELEASE = frozenset(("life", "death", "lwop", "life without parole", "indefinite", "none set", "not set"))


class RosterReader:
    """Turns the cells of a file's rows into `Written`.

    `columns` were found; `notes` are sentences about the file, and `doubts` those that somebody has to accept; `watch` looks at
    columns that nobody reads, and `repeats` and `wraps` at rows that are no people of their own.

    Raises `BadFile` unless a number and both names can be read.
    """

    def __init__(self, file: ImportFile, choices: Choices):
        sample = [row.cells for row in file.sample(_SAMPLE) if not row.fault and row.line not in file.header_lines]
        self._place_of = file.place_of
        self.columns, self.notes = find_columns(file.header, sample, choices)
        self._pick: Callable[[Sequence[str]], Any] = itemgetter(*map(self.columns.position, _CELLS))
        self._statuses = {statuses.plain_status(word): custody for word, custody in choices.statuses.items()}
        housing = self.columns.joined.get("housing")
        self._join_housing = roster_housing.joiner(housing) if housing else None
        self._has_names = "name" in self.columns or "given_names" in self.columns
        self._has_address = "name" in self.columns and has_address(file.header[self.columns.position("name")])
        self.doubts = list[Sentence]()
        self._order = self._learn_order(sample)
        self._day_first = self._learn_day_first(sample)
        self._units = {field: self._learn_unit(sample, field) for field in _DATES}
        self._is_flag = "status" not in self._name_of_status()
        self._asks_in_or_out = self._name_of_status().startswith(_IN_OR_OUT)
        self._out_is_gone = self._asks_in_or_out or self._says_who_left(sample)
        self._name_type = self.columns.position("name_type")
        self._name_types = NameTypes({row[self._name_type] for row in sample})
        # Dates and statuses that were read, by the cell. A file repeats the same ones.
        self._births: dict[str, tuple[str, str]] = {}
        # Units of housing that are no words for having left.
        self._places = {""}
        self._housing_name = self.columns.header[self.columns.position("housing")] or "Housing"
        self._words: dict[str, str] = {}
        self.watch, self.repeats = Watch(self.columns, choices), Repeats(self.columns, sample)
        self.wraps = Wraps(self.columns, sample, self.status_of)

    def __call__(self, cells: list[str]) -> Written:
        """The row in plain form."""
        picked = self._pick(cells)
        if self._join_housing:
            picked = (*picked[:_HOUSING], self._join_housing(cells), *picked[_HOUSING + 1 :])
        if self._has_names or picked[_SECOND_LAST]:
            picked = self._with_names(list(picked))
        number, first, middle, last, suffix, aliases, birth, year, housing, status, *_, release, booking, _, reason = (
            picked
        )
        if not NOTHING.isdisjoint(picked) or housing in NO_PLACE:
            number, first, middle, last, suffix, aliases, birth, year, housing = _without_nothing(picked)
        if suffix:
            suffix = names.SUFFIXES.get(suffix.upper().strip("., "), suffix)
        if " " in first or " " in last:
            first, last, aliases = _with_nicknames_apart(first, last, aliases)
            first, last, suffix = _with_suffix_apart(first, last, suffix)
        if not number.isdecimal() or not number.strip("0"):
            number = _plain_number(number)
        if birth or year:
            birth, year = self._births.get(birth) or self._birth(birth, year)
        if status:
            status = self._words.get(status) or self._status(status)
        if (release and (not status or statuses.is_out(status))) or (housing not in self._places and not status):
            status, housing = self._told_otherwise(status, housing, release, booking)
        status = _with_reason(status, reason) if reason else status
        return Written(number, first, middle, last, suffix, aliases, birth, year, housing, status)

    def is_alias(self, cells: list[str]) -> bool:
        """Whether a row only gives another name of somebody who has a row of their own."""
        return self._name_type != NO_COLUMN and self._name_types.is_other(cells[self._name_type])

    def tell(self, line: int, cells: list[str], person: Person, report: ReadingReport) -> None:
        """Tell a report about a row: the first people, names that may be parted wrongly, and cells that were not read."""
        place = self._place_of(line)
        report.show(place, person)
        if self._has_names and (parted := self._doubtful(cells)):
            report.doubt(place, person, parted)
        if not person.first_name:
            report.tell_one_name(place, person.last_name)
        for field in person.unread - {"birth_year"} if person.unread else ():
            written = (cells[self.columns.position(name)] for name in (field, "birth_year", "name"))
            report.miss(place, field, next(filter(None, written), ""))
        if person.custody == Custody.HELD and (release := self._unread_release(cells)):
            report.miss(place, "release_date", release)

    def status_of(self, text: str) -> str:
        """A value of `Custody` for a word or a heading, or the text itself if it is unknown."""
        return self._words.get(text) or self._status(text) or text

    def _with_names(self, picked: list[str]) -> list[str]:
        """The picked cells with the parts of a whole name, and a second last name. A column of its own for a part wins."""
        if whole := self._whole(picked[_NAME]):
            parted = names.part_name(whole, self._order)
            if picked[_FIRST] and picked[_LAST] and not _is_same(parted, picked[_FIRST], picked[_LAST]):
                parted = names.Parted("", "", "")
            is_last_alone = picked[_FIRST] and not parted.first
            parts = ((_FIRST, parted.first), (_MIDDLE, parted.middle), (_LAST, whole if is_last_alone else parted.last),
                     (_SUFFIX, parted.suffix), (_ALIASES, parted.alias))  # fmt: skip
            for place, part in parts:
                picked[place] = picked[place] or part
        elif given := picked[_GIVEN]:
            picked[_FIRST], _, middle = given.partition(" ")
            picked[_MIDDLE] = picked[_MIDDLE] or middle.strip()
        if not is_nothing(picked[_SECOND_LAST]):
            picked[_LAST] = f"{picked[_LAST]} {picked[_SECOND_LAST]}".strip()
        return picked

    def _whole(self, name: str) -> str:
        """The cell of the whole name without an address behind it."""
        return names.without_address(name) if self._has_address else name

    def _doubtful(self, cells: list[str]) -> str:
        whole = self._whole(cells[self.columns.position("name")])
        if cells[self.columns.position("first_name")] and cells[self.columns.position("last_name")]:
            return ""
        return whole if whole and names.part_name(whole, self._order).is_doubtful else ""

    def _birth(self, birth: str, year: str) -> tuple[str, str]:
        """Date and year of birth, in ISO form if they can be read. Either may stand in the column of the other."""
        is_alone = not year
        if is_nothing(birth) and (is_alone or is_nothing(year)):
            return "", ""
        reading = self._read_birth(birth, "birth_date") if birth else dates.UNREADABLE
        if not (reading.day or reading.year) and year:
            reading = self._read_birth(year, "birth_year")
        year = str(reading.year or "")
        read = (reading.day.isoformat(), "") if reading.day else ("" if year else _UNREADABLE, year)
        if is_alone and len(self._births) < _MOST_CACHED:
            self._births[birth] = read
        return read

    def _read_birth(self, text: str, field: str) -> dates.Reading:
        return dates.read_birth(text, day_first=self._day_first, unit=self._units[field])

    def _read_event(self, text: str, field: str) -> dates.Reading:
        reading = dates.read_event(text, day_first=self._day_first, unit=self._units[field])
        day, is_more, reason = text.partition(" - ")
        if reading == dates.UNREADABLE and is_more and field == "release_date" and statuses.is_gone_word(reason):
            # `June 10, 2025 2:15 AM - Own recognizance`
            return dates.read_event(day.strip(), day_first=self._day_first, unit=self._units[field])
        return reading

    def _status(self, text: str) -> str:
        """A value of `Custody`, or "" for a cell that a program left empty, or the word if it is unknown."""
        if text in OF_PROGRAMS:
            return ""
        custody = self._statuses.get(statuses.plain_status(text)) or statuses.read_status(
            text, is_flag=self._is_flag, out_is_gone=self._out_is_gone
        )
        if custody is None and self._asks_in_or_out:
            custody = statuses.letter_of_in_or_out(text)
        word = custody.value if custody else text
        if len(self._words) < _MOST_CACHED:
            self._words[text] = word
        return word

    def _told_otherwise(self, status: str, housing: str, release: str, booking: str) -> tuple[str, str]:
        """Status and housing of a row without a clear status. The date of release tells it, or a unit that is none: `RELEASED`.

        A unit is no status, so the import asks what it means.
        """
        if release and (told := self._after_release(release, booking)):
            return told, housing
        if status or housing in self._places:
            return status, housing
        if not statuses.is_gone_word(housing):
            if len(self._places) < _MOST_CACHED:
                self._places.add(housing)
            return status, housing
        said = f"{self._housing_name}: {housing}"
        return self._statuses.get(statuses.plain_status(said), said), ""

    def _after_release(self, release: str, booking: str) -> str:
        """The status of a row without one, by its date of release: a past one counts, unless a later booking follows it."""
        if is_nothing(release):
            return ""
        if statuses.is_flag(release):
            # *Released: yes*
            return _RELEASED if statuses.read_status(release) == Custody.HELD else ""
        day = self._read_event(release, "release_date").day
        booked = self._read_event(booking, "booking_date").day if booking else None
        if day is None or day >= clock.now().date() or (booked and booked > day):
            return ""
        return _RELEASED

    def _unread_release(self, cells: list[str]) -> str:
        """The date of release of a row, if it cannot be read."""
        release = cells[self.columns.position("release_date")]
        if not release or is_nothing(release) or statuses.is_flag(release):
            return ""
        plain = statuses.plain_status(release)
        if plain in _NO_RELEASE or statuses.read_status(release) == Custody.HELD:
            return ""
        return release if self._read_event(release, "release_date") == dates.UNREADABLE else ""

    def _learn_unit(self, sample: Sequence[list[str]], field: str) -> int:
        position = self.columns.position(field)
        cells = [row[position] for row in sample] if position != NO_COLUMN else []
        return dates.unit_of(cells, is_birth=field.startswith("birth"))

    def _learn_order(self, sample: Sequence[list[str]]) -> names.Order:
        position = self.columns.position("name")
        if position == NO_COLUMN:
            return names.Order()
        column = self.columns.header[position]
        written = [self._whole(row[position]) for row in sample if row[position]]
        order = order_of(written, header=column)
        if order.is_guess and (unsure := next((name for name in written if names.part_name(name, order).first), "")):
            parted = names.part_name(unsure, order)
            self.doubts.append(
                Sentence(
                    "no row shows whether the names in {column} begin with the first or the last name, and “{name}” is read as "
                    "{last}, {first}: call the column “First Last” or “Last First”",
                    column=column,
                    name=unsure,
                    last=parted.last,
                    first=" ".join(filter(None, (parted.first, parted.middle))),
                )
            )
        return order

    def _learn_day_first(self, sample: Sequence[list[str]]) -> bool:
        """Whether this file's dates begin with the day. Where no row tells, they are read as in the United States."""
        positions = [self.columns.position(field) for field in ("birth_date", "release_date", "booking_date")]
        cells = [row[place] for row in sample for place in positions if place != NO_COLUMN and row[place]]
        pairs = [(pair, cell) for cell in cells if (pair := dates.day_and_month(cell))]
        days, months = sum(one > 12 for (one, _), _ in pairs), sum(two > 12 for (_, two), _ in pairs)
        unsure = next((cell for (one, two), cell in pairs if max(one, two) <= 12 and one != two), "")
        if unsure and days >= months:
            read = dates.read_birth(unsure, day_first=days > months).day
            if read := read or dates.read_event(unsure, day_first=days > months).day:
                note = (
                    N_("{date} is read as {day}, as other rows begin with the day.")
                    if days
                    else N_("{date} is read as {day}, as no row says whether the day or the month comes first.")
                )
                self.notes.append(Sentence(note, date=unsure, day=read.isoformat()))
        return days > months

    def _name_of_status(self) -> str:
        """The name of the column of the status, in small letters and without signs; "" if there is none."""
        position = self.columns.position("status")
        return "" if position == NO_COLUMN else statuses.plain_status(self.columns.header[position]).replace(" ", "")

    def _says_who_left(self, sample: Sequence[list[str]]) -> bool:
        """Whether a mere *Out* says in this file that somebody has left, since others are *In*."""
        position = self.columns.position("status")
        return position != NO_COLUMN and statuses.says_who_left(row[position] for row in sample)


def _without_nothing(picked: Sequence[str]) -> tuple[str, ...]:
    """The cells of a person without words for nothing. A name may be such a word if the other name is none."""
    number, first, middle, last, suffix, aliases, birth, year, housing = picked[:9]
    has_no_name = is_nothing(first) and is_nothing(last)
    first = "" if is_nothing(first) and (has_no_name or first not in FIRST_NAMES) else first
    last = "" if is_nothing(last) and (has_no_name or last not in LAST_NAMES) else last
    rest = (middle, suffix, aliases, birth, year, housing)
    middle, suffix, aliases, birth, year, housing = ("" if is_nothing(cell) else cell for cell in rest)
    return number, first, middle, last, suffix, aliases, birth, year, "" if housing in NO_PLACE else housing


def _with_reason(status: str, reason: str) -> str:
    """The status of somebody who left for this reason."""
    return _MOVED if status == _RELEASED and statuses.is_transfer(reason) else status


def _is_same(parted: names.Parted, first: str, last: str) -> bool:
    """Whether a whole name is that of these columns: it may be another person's, or have parts that only they tell."""
    return (parted.first.casefold(), parted.last.casefold()) == (first.casefold(), last.casefold())


def _with_nicknames_apart(first: str, last: str, aliases: str) -> tuple[str, str, str]:
    """The names without nicknames, which are aliases: with the last name, unless they are whole names."""
    plain_first, other_firsts = names.without_nicknames(first)
    plain_last, other_lasts = names.without_nicknames(last)
    if not plain_first or not plain_last:
        return first, last, aliases
    every = [name if " " in name else f"{name} {plain_last}" for name in other_firsts]
    every += [name if " " in name else f"{plain_first} {name}" for name in other_lasts]
    return plain_first, plain_last, "; ".join(filter(None, (aliases, *every)))


def _with_suffix_apart(first: str, last: str, suffix: str) -> tuple[str, str, str]:
    first, one = names.split_suffix(first)
    last, other = names.split_suffix(last)
    return first, last, suffix or one or other


def _plain_number(number: str) -> str:
    """The number without what a program added (`12345.00`, `1,234,567`), and "" for zeros and words for nothing."""
    if number.isalnum() and not number.isalpha() and not number.isdecimal():
        return number
    if is_no_number(number):
        return ""
    number = without_decimals(number.strip(_FOOTNOTES))
    if _GROUPED.fullmatch(number):
        number = number.replace(",", "")
    return "" if is_no_number(number) else number
