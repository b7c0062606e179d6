import csv
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from rxconnect import db
from rxconnect.domain.errors import BadFile, NotFound
from rxconnect.domain.facilities import Opening
from rxconnect.domain.facility_settings import BOUNDS, COLUMNS, OFFERED, YES_OR_NO, Setting
from rxconnect.domain.inmates import InmateQuery
from rxconnect.models import Facility, Inmate
from rxconnect.search.normalise import number_key
from rxconnect.services.directory import facilities, inmates
from rxconnect.services.imports import imports
from rxconnect.services.rosters import roster_rows
from tests.services.rosters.lists import in_words

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


def import_facilities(path, **given):
    with imports.open_facilities(path, given=given) as file:
        return in_words(imports.import_facilities(file))


def import_roster(facility, path, *, yes=True, progress=imports.no_progress, **given):
    """Most rosters here are so short that every change of them looks suspicious; `test_rosters.py` is about that."""
    with imports.open_rosters(path, facility=facility, given=given) as roster:
        return in_words(imports.import_rosters(roster, accept_suspicious=yes, progress=progress))


def counts(report):
    return report.new, report.changed, report.unchanged, getattr(report, "missing", 0), report.bad_rows


def test_the_public_table_becomes_readable_listed_facilities(write):
    report = import_facilities(
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
    import_facilities(path)
    before = known_facilities()

    report = import_facilities(path)

    assert counts(report) == (0, 0, 2, 0, 0)
    assert known_facilities().keys() == before.keys() == {"bibb-ci-al", "bibb-ci-al-2"}


def test_a_renamed_facility_keeps_its_key_and_is_found_by_its_new_name(write, actor):
    import_facilities(write(UCLA_HEADER, "5,Alabama,BIBB CI,state,Prison,NA,NA,NA,NA"))

    report = import_facilities(write(UCLA_HEADER, "5,Alabama,LARKSPUR CI,state,Prison,NA,NA,NA,NA"))

    assert counts(report) == (0, 1, 0, 0, 0)
    assert known_facilities()["bibb-ci-al"].name == "Larkspur CI"
    assert len(db.read(facilities.search, actor(), "larkspur")) == 1


def test_a_dry_run_shows_what_an_import_of_facilities_would_do_and_changes_nothing(write):
    import_facilities(write(UCLA_HEADER, "5,Alabama,BIBB CI,state,Prison,NA,BRENT,NA,NA"))
    before = {key: row.model_dump() for key, row in known_facilities().items()}
    path = write(
        UCLA_HEADER,
        "5,Alabama,LARKSPUR CI,state,Prison,NA,BRENT,NA,NA",
        "6,Texas,X UNIT,NA,NA,NA,NA,NA,NA",
        "x,,,,,,,,",
    )

    with imports.open_facilities(path) as file:
        plan = imports.plan_facilities(file)

    assert {key: row.model_dump() for key, row in known_facilities().items()} == before
    assert plan.examples == {
        "changed": ["Larkspur CI, Brent, AL, bibb-ci-al: name Larkspur CI"],
        "new": ["X Unit, Texas, x-unit-tx"],
    }
    assert counts(plan) == counts(import_facilities(path)) == (1, 1, 0, 0, 1)


def test_facilities_of_one_name_get_different_keys_in_the_order_of_the_file(write, facility):
    facility(key="north-jail-al-2")

    import_facilities(write(UCLA_HEADER, *(f"{number},Alabama,NORTH JAIL,NA,NA,NA,NA,NA,NA" for number in (7, 8, 9))))

    assert {row.source_id: key for key, row in known_facilities().items() if row.source_id} == {
        "7": "north-jail-al",
        "8": "north-jail-al-3",
        "9": "north-jail-al-4",
    }


HIFLD_HEADER = (
    "OBJECTID,FACILITYID,NAME,ADDRESS,CITY,STATE,ZIP,ZIP4,TELEPHONE,TYPE,STATUS,POPULATION,COUNTY,COUNTYFIPS,COUNTRY,"
    "NAICS_CODE,NAICS_DESC,SOURCE,SOURCEDATE,VAL_METHOD,VAL_DATE,WEBSITE,SECURELVL,CAPACITY,Shape__Area,Shape__Length"
)


def hifld(number, name, city="NOT AVAILABLE", *, state="AL", status="OPEN", zip="-999"):
    tail = "BIBB,01007,USA,922140,JAILS,NA,2017/01/01,IMAGERY,2017/01/01,NOT AVAILABLE,MAXIMUM,-999,1e-06,0.003"
    return f"1,{number},{name},NOT AVAILABLE,{city},{state},{zip},-999,(205) 555-0100,STATE,{status},-999,{tail}"


def ucla(number, name, city="NA", *, hifld_id="NA", state="Alabama"):
    return f"{number},{state},{name},state,Prison,NA,{city},NA,NA,{hifld_id}"


def test_the_federal_export_becomes_listed_facilities_and_closed_ones_are_closed(write):
    path = write(
        HIFLD_HEADER,
        hifld(10, "BIBB CI", "BRENT", zip="35034"),
        hifld(11, "OLD JAIL", status="CLOSED"),
        hifld("x", "Y"),
    )

    with imports.open_facilities(path) as file:
        report = in_words(imports.import_facilities(file))

    assert str(file.columns).startswith("FACILITYID → source id, NAME → name, ADDRESS → address, CITY → city")
    assert "; not used: OBJECTID, ZIP4, TELEPHONE" in str(file.columns)
    assert (counts(report), report.bad[0].line) == ((2, 0, 0, 0, 1), 4)
    bibb, old = known_facilities()["bibb-ci-al"], known_facilities()["old-jail-al"]
    assert (bibb.name, bibb.city, bibb.zip_code, bibb.kind, bibb.opening) == (
        "Bibb CI",
        "Brent",
        "35034",
        "State",
        "listed",
    )
    assert (old.city, old.address, old.opening) == ("", "", "closed")


def test_a_facility_that_uses_rxconnect_is_not_closed_by_a_public_list(write, facility):
    facility(key="harbor", name="Harbor Jail", state="AL", city="Brent")

    report = import_facilities(write(HIFLD_HEADER, hifld(10, "HARBOR JAIL", "BRENT", status="CLOSED")))

    assert known_facilities()["harbor"].opening == "open"
    assert "Harbor Jail is closed by this list" in report.notes[0]


@pytest.mark.parametrize("first", ["hifld", "ucla"])
def test_the_two_public_lists_bring_the_same_facilities_up_to_date_in_either_order(write, first):
    files = {
        "hifld": write(
            HIFLD_HEADER,
            hifld(10, "BIBB CORRECTIONAL", "BRENT"),
            hifld(12, "LAKE CI", "LAKE CITY"),
            hifld(13, "PINE JAIL", "PINE"),
            name="hifld.csv",
        ),
        "ucla": write(
            UCLA_HEADER + ",HIFLD.ID",
            ucla(5, "BIBB CI", "BRENT", hifld_id=10),
            ucla(6, "LAKE CI", "LAKE CITY", hifld_id=12),
            ucla(7, "COLUMBIA CI", "LAKE CITY", hifld_id=12),
            ucla(8, "PINE JAIL"),
            name="ucla.csv",
        ),
    }
    second = ({"hifld", "ucla"} - {first}).pop()

    import_facilities(files[first])
    import_facilities(files[second])

    names = sorted(row.name for row in known_facilities().values())
    assert names == ["Bibb CI" if second == "ucla" else "Bibb Correctional", "Columbia CI", "Lake CI", "Pine Jail"]
    for name in (second, first, second):
        assert import_facilities(files[name]).new == 0
    assert counts(import_facilities(files[second])) == (0, 0, 4 if second == "ucla" else 3, 0, 0)


def test_what_a_public_list_does_not_know_stays_as_it_is(write):
    import_facilities(write(HIFLD_HEADER, hifld(10, "BIBB CI", "BRENT", zip="35034")))

    report = import_facilities(write(UCLA_HEADER + ",HIFLD.ID", ucla(5, "BIBB CI", hifld_id=10)))

    assert report.new == 0
    assert (known_facilities()["bibb-ci-al"].city, known_facilities()["bibb-ci-al"].zip_code) == ("Brent", "35034")


def test_a_zip_code_in_other_digits_than_ours_is_left_out(write):
    import_facilities(write(HIFLD_HEADER, hifld(10, "BIBB CI", "BRENT", zip="٣٥٠٣٤")))

    assert known_facilities()["bibb-ci-al"].zip_code == ""


def test_one_number_in_two_states_is_two_listings(write):
    import_facilities(write(HIFLD_HEADER, hifld(10, "SAGUARO", "ELOY", state="AZ")))

    report = import_facilities(
        write(UCLA_HEADER + ",HIFLD.ID", ucla(5, "SAGUARO", "ELOY", hifld_id=10, state="Hawaii"))
    )

    assert report.new == 1
    assert {row.state for row in known_facilities().values()} == {"AZ", "HI"}


def test_our_own_format_opens_and_prices_a_facility_and_leaves_empty_cells_alone(write):
    header = "key,name,state,city,zip,opening,price_cents,rules"
    import_facilities(write(header, "harbor,Harbor County Jail,Oregon,Astoria,97103,open,20,No staples|No glitter"))

    report = import_facilities(write(header, "harbor,Harbor County Jail,OR,,,paused,,"))

    harbor = known_facilities()["harbor"]
    assert counts(report) == (0, 1, 0, 0, 0)
    assert (harbor.opening, harbor.price_cents, harbor.city) == ("paused", 20, "Astoria")
    assert harbor.rules == ["No staples", "No glitter"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("a,,OR,,", "the name is missing"),
        ("a,NOT AVAILABLE,OR,,", "the name is missing"),
        ("a,Jail,,,", "the state is missing"),
        ("a,Jail,Atlantis,,", "there is no state “Atlantis”"),
        (",Jail,OR,,", "the key is missing"),
        ("A b,Jail,OR,,", "key “A b” must be small letters, digits and single hyphens"),
        (f"{'x' * 121},Jail,OR,,", "key is longer than 120 characters"),
        ("a,Jail,OR,ajar,", "opening “ajar” must be one of open, paused, listed, closed"),
        ("a,Jail,OR,,-5", "price_cents “-5” must be a whole number from 1 to 1,000"),
        ("a,Jail,OR,,25.5", "price_cents “25.5” must be a whole number from 1 to 1,000"),
        ("a,=HYPERLINK(1),OR,,", "name looks like a spreadsheet formula"),
        (f"a,{'x' * 161},OR,,", "name is longer than 160 characters"),
        ("a,Jail,OR,,25,more", "has 6 cells, but its header names 5 columns"),
        ("a,Jail,OR", "has 3 cells, but its header names 5 columns"),
    ],
)
def test_a_bad_facility_is_reported_with_its_line_and_stops_nothing_else(write, row, reason):
    report = import_facilities(write("key,name,state,opening,price_cents", row, "good,Good Jail,OR,,"))

    assert counts(report) == (1, 0, 0, 0, 1)
    assert [(bad.line, bad.reason) for bad in report.bad] == [(2, reason)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("a,Jail,OR,-2+3,", "city looks like a spreadsheet formula"),
        ("a,Jail,OR,,=CMD|calc!A1", "a rule looks like a spreadsheet formula"),
        ("a,Jail,OR,,No staples|@SUM(1)", "a rule looks like a spreadsheet formula"),
    ],
)
def test_a_facility_with_a_formula_is_left_out(write, row, reason):
    report = import_facilities(write("key,name,state,city,rules", row, "good,Good Jail,OR,-999,"))

    assert [bad.reason for bad in report.bad] == [reason]
    assert (known_facilities().keys(), known_facilities()["good"].city) == ({"good"}, "")


