"""Rosters as they come: cases 04, 07 to 10, 12 and 18 of the field, and their kin."""

import pytest
from sqlmodel import col, select

from rxconnect import db
from rxconnect.domain.errors import BadFile
from rxconnect.domain.imports import Suspicious
from rxconnect.domain.inmates import Custody
from rxconnect.domain.readings import Choices
from rxconnect.models import Facility, Inmate
from rxconnect.services.imports import imports
from tests.services.rosters.lists import in_words

PERSON = "Inmate Number,Last Name,First Name"


def run(path, *, facility="alder", yes=False, **given):
    with imports.open_rosters(path, facility=facility, **given) as roster:
        return in_words(imports.import_rosters(roster, accept_suspicious=yes))


def plan(path, *, facility="alder", **given):
    with imports.open_rosters(path, facility=facility, **given) as roster:
        return in_words(imports.plan_rosters(roster))


def everyone():
    with db.reading() as session:
        return {row.number: row for row in session.exec(select(Inmate))}


def custodies():
    return {number: row.custody for number, row in everyone().items()}


def birth_dates():
    return {number: str(row.birth_date or row.birth_year) for number, row in everyone().items()}


def full_names():
    return {row.number: (row.first_name, row.middle_name, row.last_name, row.suffix) for row in everyone().values()}


# Case 04: a column says who is gone.


def test_a_past_release_date_counts_as_released_and_a_coming_one_as_held(write, alder):
    header = f"{PERSON},Booking Date,Release Date"
    rows = [
        "P1,WREN,OTTO,2020-01-01,2020-02-01",
        "P2,LARK,ANN,2026-01-01,",
        "P3,DOVE,ED,2026-01-01,2999-01-01",
        "P4,ROOK,IDA,2026-01-01,12/31/9999",
        "P5,SWAN,SUE,2026-01-01,LIFE",
        "P6,TERN,ROY,2020-03-01,2/1/2020 13:45",
        "P7,IBIS,LEE,2020-01-01,2/1/2020 13:45",
    ]

    run(write(header, *rows))

    assert custodies() == {
        "P1": "released",
        "P2": "held",
        "P3": "held",
        "P4": "held",
        "P5": "held",
        "P6": "held",  # booked again after that release
        "P7": "released",
    }


def test_a_status_that_says_held_wins_over_a_release_date(write, alder):
    run(write(f"{PERSON},Status,Release Date", "P1,WREN,OTTO,In Custody,2020-02-01", "P2,LARK,ANN,,2020-02-01"))

    assert custodies() == {"P1": "held", "P2": "released"}


@pytest.mark.parametrize("header", ["Inmate Status", "Current Status", "Booking Status", "CUST_STAT", "In/Out Status"])
def test_a_status_is_read_under_its_usual_names(write, alder, header):
    run(write(f"{PERSON},{header}", "P1,WREN,OTTO,RELEASED", "P2,LARK,ANN,Active"))

    assert custodies() == {"P1": "released", "P2": "held"}


@pytest.mark.parametrize(
    ("header", "there", "gone"),
    [
        ("In Custody", "Y", "N"),
        ("in_custody", "t", "f"),
        ("isActive", "true", "false"),
        ("Incarcerated", "1", "0"),
        ("Released", "No", "Yes"),
    ],
)
def test_a_column_that_asks_is_read_by_its_answers(write, alder, header, there, gone):
    run(write(f"{PERSON},{header}", f"P1,WREN,OTTO,{there}", f"P2,LARK,ANN,{gone}"))

    assert custodies() == {"P1": "held", "P2": "released"}


@pytest.mark.parametrize(
    ("column", "gone", "field"),
    [
        ("Release Reason", "BONDED OUT", "status"),
        ("Release Reason", "time served", "status"),
        ("Discharge Type", "Time Served", "status"),
        ("Exit Date", "2020-02-01", "release_date"),
        ("Left On", "2/1/2020", "release_date"),
        ("DeceasedDt", "2020-02-01 00:00:00", "release_date"),
        ("Date of Death", "2/1/2020", "release_date"),
        ("Disposition", "Released on bond", "status"),
    ],
)
def test_a_column_that_says_who_is_gone_and_is_not_read_needs_a_word(write, alder, column, gone, field):
    path = write(f"{PERSON},{column}", f"P1,WREN,OTTO,{gone}", "P2,LARK,ANN,")
    reason = f"the column {column} says in 1 of 2 rows that somebody has left, and nobody reads it"

    assert plan(path).suspicious[0].startswith(reason)
    with pytest.raises(Suspicious, match=reason):
        run(path)
    assert everyone() == {}
    assert plan(path, choices=Choices(ignored=frozenset([column]))).suspicious == []
    run(path, given={field: column})
    assert custodies() == {"P1": "released", "P2": "held"}


