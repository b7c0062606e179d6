"""Workbooks with people on several sheets. A title that says nothing of them is asked about, and nobody is released meanwhile."""

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill

from rxconnect.domain.imports import Suspicious
from rxconnect.domain.inmates import Custody
from rxconnect.domain.readings import Choices
from tests.services.rosters.test_cases_of_shapes import custodies, plan, run

HEADER = ["Inmate Number", "Last Name", "First Name", "DOB"]
HERE = [
    ["101", "WREN", "OTTO", "1980-01-07"],
    ["102", "LARK", "ANN", "1981-02-08"],
    ["103", "DOVE", "ED", "1982-03-09"],
]
OTHERS = [["201", "ROOK", "IDA", "1983-04-10"], ["202", "SWAN", "SUE", "1984-05-11"]]
ALL = dict.fromkeys(["101", "102", "103", "201", "202"], "held")


@pytest.fixture
def book(tmp_path, alder):
    """`book((title, rows)…)` writes a workbook; a third value is the state of a sheet."""

    def save(*sheets, header=HEADER):
        made = openpyxl.Workbook()
        made.remove(made.active)
        for title, rows, *state in sheets:
            sheet = made.create_sheet(title)
            for row in [header, *rows]:
                sheet.append(row)
            sheet.sheet_state = state[0] if state else "visible"
        made.save(tmp_path / "roster.xlsx")
        return tmp_path / "roster.xlsx"

    return save


def stored(book):
    """A facility where all five are in custody."""
    run(book(("Roster", HERE + OTHERS)))


@pytest.mark.parametrize(
    ("title", "word"),
    [("Sheet2", "Sheet 2"), ("Archive", "Archive"), ("Old", "Old"), ("2026-06-11", "Sheet 2026-06-11"), ("June 11", "Sheet June 11"),
     ("6.11.26", "Sheet 6.11.26"), ("Monday", "Sheet Monday"), ("Data", "Sheet Data"), ("Backup (2)", "Backup (2)"),
     ("11302026", "Sheet 11302026"), ("Yesterday", "Sheet Yesterday"), ("Tabelle2", "Tabelle 2")],
)  # fmt: skip
def test_a_sheet_whose_title_says_nothing_is_asked_about(book, title, word):
    stored(book)
    path = book(("Roster", HERE), (title, OTHERS))

    with pytest.raises(Suspicious):
        run(path)
    found = plan(path)

    asked = f"begins another part of the list, “{word}”, and does not say whether its people are in custody"
    assert asked in found.suspicious[0]
    # Also for who accepts it without an answer, nobody is missing or released.
    report = run(path, yes=True)
    assert (report.released, report.missing, custodies()) == (0, 0, ALL)


def test_the_answer_is_kept_for_the_next_night(book):
    stored(book)
    path = book(("Roster", HERE), ("Archive", [*OTHERS, HERE[0]]))

    run(path, choices=Choices(statuses={"Archive": Custody.RELEASED}), yes=True)

    # A person on both sheets is in custody.
    assert custodies() == ALL | dict.fromkeys(["201", "202"], "released")
    assert plan(path).suspicious == []


def test_a_second_page_of_the_list_is_read_for_who_says_so(book):
    run(book(("Sheet1", HERE), ("Sheet2", OTHERS)), choices=Choices(statuses={"Sheet 2": Custody.HELD}))

    assert custodies() == ALL


@pytest.mark.parametrize("titles", [("2026-06-10", "2026-06-11"), ("Nov 29", "Nov 30"), ("Archive", "Current")])
def test_the_first_sheet_is_doubted_where_it_may_be_an_older_one(book, titles):
    found = plan(book((titles[0], HERE), (titles[1], OTHERS)))

    assert found.suspicious[0] == (
        f"the people on the sheet “{titles[0]}” count as in custody, because it comes first, and there are people on "
        f"“{titles[1]}” as well: put today's list first, or leave the other sheets out"
    )


@pytest.mark.parametrize("title", ["Archive", "2026-06-11", "Sheet1", "Old"])
def test_the_only_sheet_of_people_is_the_list_whatever_it_is_called(book, title):
    found = plan(book((title, HERE)))

    assert (found.new, found.suspicious) == (3, [])


def test_a_hidden_sheet_is_asked_about_after_the_others(book):
    found = plan(book(("Sheet1", OTHERS, "hidden"), ("Roster", HERE)))

    assert (found.new, "“Sheet 1”" in found.suspicious[0]) == (3, True)


@pytest.mark.parametrize("titles", [("Men", "Women"), ("Males", "Adult Females"), ("A-POD", "B-POD")])
def test_titles_that_say_which_people_they_are_need_no_question(book, titles):
    found = plan(book((titles[0], HERE), (titles[1], OTHERS)))

    assert (found.new, found.suspicious) == (5, [])


