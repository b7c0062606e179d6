"""How a roster file is read: what the operator chose, and what was doubtful or could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from rxconnect.domain.inmates import Custody, Person
from rxconnect.domain.sentences import Sentence
from rxconnect.domain.text import one_line
from rxconnect.i18n import N_

MOST_SHOWN = 10  # people
# Between the columns of a field that is read from several: `Pod + Cell`.
AND = " + "
_MOST_CELLS = 5
_MOST_WORDS = 50
_FIELDS = {
    "aliases": N_("aliases"),
    "birth_date": N_("birth date"),
    "birth_year": N_("birth year"),
    "booking_date": N_("booking date"),
    "facility": N_("facility"),
    "first_name": N_("first name"),
    "given_names": N_("given names"),
    "housing": N_("housing"),
    "last_name": N_("last name"),
    "middle_name": N_("middle name"),
    "name": N_("name"),
    "name_type": N_("name type"),
    "number": N_("number"),
    "release_date": N_("release date"),
    "release_reason": N_("release reason"),
    "second_last_name": N_("second last name"),
    "status": N_("status"),
    "suffix": N_("suffix"),
}


def field_name(field: str) -> Sentence:
    """The name of a field of a roster, inside a sentence. Lists of facilities have others, which only operators read."""
    return Sentence(_FIELDS.get(field, field.replace("_", " ")))


class Place(NamedTuple):
    """Where a row stands: the line of the file or the row of a sheet, counted from 1; 0 is the title of the sheet.

    `sheet` is its title, if several were read.
    """

    line: int
    sheet: str = ""

    @property
    def sentence(self) -> Sentence:
        """The place, inside a sentence."""
        if not self.sheet:
            return Sentence("line {line}", line=str(self.line)) if self.line else Sentence("the title of the sheet")
        if not self.line:
            return Sentence("the title of the sheet “{sheet}”", sheet=self.sheet)
        return Sentence("row {line} of the sheet “{sheet}”", line=str(self.line), sheet=self.sheet)

    def __str__(self) -> str:
        return str(self.sentence)


@dataclass(frozen=True, slots=True)
class Choices:
    """What an operator chose for a file, where its columns and words do not speak for themselves.

    `columns` is the column by field (several for the housing: `AND`); "" leaves the field out. `ignored` are columns to leave
    out. `statuses` gives words for a status their meaning, and `places` names of facilities their keys.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    statuses: Mapping[str, Custody] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.columns or self.ignored or self.statuses or self.places)

    def updated(self, later: Choices) -> Choices:
        """These choices with later ones, which win. A column that is given is no longer left out, and the reverse."""
        given, ignored = set(later.columns.values()), later.ignored
        return Choices(
            {name: column for name, column in self.columns.items() if column not in ignored} | dict(later.columns),
            (self.ignored - given) | ignored,
            {**self.statuses, **later.statuses},
            {**self.places, **later.places},
        )


@dataclass(slots=True)
class Unread:
    """The cells of one field that could not be read: how many, and the first few with their lines."""

    count: int = 0
    cells: list[Sentence | str] = field(default_factory=list)

    def add(self, other: Unread) -> None:
        """Add those of other rows."""
        self.count += other.count
        self.cells = [*self.cells, *other.cells][:_MOST_CELLS]

    def some(self) -> list[Sentence | str]:
        """The first few."""
        return [*self.cells, *["…"] * (self.count > len(self.cells))]