def test_a_facility_without_an_id_in_a_public_list_is_told_so(write):
    report = import_facilities(write(HIFLD_HEADER, hifld(10, "BIBB CI"), hifld(-999, "LAKE CI")))

    assert [bad.reason for bad in report.bad] == ["the facility's id is missing"]


@pytest.mark.parametrize(("price", "least"), [("9", ""), ("", "1"), ("49", "1"), ("7", "7")])
def test_a_facility_whose_smallest_purchase_no_card_could_pay_is_left_out(write, price, least):
    report = import_facilities(
        write("key,name,state,price_cents,min_credits", f"a,Jail,OR,{price},{least}", "b,Jail,ME,50,1")
    )

    assert counts(report) == (1, 0, 0, 0, 1)
    assert report.bad[0].line == 2
    assert "Stripe charges no card less than $0.50" in report.bad[0].reason


def test_a_price_is_held_against_what_a_known_facility_sells_at_least(write):
    header = "key,name,state,price_cents,min_credits"
    import_facilities(write(header, "a,Jail,OR,50,1", "b,Jail,ME,25,10"))

    report = import_facilities(write(header, "a,Jail,OR,20,", "b,Jail,ME,5,"))

    assert counts(report) == (0, 1, 0, 0, 1)
    assert "the least to buy, 1 credit at 20 ¢, is $0.20" in report.bad[0].reason