@pytest.mark.parametrize(
    "column", ["Projected Release Date", "Max Release Date", "Bond Status", "Charge Status", "Custody Level"]
)
def test_a_column_about_something_else_says_nothing_about_who_is_gone(write, alder, column):
    path = write(f"{PERSON},{column}", "P1,WREN,OTTO,2020-02-01", "P2,LARK,ANN,Released")

    assert plan(path).suspicious == []


def test_a_reason_for_a_release_says_who_is_gone_where_it_is_filled(write, alder):
    some = write(f"{PERSON},Release Reason", "P1,WREN,OTTO,BND", "P2,LARK,ANN,")
    all_of_them = write(f"{PERSON},Release Facility", "P1,WREN,OTTO,East", "P2,LARK,ANN,East")

    assert "the column Release Reason says in 1 of 2 rows" in plan(some).suspicious[0]
    assert plan(all_of_them).suspicious == []


@pytest.mark.parametrize(
    ("column", "word"), [("Legal Status", "Federal Boarder"), ("Custody", "County"), ("Custody", "2nd Class")]
)
def test_a_column_that_is_only_called_like_the_status_is_left_out(write, alder, column, word):
    report = run(write(f"{PERSON},{column}", f"P1,WREN,OTTO,{word}", "P2,LARK,ANN,Pretrial"))

    assert report.notes == [
        f"The column {column} holds words that are no status ({word}), so it is not read as the status."
    ]
    assert custodies() == {"P1": "held", "P2": "held"}


# Case 07: one column for the whole name.


def test_a_whole_name_is_parted_and_shown_before_anything_is_stored(write, alder):
    path = write(
        "ICN #,Inmate Name,Facility",
        '80001,"WREN, OTTO H JR",EAST',
        '80002,"HERON, RICHARD  III",EAST',
        '80003,"FINCH-DOVE, JOSE L",WEST',
        '80004,"DE LA GARZA, MARIA DEL PILAR",WEST',
        '80005,"PAEZ ROBIN, IVAN",WEST',
    )

    shown = plan(path)

    assert (
        shown.reading.people[0]
        == "line 2: number 80001, first name Otto, middle name H, last name Wren, suffix Jr, held"
    )
    assert everyone() == {}
    run(path)
    assert full_names() == {
        "80001": ("Otto", "H", "Wren", "Jr"),
        "80002": ("Richard", "", "Heron", "III"),
        "80003": ("Jose", "L", "Finch-Dove", ""),
        "80004": ("Maria", "Del Pilar", "de la Garza", ""),
        "80005": ("Ivan", "", "Paez Robin", ""),
    }


def test_at_most_ten_people_are_shown(write, alder):
    assert len(plan(write("SPN,Name", *(f"{n},JOHN WREN" for n in range(1, 30)))).reading.people) == 10


def test_a_name_that_is_written_unlike_the_others_is_shown_as_doubtful(write, alder):
    shown = plan(write("SPN,Name", '1,"WREN, OTTO"', '2,"LARK, ANN"', "3,JOHN ROOK"))

    assert shown.reading.doubtful == ["line 4: JOHN ROOK → first name John, last name Rook"]


@pytest.mark.parametrize(
    "rows", [["1,OTTO Q WREN", "2,ANN LARK"], ["1,WREN OTTO Q", "2,LARK ANN"], ["1,WREN; OTTO Q", "2,LARK; ANN"]]
)
def test_a_name_without_a_comma_is_parted_as_the_other_rows_are(write, alder, rows):
    run(write("SPN,Offender Name", *rows))

    assert full_names()["1"] == ("Otto", "Q", "Wren", "")
    assert full_names()["2"] == ("Ann", "", "Lark", "")


def test_one_column_can_be_given_for_both_names(write, alder):
    path = write("Ref,Who", '1,"WREN, OTTO"')

    run(path, given={"number": "Ref", "first_name": "Who", "last_name": "Who"})

    assert full_names() == {"1": ("Otto", "", "Wren", "")}


