"""Further tables in one file, as when exports are put one behind the other: `Name, Number` may follow on `Number, Name`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rxconnect.domain.errors import BadFile
from rxconnect.domain.sentences import Sentence
from rxconnect.services.files.columns import plain_name, without_table
from rxconnect.services.files.csv_files import CsvFile
from rxconnect.services.files.rows import ImportFile
from rxconnect.services.shapes.headers import leads_to, meaning_of

_NAMES = frozenset(["name", "last_name", "first_name", "given_names"])
# Tables about something else than the people.
_OTHERS = re.compile(
    "charge|offen[sc]e|officer|attorney|lawyer|bond|bail|court|case|victim|visit|contact|agenc|judge|arrest|warrant|sentence|"
    "address|staff|user|medic|statute|alias|photo",
    re.IGNORECASE,
)
# So many columns of known meaning, and this share of them all, make a header.
_FEWEST, _SHARE = 2, 0.5


def shorten_names(file: ImportFile) -> None:
    """Leave out the name of a database's table, where it stands in front of most columns: `dbo.Inmate.LastName`.

    A name that we know as it is stays whole, and so does one of another table, such as `Officer.Name`.
    """
    parted = [without_table(name) for name in file.header]
    tables = Counter(table for (table, column), name in zip(parted, file.header, strict=True) if column != name)
    most, count = tables.most_common(1)[0] if tables else ("", 0)
    is_usual = 2 * count >= len(file.header) and sum(tables.values()) == len(file.header) and not _OTHERS.search(most)
    usual = {"", most} if is_usual else {""}
    names = [
        column if table in usual or (_is_plain(table) and _field(column)) else name
        for (table, column), name in zip(parted, file.header, strict=True)
    ]
    kept = [
        name if _field(name) and table else short
        for name, short, (table, _) in zip(file.header, names, parted, strict=True)
    ]
    if len({*map(plain_name, kept)}) == len({*map(plain_name, file.header)}):
        file.header = kept


def _is_plain(table: str) -> bool:
    """Whether a table is one of housing, whatever else its name says."""
    meaning = meaning_of(table.rpartition(".")[2])
    return meaning is not None and meaning.field == "housing"


def join_cut_names(file: ImportFile) -> None:
    """Have the file join the only column of whole names, where their comma parts them because they are not quoted."""
    columns = [place for place, name in enumerate(file.header) if _field(name) == "name"]
    if isinstance(file, CsvFile) and len(columns) == 1 and file.join_cut_names(columns[0]):
        file.notes.append(
            Sentence(
                "The names in {column} have a comma and are not quoted; they are read as one cell.",
                column=file.header[columns[0]],
            )
        )


def find_tables(file: ImportFile) -> None:
    """Have the file read its further tables under one header. A header that only comes again is none.

    Raises `BadFile` if a table of charges or the like stands below each person, since its rows would count as people.
    """
    if not isinstance(file, CsvFile):
        return
    # The first table may be much narrower than another one.
    narrow = (place for place, cells in enumerate(file.above) if _is_header([*map(str.strip, cells)]))
    if (place := next(narrow, None)) is not None and place < len(file.above) - 1:
        file.begin_at(place)
    header, further, first = [*file.header], list[tuple[int, int, list[int], int]](), [*map(plain_name, file.header)]
    number = next((place for place, name in enumerate(header) if _field(name) == "number"), 0)
    again, others = set[int](), set[tuple[str, ...]]()
    for line, start, cells in file.likely_headers():
        if not further and [*map(plain_name, cells)] == first:
            again.add(line)
            continue
        if not _is_header(cells) and not _names_again(cells, first):
            if (names := tuple(cells)) in others:
                raise _other_table(names)
            others |= {names} if _is_of_others(cells, number) else set()
            continue
        further.append((line, start, _places(cells, header), len(cells)))
    if further:
        places = [
            (line, start, [*found, *[-1] * (len(header) - len(found))], width) for line, start, found, width in further
        ]
        file.add_tables(header, places)
    file.header_lines |= again


def _is_of_others(cells: Sequence[str], number: int) -> bool:
    """Whether a row is the header of a table of charges or the like, in which something stands where people have their number."""
    return sum(_OTHERS.search(name) is not None for name in cells) >= _FEWEST and cells[number : number + 1] != [""]


def _other_table(names: Sequence[str]) -> BadFile:
    return BadFile(
        "Between the people stand rows of another table ({columns}), so nothing was changed. Export the list again, "
        "with a row for each person and without that table.",
        columns=[*filter(None, names)][:10],
    )


def _names_again(cells: Sequence[str], first: Sequence[str]) -> bool:
    """Whether a row names columns of the first table in another order, or some of them."""
    names = [*filter(None, map(plain_name, cells))]
    return len(names) >= _FEWEST and len({*names}) == len(names) and {*names} <= {*first}


def _is_header(cells: Sequence[str]) -> bool:
    names = [*filter(None, cells)]
    if len(names) < _FEWEST or len({*names}) < len(names):
        return False
    fields = [meaning.field for name in names if (meaning := meaning_of(name))]
    is_person = "number" in fields and not _NAMES.isdisjoint(fields)
    return is_person and len(fields) >= max(_FEWEST, _SHARE * len(names))


def _places(cells: Sequence[str], header: list[str]) -> list[int]:
    """Where each column of `header` stands among these cells. Columns that say something new are added to it.

    A column goes under the same name, or else under the only one of the first table with the same meaning.
    """
    plain, known = [*map(plain_name, header)], [_field(name) for name in header]
    places, others = [-1] * len(header), list[int]()
    for place, name in enumerate(cells):
        if name and (same := plain_name(name)) in plain and places[plain.index(same)] < 0:
            places[plain.index(same)] = place
        elif name:
            others.append(place)
    alone = Counter(filter(None, known))
    for place in others:
        field = _field(cells[place])
        if field and alone[field] and (alone[field] > 1 or places[known.index(field)] >= 0):
            continue
        if field and alone[field]:
            places[known.index(field)] = place
        elif field or leads_to(cells[place]):
            header.append(cells[place])
            known.append(field)
            alone[field] += bool(field)
            places.append(place)
    return places


def _field(name: str) -> str:
    meaning = meaning_of(name)
    return meaning.field if meaning else ""