def test_the_least_and_the_most_to_buy_are_held_against_what_a_facility_has(write):
    header = "key,name,state,min_credits,max_credits"

    report = import_facilities(write(header, "a,Jail,OR,20,10", "b,Jail,OR,500,", "c,Jail,OR,,3", "d,Jail,OR,500,600"))

    assert [bad.reason for bad in report.bad] == [
        "min_credits, 20, is more than max_credits, 10",
        "min_credits, 500, is more than max_credits, 200",
        "min_credits, 5, is more than max_credits, 3",
    ]
    assert known_facilities().keys() == {"d"}


def test_a_list_of_facilities_without_a_needed_column_is_asked_for_it(write):
    path = write("Name,State,Ref", "Jail,OR,a")

    with pytest.raises(BadFile, match=r'The columns are Name, State, Ref\. Say which one it is: --map key="COLUMN"\.$'):
        import_facilities(path)

    assert import_facilities(path, key="Ref").new == 1


def test_a_facility_twice_in_a_file_is_taken_once(write):
    report = import_facilities(write("key,name,state", "a,First,OR", "a,Second,OR"))

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
        "key,name,state\na,Jail,OR\x00".encode("utf-16"),
        b"\xff\xfe\xd8\xd8\xd8",
        b"key,name,state,number,first,last\na,Ja\x00il,OR,1,Ann,Lee\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\x1f\x8b\x08\x00\x00",
        b"key,name,state,number,first,last\n" + b"x" * 2_000_000,
        b",".join(b"c%d" % n for n in range(2_000)) + b"\n1\n",
        b"number,number,first,last,key,key,name,state\n1,2,Ann,Lee,a,b,Jail,OR\n",
        b"[]\n",
        b"{}\n",
        b'key,name,state\na,"Jail,OR\nb,Jail,OR\n',
        b"<html><body>Sign in</body></html>\n<p>\n",
        b"\x81\x8d\x8f\x90\x9d",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence_and_changes_nothing(tmp_path, cedar, content):
    path = tmp_path / "wrong.csv"
    path.write_bytes(content)

    for run in (lambda: import_facilities(path), lambda: import_roster(cedar, path)):
        with pytest.raises(BadFile) as refused:
            run()
        assert str(refused.value).endswith(".")
        assert "\n" not in str(refused.value)
    assert known_facilities().keys() == {cedar}
    assert everyone() == {}


