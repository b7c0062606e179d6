"""Lists made by hand, whose only column with numbers is called `#`, `No` or `ID`: people's numbers, or a count of the rows."""

import pytest

from rxconnect.domain.errors import BadFile
from tests.services.files import books
from tests.services.rosters.lists import read

NAMES = [("Delgado", "Marcus"), ("Ray", "Mo"), ("Lee", "Ann"), ("Wren", "Otto")]
MORE = [("Dove", "Ed"), ("Rook", "Ida")]
BARE = ["#", "No", "No.", "NO", "Nr.", "Num", "Nº", "№", "Núm.", "ID", "ID #", "Id No."]


@pytest.fixture
def listed(tmp_path):
    """`listed(header, numbers)` writes a list of people with these numbers."""

    def save(header, numbers, *more):
        rows = [f"{number},{last},{first}" for number, (last, first) in zip(numbers, NAMES + MORE, strict=False)]
        path = tmp_path / "list.csv"
        path.write_text("\n".join([f"{header},Last Name,First Name", *rows, *more, ""]))
        return path

    return save


@pytest.mark.parametrize("header", BARE)
@pytest.mark.parametrize(
    "numbers",
    [
        ["20418873", "20418120", "20417001", "20500000"],
        ["A-12", "A-9", "B-4", "C-1"],
        ["1001", "1002", "1003", "1004"],
        ["4471", "4471", "4471", "12"],
    ],
)
def test_a_column_that_can_only_be_the_number_is_read(listed, header, numbers):
    path = listed(header, numbers)
    if numbers[0] == numbers[1] and not header.lower().startswith("id"):
        # A number that three people share identifies none of them.
        with pytest.raises(BadFile, match="no column for number"):
            read(path)
        return
    found = read(path)
    assert {*found.people} == {*numbers}
    if not header.lower().startswith("id"):
        assert f"The column {header} is read as the number of the person" in found.notes[-1]


@pytest.mark.parametrize("header", BARE)
@pytest.mark.parametrize(
    "numbers",
    [["1", "2", "3"], ["001", "002", "003", "004"], ["1.", "2.", "3.", "4."], ["3", "1", "4", "2", "6", "5"],
     ["0", "1", "2", "3", "4"], ["51", "52", "53", "54", "55"], ["5", "4", "3", "2", "1"]],
)  # fmt: skip
def test_a_count_of_the_rows_is_nobodys_number(listed, header, numbers):
    with pytest.raises(BadFile, match=f'no column for number.*number="COLUMN".*The column {header} counts the rows'):
        read(listed(header, numbers))


@pytest.mark.parametrize("header", ["#", "No"])
def test_a_few_small_numbers_are_nobodys(listed, header):
    for numbers in (["34", "22", "51"], ["1", "2", "4", "9", "11"]):
        with pytest.raises(BadFile, match="no column for number"):
            read(listed(header, numbers))


def test_an_id_with_gaps_is_a_persons(listed):
    assert len(read(listed("ID", ["3", "8", "14", "21", "22"])).people) == 5


def test_a_count_is_read_for_who_says_so(listed):
    assert {*read(listed("#", ["1", "2", "3"]), number="#").people} == {"1", "2", "3"}


def test_the_other_bare_number_is_read_where_one_counts_the_rows(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("#,No,Last Name,First Name\n1,4471,Delgado,Marcus\n2,3301,Ray,Mo\n3,4401,Lee,Ann\n")
    assert {*read(path).people} == {"4471", "3301", "4401"}


def test_of_two_that_may_be_it_none_is_guessed(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("#,No,Last Name,First Name\n9911,4471,Delgado,Marcus\n8822,3301,Ray,Mo\n7733,4401,Lee,Ann\n")
    with pytest.raises(BadFile, match="no column for number"):
        read(path)


def test_one_row_a_charge_a_missing_number_and_a_total_do_not_matter(listed):
    numbers = ["20418873", "20418120", "20417001"]
    more = ["20418120,Ray,Mo", ",Dove,Ed", ",Total: 5,"]
    found = read(listed("#", numbers, *more))
    assert {*found.people} == {*numbers}


def test_a_sheet_of_such_a_list_is_found_behind_another(tmp_path):
    people = [["#", "Last", "First"], ["20418873", "Delgado", "Marcus"], ["20418120", "Ray", "Mo"]]
    books.as_xlsx(tmp_path / "list.xlsx", [["Unit", "Count", "Beds"], ["A", 3, 4]], ("People", people))
    assert {*read(tmp_path / "list.xlsx").people} == {"20418873", "20418120"}


def test_a_column_called_booking_holds_the_number_if_there_is_no_date_in_it(listed):
    found = read(listed("Booking", ["26-101", "26-144", "26-170"]))

    assert found.names == {"26-101": "Marcus Delgado", "26-144": "Mo Ray", "26-170": "Ann Lee"}
    with pytest.raises(BadFile, match="no column for number"):
        read(listed("Booking", ["11/02/2026", "11/03/2026", "11/04/2026"]))


def test_keys_that_are_longer_than_any_number_are_not_suggested_for_it(listed):
    with pytest.raises(BadFile, match='Say which one it is: --map number="COLUMN"'):
        read(listed("Mugshot", [f"{n}{'A' * 40}" for n in range(3)]))