def test_a_last_name_with_commas_is_the_whole_name(write, alder):
    run(write("SPN,Last Name", '1,"WREN, OTTO Q"', '2,"LARK, ANN"'))

    assert full_names() == {"1": ("Otto", "Q", "Wren", ""), "2": ("Ann", "", "Lark", "")}


def test_a_first_name_may_come_with_its_initial(write, alder):
    run(write("SPN,Last Name,First Name MI", "1,WREN,OTTO Q"))

    assert full_names() == {"1": ("Otto", "Q", "Wren", "")}


def test_parts_of_a_name_in_columns_of_their_own_win(write, alder):
    run(write("SPN,Name,Middle Name,Suffix", '1,"WREN, OTTO",QUINN,SR'))

    assert full_names() == {"1": ("Otto", "Quinn", "Wren", "Sr")}


def test_a_suffix_in_a_first_or_last_name_is_a_suffix(write, alder):
    run(write(PERSON, "1,WREN,OTTO JR", "2,LARK III,ANN", "3,ROOK,MARY ANN", '4,"DOVE, SR.",ED'))

    assert full_names() == {
        "1": ("Otto", "", "Wren", "Jr"),
        "2": ("Ann", "", "Lark", "III"),
        "3": ("Mary Ann", "", "Rook", ""),
        "4": ("Ed", "", "Dove", "Sr"),
    }
    assert run(write(PERSON, "1,WREN,OTTO", "2,LARK III,ANN", "3,ROOK,MARY ANN", "4,DOVE,ED")).unchanged == 4


def test_a_nickname_is_an_alias_and_aliases_are_in_the_order_of_speech(write, alder):
    run(write("SPN,Name,AKA", '1,"WREN, OTTO ""JACK""",', '2,"LARK, ANN","LARK, ANNIE; LARKIN, ANNA"'))

    assert {row.number: row.aliases for row in everyone().values()} == {"1": "Jack Wren", "2": "Annie Lark;Anna Larkin"}


# Case 08: a column means something else.


def test_security_levels_are_no_status(write, alder):
    path = write(
        f"{PERSON},Middle Name,Custody", "P1,WREN,OTTO,NMN,MEDIUM", "P2,LARK,ANN,NMI,MINIMUM", "P3,ROOK,ED,nan,CLOSE"
    )

    report = run(path)

    assert report.notes == ["The column Custody holds degrees of security, so it is not read as the status."]
    assert custodies() == {"P1": "held", "P2": "held", "P3": "held"}
    assert {row.middle_name for row in everyone().values()} == {""}


def test_the_status_may_stand_beside_the_security_level(write, alder):
    run(write(f"{PERSON},Custody,In Custody", "P1,WREN,OTTO,MEDIUM,Y", "P2,LARK,ANN,CLOSE,N"))

    assert custodies() == {"P1": "held", "P2": "released"}


@pytest.mark.parametrize("choices", [Choices({"status": ""}), Choices(ignored=frozenset(["Custody"]))])
def test_a_column_can_be_left_out(write, alder, choices):
    path = write(f"{PERSON},Custody", "P1,WREN,OTTO,XRAY", "P2,LARK,ANN,released")

    run(path, choices=choices)

    assert custodies() == {"P1": "held", "P2": "held"}


def test_a_column_to_leave_out_has_to_be_there(write, alder):
    with pytest.raises(BadFile, match="no column Custdy; there are Inmate Number, Last Name"):
        run(write(f"{PERSON},Custody", "P1,WREN,OTTO,XRAY"), choices=Choices(ignored=frozenset(["Custdy"])))


# Case 09: words for nothing.


def test_words_for_nothing_are_empty_everywhere(write, alder):
    words = [
        "NMN",
        "NMI",
        "nan",
        "(NMN)",
        "NO MIDDLE NAME",
        "None",
        "*",
        "NLN",
        "#N/A",
        "TBD",
        "<NA>",
        "\\N",
        "NaN",
        ".",
        "--",
    ]
    rows = [f"P{n},WREN,OTTO,{word},{word},{word},{word},{word}" for n, word in enumerate(words)]

    report = run(write(f"{PERSON},Middle Name,Suffix,Unit,DOB,AKA", *rows, "Q1,WREN,OTTO,,,UNASSIGNED,,"))

    assert report.new == len(rows) + 1
    assert {(row.middle_name, row.suffix, row.housing, row.birth_date, row.aliases) for row in everyone().values()} == {
        ("", "", "", None, "")
    }