@pytest.mark.parametrize("missing", ["nothing-here.csv", ".", "pipe"])
def test_a_file_that_is_not_there_is_refused_in_one_sentence(tmp_path, cedar, missing):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadFile, match=r"\.$"):
        import_roster(cedar, tmp_path / missing)


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (b"PK\x03\x04\x14\x00", "get it again"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "save the sheet as CSV"),
        (b"%PDF-1.7\n", "ask for the list as CSV"),
        (b"\x1f\x8b\x08\x00", "get it again"),
    ],
)
def test_well_known_files_are_refused_with_what_to_do(tmp_path, cedar, content, hint):
    (tmp_path / "roster.csv").write_bytes(content)

    with pytest.raises(BadFile, match=hint):
        import_roster(cedar, tmp_path / "roster.csv")


def test_a_file_of_ten_gigabytes_is_refused_unread(tmp_path, cedar):
    with (tmp_path / "huge.csv").open("wb") as file:
        file.truncate(10 * 1024**3)

    with pytest.raises(BadFile, match="larger than 2 GB"):
        import_roster(cedar, tmp_path / "huge.csv")


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([ROSTER_HEADER, "1,Ann,Lee,1990-01-02,B,", "2,Bob,Lee,19"], 3),
        ([ROSTER_HEADER + ",race", "1,Ann,Lee,1990-01-02,B,,", "2,Bob,Lee,1990-01-02,B,held"], 3),
        (['{"number": "1", "first": "Ann", "last": "Lee"}', '{"number": "2", "first": "Bo'], 2),
    ],
)
def test_a_file_that_is_cut_off_in_a_row_is_refused(write, cedar, rows, line):
    with pytest.raises(BadFile, match=f"cut off in line {line}"):
        import_roster(cedar, write(*rows))

    assert everyone() == {}


def test_empty_cells_beyond_the_header_are_none_of_any_column(write, cedar):
    import_roster(cedar, write("number,first,last", "1,Ann,Lee,", "2,Bob,Ray,,"))

    assert [(row.full_name, row.housing) for row in everyone().values()] == [("Ann Lee", ""), ("Bob Ray", "")]


def test_blanks_at_the_end_of_a_file_are_no_row_that_was_cut_off(write, cedar):
    assert counts(import_roster(cedar, write(ROSTER_HEADER, "1,Ann,Lee,,,", "", "  "))) == (1, 0, 0, 0, 0)


def test_a_row_that_lacks_cells_is_reported_and_takes_nothing_from_its_person(write, cedar):
    import_roster(cedar, write(ROSTER_HEADER, "1,Ann,Lee,1990-01-02,B,", "2,Bob,Lee,,,"))

    report = import_roster(cedar, write(ROSTER_HEADER, "1,Ann,Le", "2,Bob,Lee,,,"))

    assert [(bad.line, bad.reason) for bad in report.bad] == [(2, "has 3 cells, but its header names 6 columns")]
    assert counts(report) == (0, 0, 1, 0, 1)
    assert (everyone()["1"].last_name, everyone()["1"].housing) == ("Lee", "B")


def test_a_row_may_lack_cells_at_its_end_that_nobody_reads(write, cedar):
    report = import_roster(cedar, write("number,first,last,race,hair", "1,Ann,Lee", "2,Bob,Lee,X,Y"))

    assert counts(report) == (2, 0, 0, 0, 0)


def test_a_quotation_mark_that_is_never_closed_changes_nothing_however_late_it_comes(write, cedar):
    rows = [f"{n},Ann,Lee,,," for n in range(1, 2_000)]

    with pytest.raises(BadFile, match="Line 2001 "):
        import_roster(cedar, write(ROSTER_HEADER, *rows, '2000,"Ann,Lee,,,', *rows))

    assert everyone() == {}


def test_a_roster_puts_people_at_the_facility_and_opens_it(write, cedar, actor):
    report = import_roster(
        cedar,
        write(ROSTER_HEADER, "20418873,Marcus,Delgado,1990-06-15,Unit C,", "H-55210,Shawn,O'Neill,12/31/1985,,active"),
    )

    assert counts(report) == (2, 0, 0, 0, 0)
    assert report.opens == [("Cedar Ridge", "25\u00a0¢")]
    sam, place = actor(), known_facilities()[cedar]
    assert place.opening == "open"
    db.write(facilities.add_location, sam, place.id)
    assert len(db.read(inmates.find, sam, place.id, InmateQuery(last_name="ONeill"))[0]) == 1


