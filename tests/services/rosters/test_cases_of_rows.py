"""Rosters as they come: whose number is read, what says that somebody has left, and rows that are no people of their own."""

import json

import pytest

from rxconnect.domain.errors import BadFile
from rxconnect.domain.readings import Choices
from tests.services.rosters.test_cases_of_shapes import (
    PERSON,
    birth_dates,
    custodies,
    everyone,
    full_names,
    plan,
    run,
)


@pytest.mark.parametrize("own", ["SO Number", "SPN", "Jacket", "Name Number", "Offender #"])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_persons_own_number_is_read_wherever_it_stands(write, alder, own, is_first):
    rows = [(own, "Booking Number", "Name"), ("771", "26-01", "WREN, OTTO"), ("771", "26-09", "WREN, OTTO")]

    run(write(*(",".join(f'"{cell}"' for cell in (row if is_first else (row[1], row[0], row[2]))) for row in rows)))

    assert list(everyone()) == ["771"]


def test_the_number_of_a_booking_is_read_where_there_is_no_other(write, alder):
    run(write("Booking Number,ID,Last Name,First Name", "26-01,5,WREN,OTTO"))

    assert list(everyone()) == ["26-01"]


def test_a_release_date_that_cannot_be_read_costs_a_note_with_its_line(write, alder):
    header = f"{PERSON},Booked,Released"
    rows = ["P1,WREN,OTTO,01:00 1/5/20,08:00:00 02/06/20", "P2,LARK,ANN,,soonish", "P3,DOVE,ED,,LIFE",
            "P4,ROOK,IDA,,**:**:** **/**/****", "P5,SWAN,SUE,,00/00/0000", "P6,TERN,ROY,,32/45/2020"]  # fmt: skip

    report = run(write(header, *rows))

    assert custodies() == {"P1": "released"} | dict.fromkeys(["P2", "P3", "P4", "P5", "P6"], "held")
    assert [*map(str, report.reading.notes())] == [
        "2 release date cells could not be read, so these people are not released by it: "
        "line 3 “soonish”, line 7 “32/45/2020”."
    ]


def test_a_hidden_birth_date_is_empty(write, alder):
    report = run(write(f"{PERSON},DOB", "P1,WREN,OTTO,**/**/****", "P2,LARK,ANN,1/5/1980"))

    assert birth_dates() == {"P1": "None", "P2": "1980-01-05"}
    assert report.reading.notes() == []


def test_a_column_of_milliseconds_has_small_and_negative_ones(write, alder):
    rows = ["P1,WREN,OTTO,-300000000000", "P2,LARK,ANN,2592000000", "P3,DOVE,ED,600000000000"]

    run(write(f"{PERSON},DOB", *rows))

    assert birth_dates() == {"P1": "1960-06-29", "P2": "1970-01-31", "P3": "1989-01-05"}


def test_a_status_between_other_words_needs_a_word(write, alder):
    path = write(f"{PERSON},OFFENDER ADMIN STATUS CODE", "P1,WREN,OTTO,INACTIVE", "P2,LARK,ANN,ACTIVE")

    assert "says in 1 of 2 rows that somebody has left" in plan(path).suspicious[0]


@pytest.mark.parametrize("column", ["Housing/Releasing Facility", "Releasing Institution", "Discharge Location"])
def test_a_place_says_nothing_about_who_is_gone(write, alder, column):
    path = write(f"{PERSON},{column}", "P1,WREN,OTTO,NORTH CAMP", "P2,LARK,ANN,")

    assert plan(path).suspicious == []


def test_a_reason_beside_a_status_that_says_held_is_no_release(write, alder):
    header = f"{PERSON},Custody Status,Release Reason"

    assert plan(write(header, "P1,WREN,OTTO,IN CUSTODY,COURT ORDER", "P2,LARK,ANN,IN CUSTODY,")).suspicious == []


def test_where_a_status_is_read_the_other_column_is_first_left_out(write, alder):
    header = f"{PERSON},Custody Status,Release Reason"
    path = write(header, "P1,WREN,OTTO,IN CUSTODY,PAROLED", "P2,LARK,ANN,IN CUSTODY,")

    (sentence,) = plan(path).suspicious
    assert sentence.endswith(
        'leave it out with --ignore "Release Reason", or map it instead of Custody Status with --map status="Release Reason"'
    )
    assert plan(path, choices=Choices(ignored=frozenset(["Release Reason"]))).suspicious == []