def test_a_word_for_nothing_is_no_number(write, alder):
    words = ["nan", "0", "PENDING", "TBD", "000000", "None", "#N/A", "N/A", "unassigned", "-", "00.00"]

    report = run(
        write(PERSON, *(f"{word},WREN,OTTO" for word in words), "12345.00,LARK,ANN", '"1,234,567",ROOK,ED'), yes=True
    )

    assert everyone().keys() == {"12345", "1234567"}
    assert {bad.reason for bad in report.bad} == {"the inmate number is missing"}


@pytest.mark.parametrize(
    ("last", "first", "name"),
    [
        ("NULL", "ANN", "Ann Null"),
        ("Null", "Ann", "Ann Null"),
        ("NONE", "BO", "Bo None"),
        ("NIL", "ANN", "Ann Nil"),
        ("Nan", "Bo", "Bo Nan"),
        ("NA", "BO", "Bo Na"),
        ("LEE", "NA", "Na Lee"),
        ("WU", "NAN", "Nan Wu"),
        ("SINGH", "FNU", "Fnu Singh"),
        ("LNU", "FNU", ""),
        ("nan", "Bo", "Bo"),  # a program's, since nobody is written like that
        ("NaN", "Bo", "Bo"),
        ("WU", "nan", "Wu"),
        ("TBD", "BO", "Bo"),
        ("UNKNOWN", "BO", "Bo"),
        ("NULL", "NULL", ""),
        ("WU", "NULL", "Wu"),
        ("NLN", "BO", "Bo"),
    ],
)
def test_a_name_may_be_a_word_for_nothing_if_people_have_it(write, alder, last, first, name):
    report = run(write(PERSON, f"1,{last},{first}", "2,WREN,OTTO"), yes=True)

    assert (report.new, report.bad_rows) == ((2, 0) if name else (1, 1))
    assert not name or everyone()["1"].full_name == name


# Case 10: dates of databases.


def test_dates_are_read_as_databases_and_people_write_them(write, alder):
    cells = [
        "1/5/80",
        "05-JAN-1980",
        "1980-01-05 00:00:00",
        "1980-01-05T00:00:00",
        "1/5/1980 12:00:00 AM",
        '"Jan 5, 1980"',
        "29225",
    ]

    run(write(f"{PERSON},DOB", *(f"P{n},WREN,OTTO,{cell}" for n, cell in enumerate(cells))))

    assert set(birth_dates().values()) == {"1980-01-05"}


def test_a_date_that_cannot_be_read_costs_only_itself_and_what_was_known_stays(write, alder):
    header = f"{PERSON},DOB,Unit"
    run(
        write(
            header, "1,WREN,OTTO,1980-01-05,A", "2,LARK,ANN,1981-01-05,A", "3,ROOK,ED,1982-01-05,A", "4,DOVE,IDA,1983,A"
        )
    )

    report = run(
        write(header, "1,WREN,OTTO,1900-01-01,B", "2,LARK,ANN,yesterday,B", "3,ROOK,ED,,B", "4,DOVE,IDA,00/00/0000,B")
    )

    assert (report.changed, report.bad_rows) == (4, 0)
    assert birth_dates() == {"1": "1980-01-05", "2": "1981-01-05", "3": "None", "4": "1983"}
    assert report.notes == [
        "3 birth date cells could not be read, so what was known stays: line 2 “1900-01-01”, line 3 “yesterday”, "
        "line 5 “00/00/0000”."
    ]


def test_any_other_cell_that_cannot_be_read_costs_only_itself(write, alder):
    header = f"{PERSON},Middle Name,Suffix,Unit,AKA"
    run(write(header, "1,WREN,OTTO,QUINN,Jr,A,Jack Wren"))

    report = run(write(header, f"1,WREN,OTTO,<b>,the twenty-third,{'x' * 41},=1+1"))

    assert (report.unchanged, report.bad_rows, len(report.notes)) == (1, 0, 4)


