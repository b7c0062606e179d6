"""Rosters that twenty agencies' programs wrote: what each kind looks like, and what a sibling of it would."""

import json
import zipfile

import openpyxl
import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain.errors import BadFile
from rxconnect.domain.imports import Suspicious
from rxconnect.models import Inmate
from rxconnect.services.imports import imports
from tests.services.files import books
from tests.services.rosters.lists import in_words, read

PERSON = "Inmate Number,Last Name,First Name"


def run(path, *, yes=False):
    with imports.open_rosters(path, facility="alder") as roster:
        return in_words(imports.import_rosters(roster, accept_suspicious=yes))


def columns(path):
    with imports.open_rosters(path, facility="alder") as roster:
        found = roster.columns
        return {field: found.header[place] for field, place in found.positions.items()}


def everyone():
    with db.reading() as session:
        return {row.number: row for row in session.exec(select(Inmate))}


def names():
    return {number: f"{row.first_name} {row.middle_name} {row.last_name}" for number, row in everyone().items()}


def housing():
    return {number: row.housing for number, row in everyone().items()}


def numbers():
    return {*everyone()}


@pytest.fixture
def save(tmp_path):
    """`save(name, text)` writes a file and returns its path."""

    def write(name, text):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


# A column that is empty, or the same for everybody, is not the number.


def test_a_suffix_of_something_else_gives_way(write, alder):
    rows = ["1,B,WREN,OTTO,JR", "2,A,LARK,ANN,", "3,A,DOVE,ED,iii"]
    path = write("ADC Number,Committed Suffix,Last Name,First Name,Inmate Name Suffix", *rows)

    notes = run(path).notes

    assert [person.suffix for person in everyone().values()] == ["Jr", "", "III"]
    assert any("Committed Suffix holds codes and no suffixes of names (B)" in note for note in notes)


@pytest.mark.parametrize("useless", ["", "N/A", "0", "9001"])
def test_a_number_that_tells_nobody_apart_gives_way(write, alder, useless):
    people = ["K-1,WREN,OTTO", "K-2,LARK,ANN", "K-3,DOVE,ED"]
    path = write("Offender ID,Jacket,Last Name,First Name", *(f"{useless},{person}" for person in people))

    notes = run(path).notes

    assert numbers() == {"K-1", "K-2", "K-3"}
    assert any("Offender ID" in note for note in notes)


def test_an_empty_column_gives_way_to_a_filled_one(write, alder):
    run(write(f"{PERSON},Housing Unit,Cell", "P1,WREN,OTTO,,C-4", "P2,LARK,ANN,,C-5"))

    assert housing() == {"P1": "C-4", "P2": "C-5"}


def test_empty_columns_for_parts_of_a_name_give_way_to_the_whole_name(write, alder):
    run(write("Number,Name,Last Name,First Name", 'P1,"WREN, OTTO",,', 'P2,"LARK, ANN",,'))

    assert names() == {"P1": "Otto  Wren", "P2": "Ann  Lark"}


def test_the_same_number_for_all_stays_when_there_is_no_other(write, alder):
    with pytest.raises(Suspicious, match="would be left out"):
        run(write(PERSON, "P1,WREN,OTTO", "P1,LARK,ANN", "P1,DOVE,ED", "P1,ROOK,IDA"))


# Names that are withheld.


@pytest.mark.parametrize(
    "name",
    [
        "JUVENILE,JUVENILE",
        "JUVENILE,MALE",
        "JUV #3,",
        "*** WITHHELD ***,*** WITHHELD ***",
        "Confidential,Inmate",
        "UNIDENTIFIED MALE #2,",
        "REDACTED,REDACTED",
        "MINOR,FEMALE",
        "MINOR,MINOR",
        "Withheld,Name",
        "SEALED,JOHN",
    ],
)
def test_a_withheld_name_is_nobodys(write, alder, name):
    report = run(write(PERSON, f"P1,{name}", "P2,LARK,ANN"))

    assert names() == {"P2": "Ann  Lark"}
    assert [bad.line for bad in report.bad] == [2]
    assert "the name is withheld" in report.bad[0].reason


