import csv
import json

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain.errors import BadFile, NotFound
from rxconnect.domain.inmates import InmateQuery
from rxconnect.models import Facility, Inmate
from rxconnect.services import facilities, imports, inmates

UCLA_HEADER = "Facility.ID,State,Name,Jurisdiction,Description,Address,City,Zipcode,County"
ROSTER_HEADER = "number,first_name,last_name,birth_date,housing,status"


@pytest.fixture
def write(tmp_path, database):
    """`write(lines…)` writes a file and returns its path."""

    def save(*lines, name="file.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes("\n".join(lines).encode(encoding))
        return path

    return save


@pytest.fixture
def cedar(facility):
    facility(key="cedar-ridge", name="Cedar Ridge", opening="listed")
    return "cedar-ridge"


def everyone():
    with db.reading() as session:
        return {row.number: row for row in session.exec(select(Inmate))}


def known_facilities():
    with db.reading() as session:
        return {row.key: row for row in session.exec(select(Facility))}


def counts(report):
    return report.new, report.changed, report.unchanged, report.released, len(report.bad)


def test_the_public_table_becomes_readable_listed_facilities(write):
    report = imports.import_facilities(
        write(
            UCLA_HEADER,
            "5,Alabama,BIBB CI,state,Prison,565 BIBB LANE,BRENT,35034,BIBB",
            "9,Texas,X UNIT,NA,NA,NA,NA,NA,NA",
        )
    )

    assert counts(report) == (2, 0, 0, 0, 0)
    bibb = known_facilities()["bibb-ci-al"]
    assert (bibb.name, bibb.city, bibb.county, bibb.state, bibb.zip_code) == ("Bibb CI", "Brent", "Bibb", "AL", "35034")
    assert (bibb.kind, bibb.address, bibb.opening) == ("Prison", "565 Bibb Lane", "listed")
    assert bibb.time_zone == "America/Chicago"
    assert known_facilities()["x-unit-tx"].city == ""


def test_importing_the_same_facilities_again_changes_nothing(write):
    path = write(
        UCLA_HEADER, "5,Alabama,BIBB CI,state,Prison,NA,NA,NA,NA", "6,Alabama,BIBB CI,state,Prison,NA,NA,NA,NA"
    )
    imports.import_facilities(path)
    before = known_facilities()

    report = imports.import_facilities(path)

    assert counts(report) == (0, 0, 2, 0, 0)
    assert known_facilities().keys() == before.keys() == {"bibb-ci-al", "bibb-ci-al-2"}


def test_a_renamed_facility_keeps_its_key_and_is_found_by_its_new_name(write, actor):
    imports.import_facilities(write(UCLA_HEADER, "5,Alabama,BIBB CI,state,Prison,NA,NA,NA,NA"))

    report = imports.import_facilities(write(UCLA_HEADER, "5,Alabama,LARKSPUR CI,state,Prison,NA,NA,NA,NA"))

    assert counts(report) == (0, 1, 0, 0, 0)
    assert known_facilities()["bibb-ci-al"].name == "Larkspur CI"
    assert len(db.read(facilities.search, actor(), "larkspur")) == 1


def test_our_own_format_opens_and_prices_a_facility_and_leaves_empty_cells_alone(write):
    header = "key,name,state,city,zip,opening,price_cents,rules"
    imports.import_facilities(
        write(header, "harbor,Harbor County Jail,Oregon,Astoria,97103,open,20,No staples|No glitter")
    )

    report = imports.import_facilities(write(header, "harbor,Harbor County Jail,OR,,,paused,,"))

    harbor = known_facilities()["harbor"]
    assert counts(report) == (0, 1, 0, 0, 0)
    assert (harbor.opening, harbor.price_cents, harbor.city) == ("paused", 20, "Astoria")
    assert harbor.rules == ["No staples", "No glitter"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("a,,OR,,", "name"),
        ("a,Jail,Atlantis,,", "no state"),
        ("A b,Jail,OR,,", "key"),
        ("a,Jail,OR,ajar,", "opening"),
        ("a,Jail,OR,,-5", "price_cents"),
        ("a,Jail,OR,,25.5", "price_cents"),
        ("a,=HYPERLINK(1),OR,,", "formula"),
        (f"a,{'x' * 161},OR,,", "longer"),
        ("a,Jail,OR,,25,more", "cells"),
    ],
)
def test_a_bad_facility_is_reported_with_its_line_and_stops_nothing_else(write, row, reason):
    report = imports.import_facilities(write("key,name,state,opening,price_cents", row, "good,Good Jail,OR,,"))

    assert counts(report) == (1, 0, 0, 0, 1)
    assert report.bad[0].line == 2
    assert reason in report.bad[0].reason


