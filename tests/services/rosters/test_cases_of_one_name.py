"""People who have only one name are on the list like others. Where many would have only one, a column was misread."""

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain.imports import Suspicious
from rxconnect.domain.inmates import InmateQuery
from rxconnect.models import Inmate
from rxconnect.services.directory import inmates
from tests.services.rosters.lists import read
from tests.services.rosters.test_cases_of_shapes import run

OTHERS = [f"10{n},LARK,P{chr(97 + n)},198{n}-01-02" for n in range(6)]
HEADER = "Number,Last Name,First Name,DOB"


def names():
    """First and last name of everybody stored, by number."""
    with db.reading() as session:
        return {row.number: (row.first_name, row.last_name) for row in session.exec(select(Inmate))}


@pytest.mark.parametrize("row", ["7,SUHARTO,,1977-01-07", "7,,SUHARTO,1977-01-07", "7,SUHARTO,NFN,1977-01-07"])
def test_an_only_name_is_the_last_one_in_whichever_column_it_stands(write, alder, row):
    report = run(write(HEADER, *OTHERS, row))

    assert (names()["7"], report.bad_rows) == (("", "Suharto"), 0)
    assert "1 person has only one name: Suharto in line 8." in report.notes


def test_an_only_name_stands_in_a_column_of_whole_names(write):
    found = read(write("Number,Name,DOB", '1,"WREN, OTTO",1/2/1980', "2,SUHARTO,1/3/1980"))

    assert found.lines == ["1 Otto Wren 1980-01-02", "2 Suharto 1980-01-03"]


def test_an_only_name_takes_away_none_of_two(write, alder):
    run(write(HEADER, *OTHERS, "7,WREN,OTTO,1977-01-07"))

    report = run(write(HEADER, *OTHERS, "7,WREN,,1977-01-07"))

    assert (names()["7"], report.changed) == (("Otto", "Wren"), 0)
    run(write(HEADER, *OTHERS, "7,DOVE,,1977-01-07"))
    assert names()["7"] == ("", "Dove")


def test_a_line_of_a_summary_is_nobody_with_one_name(write):
    found = read(write(HEADER, *OTHERS, "12,MALES HERE,,", "3,Annex,,", "A,4,,"))

    assert len(found.people) == 6
    assert "it has only the name “Annex”, and nothing else that the other rows have" in found.bad


def test_many_with_one_name_are_asked_about(write, alder):
    path = write(HEADER, *OTHERS, *(f"20{n},DOVE{chr(65 + n)},,1970-01-02" for n in range(4)))

    with pytest.raises(Suspicious, match="4 of 10 people would have only one name, such as Dovea in line 8"):
        run(path)


def test_sentences_call_somebody_by_the_only_name(facility, inmate):
    person = inmate(facility(), first_name="", last_name="Suharto")

    with db.reading() as session:
        row = session.get_one(Inmate, person)
    assert (row.called, row.full_name) == ("Suharto", "Suharto")


def test_somebody_with_one_name_is_found(write, alder, actor):
    run(write(HEADER, *OTHERS, "7,SUHARTO,,1977-01-07"))
    family = actor()
    for query in ({"last_name": "Suharto"}, {"first_name": "suharto"}):
        matches, _ = db.read(inmates.find, family, None, InmateQuery(**query, is_everywhere=True))
        assert [match.name for match in matches][:1] == ["Suharto"]


@pytest.mark.parametrize(
    "header", ["Name / Address", "Name & Address", "NAME AND ADDRESS", "Inmate Name/Home Address", "Name, Addr."]
)
@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("WREN, OTTO RAY 2423 HWY 68 ELK, TN 37324", "Otto Ray Wren"),
        ("WREN, OTTO RAY JR 7 ELM ST ELK, TN 37324", "Otto Ray Wren Jr"),
        ("WREN, OTTO III 7-B ELM ST", "Otto Wren III"),
        ("MC WREN, OTTO PO BOX 12 ELK", "Otto Mc Wren"),
        ("WREN, OTTO HOMELESS", "Otto Wren"),
        ("WREN, OTTO", "Otto Wren"),
    ],
)
def test_an_address_below_a_name_is_no_part_of_it(write, header, cell, name):
    found = read(
        write(
            f'Booking #,"{header}",DOB',
            f'26-0101,"{cell}",02/13/1990',
            '26-0102,"LARK, ANN",',
            '26-0103,"CROW, IVO 5 OAK AVE",',
        )
    )

    person = found.people["26-0101"]
    parts = (person.first_name, person.middle_name, person.last_name, person.suffix)
    assert " ".join(filter(None, parts)) == name


@pytest.mark.parametrize("cell", ["SMITH & WREN", "SMITH &amp; WREN"])
def test_two_names_may_be_joined_by_a_sign(write, cell):
    assert read(write("Inmate ID,Last Name,First Name", f"0051,{cell},OTTO")).names == {"0051": "Otto Smith & Wren"}


@pytest.mark.parametrize("header", ["Name", "Inmate"])
def test_names_whose_order_no_row_shows_are_asked_about(write, alder, header):
    path = write(f"Number,{header},DOB", "7,SUHARTO WREN,1977-01-07", "8,DOVE ROOK,1978-01-07")

    with pytest.raises(
        Suspicious, match=f"no row shows whether the names in {header} begin with the first or the last name, and "
        "“SUHARTO WREN” is read as WREN, SUHARTO: call the column “First Last” or “Last First”"
    ):  # fmt: skip
        run(path)


@pytest.mark.parametrize(("header", "name"), [("First Last", ("Suharto", "Wren")), ("Last First", ("Wren", "Suharto"))])
def test_the_name_of_the_column_answers_it(write, alder, header, name):
    run(write(f"Number,{header},DOB", "7,SUHARTO WREN,1977-01-07", "8,DOVE ROOK,1978-01-07"))

    assert names()["7"] == name


def test_one_row_that_shows_the_order_is_enough(write, alder):
    run(write("Number,Name,DOB", "7,WREN SUHARTO,1977-01-07", "8,DOVE ROOK B,1978-01-07"))

    assert names()["7"] == ("Suharto", "Wren")