def test_a_paused_facility_does_not_open_by_its_roster(write, facility):
    facility(key="harbor", opening="paused")

    report = import_roster("harbor", write(ROSTER_HEADER, "1,A,B,,,"))

    assert (known_facilities()["harbor"].opening, report.opens) == ("paused", [])


def test_a_second_roster_adds_and_changes_just_what_differs_and_releases_nobody(write, cedar):
    import_roster(cedar, write(ROSTER_HEADER, "1,Ann,Stays,,,", "2,Bob,Moves,,C,", "3,Cy,Leaves,,,"))

    report = import_roster(cedar, write(ROSTER_HEADER, "1,Ann,Stays,,,", "2,Bob,Moves,,D,", "4,Di,Arrives,,,"))

    assert counts(report) == (1, 1, 1, 1, 0)
    assert everyone()["2"].housing == "D"
    assert everyone()["3"].custody == "held"


FULL_HEADER = "number,first_name,middle_name,last_name,suffix,aliases,birth_date,housing"


def test_what_a_file_has_no_column_for_stays_as_it_is(write, cedar):
    import_roster(cedar, write(FULL_HEADER, "1,Ann,Mae,Lee,Jr,Annie Ray,1990-01-02,B"))
    before = everyone()["1"]

    report = import_roster(cedar, write("number,first,last", "1,Ann,Lee"))

    assert counts(report) == (0, 0, 1, 0, 0)
    assert everyone()["1"] == before


def test_a_year_alone_takes_nothing_away_from_a_date_of_birth(write, cedar):
    import_roster(cedar, write(FULL_HEADER, "1,Ann,,Lee,,,1990-03-04,", "2,Bo,,Ray,,,1991-03-04,"))

    report = import_roster(cedar, write("number,first,last,birth_year", "1,Ann,Lee,1990", "2,Bo,Ray,1992"))

    assert counts(report) == (0, 1, 1, 0, 0)
    ann, bo = everyone()["1"], everyone()["2"]
    assert (str(ann.birth_date), ann.birth_year) == ("1990-03-04", None)
    assert (bo.birth_date, bo.birth_year) == (None, 1992)


def test_a_facility_says_how_long_it_takes_and_when_what_nobody_decides_ends(write):
    header = "key,name,state,promised_hours,expires_after_days,reply_credit_days"
    rows = (
        "a,A Jail,OR,24,14,90",
        "b,B Jail,OR,,,",
        "c,C Jail,OR,0,14,90",
        "d,D Jail,OR,24,366,90",
        "e,E Jail,OR,24,14,x",
    )

    report = import_facilities(write(header, *rows))

    assert counts(report) == (2, 0, 0, 0, 3)
    with db.reading() as session:
        found = session.exec(select(Facility).order_by(Facility.key)).all()
    settings = [(row.key, row.promised_hours, row.expires_after_days, row.reply_credit_days) for row in found]
    assert settings == [("a", 24, 14, 90), ("b", 48, 30, 60)]


def value_other_than(default, setting):
    """A value of a setting as a cell has it, which is not that of a new facility."""
    if setting in BOUNDS:
        return str(BOUNDS[setting][1] if default != BOUNDS[setting][1] else BOUNDS[setting][0])
    if setting is Setting.PRICE_CENTS:
        return "31"
    offered = {Setting.OPENING: tuple(Opening), **OFFERED}.get(setting)
    if offered is None:
        return "no" if default else "Yes"
    return next(one for one in offered if one != default)


def test_every_setting_of_a_facility_has_a_column_and_a_line_in_the_manual(write):
    new = Facility(key="new", name="New")
    given = {setting: value_other_than(getattr(new, setting), setting) for setting in COLUMNS}
    report = import_facilities(write(f"key,name,state,{','.join(given)}", f"a,A Jail,OR,{','.join(given.values())}"))
    assert counts(report) == (1, 0, 0, 0, 0)
    with db.reading() as session:
        (row,) = session.exec(select(Facility)).all()
    told = {
        setting: ("Yes" if getattr(row, setting) else "no") if setting in YES_OR_NO else str(getattr(row, setting))
        for setting in COLUMNS
    }
    assert told == given
    manual = (Path(__file__).parents[3] / "docs/operating.md").read_text()
    table = manual.partition("### Facilities")[2].partition("### Rosters")[0]
    assert [setting for setting in COLUMNS if f"`{setting}`" not in table] == []


@pytest.mark.parametrize("setting", [*BOUNDS, *OFFERED, *YES_OR_NO])
def test_a_setting_that_is_not_offered_leaves_the_facility_out(write, setting):
    report = import_facilities(write(f"key,name,state,{setting}", "a,A Jail,OR,-1"))
    assert (counts(report)[-1], setting.value in report.bad[0].reason) == (1, True)