@pytest.mark.parametrize(
    "name", ["NAME WITHHELD", "JUVENILE", "Juvenile, Juvenile", "NAME WITHHELD PER LAW", "UNIDENTIFIED FEMALE"]
)
def test_a_withheld_whole_name_is_nobodys(write, alder, name):
    report = run(write("Inmate Number,Name", f'P1,"{name}"', 'P2,"LARK, ANN"', 'P3,"DOVE, ED"'))

    assert (numbers(), report.bad_rows) == ({"P2", "P3"}, 1)


@pytest.mark.parametrize(
    "name", ["MINOR,KEITH", "TRUE,ALICE", "CHILD,JULIA", "MALE,PETER", "PUBLIC,JOHN", "YOUTH,ADAM", "JUVENAL,ROSA"]
)
def test_surnames_that_are_words_stay(write, alder, name):
    run(write(PERSON, f"P1,{name}"))

    assert numbers() == {"P1"}


# Apostrophes and suffixes.


@pytest.mark.parametrize("sign", "'’‘`´")
def test_every_apostrophe_is_the_same(write, alder, sign):
    run(write(PERSON, f"P1,O{sign}MALLEY,CONNOR"))

    assert names() == {"P1": "Connor  O'Malley"}


@pytest.mark.parametrize("header", ["SUFFIX_CD", "SUFX", "Name Suffix Code"])
def test_a_suffix_is_found_under_its_codes_names(write, alder, header):
    run(write(f"{PERSON},{header}", "P1,WREN,OTTO,III"))

    assert everyone()["P1"].suffix == "III"


# Locations and areas that are units of housing, or are not.


@pytest.mark.parametrize("header", ["Location", "Area", "Housing Area", "FACILITY_AREA", "Current Location"])
def test_a_place_whose_values_look_like_units_is_the_housing(write, alder, header):
    run(write(f"{PERSON},{header}", "P1,WREN,OTTO,East 1", "P2,LARK,ANN,G2", "P3,DOVE,ED,", "P4,ROOK,IDA,MED"))

    assert housing() == {"P1": "East 1", "P2": "G2", "P3": "", "P4": "MED"}


@pytest.mark.parametrize(
    "place", ["Alder County Jail", "State Correctional Institution", "1200 Main Street", "Portland"]
)
def test_another_place_is_no_housing_and_the_note_names_the_option(write, alder, place):
    report = run(write(f"{PERSON},Location", f"P1,WREN,OTTO,{place}", f"P2,LARK,ANN,{place}"))

    assert housing() == {"P1": "", "P2": ""}
    assert any('--map housing="Location"' in note for note in report.notes)


# Rows that only give another name.


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("TRUE", "ALIAS"),
        ("Primary", "A.K.A."),
        ("Legal Name", "MAIDEN"),
        ("", "Alias"),
        ("T", "A"),
        ("INMATE", "Nickname"),
        ("O", "A"),
    ],
)
def test_the_row_of_the_own_name_gives_the_person(write, alder, own, other):
    path = write(
        "Inmate Number,Name Type,Last Name,First Name,DOB",
        f"P1,{other},SNOW,BILLY,01/01/1991",
        f"P1,{own},WREN,OTTO,08/12/1970",
        f"P1,{other},DOVE,OTTO,",
        f"P2,{own},LARK,ANN,03/03/1977",
        f"P2,{other},,PEANUT,",
    )

    report = run(path)

    assert names() == {"P1": "Otto  Wren", "P2": "Ann  Lark"}
    assert str(everyone()["P1"].birth_date) == "1970-08-12"
    assert {number: row.aliases for number, row in everyone().items()} == {
        "P1": "Billy Snow;Otto Dove",
        "P2": "Peanut Lark",
    }
    assert (report.bad_rows, report.repeats) == (0, 3)


def test_an_alias_without_its_person_is_left_out(write, alder):
    report = run(write("Inmate Number,Name Type,Last Name,First Name", "P1,ALIAS,SNOW,BILLY", "P2,TRUE,LARK,ANN"))

    assert numbers() == {"P2"}
    assert "another name" in report.bad[0].reason


