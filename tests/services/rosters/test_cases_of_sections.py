"""Lists with several tables, of which some are about people who have left."""

import json

import openpyxl
import pytest

from rxconnect.domain.errors import BadFile
from rxconnect.domain.imports import Suspicious
from rxconnect.domain.inmates import Custody
from rxconnect.domain.readings import Choices
from rxconnect.services.imports import imports
from rxconnect.services.rosters.roster_files import open_roster
from rxconnect.services.shapes.sections import section_of
from tests.services.rosters.lists import in_words, read

HEADER = ["Booking #", "Last Name", "First Name", "DOB", "Housing"]
HERE = [["26-0101", "WREN", "OTTO", "02/13/1990", "B-12"], ["26-0102", "LARK", "ANN", "04/13/1985", "C-2"]]
OTHER_HEADER = ["Name", "Booking #", "Why"]
GONE = [["DOVE, ED", "26-0103", "BOND"], ["ROOK, IDA", "26-0104", "ROR"]]
EXPECTED = {"26-0101": "held", "26-0102": "held", "26-0103": "released", "26-0104": "released"}


def custodies(path, **statuses):
    choices = Choices(statuses={word.replace("_", " "): custody for word, custody in statuses.items()})
    with open_roster(path, facility="alder", choices=lambda _header: choices) as file:
        roster = file.roster("alder")
        assert [bad for bad in in_words(roster.report).bad if "unknown" not in bad.reason] == []
        return {person.number: person.custody.value for person in roster.people.values()}


def csv_lines(*tables):
    return ["\t".join(row) for table in tables for row in table]


@pytest.mark.parametrize(
    "heading",
    ["RELEASED TODAY", "Released", "Discharges", "Liberados hoy", "Releases (last 24 hours)", "RELEASED 11/29/2026",
     "Recently Released Inmates", "NO LONGER IN CUSTODY", "Egresos del día", "Released today: 2", "Bonded Out"],
)  # fmt: skip
def test_who_stands_under_a_heading_of_releases_is_released(write, heading):
    again = [
        ["Last Name", "First Name", "Booking #", "DOB"],
        ["DOVE", "ED", "26-0103", "1/2/1990"],
        ["ROOK", "IDA", "26-0104", ""],
    ]
    same = [["26-0103", "DOVE", "ED", "02/14/1990", ""], ["26-0104", "ROOK", "IDA", "", ""]]

    for below in ([OTHER_HEADER, *GONE], again, [HEADER, *same], same):
        assert custodies(write(*csv_lines([HEADER, *HERE, [""], [heading], *below]))) == EXPECTED


def test_the_table_of_releases_may_come_first(write):
    lines = csv_lines([["Released"], OTHER_HEADER, *GONE, ["In Custody"], HEADER, *HERE])

    assert custodies(write(*lines)) == EXPECTED


@pytest.mark.parametrize(
    "heading", ["Work Release", "Pending releases", "Scheduled releases", "Sentenced", "Females", "B-POD"]
)
def test_who_stands_under_another_heading_is_held(write, heading):
    lines = csv_lines([HEADER, *HERE, [heading], HEADER, ["26-0103", "DOVE", "ED", "", ""]])

    assert set(custodies(write(*lines)).values()) == {"held"}


def test_a_heading_that_nobody_knows_is_asked_about(write, alder):
    path = write(*csv_lines([HEADER, *HERE, ["Bus to the north"], OTHER_HEADER, *GONE]))

    assert custodies(path) == {"26-0101": "held", "26-0102": "held"}
    with imports.open_rosters(path, facility=alder) as file, pytest.raises(Suspicious, match="“Bus to the north”"):
        imports.import_rosters(file)
    assert custodies(path, Bus_to_the_north=Custody.RELEASED) == EXPECTED


@pytest.mark.parametrize(
    "counts", ["In custody: 10 Released: 2", "IN CUSTODY 10  RELEASED 11/29: 2", "Released 2, In Jail 10"]
)
def test_counts_of_both_at_the_foot_of_a_page_release_nobody(write, alder, counts):
    path = write(
        "\t".join(HEADER), *("\t".join(row) for row in HERE[:1]), counts, *("\t".join(row) for row in HERE[1:])
    )

    assert "released" not in custodies(path).values()