@pytest.mark.parametrize("later", ["1990", "1990-07-01"])
def test_july_1_is_a_day_like_any_other(write, cedar, later):
    import_roster(cedar, write(FULL_HEADER, "1,Ann,,Lee,,,1990-07-01,"))

    column = "birth_date" if "-" in later else "birth_year"
    report = import_roster(cedar, write(f"number,first,last,{column}", f"1,Ann,Lee,{later}"))

    assert counts(report) == (0, 0, 1, 0, 0)
    assert (str(everyone()["1"].birth_date), everyone()["1"].birth_year) == ("1990-07-01", None)


def test_a_date_of_birth_takes_the_place_of_its_year(write, cedar):
    import_roster(cedar, write("number,first,last,birth_year", "1,Ann,Lee,1990"))

    import_roster(cedar, write(FULL_HEADER, "1,Ann,,Lee,,,1990-07-01,"))

    assert (str(everyone()["1"].birth_date), everyone()["1"].birth_year) == ("1990-07-01", None)


@pytest.mark.parametrize("year", ["90", "19990", "abcd", "1850", "2999", "-990"])
def test_what_is_no_likely_year_of_birth_is_not_read(write, cedar, year):
    report = import_roster(cedar, write("number,first,last,birth_year", f"1,Ann,Lee,{year}", "2,Bo,Ray,1990"))

    assert counts(report) == (2, 0, 0, 0, 0)
    assert (everyone()["1"].birth_year, everyone()["2"].birth_year) == (None, 1990)


def test_an_unknown_status_is_not_taken_for_held(write, cedar):
    report = import_roster(cedar, write(ROSTER_HEADER, "1,Ann,Lee,,,Unknown", "2,Bo,Ray,,,"))

    assert counts(report) == (1, 0, 0, 0, 1)
    assert everyone().keys() == {"2"}


def test_a_unit_that_begins_with_a_minus_is_no_formula(write, cedar):
    report = import_roster(cedar, write(ROSTER_HEADER, "1,Ann,Lee,,-12-A,", "2,Bo,Ray,,-2+3,"))

    assert counts(report) == (2, 0, 0, 0, 0)
    assert (everyone()["1"].housing, everyone()["2"].housing) == ("-12-A", "")


def test_a_cell_that_is_there_and_empty_clears(write, cedar):
    import_roster(cedar, write(FULL_HEADER, "1,Ann,Mae,Lee,Jr,Annie Ray,1990-01-02,B"))

    import_roster(cedar, write(FULL_HEADER, "1,Ann,,Lee,,,,"))

    ann = everyone()["1"]
    assert (ann.middle_name, ann.suffix, ann.aliases, ann.birth_date, ann.housing) == ("", "", "", None, "")


def test_someone_who_was_missing_is_back_with_the_same_id(write, cedar):
    both, one = (ROSTER_HEADER, "1,Ann,Stays,,,", "2,Bob,Returns,,,"), (ROSTER_HEADER, "1,Ann,Stays,,,")
    import_roster(cedar, write(*both))
    before = everyone()["2"].id
    import_roster(cedar, write(*one))

    report = import_roster(cedar, write(*both))

    assert (counts(report), report.back) == ((0, 0, 2, 0, 0), 1)
    assert (everyone()["2"].custody, everyone()["2"].id) == ("held", before)


def test_a_bad_row_does_not_release_its_person(write, cedar):
    import_roster(cedar, write(ROSTER_HEADER, "1,Ann,Stays,,,", "2,Bob,Stays,,,", "3,Cy,Stays,,,"))

    report = import_roster(
        cedar, write(ROSTER_HEADER, "1,Ann,Stays,,,", "2,<b>,Stays,,,", "3,Cy,Stays,,,,one cell too many")
    )

    assert counts(report) == (0, 0, 1, 0, 2)


def test_one_facilitys_roster_leaves_anothers_people_alone(write, cedar, facility):
    facility(key="harbor")
    import_roster("harbor", write(ROSTER_HEADER, "1,Ann,There,,,"))

    import_roster(cedar, write(ROSTER_HEADER, "2,Bob,Here,,,"))

    assert everyone()["1"].custody == "held"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",Ann,Lee,,,", "number is missing"),
        ("1,,,,,", "name is missing"),
        ("1,Ann,=CMD|' /C calc'!A0,,,", "formula"),
        ("1,@SUM(1),Lee,,,", "formula"),
        ("=1+1,Ann,Lee,,,", "formula"),
        ("1,Ann,<b>Lee</b>,,,", "not part of a name: <"),
        ("1,Ann,Lee🙂,,,", "not part of a name: 🙂"),
        (f"1,Ann,{'x' * 10_000},,,", "longer than 80"),
        (f"{'1' * 25},Ann,Lee,,,", "longer than 24"),
        ("2.04E+07,Ann,Lee,,,", "spreadsheet"),
        ("1,Ann,Lee,,,escaped", "status"),
        ("N/A,Ann,Lee,,,", "number is missing"),
        ("-999,Ann,Lee,,,", "number is missing"),
        ("1,N/A,N/A,,,", "name is missing"),
        ("1,NULL,NULL,,,", "name is missing"),
    ],
)
def test_a_bad_person_is_reported_with_line_and_reason_and_stops_nobody_else(write, cedar, row, reason):
    report = import_roster(cedar, write(ROSTER_HEADER, row, "9,Good,Person,,,"))

    assert [(bad.line, reason in bad.reason) for bad in report.bad] == [(2, True)]
    assert everyone().keys() == {"9"}