# Headings of units.


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("heading", ["Housing Unit: {}", "Pod: {} (8 inmates)", "{}", "Location: {}", "Unit:,{}"])
def test_a_heading_gives_the_housing_of_the_people_below(write, alder, heading, first):
    header = "SPN,Last Name,First Name,DOB"
    one, two = heading.format("A-POD"), heading.format("B-POD")
    lines = [one, header] if first else [header, one]
    people = ["8801,WREN,OTTO,1990-01-05", "8802,LARK,ANN,1991-01-05"]
    path = write(*lines, *people, ",A-POD count:,2,", "", two, header, "8803,DOVE,ED,1992-01-05", ",GRAND TOTAL,3,")

    report = run(path)

    assert housing() == {"8801": "A-POD", "8802": "A-POD", "8803": "B-POD"}
    assert (report.bad_rows, report.total) == (0, 3)
    assert any("“A-POD”" in note for note in report.notes)


def test_a_column_of_housing_wins_over_a_heading(write, alder):
    run(write(f"{PERSON},Cell", "Housing Unit: A-POD,,,", "P1,WREN,OTTO,12", "P2,LARK,ANN,"))

    assert housing() == {"P1": "12", "P2": "A-POD"}


@pytest.mark.parametrize(
    "title", ["Housing Report by Unit", "Housing Unit: ALL", "Cell Block", "Alder Jail: 12 people"]
)
def test_a_title_names_no_unit(write, alder, title):
    run(write(title, PERSON, "P1,WREN,OTTO", "P2,LARK,ANN"))

    assert housing() == {"P1": "", "P2": ""}


def test_a_total_with_a_sum_beside_it_is_no_person(write, alder):
    report = run(write(f"{PERSON},Bond", "P1,WREN,OTTO,5", "Total inmates:,1,,5", "Total for A-POD,,,"))

    assert (report.total, report.bad_rows, numbers()) == (1, 0, {"P1"})


# JSON with several lists.


def _map_of(people):
    fields = [{"name": name, "type": "esriFieldTypeString", "alias": name, "length": 50} for name in people[0]]
    return {"objectIdFieldName": "OBJECTID", "fields": fields, "features": [{"attributes": one} for one in people]}


PEOPLE = [
    {"OBJECTID": 1, "SO_NUM": "SO-1", "LNAME": "WREN", "FNAME": "OTTO", "BIRTH_DT": 473752800000},
    {"OBJECTID": 2, "SO_NUM": "SO-2", "LNAME": "LARK", "FNAME": "ANN", "BIRTH_DT": -473752800000},
]
OFFICERS = [{"badge": "7", "rank": "Sergeant"}]


@pytest.mark.parametrize(
    "document",
    [
        _map_of(PEOPLE),
        {"features": _map_of(PEOPLE)["features"], "fields": _map_of(PEOPLE)["fields"]},
        {"facilities": [{"id": 9, "name": "Alder"}], "inmates": PEOPLE, "charges": [{"id": 1, "code": "x"}]},
        {"data": [{"type": "inmates", "id": one["SO_NUM"], "attributes": {"lastName": one["LNAME"], "firstName": one["FNAME"]}}
                  for one in PEOPLE], "included": OFFICERS},
        {"officers": OFFICERS, "list": [{"details": {"SO_NUM": one["SO_NUM"]}, "person": {"name": {"last": one["LNAME"],
                                        "first": one["FNAME"]}}, "photo": "x"} for one in PEOPLE]},
    ],
)  # fmt: skip
def test_the_list_of_people_is_read_of_several(save, alder, document):
    run(save("roster.json", json.dumps(document)))

    assert names() == {"SO-1": "Otto  Wren", "SO-2": "Ann  Lark"}


def test_two_lists_of_people_are_refused(save, alder):
    with pytest.raises(BadFile, match=r"several lists \(east, west\)"):
        run(save("roster.json", json.dumps({"east": PEOPLE, "west": PEOPLE})))


