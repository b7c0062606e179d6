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


EXTRACT = """\
0000006781 WREN            ROBERT      JAMES     JR  19900213 B2-114  20260613 IN CUSTODY
0000006574 LARK            MARY        ANN           19850413 C1-020  20260428 RELEASED
0000004201 CROW            JOHN                  III 19701231 C1-020  20260514 IN CUSTODY
0000007059 DOVE            LINDA       MARIE         19990704 B2-114  20260323 TRANSFERRED
"""
PACKED = """\
A0123456SMITH               JOHN            A19840312M201905012029090110 BIRCH CAMP
A0123457GARCIA LOPEZ        MARIA           R19901104F202001150000000011 PINE CENTER
A0123458O'NEIL              PATRICK          19751130M201506302031123115 BIRCH CAMP
A0123459LEE                 ANN             B20000101F202203140000000010 ALDER PRISON
A0123461WASHINGTON          CURTIS           19690704M199812319999999907 ALDER PRISON
"""
NAMES = """\
  12345  WREN, ROBERT JAMES JR     02/13/1990  M  B2-114
   6574  LARK, MARY ANN            04/13/1985  F  C1-020
 104201  CROW, JOHN                12/31/1970  M  C1-020
   7059  DE LA CRUZ, MARIA         07/04/1999  F  B2-114
"""


def asked_and_read(path):
    """The people, after the columns that were proposed are confirmed."""
    return read(path, **columns_asked_for(path))


@pytest.mark.parametrize(
    "text",
    [
        EXTRACT,
        EXTRACT.replace("\n", "\r\n"),
        # The numbers fill their column.
        re.sub(r"(?m)^(\d+) ", r"\1", EXTRACT),
        # Records of one length, between a header record and a total.
        f"HDR ALDER JAIL  20261001 0610 FULL\n{EXTRACT}TRL 000004\n",
    ],
)
def test_an_extract_in_fixed_widths_is_parted_where_all_rows_are_blank(tmp_path, text):
    path = tmp_path / "extract.txt"
    path.write_text(text)

    asked = columns_asked_for(path)

    assert asked.keys() == {"number", "first_name", "last_name", "middle_name", "suffix", "birth_date", "status"}
    found = read(path, **asked)
    assert {number: person.custody.value for number, person in found.people.items()} == CUSTODY
    assert found.lines[:2] == ["0000006781 Robert James Wren Jr 1990-02-13", "0000006574 Mary Ann Lark 1985-04-13"]


def test_dates_of_eight_digits_part_what_no_blank_parts(tmp_path):
    path = tmp_path / "extract.txt"
    path.write_text(PACKED)

    found = read(path, number="column 1", last_name="column 2", first_name="column 3", birth_date="column 5")

    assert found.lines == ["A0123456 John Smith 1984-03-12", "A0123457 Maria Garcia Lopez 1990-11-04",
                           "A0123458 Patrick O'Neil 1975-11-30", "A0123459 Ann Lee 2000-01-01",
                           "A0123461 Curtis Washington 1969-07-04"]  # fmt: skip
    assert columns_asked_for(path)["birth_date"] == "column 5"


def test_a_number_that_begins_with_a_date_stays_whole(tmp_path):
    rows = [f"2026061300{place} {name:<8} ANN  19900213" for place, name in enumerate(("WREN", "LARKSON", "CROW"), 10)]
    path = tmp_path / "extract.txt"
    path.write_text("\n".join(rows))

    found = read(path, number="column 1", last_name="column 2", first_name="column 3", birth_date="column 4")
    assert [*found.people] == ["202606130010", "202606130011", "202606130012"]


def test_names_that_are_as_long_as_each_other_by_chance_are_not_parted(tmp_path):
    path = tmp_path / "extract.txt"
    path.write_text(NAMES)

    assert asked_and_read(path).lines == ["12345 Robert James Wren Jr 1990-02-13", "6574 Mary Ann Lark 1985-04-13",
                                          "104201 John Crow 1970-12-31", "7059 Maria de la Cruz 1999-07-04"]  # fmt: skip


def test_titles_of_pages_without_a_header_are_no_people(tmp_path):
    title = "ALDER COUNTY JAIL\nROSTER OF 06/13/2026        PAGE {page}\n\n"
    second = NAMES.replace("12345", "22345").replace("6574", "6674").replace("104201", "204201").replace("7059", "8059")
    path = tmp_path / "extract.txt"
    path.write_text(f"{title.format(page=1)}{NAMES}\f{title.format(page=2)}{second}\nTOTAL: 8\n")

    found = asked_and_read(path)

    assert (len(found.people), found.bad) == (8, [])


def test_a_text_that_reaches_into_the_next_column_costs_its_row(tmp_path):
    path = tmp_path / "extract.txt"
    # The long name stands behind the lines from which the columns are found.
    wide = NAMES + "".join(NAMES.splitlines(keepends=True)[0].replace("12345", str(20000 + n)) for n in range(1_200))
    path.write_text(f"{wide}  88001  ALEXANDROWITZ-MONTGOMERY, BARTHOLOMEW  02/13/1990  M  B2-114\n")

    found = asked_and_read(path)

    assert "88001" not in found.people
    assert len(found.people) == 1_204
    assert len(found.bad) == 1


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_records_of_one_length_need_no_line_breaks(tmp_path, end):
    path = tmp_path / "extract.txt"
    lines = EXTRACT.splitlines()
    path.write_text("".join(f"{line:<90}" for line in lines) + end)

    found = asked_and_read(path)

    assert {number: person.custody.value for number, person in found.people.items()} == CUSTODY
    assert (found.total, found.bad) == (4, [])


CHARGES_UNDER_A_HEADER = """\
NUMBER    NAME                     DOB         HOUSING
1001      WREN, OTTO               02/13/1990  B2
   13A-6-2     MURDER 1ST                   $50,000
   13A-7-5     BURGLARY 1ST                 $5,000
1002      LARK, ANN                04/13/1985  C1
   32-5A-191   DUI                          $1,000
1003      CROW, JOHN               12/31/1970  C1
   13A-8-3     THEFT OF PROPERTY            $2,500
   13A-8-4     THEFT OF PROPERTY 2          $1,500
"""
CHARGES_WITHOUT_A_HEADER = """\
WREN, OTTO           1001   02/13/1990
  MURDER 1ST                 50000
  BURGLARY 1ST               5000
LARK, ANN            1002   04/13/1985
  DUI                        1000
CROW, JOHN           1003   12/31/1970
  THEFT OF PROPERTY          2500
  NO LICENSE                 250
"""


@pytest.mark.parametrize("text", [CHARGES_UNDER_A_HEADER, CHARGES_WITHOUT_A_HEADER])
def test_charges_in_other_columns_between_the_people_are_passed_over(tmp_path, text):
    path = tmp_path / "list.txt"
    path.write_text(text)

    found = asked_and_read(path)

    assert [line[:27] for line in found.lines] == ["1001 Otto Wren 1990-02-13", "1002 Ann Lark 1985-04-13",
                                                   "1003 John Crow 1970-12-31"]  # fmt: skip
    assert found.bad == []
    assert any("between the rows passed over" in note for note in found.notes)