def test_names_in_capitals_are_stored_as_families_read_them(write, cedar):
    header = "number,first,middle,last,suffix,aka"
    import_roster(cedar, write(header, "1,Marcus,Li,O'Neill,,Marc Neill", "2,AJ,,Smith,,", "3,Al,,Lee,,"))

    report = import_roster(cedar, write(header, "1,MARCUS,LI,O'NEILL,,MARC NEILL", "2,AJ,,SMITH,,", "3,AL,,LEE,,"))

    assert counts(report) == (0, 1, 2, 0, 0)
    assert {row.full_name for row in everyone().values()} == {"Marcus Li O'Neill", "Aj Smith", "Al Lee"}


def test_a_last_name_in_capitals_alone_is_stored_in_small_letters_too(write, cedar):
    import_roster(cedar, write("number,first,last", "1,Ana,NÚÑEZ", "2,Bo,DE LA CRUZ", "3,AJ,Smith"))

    assert {row.full_name for row in everyone().values()} == {"Ana Núñez", "Bo de la Cruz", "AJ Smith"}


def test_a_word_for_unknown_is_no_value(write, cedar):
    words = ["N/A", "NULL", "Unknown", "unknown", "NA", "-999", "-"]
    rows = [f"{n},Ann,{word},Lee,{word},Annie; {word},{word},{word}" for n, word in enumerate(words, 1)]

    assert import_roster(cedar, write(FULL_HEADER, *rows)).new == len(words)
    assert {(ann.full_name, ann.aliases, ann.birth_date, ann.housing) for ann in everyone().values()} == {
        ("Ann Lee", "Annie", None, "")
    }


@pytest.mark.parametrize(("first", "last"), [("Ann", "Null"), ("Ann", "NONE"), ("Na", "Lee"), ("Mina", "Na")])
def test_real_names_that_are_words_for_unknown_as_well_are_kept(write, cedar, first, last):
    import_roster(cedar, write("number,first,last", f"1,{first},{last}"))

    assert (everyone()["1"].first_name, everyone()["1"].last_name.casefold()) == (first, last.casefold())


def test_a_number_to_which_a_program_added_decimals_is_read_without_them(write, cedar):
    import_roster(cedar, write("number,first,last", "12345,Ann,Lee"))

    assert counts(import_roster(cedar, write("number,first,last", "12345.0,Ann,Lee"))) == (0, 0, 1, 0, 0)


def test_the_first_of_two_rows_with_one_number_is_kept(write, cedar):
    report = import_roster(cedar, write(ROSTER_HEADER, "H-1,Ann,First,,,", "h1,Bob,Second,,,"))

    assert [bad.line for bad in report.bad] == [3]
    assert everyone()["H-1"].last_name == "First"


def test_lines_are_counted_as_an_editor_shows_them(write, cedar):
    report = import_roster(cedar, write("", ROSTER_HEADER, '1,Ann,Lee,,"Unit\nC",', "", ",No,Number,,,", "3,Cy,Lee,,,"))

    assert [bad.line for bad in report.bad] == [6]


@pytest.mark.parametrize(
    "header",
    [
        "Number,First Name,Last Name",
        "inmate_number,first,last",
        "DOC Number;FIRST;LAST",
        "id\tfirst_name\tlast_name",
        "OffenderID|FirstName|LastName",
        "DOC #,First,Last",
        "Inmate#,First,Last",
        "Booking No.,First,Last",
        "ID #,First,Last",
    ],
)
def test_headers_and_delimiters_of_several_systems_are_understood(write, cedar, header):
    delimiter = next(mark for mark in ";\t|," if mark in header)

    import_roster(cedar, write(header, delimiter.join(["77", "Ann", "Lee"])))

    assert everyone()["77"].full_name == "Ann Lee"


@pytest.mark.parametrize("counter", ["ID", "#", "id #"])
def test_what_counts_the_rows_is_not_taken_for_the_number(write, cedar, counter):
    import_roster(cedar, write(f"{counter},Offender #,First,Last", "1,H-55210,Ann,Lee"))

    assert everyone().keys() == {"H-55210"}


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_the_line_in_which_excel_names_the_delimiter_is_no_header(write, cedar, delimiter):
    rows = [delimiter.join(cells) for cells in (["number", "first", "last"], ["1", "Ann", "Lee"], ["2", "", ""])]

    report = import_roster(cedar, write(f"sep={delimiter}", *rows))

    assert (report.new, [bad.line for bad in report.bad]) == (1, [4])