GONE = [{"SO_NUM": "SO-3", "LNAME": "CROW", "FNAME": "IVO"}]
CELLS = [{"cell": "N1", "bunks": [{"bunk": "U", "inmate": PEOPLE[0]}, {"bunk": "L", "inmate": PEOPLE[1]}]}]
OFFICER = {"badge": 7, "name": {"last": "HALE", "first": "MAE"}}


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"units": [{"unit": "North", "cells": []}, {"unit": "South", "officer": OFFICER, "cells": CELLS}], "released": GONE}, "units"),
        ({"released": GONE, "units": [{"unit": "North", "cells": CELLS}]}, "units"),
        ({"released": GONE, "byNumber": {one["SO_NUM"]: {**one, "charges": [{"code": "x"}]} for one in PEOPLE}}, "byNumber"),
        ({"jail": {"SO-1": {"person": PEOPLE[0]}, "SO-2": {"person": PEOPLE[1]}}, "list": GONE}, "jail"),
    ],
)  # fmt: skip
def test_people_inside_other_things_beside_a_list_are_not_left_out_in_silence(save, alder, document, place):
    with pytest.raises(BadFile, match=rf"more people inside {place}, where they cannot be read"):
        run(save("roster.json", json.dumps(document)))


@pytest.mark.parametrize(
    "others",
    [
        {"units": [{"unit": "North", "officer": OFFICER, "cells": [{"cell": "N1", "inmates": ["SO-1", "SO-2"]}]}]},
        {"agency": {"id": 9, "sheriff": OFFICER}},
    ],
)
def test_a_list_beside_things_without_people_is_read(save, alder, others):
    people = [{**one, "cellmates": [PEOPLE[0]]} for one in PEOPLE]

    run(save("roster.json", json.dumps({**others, "inmates": people})))

    assert names() == {"SO-1": "Otto  Wren", "SO-2": "Ann  Lark"}


# Headers of two rows.


def _two_rows():
    return [
        ["Booking No.", "Inmate Name", None, None, "DOB", "Custody", None],
        [None, "Last", "First", "Middle", None, "Housing", "Booked"],
        ["P1", "WREN", "OTTO", None, "1990-01-05", "C-1", "2026-02-01"],
        ["P2", "LARK", "ANN", "LEE", "1991-01-05", "C-2", "2026-02-01"],
    ]


FOUND = {"number": "Booking No.", "last_name": "Inmate Name Last", "birth_date": "DOB", "housing": "Custody Housing"}


@pytest.mark.parametrize("titles", [[], [["Meridian County"], ["As of 11/28/2026"]], [["County", "Jail"]]])
@pytest.mark.parametrize("form", ["CSV", "XLSX", "XLS", "ODS"])
def test_a_header_of_two_rows_is_read(tmp_path, alder, form, titles):
    books.FORMATS[form](tmp_path / "roster", [*titles, *_two_rows()])

    assert FOUND.items() <= columns(tmp_path / "roster").items()
    run(tmp_path / "roster")

    assert names() == {"P1": "Otto  Wren", "P2": "Ann Lee Lark"}
    assert housing() == {"P1": "C-1", "P2": "C-2"}


def test_of_two_columns_with_one_name_the_row_above_tells_which_is_which(write):
    header = ["Booking,,Inmate,,Birth,", "Number,Date,Last,First,Date,Age"]

    found = read(write(*header, "B1,2/1/2026,WREN,OTTO,1/5/1990,36", "B2,2/2/2026,LARK,ANN,1/6/1991,35"))

    assert found.lines == ["B1 Otto Wren 1990-01-05", "B2 Ann Lark 1991-01-06"]


def test_a_header_of_merged_cells_is_read(tmp_path, alder):
    book = openpyxl.Workbook()
    for row in _two_rows():
        book.active.append(row)
    for merged in ("A1:A2", "B1:D1", "E1:E2", "F1:G1"):
        book.active.merge_cells(merged)
    book.save(tmp_path / "roster.xlsx")

    assert FOUND.items() <= columns(tmp_path / "roster.xlsx").items()


def test_few_groups_in_a_full_header_are_parted_too(write, alder):
    header = "Number,Name,,DOB,Sex,Race,Housing,Booked", ",Last,First,,,,,"
    run(write(*header, "P1,WREN,OTTO,1990-01-05,M,W,C-1,2026-02-01", "P2,LARK,ANN,1991-01-05,F,W,C-2,2026-02-01"))

    assert names() == {"P1": "Otto  Wren", "P2": "Ann  Lark"}


@pytest.mark.parametrize("row", ["A-1,WREN,OTTO,,", ",WREN,OTTO,x,y", "A-1,,,x,y"])
def test_a_row_of_words_is_no_second_header(write, alder, row):
    path = write("Number,Last,First,Note,", row, "A-2,LARK,ANN,,")

    assert columns(path) == {"number": "Number", "last_name": "Last", "first_name": "First"}