def test_a_year_in_the_column_of_the_date_is_a_year_and_the_reverse(write, alder):
    run(write(f"{PERSON},DOB", "1,WREN,OTTO,1980"))
    run(write(f"{PERSON},Birth Year", "1,WREN,OTTO,1980", "2,LARK,ANN,1981-02-03"), yes=True)

    assert birth_dates() == {"1": "1980", "2": "1981-02-03"}


@pytest.mark.parametrize(
    ("other", "born", "notes"),
    [
        ("25/12/1990", "1990-04-03", ["03/04/1990 is read as Apr 3, 1990, as other rows begin with the day."]),
        ("12/25/1990", "1990-03-04", []),
        (
            "05/05/1990",
            "1990-03-04",
            ["03/04/1990 is read as Mar 4, 1990, as no row says whether the day or the month comes first."],
        ),
    ],
)
def test_a_date_with_two_readings_follows_the_other_rows(write, alder, other, born, notes):
    report = run(write(f"{PERSON},DOB", "1,WREN,OTTO,03/04/1990", f"2,LARK,ANN,{other}"))

    assert birth_dates()["1"] == born
    assert report.notes == notes


# Case 12: words for a status.


def test_the_words_of_jails_are_read(write, alder):
    words = {
        "IN": "held",
        "OUT": "released",
        "In": "held",
        "Confined": "held",
        "Bonded Out": "released",
        "Transferred": "moved",
    }

    run(write(f"{PERSON},Status", *(f"P{n},WREN,OTTO,{word}" for n, word in enumerate(words))))

    assert list(custodies().values()) == list(words.values())


def test_an_unknown_word_changes_nothing_and_is_listed_once_with_its_count(write, alder):
    header = f"{PERSON},Status,Unit"
    run(write(header, *(f"{n},WREN,OTTO,active,A" for n in range(1, 20))))
    rows = ["1,WREN,OTTO,ESCAPED,B", "2,WREN,OTTO,ESCAPED,B", *(f"{n},WREN,OTTO,active,A" for n in range(3, 20))]

    report = run(write(header, *rows))

    assert (report.unchanged, report.bad_rows, report.released) == (17, 2, 0)
    assert report.notes == [
        "The status “ESCAPED” in 2 rows is unknown, so nothing changes for these people: say what it means with "
        '--status "ESCAPED=held", =released, =moved.'
    ]
    assert (everyone()["1"].housing, everyone()["1"].custody) == ("A", "held")


def test_an_unknown_word_can_be_given_a_meaning(write, alder):
    path = write(f"{PERSON},Status", "1,WREN,OTTO,Code-7", "2,LARK,ANN,active")

    run(path, choices=Choices(statuses={"code 7": Custody.RELEASED}))

    assert custodies() == {"1": "released", "2": "held"}


def test_a_file_of_unknown_words_alone_says_which_and_what_to_do(write, alder):
    with pytest.raises(BadFile, match=r"no usable row.*The status “CLOSED” in 2 rows is unknown.*--status"):
        run(write(f"{PERSON},Status", "1,WREN,OTTO,CLOSED", "2,LARK,ANN,CLOSED"))


# Case 18: refusals say what to do.


def test_agencies_own_names_of_a_number_are_known(write, alder):
    run(write("Jail ID,FNAME,LNAME,MI,Pod", "J1,OTTO,WREN,Q,B"))

    assert full_names() == {"J1": ("Otto", "Q", "Wren", "")}
    assert everyone()["J1"].housing == "B"


def test_a_refusal_lists_the_columns_and_the_command_that_would_map_them(write, alder):
    with pytest.raises(BadFile) as refused:
        run(write("Zeta,Vorname,LNAME,Race", "J1,OTTO,WREN,X", "J2,ANN,LARK,X"))

    assert str(refused.value) == (
        "This is not a roster: there is no column for number, first name. The columns are Zeta, Vorname, LNAME, Race. Say "
        'which one it is: --map number="Zeta" --map first_name="Vorname". A column with the whole name is --map name="COLUMN".'
    )
    run(write("Zeta,Vorname,LNAME", "J1,OTTO,WREN"), given={"number": "Zeta", "first_name": "Vorname"})
    assert full_names() == {"J1": ("Otto", "", "Wren", "")}


# Facilities by name.


@pytest.fixture
def places(facility):
    names = {"alder": ("Alder Jail", "NV"), "birch-nv": ("Birch Prison", "NV"), "birch-ut": ("Birch Prison", "UT")}
    return {key: facility(key=key, name=name, state=state) for key, (name, state) in names.items()}