def test_accents_survive_every_usual_encoding(write, cedar):
    rows = (ROSTER_HEADER, "1,José,Núñez,,,")
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"):
        report = import_roster(cedar, write(*rows, encoding=encoding))
        assert everyone()["1"].full_name == "José Núñez"
        assert any("Windows-1252" in note for note in report.notes) == (encoding == "cp1252")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_any_system_ends_them(tmp_path, cedar, end):
    (tmp_path / "roster.csv").write_bytes(end.join([ROSTER_HEADER, "1,José,Lee,,,", ",No,Number,,,", ""]).encode())

    report = import_roster(cedar, tmp_path / "roster.csv")

    assert (report.new, [bad.line for bad in report.bad]) == (1, [3])
    assert everyone()["1"].first_name == "José"


def test_names_in_other_scripts_are_kept(write, cedar):
    import_roster(cedar, write(ROSTER_HEADER, "1,Олена,Шевченко,,,", "2,שרה,כהן,,,"))

    assert everyone()["1"].full_name == "Олена Шевченко"


def test_a_column_can_be_given_and_what_is_read_from_where_is_shown(write, cedar):
    path = write("Ref,Given,Family,Number,Race", "77,Ann,Lee,3,X")

    with imports.open_rosters(
        path, facility=cedar, given={"number": "ref", "first_name": "Given", "last_name": "Family"}
    ) as roster:
        imports.import_rosters(roster)

    assert str(roster.columns) == "Ref → number, Given → first name, Family → last name; not used: Number, Race."
    assert everyone()["77"].full_name == "Ann Lee"


def test_one_column_cannot_be_given_for_two_fields(write, cedar):
    with pytest.raises(BadFile, match="column First is given for number and for first name"):
        import_roster(cedar, write("Number,First", "77,Ann"), number="First", first_name="first")


@pytest.mark.parametrize(
    ("given", "reason"),
    [({"number": "Reference"}, "no column Reference"), ({"nmae": "Ref"}, "not for nmae"), ({}, "no column for number")],
)
def test_a_column_that_is_not_there_cannot_be_given(write, cedar, given, reason):
    with pytest.raises(BadFile, match=reason):
        import_roster(cedar, write("Ref,First,Last", "77,Ann,Lee"), **given)


def test_aliases_are_full_names_as_many_as_there_is_room_for(write, cedar):
    names = "; ".join(["Annie Lee", "A. Ortiz", "Annie Lee", "", *["Anna-Maria Long-Name"] * 2, "x" * 140, "y" * 150])
    import_roster(cedar, write("number,first,last,aka", f'1,Ann,Lee,"{names}"', "2,Bob,Lee,=1+1"))

    assert everyone()["1"].aliases == f"Annie Lee;A. Ortiz;Anna-Maria Long-Name;{'x' * 140};{'y' * 150}"
    assert everyone()["2"].aliases == ""


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=30))
def test_the_quick_key_of_a_number_is_the_key_of_the_number(text):
    assert roster_rows.number_of(text) == number_key(text)


def test_a_birth_year_alone_is_kept_as_a_year(write, cedar):
    import_roster(cedar, write("number,first,last,birth_year", "1,Ann,Lee,1990"))

    assert (everyone()["1"].birth_date, everyone()["1"].birth_year) == (None, 1990)


def test_json_lines_are_read_as_well(write, cedar):
    report = import_roster(
        cedar,
        write(
            json.dumps({"number": 1, "first_name": "Ann", "last_name": "Lee", "dob": None}),
            "",
            json.dumps({"number": "2", "first_name": "Bob", "last_name": "Lee\x00"}),
            '{"number": "3", "first_name": ["Cy"], "last_name": "Lee"}',
            '{"number": "4"',
            '{"number": "5", "first_name": "<b>", "last_name": "Lee"}',
            "[" * 5000,
            name="roster.jsonl",
        ),
    )

    assert (report.new, [bad.line for bad in report.bad]) == (3, [5, 6, 7])
    assert (everyone()["2"].last_name, everyone()["3"].first_name) == ("Lee", "Cy")


def test_an_unknown_facility_is_not_found_and_the_file_not_read(tmp_path, database):
    with pytest.raises(NotFound):
        import_roster("no-such-place", tmp_path / "no-such-file.csv")


def test_a_roster_without_one_usable_row_releases_nobody(write, cedar):
    import_roster(cedar, write(ROSTER_HEADER, "1,Ann,Lee,,,"))

    with pytest.raises(BadFile, match="line 2"):
        import_roster(cedar, write(ROSTER_HEADER, "2,,,,,"))

    assert everyone()["1"].custody == "held"


def test_progress_is_told_from_nothing_to_all(tmp_path, cedar):
    path = tmp_path / "many.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["number", "first", "last"], *([n, "Ann", "Lee"] for n in range(1, 502))])
    told = []

    report = import_roster(cedar, path, progress=lambda done, total: told.append((done, total)))

    assert report.new == 501
    assert (told[0], told[-1]) == ((0, 501), (501, 501))
    assert told == sorted(told)