def test_a_facility_twice_in_a_file_is_taken_once(write):
    report = imports.import_facilities(write("key,name,state", "a,First,OR", "a,Second,OR"))

    assert (report.new, report.bad[0].line) == (1, 3)
    assert known_facilities()["a"].name == "First"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n \n",
        b"number,first_name\n1,Ann\n",
        b"key,name,state\n",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"PK\x03\x04\x14\x00\x06\x00",
        "key,name,state\na,Jail,OR".encode("utf-16"),
        b'key,name,state\na,"Jail,OR\nb,Jail,OR\n',
        b"<html><body>Sign in</body></html>\n<p>\n",
        b"\x81\x8d\x8f\x90\x9d",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence_and_changes_nothing(tmp_path, cedar, content):
    path = tmp_path / "wrong.csv"
    path.write_bytes(content)

    for run in (lambda: imports.import_facilities(path), lambda: imports.import_roster(cedar, path)):
        with pytest.raises(BadFile) as refused:
            run()
        assert refused.value.reason.endswith(".")
        assert "\n" not in refused.value.reason
    assert known_facilities().keys() == {cedar}
    assert everyone() == {}


@pytest.mark.parametrize("missing", ["nothing-here.csv", "."])
def test_a_file_that_is_not_there_is_refused_in_one_sentence(tmp_path, cedar, missing):
    with pytest.raises(BadFile):
        imports.import_roster(cedar, tmp_path / missing)


def test_a_roster_puts_people_at_the_facility_and_opens_it(write, cedar, actor):
    report = imports.import_roster(
        cedar,
        write(ROSTER_HEADER, "20418873,Marcus,Delgado,1990-06-15,Unit C,", "H-55210,Shawn,O'Neill,12/31/1985,,active"),
    )

    assert counts(report) == (2, 0, 0, 0, 0)
    assert "is open for messages now, at 25 ¢ a credit" in report.notes[0]
    sam, place = actor(), known_facilities()[cedar]
    assert place.opening == "open"
    db.write(facilities.add_location, sam, place.id)
    assert len(db.read(inmates.find, sam, place.id, InmateQuery(last_name="ONeill"))[0]) == 1


def test_a_paused_facility_does_not_open_by_its_roster(write, facility):
    facility(key="harbor", opening="paused")

    report = imports.import_roster("harbor", write(ROSTER_HEADER, "1,A,B,,,"))

    assert (known_facilities()["harbor"].opening, report.notes) == ("paused", [])


def test_a_second_roster_adds_changes_and_releases_just_what_differs(write, cedar):
    imports.import_roster(cedar, write(ROSTER_HEADER, "1,Ann,Stays,,,", "2,Bob,Moves,,C,", "3,Cy,Leaves,,,"))

    report = imports.import_roster(cedar, write(ROSTER_HEADER, "1,Ann,Stays,,,", "2,Bob,Moves,,D,", "4,Di,Arrives,,,"))

    assert counts(report) == (1, 1, 1, 1, 0)
    assert everyone()["2"].housing == "D"
    assert everyone()["3"].custody == "released"


def test_someone_who_comes_back_is_held_again_with_the_same_id(write, cedar):
    both, one = (ROSTER_HEADER, "1,Ann,Stays,,,", "2,Bob,Returns,,,"), (ROSTER_HEADER, "1,Ann,Stays,,,")
    imports.import_roster(cedar, write(*both))
    before = everyone()["2"].id
    imports.import_roster(cedar, write(*one))

    report = imports.import_roster(cedar, write(*both))

    assert counts(report) == (0, 1, 1, 0, 0)
    assert (everyone()["2"].custody, everyone()["2"].id) == ("held", before)


def test_a_bad_row_does_not_release_its_person(write, cedar):
    imports.import_roster(cedar, write(ROSTER_HEADER, "1,Ann,Stays,,,", "2,Bob,Stays,,,", "3,Cy,Stays,,,"))

    report = imports.import_roster(
        cedar, write(ROSTER_HEADER, "1,Ann,Stays,,,", "2,Bob,Stays,yesterday,,", "3,Cy,Stays,,,,one cell too many")
    )

    assert counts(report) == (0, 0, 1, 0, 2)