def test_the_sheet_of_people_is_read_of_several(tmp_path, alder):
    summary = [["Unit", "Count", "Beds"], ["A", 3, 4], ["B", 5, 6]]
    books.as_xlsx(tmp_path / "roster.xlsx", summary, ("People", [["SPN", "Last", "First"], ["7001", "WREN", "OTTO"]]))

    run(tmp_path / "roster.xlsx")

    assert names() == {"7001": "Otto  Wren"}


# Web pages.

LAYOUT = "<table border=0><tr><td>Sable County Jail<td>Printed: 11/28/2026</table>"
HEAD = "<tr><th colspan=4>Inmate Roster &ndash; Public</th></tr><tr><th>Inmate&nbsp;ID<th>Name<th>Date&nbsp;of<br>Birth<th>Housing</tr>"


def _row(number, name, more=""):
    return f"<tr class=alt><td style=\"x:'\\@'\">{number}</td><td nowrap><b>{name}</b></td><td>08/18/1973</td><td>1&nbsp;West{more}</td></tr>"


TWO = _row("0044010", "KIRKLAND, ANGELA") + _row("0045120", "PE&Ntilde;A, JOS&#201; D&#x27;ANDRE")


@pytest.mark.parametrize(
    "page",
    [
        f"<html><head><meta charset=utf-8><title>x</title></head><body>{LAYOUT}<table>{HEAD}{TWO}</table></body></html>",
        f"<!-- made by us --><TABLE>{HEAD}{TWO}</TABLE>",
        f'<?xml version="1.0"?><!DOCTYPE html><html><body><table><thead>{HEAD}</thead><tbody>{TWO}</tbody></table></body></html>',
        f"<div>{LAYOUT}<table><tr><td>menu<td><table>{HEAD}{TWO}</table></table>",
        f"<style>td{{x:y}}</style><table>{HEAD}{TWO}<tr><td colspan=4>2 records</td></tr>",
        f"<table>{HEAD}{_row('0044010', 'KIRKLAND, ANGELA', '<table><tr><td>THEFT<td>FTA<tr><td>X</table>')}"
        f"{TWO.partition('</tr>')[2]}</table>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_the_table_of_people_is_read_from_a_web_page(save, alder, page, encoding):
    run(save("roster.xls", page.replace("&Ntilde;", "Ñ").encode(encoding)))

    assert names() == {"0044010": "Angela  Kirkland", "0045120": "José D'Andre Peña"}
    assert {row.housing.partition(" THEFT")[0] for row in everyone().values()} == {"1 West"}


def test_cells_over_several_rows_are_one_person(save, alder):
    charges = "<tr><td rowspan=2>7001<td rowspan=2>WREN, OTTO<td rowspan=2>1990-01-05<td>THEFT</tr><tr><td>FTA</tr>"
    head = "<tr><th>Inmate ID<th>Name<th>DOB<th>Charge</tr>"
    report = run(save("roster.html", f"<table>{head}{charges}<tr><td>7002<td>LARK, ANN<td>1991-01-05<td>DUI</table>"))

    assert names() == {"7001": "Otto  Wren", "7002": "Ann  Lark"}
    assert report.bad_rows == 0


def test_two_tables_of_people_on_a_page_are_refused(save, alder):
    page = f"<table>{HEAD}{TWO}</table><hr><table>{HEAD}{TWO}</table>"

    with pytest.raises(BadFile, match="2 tables of people"):
        run(save("roster.html", page))


# Text with columns at fixed places.


def _line(*cells):
    return "".join(cell.ljust(width) for cell, width in zip(cells, (9, 28, 12, 8, 0), strict=True)).rstrip()


TITLE = "RUN DATE 11/28/2026            BUFFALO FORK COUNTY JAIL        PAGE    {}"
NAMED = _line("BOOK NO", "NAME", "DOB", "CELL", "DATE IN")
RULER = _line("-------", "--------------------------", "----------", "------", "----------")
PAGES = [
    [_line("260411", "WREN, OTTO J", "07-04-1973", "B2-08", "07-16-2026"), "         ** HOLD: DO NOT RELEASE UNTIL TOLD **",
     _line("260430", "LARK, ANN", "--", "", "08-27-2026")],
    [_line("260999", "PAGE, DARLENE Q", "10-10-1974", "F1-02", "04-15-2026"),
     _line("261003", "DE LA CRUZ, MARIA DEL LUZ", "07-21-1990", "F1-09", "04-23-2026")],
]  # fmt: skip
END = ["", "TOTAL IN CUSTODY:   4", "*** END OF REPORT ***"]
ALL = {"260411": "Otto J Wren", "260430": "Ann  Lark", "260999": "Darlene Q Page", "261003": "Maria Del Luz de la Cruz"}


def _printed(header, *, feed="\f", title=TITLE):
    lines = []
    for number, rows in enumerate(PAGES, 1):
        top = [title.format(number), ""] if title else []
        lines += [
            (feed if number > 1 else "") + (top or header)[0],
            *(top or header)[1:],
            *(header if top else []),
            *rows,
            "",
        ]
    return "\r\n".join([*lines, *END]) + "\r\n"


@pytest.mark.parametrize("feed", ["\f", ""])
@pytest.mark.parametrize(
    "header", [[NAMED, RULER], [NAMED], [RULER, NAMED, RULER], [NAMED, "=" * 70], [_line("BOOK", "", "", "", "DATE"),
               _line("NO", "NAME", "DOB", "CELL", "IN"), RULER]]
)  # fmt: skip
@pytest.mark.parametrize("title", [TITLE, ""])
def test_a_printed_report_is_parted_where_its_columns_stand(save, alder, header, feed, title):
    report = run(save("roster.txt", _printed(header, feed=feed, title=title)))

    assert names() == ALL
    assert housing() == {"260411": "B2-08", "260430": "", "260999": "F1-02", "261003": "F1-09"}
    assert (report.bad_rows, report.total) == (0, 4)


def test_a_name_that_reaches_into_the_next_column_costs_the_row(save, alder):
    long = _line("260777", "FEATHERSTONEHAUGH-MONTGOMERY, ZOE", "07-21-1990", "F1-09", "04-23-2026")
    report = run(save("roster.txt", "\n".join([NAMED, RULER, *PAGES[1], long]) + "\n"))

    assert numbers() == {"260999", "261003"}
    assert [bad.line for bad in report.bad] == [5]


def test_units_head_the_pages_of_a_printed_report(save, alder):
    wide = NAMED.replace("CELL", "SEX ")
    pages = [[TITLE.format(number), f"HOUSING UNIT: POD {number}", "", wide, RULER, *(row.replace("F1-0", "F   ") for row in rows)]
             for number, rows in enumerate((PAGES[1][:1], PAGES[1][1:]), 1)]  # fmt: skip
    run(save("roster.txt", "\n".join(line for page in pages for line in page) + "\n"))

    assert housing() == {"260999": "POD 1", "261003": "POD 2"}


def test_sentences_with_wide_blanks_are_no_columns(save, alder):
    with pytest.raises(BadFile):
        run(save("letter.txt", "Dear   Sir   or   Madam\n\nplease find the list attached\nas you asked for\n"))


# What a Mac and DOS add.


@pytest.mark.parametrize("end", [b"\x1a", b"\r\n\x1a", b"\x1a" * 40, b"\r\n\x1a\r\n", b"\r\n\x1a" + bytes(100)])
@pytest.mark.parametrize("is_zipped", [True, False])
def test_the_end_mark_of_dos_is_no_person(tmp_path, alder, end, is_zipped):
    content = f"{PERSON}\r\nP1,WREN,OTTO\r\nP2,LARK,ANN".encode() + end
    path = tmp_path / "roster"
    path.write_bytes(content)
    if is_zipped:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("lists/roster.csv", content)
            for besides in ("__MACOSX/lists/._roster.csv", ".DS_Store", "lists/.hidden", "lists/Thumbs.db"):
                archive.writestr(besides, b"\x00\x05\x16\x07")

    report = run(path)

    assert names() == {"P1": "Otto  Wren", "P2": "Ann  Lark"}
    assert report.total == 2


def test_an_end_mark_in_the_middle_is_refused(save, alder):
    with pytest.raises(BadFile, match="not a text file"):
        run(save("roster.csv", f"{PERSON}\nP1,WREN,OTTO\n\x1aP2,LARK,ANN\n"))