def test_the_outcome_of_a_further_charge_is_no_heading(write):
    header, rest = ["Booking #", "Name", "Charge", "Disposition"], ["26-0102", "LARK, ANN", "FTA", "OPEN"]
    lines = csv_lines(
        [header, ["26-0101", "WREN, OTTO", "DUI", "OPEN"], ["", "", "THEFT", "RELEASED"], ["", "", "", "BONDED"], rest]
    )

    assert custodies(write(*lines)) == {"26-0101": "held", "26-0102": "held"}


def test_people_right_above_another_header_are_read(write):
    lines = csv_lines([["Booking #", "Last Name", "First Name"], ["A1", "WREN", "OTTO"], ["A2", "LARK", "ANN"],
                       ["Name", "Booking #"], ["DOVE, ED", "A3"], ["ROOK, IDA", "A4"], ["Booking #", "Last Name", "First Name"],
                       ["A5", "TERN", "ROY"]])  # fmt: skip

    assert set(custodies(write(*lines))) == {"A1", "A2", "A3", "A4", "A5"}


def test_the_status_of_somebody_without_a_name_is_no_heading(write):
    header, nobody = ["ID", "Name", "Status", "Cell"], ["7", "", "RELEASED", ""]
    lines = csv_lines([header, ["1", "WREN, OTTO", "IN", "B"], nobody, ["2", "LARK, ANN", "", "C"]])

    with open_roster(write(*lines), facility="alder") as file:
        assert {person.custody.value for person in file.roster("alder").people.values()} == {"held"}


def test_a_unit_after_the_releases_is_asked_about(write, alder):
    more = [["A-POD"], HERE[0], ["RELEASED"], ["26-0103", "DOVE", "ED", "", ""], ["B-POD"], HERE[1]]
    path = write(*csv_lines([HEADER, *more]))

    assert custodies(path) == {"26-0101": "held", "26-0103": "released"}
    with imports.open_rosters(path, facility=alder) as file:
        assert "B-POD" in in_words(imports.plan_rosters(file)).suspicious[0]


def test_somebody_in_both_tables_is_held(write):
    lines = csv_lines([HEADER, *HERE, ["Released"], OTHER_HEADER, *GONE, ["LARK, ANN", "26-0102", "BOND"]])

    assert custodies(write(*lines)) == EXPECTED


@pytest.mark.parametrize("titles", [("In Custody", "Released Today"), ("Men", "Discharges")])
def test_a_sheet_of_its_own_may_hold_the_releases(tmp_path, titles):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in zip(titles, ([HEADER, *HERE], [OTHER_HEADER, *GONE]), strict=True):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "roster.xlsx")

    assert custodies(tmp_path / "roster.xlsx") == EXPECTED


def test_two_tables_may_stand_in_one_sheet(tmp_path):
    book = openpyxl.Workbook()
    wide = [*OTHER_HEADER, "Note", "Clerk", "Released On"]
    for row in ([HEADER, *HERE, [], ["Released"], wide, *([*one, "", "", "11/02/2026"] for one in GONE)]):  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "roster.xlsx")

    assert custodies(tmp_path / "roster.xlsx") == EXPECTED


def test_a_page_may_have_a_table_of_releases(tmp_path):
    def table(rows):
        cells = ["<td>".join(row) for row in rows]
        return f"<table><tr><td>{'<tr><td>'.join(cells)}</table>"

    page = f"<h1>Jail</h1><h2>In custody</h2>{table([HEADER, *HERE])}<h2>Releases</h2>{table([OTHER_HEADER, *GONE])}"
    (tmp_path / "roster.html").write_text(page)

    assert custodies(tmp_path / "roster.html") == EXPECTED


def test_a_document_may_have_a_list_of_releases(tmp_path):
    first, second = (
        [dict(zip(names, row, strict=True)) for row in rows] for names, rows in ((HEADER, HERE), (OTHER_HEADER, GONE))
    )
    (tmp_path / "roster.json").write_text(json.dumps({"inCustody": first, "releasedToday": second}))

    assert custodies(tmp_path / "roster.json") == EXPECTED


