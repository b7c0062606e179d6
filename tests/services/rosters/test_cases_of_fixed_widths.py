"""Listings of old midrange computers: short names, and numbers that fill their column."""

from tests.services.rosters.lists import read

LISTING = """\
INMNBR    LSTNAM            FSTNAM        DOB8      BKDAT7   RELDT7   HSGUNT
0020418873DELGADO           MARCUS        19900203  1260612  0000000  B12
0020418874WREN              OTTO          19801231  1260613  1260701  B13
0020418875LARK              ANN           19810203  1260614  9999999  C02
"""


def test_numbers_that_fill_their_column_are_parted_from_the_names(tmp_path):
    path = tmp_path / "listing.txt"
    path.write_text(LISTING)

    found = read(path)

    assert found.lines == ["0020418873 Marcus Delgado 1990-02-03 B12", "0020418874 Otto Wren 1980-12-31 B13",
                           "0020418875 Ann Lark 1981-02-03 C02"]  # fmt: skip
    assert [person.custody.value for person in found.people.values()] == ["held", "released", "held"]


def test_a_name_that_reaches_into_the_next_column_costs_its_row(tmp_path):
    path = tmp_path / "listing.txt"
    path.write_text(f"{LISTING}0020418876WITH A LONG NAME THAT REACHES19810203  1260614  0000000  C02\n")

    found = read(path)

    assert [*found.people] == ["0020418873", "0020418874", "0020418875"]
    assert len(found.bad) == 1