@dataclass(slots=True)
class ReadingReport:
    """What an operator has to see of how rows were read.

    `people` are the first people as they are stored, `doubtful` those whose name may be parted wrongly, and `one_name` those who
    have only one. `unread` are the cells that were passed over, by field, and `words` the unknown words for a status with the
    number of their rows.
    """

    people: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)
    doubtful_rows: int = 0
    one_name: Unread = field(default_factory=Unread)
    unread: dict[str, Unread] = field(default_factory=dict)
    words: Counter[str] = field(default_factory=Counter)

    def show(self, place: Place, person: Person) -> None:
        """Show a person as they would be stored, if they are among the first."""
        if len(self.people) < MOST_SHOWN:
            self.people.append(f"{place}: {person_parts(person)}")

    def doubt(self, place: Place, person: Person, written: str) -> None:
        """Record that a name may be parted wrongly."""
        self.doubtful_rows += 1
        if len(self.doubtful) < MOST_SHOWN:
            self.doubtful.append(f"{place}: {one_line(written)[:80]} → {person_parts(person, names_alone=True)}")

    def tell_one_name(self, place: Place, name: str) -> None:
        """Record that somebody has only one name."""
        self.one_name.add(Unread(1, [Sentence("{name} in {place}", name=name, place=place.sentence)]))

    def miss(self, place: Place, name: str, cell: str) -> None:
        """Record a cell that could not be read. The person is kept, and so is what was known."""
        quoted = Sentence("{place} “{cell}”", place=place.sentence, cell=one_line(cell)[:30])
        self.unread.setdefault(name, Unread()).add(Unread(1, [quoted]))

    def add(self, other: ReadingReport) -> None:
        """Add the report about other rows."""
        self.people = [*self.people, *other.people][:MOST_SHOWN]
        self.doubtful = [*self.doubtful, *other.doubtful][:MOST_SHOWN]
        self.doubtful_rows += other.doubtful_rows
        self.one_name.add(other.one_name)
        self.words.update(other.words)
        for name, unread in other.unread.items():
            self.unread.setdefault(name, Unread()).add(unread)

    def notes(self) -> list[Sentence]:
        """A sentence about each kind of cell that could not be read."""
        found = []
        if self.one_name.count:
            found.append(
                Sentence.counted(
                    "{count} person has only one name: {people}.",
                    "{count} people have only one name: {people}.",
                    self.one_name.count,
                    people=self.one_name.some(),
                )
            )
        found += [_unread_note(name, unread) for name, unread in self.unread.items()]
        found += [_unknown_word(word, count) for word, count in self.words.most_common(_MOST_WORDS)]
        return found


def _unread_note(name: str, unread: Unread) -> Sentence:
    """A sentence about the cells of one field, and what follows from them."""
    if name == "release_date":
        return Sentence.counted(
            "{count} release date cell could not be read, so this person is not released by it: {cells}.",
            "{count} release date cells could not be read, so these people are not released by it: {cells}.",
            unread.count,
            cells=unread.some(),
        )
    return Sentence.counted(
        "{count} {field} cell could not be read, so what was known stays: {cells}.",
        "{count} {field} cells could not be read, so what was known stays: {cells}.",
        unread.count,
        field=field_name(name),
        cells=unread.some(),
    )


def _unknown_word(word: str, rows: int) -> Sentence:
    return Sentence.counted(
        "The status “{word}” in {count} row is unknown, so nothing changes for this person: say what it means with {options}.",
        "The status “{word}” in {count} rows is unknown, so nothing changes for these people: say what it means with {options}.",
        rows,
        word=word,
        options=status_options(word),
    )


def status_options(word: str) -> list[str]:
    """The ways to tell the command what a word for a status means."""
    return [f'--status "{word}={Custody.HELD}"', f"={Custody.RELEASED}", f"={Custody.MOVED}"]


def person_parts(person: Person, *, names_alone: bool = False) -> str:
    """`number 80001, first name Otto, middle name H, last name Wren, suffix Jr`, and the rest that is known."""
    parts = {
        "number": "" if names_alone else person.number,
        "first name": person.first_name,
        "middle name": person.middle_name,
        "last name": person.last_name,
        "suffix": person.suffix,
    }
    if not names_alone:
        born = person.birth_date or person.birth_year
        parts |= {
            "aliases": person.aliases,
            "born": str(born or ""),
            "housing": person.housing,
            "": person.custody.value,
        }
    return ", ".join(f"{label} {text}".strip() for label, text in parts.items() if text)