def where():
    query = select(Inmate.number, Facility.key).join(Facility, col(Facility.id) == Inmate.facility_id)
    with db.reading() as session:
        return dict(session.exec(query).all())


def test_a_facility_is_known_by_key_or_by_name(write, places):
    rows = [
        "1,WREN,OTTO,alder",
        "2,LARK,ANN,ALDER JAIL",
        "3,ROOK,ED,Birch Prison (UT)",
        '4,DOVE,IDA,"Birch Prison, Nevada"',
    ]

    run(write(f"{PERSON},Institution", *rows), facility="")

    assert where() == {"1": "alder", "2": "alder", "3": "birch-ut", "4": "birch-nv"}


def test_a_name_of_two_facilities_is_asked_about(write, places):
    path = write(f"{PERSON},Facility", "1,WREN,OTTO,Alder Jail", "2,LARK,ANN,Birch Prison")

    (bad,) = plan(path, facility="").bad

    assert bad.reason == (
        '“Birch Prison” is the name of 2 facilities (birch-nv, birch-ut): say which with --place "Birch Prison=KEY"'
    )
    run(path, facility="", choices=Choices(places={"Birch Prison": "birch-ut"}))
    assert where() == {"1": "alder", "2": "birch-ut"}


def test_the_operator_may_name_the_facility_too(write, places):
    run(write(PERSON, "1,WREN,OTTO"), facility="Alder Jail")

    assert where() == {"1": "alder"}
    with pytest.raises(BadFile, match=r"2 facilities .birch-nv, birch-ut.: say which with --facility KEY"):
        run(write(PERSON, "1,WREN,OTTO"), facility="birch prison")


# What was chosen is kept.


def test_what_was_chosen_holds_the_next_night_and_can_be_forgotten(write, alder):
    lines = ("Zeta,Given,Family,Custody,State", "J1,OTTO,WREN,released,x9", "J2,ANN,LARK,released,x9")
    choices = Choices({"number": "Zeta", "status": "State"}, frozenset(["Custody"]), {"x9": Custody.HELD})
    run(write(*lines), choices=choices)

    report = run(write(*lines))

    assert (report.unchanged, custodies()) == (2, {"J1": "held", "J2": "held"})
    assert report.notes == [
        "As last time: number from Zeta, status from State, Custody is left out, status x9 is held."
    ]
    with pytest.raises(BadFile, match="no column for number"):
        run(write(*lines), forget=True)
    run(write(PERSON, "J1,WREN,OTTO", "J2,LARK,ANN"), forget=True)
    with pytest.raises(BadFile, match="no column for number"):
        run(write(*lines))


def test_a_dry_run_keeps_nothing(write, alder):
    plan(write("Zeta,Given,Family", "J1,OTTO,WREN"), given={"number": "Zeta"})

    with pytest.raises(BadFile, match="no column for number"):
        plan(write("Zeta,Given,Family", "J1,OTTO,WREN"))


def test_a_departments_choices_hold_for_files_with_the_same_columns(write, places):
    run(write("Zeta,Given,Family,Facility", "J1,OTTO,WREN,alder"), facility="", given={"number": "Zeta"})

    assert run(write("Facility,Zeta,Given,Family", "alder,J1,OTTO,WREN"), facility="").unchanged == 1
    with pytest.raises(BadFile, match="no column for number"):
        run(write("Zeta,Given,Family,Facility,Race", "J1,OTTO,WREN,alder,X"), facility="")


def test_what_was_chosen_for_one_facility_is_not_chosen_for_another(write, places):
    run(write("Zeta,Given,Family", "J1,OTTO,WREN"), given={"number": "Zeta"})

    with pytest.raises(BadFile, match="no column for number"):
        run(write("Zeta,Given,Family", "J1,OTTO,WREN"), facility="birch-ut")


def test_a_column_that_was_chosen_and_is_missing_one_night_is_chosen_again_later(write, alder):
    run(write(f"{PERSON},Custody", "1,WREN,OTTO,XRAY"), choices=Choices(ignored=frozenset(["Custody"])))
    run(write(PERSON, "1,WREN,OTTO"))

    assert run(write(f"{PERSON},Custody", "1,WREN,OTTO,XRAY")).unchanged == 1