def test_a_row_for_each_charge_continues_the_person_above(write, alder):
    header = "#,Name,Inmate No.,DOB,Charge,Bail"
    rows = ["1,\"WREN, OTTO\",P1,1/5/1980,THEFT,$100", ",,,,FORGERY,$200", ",,,1/5/1980,ARSON,", "2,\"LARK, ANN\",P2,,DWI,",
            ",,,,SPEEDING,$5", ",,,,LOITERING,", "Total Inmates:,2,,,,", "*** END OF REPORT ***,,,,,"]  # fmt: skip

    report = run(write(header, *rows))

    assert list(everyone()) == ["P1", "P2"]
    assert (report.total, report.repeats, report.bad_rows) == (6, 4, 0)
    assert "2 rows without a person, such as the header again or a total: passed over." in report.notes


@pytest.mark.parametrize("row", [",,,2/2/1990,ARSON,$5", ',"DOVE, ED",,,ARSON,$5'])
def test_a_row_about_somebody_else_without_a_number_is_bad(write, alder, row):
    report = plan(write("#,Name,Inmate No.,DOB,Charge,Bail", '1,"WREN, OTTO",P1,1/5/1980,THEFT,$100', row))

    assert (report.repeats, report.bad_rows) == (0, 1)


def test_a_row_of_a_charge_above_everyone_is_bad(write, alder):
    report = plan(write("Name,Inmate No.,Charge,Bail", ",,FORGERY,$200", '"WREN, OTTO",P1,THEFT,$100'))

    assert (report.repeats, report.bad_rows) == (0, 1)


@pytest.mark.parametrize(
    "footer",
    [
        "*** END OF REPORT ***",
        "End of list",
        "Total Inmates: 5",
        "12 inmates listed",
        "Page 3 of 9",
        "Printed 11/29/2026 by the desk",
        "1 Dates of release are projections and may change at any time.",
        "-----",
    ],
)
@pytest.mark.parametrize("place", [0, 1, 3])
def test_a_footer_is_passed_over(write, alder, footer, place):
    row = ",".join(f'"{footer}"' if place == at else "" for at in range(4))

    report = plan(write("Inmate No.,Name,Charge,Bail", 'P1,"WREN, OTTO",THEFT,$100', row))

    assert (report.total, report.bad_rows, len(report.notes)) == (1, 0, 1)


@pytest.mark.parametrize(
    "row", ["P2,,,", ',"LARK, ANN",,', "26-0042,,,", ',"DE LA CRUZ LOPEZ, MARIA DEL CARMEN JR.",,']
)
def test_a_number_or_a_name_alone_is_no_footer(write, alder, row):
    report = plan(write("Inmate No.,Name,Charge,Bail", 'P1,"WREN, OTTO",THEFT,$100', row))

    assert (report.total, report.bad_rows, report.notes) == (2, 1, [])


@pytest.mark.parametrize(
    ("written", "kept"), [("Jr.", "Jr"), ("JR", "Jr"), ("sr.", "Sr"), ("III.", "III"), ("MD", "MD")]
)
def test_a_suffix_is_kept_in_one_form(write, alder, written, kept):
    run(write(f"{PERSON},Suffix", f"P1,Wren,Otto,{written}"))

    assert full_names() == {"P1": ("Otto", "", "Wren", kept)}


def _socrata(names, rows):
    columns = [{"name": name, "fieldName": name.casefold()} for name in names]
    return {"meta": {"view": {"tags": ["x"], "grants": [{"type": "viewer"}], "columns": columns}}, "data": rows}


def test_the_columns_of_socrata_are_joined_to_its_rows(tmp_path, alder):
    names = [":sid", ":id", "Inmate ID", "Last Name", "First Name", "DOB"]
    rows = [
        ["row-1", "0000-A", "P1", "WREN", "OTTO", "1980-01-05T00:00:00"],
        ["row-2", "0000-B", "P2", "LARK", "ANN", None],
    ]
    path = tmp_path / "rows.json"
    path.write_text(json.dumps(_socrata(names, rows)))

    run(path)

    assert birth_dates() == {"P1": "1980-01-05", "P2": "None"}


@pytest.mark.parametrize(
    "rows",
    [
        ["5501,WREN,OTTO,1980-01-05", "5502,LARK,ANN,1981-01-05"],
        ["WREN,OTTO,01/05/1980,11/02/2026,B", "LARK,ANN,01/05/1981,11/03/2026,C"],
    ],
)
def test_a_row_of_values_is_no_header(write, alder, rows):
    with pytest.raises(BadFile, match=r"The file has no header, so its columns are numbered. Its first row is .*WREN"):
        plan(write(*rows))