def test_a_printed_list_may_end_with_the_releases(tmp_path):
    def lines(rows, *widths):
        return ["".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]

    first = lines([["BOOKING #", "NAME", "DOB", "CELL"], ["26-0101", "WREN, OTTO", "02/13/1990", "B-12"],
                   ["26-0102", "LARK, ANN", "04/13/1985", "C-2"]], 12, 24, 12, 8)  # fmt: skip
    second = lines([["NAME", "TIME OUT", "BOOKING #"], ["DOVE, EDWARD ALEXANDER", "08:15", "26-0103"],
                    ["ROOK, IDA", "09:30", "26-0104"]], 28, 12, 12)  # fmt: skip
    (tmp_path / "roster.txt").write_text("\n".join([*first, "", f"{'':20}RELEASED TODAY", "", *second]) + "\n")

    assert custodies(tmp_path / "roster.txt") == EXPECTED


@pytest.mark.parametrize("end", ["\n", ""])
def test_exports_may_be_put_one_behind_the_other(tmp_path, end):
    first = "\n".join(csv_lines([HEADER, *HERE])).replace("\t", ",") + end
    second = "First Name,Booking #,Last Name\nED,26-0103,DOVE\n"
    (tmp_path / "roster.csv").write_text(f"\ufeff{first}\ufeff{second}", encoding="utf-8")

    assert custodies(tmp_path / "roster.csv") == {"26-0101": "held", "26-0102": "held", "26-0103": "held"}


@pytest.mark.parametrize(
    ("title", "custody"),
    [("Inmate Roster", None), ("Bookings and Releases", None), ("Total released: 3", None), ("Current Inmates", "held"),
     ("Not released", "held"), ("Transferred to DOC", "moved"), ("A-POD", None), ("Visitors", None), ("Out to court", "held")],
)  # fmt: skip
def test_a_heading_says_where_people_are(title, custody):
    assert section_of(title) == custody


def test_lists_whose_names_say_nothing_are_refused(tmp_path):
    people = [dict(zip(HEADER, row, strict=True)) for row in HERE]
    (tmp_path / "roster.json").write_text(json.dumps({"bus": people, "train": people}))

    with pytest.raises(BadFile, match="several lists"):
        custodies(tmp_path / "roster.json")


def commas(*rows):
    return [",".join(row) for row in rows]


@pytest.mark.parametrize(("last", "first"), [("Freed", "April"), ("Gone", "Jan"), ("March", "Gone"), ("Out", "Will")])
@pytest.mark.parametrize("number", ["99123", "26-01021"])
def test_a_person_whose_name_reads_like_a_heading_is_a_person(write, last, first, number):
    odd, after = [number, last, first, "", ""], ["26-0105", "WEIR", "ADA", "03/13/1990", "B-1"]
    found = custodies(write(*commas(HEADER, *HERE, odd, after)))
    assert found == {"26-0101": "held", "26-0102": "held", number: "held", "26-0105": "held"}


def test_nor_is_a_name_without_a_number_a_heading(write):
    odd, after = ["", "Freed", "April", "", ""], ["26-0105", "WEIR", "ADA", "03/13/1990", "B-1"]
    with open_roster(write(*commas(HEADER, *HERE, odd, after)), facility="alder") as file:
        assert {person.custody for person in file.roster("alder").people.values()} == {Custody.HELD}


@pytest.mark.parametrize("title", ["Inmate Release Date Report", "Inmate Release Dates", "Release Date List"])
def test_a_title_that_names_a_column_of_dates_releases_nobody(write, title):
    rows = [["26-0101", "WREN", "OTTO", "In Custody"], ["26-0102", "LARK", "ANN", "In Custody"]]
    path = write(*commas([title], ["Booking #", "Last Name", "First Name", "Status"], *rows))
    assert custodies(path) == {"26-0101": "held", "26-0102": "held"}


def test_a_row_that_contradicts_the_title_of_people_released_is_asked_about(write):
    rows = [["26-0101", "WREN", "OTTO", "In Custody"], ["26-0102", "LARK", "ANN", "Released"]]
    path = write(*commas(["Released inmates"], ["Booking #", "Last Name", "First Name", "Status"], *rows))
    with open_roster(path, facility="alder") as file:
        assert file.roster("alder").people
        assert any("line 3 says that somebody is in custody" in str(sentence) for sentence in file.suspicions(set()))


def test_a_heading_of_a_group_is_no_bad_row(write):
    found = read(
        write(
            *[
                "Name,Booking #,DOB",
                "MEN (2),,",
                '"WREN, OTTO",26-1,1/1/1990',
                "WOMEN (1),,",
                '"LARK, ANN",26-2,1/2/1990',
            ]
        )
    )

    assert (list(found.people), found.bad) == (["26-1", "26-2"], [])