def test_a_column_of_statuses_in_front_does_not_hide_the_question(book):
    def with_status(rows):
        return [["Active", *row] for row in rows]

    found = plan(book(("Roster", with_status(HERE)), ("Archive", with_status(OTHERS)), header=["Status", *HEADER]))

    assert (found.new, "“Archive”" in found.suspicious[0]) == (3, True)


def test_a_date_beside_a_word_for_leaving_does_not_hide_the_word(book):
    found = plan(book(("Roster", HERE), ("Released 11-29", OTHERS)))

    assert (found.new, found.released, found.suspicious) == (5, 0, [])
    run(book(("Roster", HERE), ("Released 11-29", OTHERS)))
    assert custodies() == ALL | dict.fromkeys(["201", "202"], "released")


def test_a_row_is_told_by_its_number_in_its_own_sheet(book):
    bad = ["", "CROW", "MAY", "1985-06-12"]
    path = book(("Roster", HERE), ("Released", [*OTHERS, bad]), ("Women", [["301", "TERN", "EVE", "soon"], bad]))

    found = plan(path)

    assert [str(row.place) for row in found.bad] == ["row 4 of the sheet “Released”", "row 3 of the sheet “Women”"]
    assert any("row 2 of the sheet “Women” “soon”" in note for note in found.notes)
    assert any("The title “Released” says that the people below it are released" in note for note in found.notes)


def test_of_a_workbook_with_one_list_the_lines_are_those_of_its_sheet(book):
    found = plan(book(("Released", [*HERE, ["", "CROW", "MAY", "1985-06-12"]])))

    assert [str(row.place) for row in found.bad] == ["line 5"]


# People who are only marked as gone.

GREY, YELLOW = (PatternFill("solid", fgColor=colour) for colour in ("BFBFBF", "FFFF00"))
LINE = Font(strike=True)


@pytest.fixture
def marked(tmp_path, alder):
    """`marked(rows, {place: looks})` writes a sheet, and gives a whole row, or the cell of a place such as `B3`, a look."""

    def save(rows, looks):
        made = openpyxl.Workbook()
        for row in rows:
            made.active.append(row)
        for place, look in looks.items():
            cells = made.active[place]
            for cell in [cells] if isinstance(place, str) else cells:
                cell.font = look if isinstance(look, Font) else Font()
                cell.fill = look if isinstance(look, PatternFill) else PatternFill()
        made.save(tmp_path / "roster.xlsx")
        return tmp_path / "roster.xlsx"

    return save


@pytest.mark.parametrize("place", [3, "A3", "B3"])
def test_people_who_are_struck_through_are_asked_about(marked, place):
    found = plan(marked([HEADER, *HERE], {place: LINE}))

    assert found.suspicious == [
        "1 of 3 rows on the sheet “Sheet” are struck through, such as row 3, and nobody reads it: remove the rows of those who "
        "have left, or say it in a column “Status”"
    ]


@pytest.mark.parametrize("key", ["grey = GONE", "Released: grey", "grey - bonded out"])
@pytest.mark.parametrize("is_above", [True, False])
def test_a_colour_that_a_key_calls_gone_is_asked_about(marked, key, is_above):
    keys = [[key, "yellow = court"], []]
    rows = [*keys, HEADER, *HERE] if is_above else [HEADER, *HERE, [], *keys]
    looks = (
        {"A1": GREY, "B1": YELLOW, 5: GREY, 6: YELLOW} if is_above else {"A6": GREY, "B6": YELLOW, 3: GREY, 4: YELLOW}
    )

    found = plan(marked(rows, looks))

    assert [told.partition(", and")[0] for told in found.suspicious] == [
        f"1 of 3 rows on the sheet “Sheet” have the colour of “{key}”, such as row {5 if is_above else 3}"
    ]


@pytest.mark.parametrize(
    ("rows", "looks"),
    [
        ([HEADER, *HERE], {3: GREY, 1: LINE}),
        ([["yellow = court", "grey = trusty"], HEADER, *HERE], {"A1": YELLOW, "B1": GREY, 3: YELLOW, 4: GREY}),
        ([[*HEADER, "Cell"], *([*row, "C-1"] for row in HERE)], {"E3": LINE}),
        ([[*HEADER, "Release Date"], [*HERE[0], "2026-06-01"], *HERE[1:]], {2: LINE}),
        ([[*HEADER, "Status"], [*HERE[0], "Released"], *([*row, "In"] for row in HERE[1:])], {2: LINE}),
    ],
)
def test_marks_that_say_nothing_or_what_a_column_says_are_not_asked_about(marked, rows, looks):
    assert plan(marked(rows, looks)).suspicious == []