def test_one_facilitys_roster_leaves_anothers_people_alone(write, cedar, facility):
    facility(key="harbor")
    imports.import_roster("harbor", write(ROSTER_HEADER, "1,Ann,There,,,"))

    imports.import_roster(cedar, write(ROSTER_HEADER, "2,Bob,Here,,,"))

    assert everyone()["1"].custody == "held"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",Ann,Lee,,,", "number is missing"),
        ("1,,Lee,,,", "first name is missing"),
        ("1,Ann,=CMD|' /C calc'!A0,,,", "formula"),
        ("1,@SUM(1),Lee,,,", "formula"),
        ("=1+1,Ann,Lee,,,", "formula"),
        ("1,Ann,<b>Lee</b>,,,", "not part of a name: <"),
        ("1,Ann,Lee🙂,,,", "not part of a name: 🙂"),
        (f"1,Ann,{'x' * 10_000},,,", "longer than 80"),
        (f"{'1' * 25},Ann,Lee,,,", "longer than 24"),
        ("2.04E+07,Ann,Lee,,,", "spreadsheet"),
        ("1,Ann,Lee,13/13/1990,,", "birth date"),
        ("1,Ann,Lee,2999-01-01,,", "cannot be right"),
        ("1,Ann,Lee,,,escaped", "status"),
    ],
)
def test_a_bad_person_is_reported_with_line_and_reason_and_stops_nobody_else(write, cedar, row, reason):
    report = imports.import_roster(cedar, write(ROSTER_HEADER, row, "9,Good,Person,,,"))

    assert [(bad.line, reason in bad.reason) for bad in report.bad] == [(2, True)]
    assert everyone().keys() == {"9"}


def test_the_first_of_two_rows_with_one_number_is_kept(write, cedar):
    report = imports.import_roster(cedar, write(ROSTER_HEADER, "H-1,Ann,First,,,", "h1,Bob,Second,,,"))

    assert [bad.line for bad in report.bad] == [3]
    assert everyone()["H-1"].last_name == "First"


def test_lines_are_counted_as_an_editor_shows_them(write, cedar):
    report = imports.import_roster(
        cedar, write("", ROSTER_HEADER, '1,Ann,Lee,,"Unit\nC",', "", ",No,Number,,,", "3,Cy,Lee,,,")
    )

    assert [bad.line for bad in report.bad] == [6]


@pytest.mark.parametrize(
    "header",
    ["Number,First Name,Last Name", "inmate_number,first,last", "DOC Number;FIRST;LAST", "id\tfirst_name\tlast_name"],
)
def test_headers_and_delimiters_of_several_systems_are_understood(write, cedar, header):
    delimiter = next(mark for mark in ";\t," if mark in header)

    imports.import_roster(cedar, write(header, delimiter.join(["77", "Ann", "Lee"])))

    assert everyone()["77"].full_name == "Ann Lee"


def test_accents_survive_every_usual_encoding(write, cedar):
    rows = (ROSTER_HEADER, "1,José,Núñez,,,")
    for encoding in ("utf-8", "utf-8-sig", "cp1252"):
        report = imports.import_roster(cedar, write(*rows, encoding=encoding))
        assert everyone()["1"].full_name == "José Núñez"
    assert "Windows-1252" in report.notes[0]


def test_names_in_other_scripts_are_kept(write, cedar):
    imports.import_roster(cedar, write(ROSTER_HEADER, "1,Олена,Шевченко,,,", "2,שרה,כהן,,,"))

    assert everyone()["1"].full_name == "Олена Шевченко"


def test_a_birth_year_alone_gives_an_age(write, cedar):
    imports.import_roster(cedar, write("number,first,last,birth_year", "1,Ann,Lee,1990"))

    assert everyone()["1"].birth_date.year == 1990


def test_json_lines_are_read_as_well(write, cedar):
    report = imports.import_roster(
        cedar,
        write(
            json.dumps({"number": 1, "first_name": "Ann", "last_name": "Lee", "dob": None}),
            "",
            json.dumps({"number": "2", "first_name": "Bob", "last_name": "Lee\x00"}),
            '{"number": "3", "first_name": ["Cy"], "last_name": "Lee"}',
            '{"number": "4"',
            "[" * 5000,
            name="roster.jsonl",
        ),
    )

    assert (report.new, [bad.line for bad in report.bad]) == (2, [4, 5, 6])
    assert everyone()["2"].last_name == "Lee"


def test_an_unknown_facility_is_not_found_and_the_file_not_read(tmp_path, database):
    with pytest.raises(NotFound):
        imports.import_roster("no-such-place", tmp_path / "no-such-file.csv")


def test_a_roster_without_one_usable_row_releases_nobody(write, cedar):
    imports.import_roster(cedar, write(ROSTER_HEADER, "1,Ann,Lee,,,"))

    with pytest.raises(BadFile, match="Line 2"):
        imports.import_roster(cedar, write(ROSTER_HEADER, "2,,,,,"))

    assert everyone()["1"].custody == "held"


def test_progress_is_told_from_nothing_to_all(tmp_path, cedar):
    path = tmp_path / "many.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["number", "first", "last"], *([n, "Ann", "Lee"] for n in range(1, 502))])
    told = []

    report = imports.import_roster(cedar, path, progress=lambda done, total: told.append((done, total)))

    assert report.new == 501
    assert (told[0], told[-1]) == ((0, 501), (501, 501))
    assert told == sorted(told)
