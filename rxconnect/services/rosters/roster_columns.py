"""The fields of a roster file, and the columns in which they stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from rxconnect.domain import clock
from rxconnect.domain.errors import BadFile
from rxconnect.domain.inmates import NUMBER_MAX, Custody
from rxconnect.domain.readings import Choices, field_name
from rxconnect.domain.sentences import Sentence, Value
from rxconnect.services.documents import unnamed_columns
from rxconnect.services.files import columns, headers
from rxconnect.services.files.columns import NO_COLUMN, Columns, Fields
from rxconnect.services.rosters import bare_numbers, roster_housing
from rxconnect.services.rosters.bare_numbers import COUNTS_ROWS, counts_rows
from rxconnect.services.shapes import dates
from rxconnect.services.shapes.given_names import GIVEN_NAMES
from rxconnect.services.shapes.headers import is_bare_number, is_weak, meaning_of, with_unnumbered
from rxconnect.services.shapes.names import is_suffix
from rxconnect.services.shapes.statuses import are_security_levels, plain_status, read_status
from rxconnect.services.shapes.units import are_units
from rxconnect.services.shapes.words import is_nothing


def _number_names(whose: str) -> tuple[str, ...]:
    return f"{whose}_number", f"{whose}_no", f"{whose}_id"


# The likeliest names of each field. `shapes.headers` reads the names that are not here, such as the number of a booking, which
# comes after every number of a person.
FIELDS: Fields = {
    "facility": ("facility_key",),
    "number": (
        *_number_names("inmate"),
        *_number_names("doc"),
        *_number_names("offender"),
        *_number_names("register"),
    ),
    "name": ("full_name", "inmate_name"),
    "given_names": (),
    "first_name": ("first", "given_name"),
    "middle_name": ("middle",),
    "last_name": ("last", "surname"),
    # A mother's last name, which follows the father's in Spanish.
    "second_last_name": (),
    "suffix": ("name_suffix",),
    "aliases": ("alias", "aka", "also_known_as"),
    "name_type": (),
    "birth_date": ("dob", "date_of_birth"),
    "birth_year": ("year_of_birth",),
    "housing": ("housing_unit", "unit", "unit_number"),
    "status": ("custody_status", "inmate_status", "current_status"),
    "release_date": ("date_released", "discharge_date"),
    "release_reason": (),
    "booking_date": ("date_booked",),
}
_BIRTH = {"birth_date", "birth_year"}
_MANY = 3  # people
_DIGITS_OF_DAY = 8
# A clock in another zone is not a plan, and the end of a century from now is the end of no sentence.
_SOON, _SOMETIME = timedelta(days=1), timedelta(days=36_500)
# Columns of words without digits that hold no names.
_NO_NAME = re.compile(
    r"race|ethnic|sex|gender|hair|eyes?\b|color|build|complex|relig|marital|offen[sc]e|charge|crime|statute|status|country|county|"
    r"state|city|court|judge|agency|type|class|level|custody|hold|detainer|reason|desc|bond|bail|juvenile|alias|nick|flag",
    re.IGNORECASE,
)
# Columns of values with digits that are no numbers of people.
_NO_NUMBER = re.compile(
    r"\bage\b|\bsex\b|height|weight|\bht\b|\bwt\b|\bhgt\b|\bwgt\b|date|time|\bdob\b|bond|bail|amount|address|phone|\bzip",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
# Three words that are not written as names are.
_SENTENCE = re.compile(r"\b[a-z]+ [a-z]+ [a-z]+\b")
_LONGEST_QUOTE = 60
_WHOLE_NAME = re.compile(r"[^,\d]{2,40},[^,\d]{2,60}(?:,[^,\d]{2,6})?")
_OPTIONAL = {"middle_name", "suffix", "aliases", "housing", *_BIRTH}


class Written(NamedTuple):
    """The cells of one row that describe the person, in plain form; "" where the file has no such column.

    A whole name is parted, a date is in ISO form if it can be read, and a known status is a value of `Custody`.
    """

    number: str
    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    aliases: str
    birth_date: str
    birth_year: str
    housing: str
    status: str


class Found(NamedTuple):
    """The columns of a file, and sentences about columns that are not what their names say."""

    columns: Columns
    notes: list[Sentence]


def find_columns(header: Sequence[str], sample: Sequence[list[str]], choices: Choices) -> Found:
    """Find the columns of a roster. `sample` are the cells of its first rows.

    Raises `BadFile` unless a number and both names can be read, with the columns that there are and what to say.
    """
    given = _with_one_name_column(choices.columns)
    housing = columns.named_columns(given.get("housing", ""), header)
    given |= {"housing": housing[0]} if len(housing) > 1 else {}
    ignored, notes = list(choices.ignored), []
    places, meaning = range(len(header) if sample else 0), with_unnumbered(header)
    empty = [place for place in places if all(is_nothing(row[place]) for row in sample if row[place])]

    def detect(ignored: Sequence[str], empty: Sequence[int]) -> Columns:
        return columns.detect_columns(header, FIELDS, given, ignored=ignored, empty=empty, meaning_of=meaning)

    while True:
        found = detect(ignored, empty)
        field, other = _why_not(found, sample, choices)
        without = [*ignored, found.header[found.position(field)]] if other else ignored
        is_only = field == "number" and "number" not in detect(without, empty)
        if not other or (is_only and other != COUNTS_ROWS):
            break
        ignored = without
        notes.append(_not_read(ignored[-1], field, other))
    notes += _instead_of_empty(detect(ignored, ()), found)
    if "number" not in found and "number" not in given:
        found, bare = bare_numbers.with_bare_number(found, sample, ignored)
        notes += bare
    found = _with_names_settled(found, sample, given, empty)
    if "housing" not in given:
        left_out = {columns.position_of(column, header) for column in ignored}
        parts = roster_housing.columns_of(found, sample, {*empty, *left_out})
    else:
        parts = tuple(columns.position_of(column, header) for column in housing if len(housing) > 1)
    return Found(found._replace(joined={"housing": parts} if parts else {}), notes)


def _not_read(column: str, field: str, other: Sentence) -> Sentence:
    """Why a column is not read, and how to have it read nevertheless. A status is never read against its words."""
    about: dict[str, Value] = {"column": column, "what": other, "field": field_name(field)}
    if field == "status":
        return Sentence("The column {column} {what}, so it is not read as the {field}.", **about)
    about["option"] = f'--map {field}="{column}"'
    return Sentence(
        "The column {column} {what}, so it is not read as the {field}: {option} reads it nevertheless.", **about
    )


def _with_names_settled(
    found: Columns, sample: Sequence[list[str]], given: Mapping[str, str], empty: Collection[int]
) -> Columns:
    """The columns without those for names that others make superfluous. Raises `BadFile` unless number and names are there."""
    positions = dict(found.positions)
    if "name" in positions and positions["name"] not in empty:
        parts = ("given_names", "first_name", "last_name")
        positions = {field: place for field, place in positions.items() if field not in parts or place not in empty}
    if "given_names" in positions and "first_name" in positions:
        del positions["given_names"]
    has_first = "first_name" in positions or "given_names" in positions
    if has_first and "last_name" in positions and "name" not in given and not _tells_more(positions, sample):
        positions.pop("name", None)
    if "last_name" in positions and not has_first and "name" not in positions and _has_commas(positions, sample):
        positions["name"] = positions.pop("last_name")
    found = Columns(found.header, positions)
    require_person(found, sample, given)
    return found


def missing_columns(found: Columns) -> frozenset[str]:
    """The fields of a `Person` for which a file has no column. An import leaves them as they are.

    The status is never among them, since everybody on a roster counts as held.
    """
    there = set(found.positions)
    if "name_type" in there:
        there.add("aliases")
    if "name" in there:
        there |= {"middle_name", "suffix"}
    elif "given_names" in there:
        there.add("middle_name")
    # A file with one of the two birth columns need not have the other.
    return frozenset(_OPTIONAL - there - (_BIRTH if there & _BIRTH else set()))


def _with_one_name_column(given: Mapping[str, str]) -> dict[str, str]:
    """The given columns; one that is given for the first and the last name holds the whole name."""
    given = dict(given)
    last = given.get("last_name", "")
    if last and columns.plain_name(last) == columns.plain_name(given.get("first_name", "")):
        given = {field: column for field, column in given.items() if field not in ("first_name", "last_name")}
        given |= {"name": last, "first_name": "", "last_name": "", "given_names": ""}
    return given


def _why_not(found: Columns, sample: Sequence[list[str]], choices: Choices) -> tuple[str, Sentence | None]:
    """A field whose column does not hold it, and what the column holds instead, if there is one.

    A column that the operator gave is never doubted.
    """
    whys = {
        "status": _why_no_status,
        "name": _why_no_name,
        "number": _why_no_number,
        "housing": _why_no_housing,
        "suffix": _why_no_suffix,
        "release_date": _why_no_release,
    }
    for field, why_not in whys.items():
        position = found.position(field)
        if position != NO_COLUMN and not choices.columns.get(field) and (other := why_not(found, sample, choices)):
            return field, other
    return "", None


def _why_no_number(found: Columns, sample: Sequence[list[str]], _choices: Choices) -> Sentence | None:
    names = [found.position(field) for field in ("name", "last_name", "first_name", "given_names") if field in found]
    people = {tuple(row[place] for place in names) for row in sample}
    values = {row[found.position("number")] for row in sample}
    if all(len(value) > NUMBER_MAX for value in values):
        return Sentence("holds keys that are longer than any number")
    name = found.header[found.position("number")]
    # Our own lists call it *number*, and count from 1 at a small facility.
    if columns.plain_name(name) != "number" and is_bare_number(name) and counts_rows(found, sample):
        return COUNTS_ROWS
    return Sentence("is the same for everybody") if len(values) == 1 and len(people) >= _MANY else None


def _why_no_name(found: Columns, sample: Sequence[list[str]], _choices: Choices) -> Sentence | None:
    """A column of the names `nl`, `nf`, `nm` may be any part of one. A whole name has two words."""
    if not {"first_name", "last_name", "given_names"}.isdisjoint(found.positions):
        return None
    filled = [cell for row in sample if (cell := row[found.position("name")]) and not is_nothing(cell)]
    words = [cell for cell in filled if _WORD.fullmatch(cell)]
    if len(words) < _MANY or len(words) < len(filled):
        return None
    return Sentence("holds single words and no whole names ({example})", example=words[0][:30])


def _why_no_housing(found: Columns, sample: Sequence[list[str]], _choices: Choices) -> Sentence | None:
    position = found.position("housing")
    meaning = with_unnumbered(found.header)(found.header[position])
    filled = [row[position] for row in sample if not is_nothing(row[position])]
    if meaning is None or not is_weak(meaning) or not filled or are_units(filled):
        return None
    return Sentence("holds other places than units of housing ({example})", example=filled[0][:30])


def _why_no_suffix(found: Columns, sample: Sequence[list[str]], _choices: Choices) -> Sentence | None:
    """A suffix may also be of a number, as in `CommitmentSuffix`: a letter or a digit."""
    cells = [row[found.position("suffix")] for row in sample]
    filled = [cell for cell in cells if cell and not is_nothing(cell)]
    codes = [cell for cell in filled if len(cell) == 1 and not is_suffix(cell)]
    if 2 * len(codes) <= len(filled):
        return None
    return Sentence("holds codes and no suffixes of names ({example})", example=codes[0])


def _why_no_release(found: Columns, sample: Sequence[list[str]], _choices: Choices) -> Sentence | None:
    """A day that is planned may pass before the person leaves. Where a column tells who is there, the days do not matter."""
    cells = [row[found.position("release_date")] for row in sample]
    if any(row[found.position("status")] for row in sample):
        return None
    unit, today = dates.unit_of(cells, is_birth=False), clock.now().date()
    ways = ([dates.read_event(cell, day_first=way, unit=unit).day for way in (False, True)] for cell in cells)
    is_plan = any(all(day and _SOON < day - today < _SOMETIME for day in days) for days in ways)
    return Sentence("holds days to come, as a column of plans does") if is_plan else None


def _instead_of_empty(likely: Columns, found: Columns) -> list[Sentence]:
    """A sentence about each column that is read because a likelier one is empty."""
    return [
        Sentence(
            "The column {empty} is empty, so {column} is read as the {field}.",
            empty=likely.header[likely.positions[field]],
            column=found.header[position],
            field=field_name(field),
        )
        for field, position in found.positions.items()
        if likely.positions.get(field, position) != position
    ]


def _why_no_status(found: Columns, sample: Sequence[list[str]], choices: Choices) -> Sentence | None:
    """What the column of the status holds instead; None if it is the status."""
    position = found.position("status")
    words = dict.fromkeys(row[position] for row in sample if row[position])
    if are_security_levels(set(words)):
        return Sentence("holds degrees of security")
    meaning = with_unnumbered(found.header)(found.header[position])
    if meaning is None or not is_weak(meaning):
        return None
    known = {word: read_status(word) for word in words if plain_status(word) not in choices.statuses}
    unknown = next((word for word, custody in known.items() if custody is None), "")
    says_gone = any(custody in (Custody.RELEASED, Custody.MOVED) for custody in known.values())
    if not unknown or says_gone:
        return None
    return Sentence("holds words that are no status ({example})", example=unknown[:30])


def _tells_more(positions: Mapping[str, int], sample: Sequence[list[str]]) -> bool:
    """Whether some rows have a whole name and none of its parts, as those of another table in the file may, or whether the whole
    names have the middle ones, which have no column.
    """
    if "name" not in positions:
        return False
    places = [positions[field] for field in ("given_names", "first_name", "last_name") if field in positions]
    rows = [(row[positions["name"]], " ".join(row[place] for place in places if row[place])) for row in sample]
    if any(whole and not parts for whole, parts in rows):
        return True
    if "middle_name" in positions or "given_names" in positions:
        return False
    pairs = [({*_WORD.findall(whole.casefold())}, {*_WORD.findall(parts.casefold())}) for whole, parts in rows if whole]
    are_same = 2 * sum(whole >= parts for whole, parts in pairs) > len(pairs)
    return are_same and any(whole > parts for whole, parts in pairs)


def _has_commas(positions: Mapping[str, int], sample: Sequence[list[str]]) -> bool:
    """Whether the column of the last name holds whole names."""
    cells = [row[positions["last_name"]] for row in sample]
    return 2 * sum("," in cell for cell in cells) > len(cells)


def require_person(found: Columns, sample: Sequence[list[str]], given: Mapping[str, str]) -> None:
    """Raise `BadFile` unless there are columns for a number and both names.

    In a file without a header they have to be given, and so have the status, the birth date and the suffix, if some columns hold these.
    """
    missing = [] if "number" in found else ["number"]
    if "name" not in found:
        has_first = "first_name" in found or "given_names" in found
        missing += [] if has_first else ["first_name"]
        missing += [] if "last_name" in found else ["last_name"]
    has_header = not headers.are_numbered(found.header)
    likely = {} if has_header else unnamed_columns.likely(found, sample, given)
    if not missing and not likely:
        return
    if not given and _is_text(found.header, sample):
        raise BadFile(
            "This is a text and not a table: it begins with “{line}”. Export the list as a spreadsheet or as CSV, with a row "
            "for each person, and with columns for the number, the name and the birth date.",
            line=", ".join(filter(None, found.header))[:_LONGEST_QUOTE],
        )
    counters = bare_numbers.counters(found, sample) if "number" in missing else []
    used = found.positions.values()
    free = [name for place, name in enumerate(found.header) if name and place not in used and name not in counters]
    guesses = _guesses(missing, [name for name in free if name not in likely.values()], found, sample)
    options = [f'--map {field}="{column}"' for field, column in [*guesses, *likely.items()]]
    refusal = Sentence(
        "This is not a roster: there is no column for {fields}. The columns are {columns}. Say which one it is: {options}.",
        fields=[*map(field_name, [*missing, *likely])],
        columns=[*filter(None, found.header[:40])] or ["–"],
        options=" ".join(options),
    )
    notes = [Sentence("The column {column} {what}.", column=counter, what=COUNTS_ROWS) for counter in counters[:1]]
    if not has_header:
        row = next((row for row in sample if any(row)), [])
        notes.append(
            Sentence(
                "The file has no header, so its columns are numbered. Its first row is {row}.",
                row=" | ".join(row[:-1])[:300],
            )
        )
    if missing and missing != ["number"] and not any(option.startswith("--map name=") for option in options):
        notes.append(Sentence("A column with the whole name is {option}.", option='--map name="COLUMN"'))
    for note in notes:
        refusal = Sentence("{refusal} {note}", refusal=refusal, note=note)
    raise BadFile(refusal)


def _is_text(header: Sequence[str], sample: Sequence[list[str]]) -> bool:
    """Whether no column has a name that we know, since there is only one column, or most rows are sentences."""
    names = [*filter(None, header)]
    if headers.are_numbered(header) or any(map(meaning_of, names)):
        return False
    sentences = sum(any(map(_SENTENCE.search, row)) for row in [header, *sample])
    return (len(names) == 1 and " " in names[0]) or 2 * sentences > 1 + len(sample)


def _guesses(
    missing: Sequence[str], free: list[str], found: Columns, sample: Sequence[list[str]]
) -> list[tuple[str, str]]:
    """A likely column for each missing field, or "COLUMN": for a number one with digits and hardly a value twice, for both names
    one that holds whole names, and else one with letters. Usual first names tell which of several holds the first ones.
    """
    cells = {name: [row[found.header.index(name)] for row in sample] for name in free}

    def fitting(field: str) -> list[str]:
        never = _NO_NUMBER if field == "number" else _NO_NAME
        return [name for name in free if _fits(field, cells[name]) and not never.search(name)]

    if {"first_name", "last_name"} <= {*missing} and fitting("name"):
        missing = [field for field in missing if field == "number"] + ["name"]
    guesses: list[tuple[str, str]] = []
    for field in missing:
        taken = {column for _, column in guesses}
        fit = [name for name in fitting(field) if name not in taken]
        if field in ("first_name", "last_name"):
            fit = _by_first_names(fit, cells, are_first=field == "first_name")
        guesses.append((field, fit[0] if fit else "COLUMN"))
    taken = {column for _, column in guesses}
    middle = [
        name for name in free if name not in taken and not _NO_NAME.search(name) and _holds_middle_names(cells[name])
    ]
    if {"first_name", "last_name"} <= {*missing} and "middle_name" not in found and middle:
        guesses.append(("middle_name", middle[0]))
    return guesses


def _holds_middle_names(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    are_names = 2 * sum(cell.upper() in GIVEN_NAMES for cell in filled) > len(filled)
    return are_names and all(map(_WORD.fullmatch, filled))


def _by_first_names(columns: list[str], cells: Mapping[str, list[str]], *, are_first: bool) -> list[str]:
    """The only column, or the one with the most or the fewest usual first names. None of several that are alike."""
    share = {name: sum(cell.upper() in GIVEN_NAMES for cell in cells[name]) for name in columns}
    ranked = sorted(columns, key=lambda name: share[name], reverse=are_first)
    return [] if len(ranked) > 1 and share[ranked[0]] == share[ranked[1]] else ranked


def _fits(field: str, cells: list[str]) -> bool:
    filled = [cell for cell in cells if cell]
    if not filled or (len(filled) >= _MANY and len({*filled}) == 1):
        return False
    if field == "number":
        digits = sum(any(map(str.isdigit, cell)) and " " not in cell and len(cell) <= NUMBER_MAX for cell in filled)
        are_days = all(len(cell) == _DIGITS_OF_DAY and dates.read_event(cell).day for cell in filled)
        return not are_days and digits * 10 >= 9 * len(filled) and len(set(filled)) * 10 >= 9 * len(filled)
    if field == "name" and 2 * sum(_WHOLE_NAME.fullmatch(cell) is not None for cell in filled) <= len(filled):
        return False
    # Somebody's first name is only an initial, but not most people's.
    are_words = 10 * sum(len(cell) > 1 for cell in filled) >= 9 * len(filled)
    has_digits = any(any(map(str.isdigit, cell)) for cell in filled[:200])
    return are_words and not has_digits and not all(map(is_suffix, filled))
