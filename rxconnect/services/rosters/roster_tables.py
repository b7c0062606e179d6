"""Further tables in one file, as when exports are put one behind the other: `Name, Number` may follow on `Number, Name`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rxconnect.services.files.columns import plain_name
from rxconnect.services.files.csv_files import CsvFile
from rxconnect.services.files.rows import ImportFile
from rxconnect.services.shapes.headers import leads_to, meaning_of

_NAMES = frozenset(["name", "last_name", "first_name", "given_names"])
# So many columns of known meaning, and this share of them all, make a header.
_FEWEST, _SHARE = 2, 0.5


def find_tables(file: ImportFile) -> None:
    """Have the file read its further tables under one header. A header that only comes again is none."""
    if not isinstance(file, CsvFile):
        return
    header, further, first = [*file.header], list[tuple[int, int, list[int], int]](), [*map(plain_name, file.header)]
    for line, start, cells in file.likely_headers():
        if not _is_header(cells) or (not further and [*map(plain_name, cells)] == first):
            continue
        further.append((line, start, _places(cells, header, len(file.header)), len(cells)))
    if further:
        places = [(line, start, [*found, *[-1] * (len(header) - len(found))], width) for line, start, found, width in further]
        file.add_tables(header, places)


def _is_header(cells: Sequence[str]) -> bool:
    names = [*filter(None, cells)]
    if len(names) < _FEWEST or len({*names}) < len(names):
        return False
    fields = [meaning.field for name in names if (meaning := meaning_of(name))]
    is_person = "number" in fields and not _NAMES.isdisjoint(fields)
    return is_person and len(fields) >= max(_FEWEST, _SHARE * len(names))


def _places(cells: Sequence[str], header: list[str], width: int) -> list[int]:
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
