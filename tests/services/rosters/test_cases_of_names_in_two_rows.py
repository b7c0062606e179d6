"""Names that are longer than their column go on in the row below. Nobody gets a name of somebody else by that."""

import openpyxl
import pytest

from rxconnect.services.imports import imports
from tests.services.rosters.lists import read

PRINTED = """
                     Ridge County Sheriff
                   Current Inmate Listing          Page: 1

Book Number   Name                   DOB        Cell
============  =====================  =========  =====
26-00518      OTTENDORFER, MAXIMIL   06/02/81   B-12
              ESTEBAN
26-00602      WREN, DANA L           12/24/97   F-03
26-00577      ROSENCRANTZ-           01/30/69   B-02
              WINTERLING, OSCAR

                     Ridge County Sheriff
                   Current Inmate Listing          Page: 2

Book Number   Name                   DOB        Cell
============  =====================  =========  =====
26-00620      LARK, NATIVIDAD        03/17/05   F-01

Total Inmates: 4
"""


def test_a_name_goes_on_below_in_a_printed_list(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text(PRINTED)

    found = read(path)

    assert found.lines == [
        "26-00518 Maximil Esteban Ottendorfer 1981-06-02 B-12",
        "26-00602 Dana L Wren 1997-12-24 F-03",
        "26-00577 Oscar Rosencrantz-Winterling 1969-01-30 B-02",
        "26-00620 Natividad Lark 2005-03-17 F-01",
    ]
    assert (found.bad, found.total) == ([], 4)
    assert "2 rows only go on with the name above, such as “OTTENDORFER, MAXIMIL ESTEBAN”." in found.notes


def test_a_name_goes_on_in_two_further_rows_of_a_sheet(tmp_path):
    book = openpyxl.Workbook()
    rows = [("Book #", "Inmate Name", "D.O.B."), ("26-1", "PAPASTAVROU,", "8/23/1969"), (None, "KONSTANTIN", None),
            (None, "GEORGIOS", None), ("26-2", "WREN, OTTO", "5/15/1979")]  # fmt: skip
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")

    found = read(tmp_path / "list.xlsx")

    assert found.lines == ["26-1 Konstantin Georgios Papastavrou 1969-08-23", "26-2 Otto Wren 1979-05-15"]


def test_a_first_name_goes_on_in_a_column_of_its_own(write):
    found = read(
        write("Number,Last Name,First Name,DOB", "1,WREN,BARTHOLOMEW,1/2/1980", ",,AUGUSTIN,", "2,LARK,ANN,1/3/1981")
    )

    assert found.names == {"1": "Bartholomew Augustin Wren", "2": "Ann Lark"}


@pytest.mark.parametrize(
    "rows",
    [
        ["1,BARTHOLOMEW WREN", ",OTTO LARK"],  # Somebody without a number, and nothing shows that the name goes on.
        ['1,"WREN, BARTHOLOMEW"', ',"LARK, OTTO"'],
        ['1,"WREN, BARTHOLOMEW"', ",RELEASED"],
        ['1,"WREN, BARTHOLOMEW"', ",B Pod"],
        ['1,"WREN, BARTHOLOMEW"', ",Overflow of the administrative wing"],
        ['1,"WREN, BARTHOLOMEW"', ",Total: 1"],
    ],
)
def test_another_person_a_heading_or_a_total_is_no_part_of_the_name_above(write, rows):
    found = read(write("Number,Name", *rows))

    assert found.names == {"1": "Bartholomew Wren"}


def test_a_short_name_is_whole_and_the_word_below_it_a_heading(write):
    found = read(write("Number,Name,DOB", '1,"WREN, BO",1/2/1980', ",Annex,", '2,"LARK, BARTHOLOMEW",1/3/1980'))

    assert found.names == {"1": "Bo Wren", "2": "Bartholomew Lark"}


def test_such_a_row_is_found_again_by_its_number(write, facility):
    facility(key="alder")
    lines = (
        "Facility,Number,Name,DOB",
        "alder,1,OTTENDORFER OTTO,1/2/1980",
        ",,MAXIMILIAN,",
        "alder,2,WREN ANN,1/3/1980",
    )
    with imports.open_rosters(write(*lines)) as roster:
        people = roster.roster("alder").people

    assert [(one.first_name, one.middle_name, one.last_name) for one in people.values()] == [
        ("Otto", "Maximilian", "Ottendorfer"),
        ("Ann", "", "Wren"),
    ]
