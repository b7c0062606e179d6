"""Footers of printed and exported lists, which the columns cut into pieces: nobody is made of them."""

import pytest

from tests.services.rosters.lists import read

HEADER = f"{'INMATE NO':<12}{'NAME':<25}{'DOB':<12}{'HOUSING':<10}BOOKED"
PEOPLE = [
    f"{'20418873':<12}{'DELGADO, MARCUS':<25}{'02/03/1990':<12}{'B-12-L':<10}06/01/2026",
    f"{'20418874':<12}{'WREN, OTTO H':<25}{'12/31/1980':<12}{'B-13-U':<10}06/02/2026",
    f"{'20418875':<12}{'PAGE, ANN':<25}{'02/03/1981':<12}{'':<10}06/03/2026",
]
FOOTERS = [
    "PREPARED BY SGT MILLER 0412",
    "PREPARED    BY SGT MILLER 0412",
    "TOTAL INMATES: 214",
    "INMATES: 214",
    "TOTAL INMATES:  214        REPORTED BY: SGT MILLER    BADGE 0412",
    "END OF REPORT",
    "*** END     OF REPORT ***",
    "PAGE 3 OF 9",
    "PAGE        3 OF 9",
    "REPORT ID   JLR0412                  06/12/2026",
    "PRINTED BY  SGT MILLER",
    "APPROVED BY LT. JANE DOE             06/12/2026",
    "SHIFT B     LT. JANE DOE",
    "Confidential: not for release, for law enforcement use only",
]


@pytest.mark.parametrize("footer", FOOTERS)
def test_the_footer_of_a_printed_list_is_nobody(tmp_path, footer):
    path = tmp_path / "roster.txt"
    path.write_text("\n".join([HEADER, *PEOPLE, "", footer]) + "\n")

    found = read(path)

    assert (list(found.people), found.bad) == (["20418873", "20418874", "20418875"], [])
    assert any("passed over" in note for note in found.notes)


def test_every_footer_at_once_is_nobody(tmp_path):
    path = tmp_path / "roster.txt"
    more = [PEOPLE[1].replace("20418874", str(number)) for number in range(20500000, 20500010)]
    path.write_text("\n".join([HEADER, *PEOPLE, *more, *FOOTERS]) + "\n")

    assert {*read(path).names.values()} == {"Marcus Delgado", "Otto Wren", "Ann Page"}


@pytest.mark.parametrize(
    "footer",
    ["PREPARED BY,SGT MILLER,0412,,", "PAGE,3,OF,9,", "END OF REPORT,,,,", "Prepared by Sgt Miller 0412", "Run by,MILLER,J,,",
     ",PREPARED BY SGT MILLER,,,", "214,TOTAL,INMATES,,", "SHERIFF,JANE,DOE,,", "Report run,06/12/2026,08:00,,"],
)  # fmt: skip
def test_the_footer_of_an_exported_list_is_nobody(write, footer):
    people = ["20418873,DELGADO,MARCUS,02/03/1990,B-12", "20418874,WREN,OTTO,12/31/1980,B-13"]

    found = read(write("Inmate No,Last Name,First Name,DOB,Housing", *people, footer))

    assert list(found.people) == ["20418873", "20418874"]
    assert len(found.bad) + sum("passed over" in note for note in found.notes) == 1


def test_the_number_in_a_footer_is_nobodys(write):
    people = ['"DELGADO, MARCUS",20418873,B-12', '"WREN, OTTO",20418874,B-13']

    found = read(write("Name,Inmate No,Housing", *people, "PREPARED BY SGT MILLER,0412,"))

    assert (list(found.people), found.bad) == (["20418873", "20418874"], [])
    assert any("“PREPARED BY SGT MILLER 0412”" in note for note in found.notes)


def test_a_person_whose_number_has_no_digit_is_bad_and_reported(write):
    people = ["20418873,DELGADO,MARCUS,02/03/1990,B-12", "20418874,WREN,OTTO,12/31/1980,B-13"]

    found = read(write("Inmate No,Last Name,First Name,DOB,Housing", *people, "SEE FILE,LARK,ANN,01/01/1990,C-1"))

    assert found.bad == ["the inmate number “SEE FILE” has no digit, as the others have"]


def test_numbers_may_have_no_digit_where_others_have_none(write):
    found = read(write("Inmate No,Last Name,First Name,Housing", "AB,WREN,OTTO,C", "AC,LARK,ANN,", "AD,DOVE,ED,C"))

    assert list(found.people) == ["AB", "AC", "AD"]


@pytest.mark.parametrize("row", ["P3,PAGE,DARLENE,,", "26-1,COUNT,JOHN,,", "P4,NOTE,RUTH,,", "P44,LISTER,ED,,"])
def test_a_person_with_little_in_the_row_stays(write, row):
    people = ["P1,DELGADO,MARCUS,02/03/1990,B-12", "P2,WREN,OTTO,12/31/1980,B-13"]

    assert len(read(write("Inmate No,Last Name,First Name,DOB,Housing", *people, row)).people) == 3
