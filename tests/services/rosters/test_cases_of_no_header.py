"""Files without the names of their columns: these are numbered, and nothing is read before somebody says which is which."""

import re

import pytest

from rxconnect.domain.errors import BadFile
from tests.services.files import books
from tests.services.rosters.lists import read

PEOPLE = [
    ("0000006781", "WREN", "ROBERT", "JAMES", "JR", "19900213", "B2-114", "20260613", "IN CUSTODY"),
    ("0000006574", "LARK", "MARY", "ANN", "", "19850413", "C1-020", "20260428", "RELEASED"),
    ("0000004201", "CROW", "JOHN", "", "III", "19701231", "C1-020", "20260514", "IN CUSTODY"),
    ("0000007059", "DOVE", "LINDA", "MARIE", "", "19990704", "B2-114", "20260323", "TRANSFERRED"),
]
CUSTODY = {"0000006781": "held", "0000006574": "released", "0000004201": "held", "0000007059": "moved"}


def columns_asked_for(path):
    """The columns that the refusal proposes, by field."""
    with pytest.raises(BadFile) as refused:
        read(path)
    assert "The file has no header, so its columns are numbered." in str(refused.value)
    return dict(re.findall(r'--map (\w+)="(column \d+)"', str(refused.value)))


@pytest.mark.parametrize(
    ("before", "above", "below"),
    [
        ("", [], []),
        ("DTL|", ["HDR|ALDER JAIL|20261001|0610|FULL"], ["TRL|000004"]),
        ("D|", ["H|20261001|0610|3"], ["T|4"]),
    ],
)
@pytest.mark.parametrize("order", [range(9), (7, 4, 5, 8, 6, 2, 3, 1, 0)])
def test_the_columns_are_asked_for_with_a_proposal_that_is_right(write, before, above, below, order):
    rows = [before + "|".join(person[place] for place in order) for person in PEOPLE]
    path = write(*above, *rows, *below)

    asked = columns_asked_for(path)

    assert asked.keys() == {"number", "first_name", "last_name", "middle_name", "suffix", "birth_date", "status"}
    found = read(path, **asked)
    assert {number: person.custody.value for number, person in found.people.items()} == CUSTODY
    assert found.lines[0] == "0000006781 Robert James Wren Jr 1990-02-13"


def test_a_status_cannot_be_passed_over_in_silence(write):
    path = write(*("|".join(person) for person in PEOPLE))
    names = {
        "number": "column 1",
        "last_name": "column 2",
        "first_name": "column 3",
        "birth_date": "column 6",
        "suffix": "column 5",
    }

    with pytest.raises(BadFile, match='--map status="column 9"'):
        read(path, **names)
    assert {person.custody.value for person in read(path, **names, status="").people.values()} == {"held"}


def test_a_sheet_without_a_header_keeps_rows_that_end_early(tmp_path):
    rows = [
        ["0051", "WREN", "ROBERT", "1990-02-13", "B-1"],
        ["0052", "LARK", "MARY", "1985-04-13"],
        ["0053", "CROW", "JOHN", "1970-12-31", "C"],
    ]
    books.as_xlsx(tmp_path / "sheet.xlsx", rows)

    found = read(tmp_path / "sheet.xlsx", **columns_asked_for(tmp_path / "sheet.xlsx"))

    assert (found.names, found.bad) == ({"0051": "Robert Wren", "0052": "Mary Lark", "0053": "John Crow"}, [])
