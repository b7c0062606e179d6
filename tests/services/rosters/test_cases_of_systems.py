"""Lists as different systems of jails write them, each with a trap of its own."""

import pytest

from rxconnect.domain.inmates import Custody
from rxconnect.domain.readings import Choices
from tests.services.rosters.lists import read
from tests.services.rosters.test_cases_of_shapes import PERSON, custodies, everyone, plan, run

SPANISH = "Número de interno;Apellido(s);Nombre(s);Fecha de nacimiento;Módulo;{}"


@pytest.mark.parametrize("column", ["Estado", "Estatus", "Situación", "Estado actual"])
def test_a_list_in_spanish_says_who_has_left(tmp_path, column):
    rows = ["2210;Muñoz Peña;José;25/12/1988;M-1;Activo", "2211;Núñez;Iván;03/04/1990;M-2;Egresado",
            "2212;Ibáñez;Sofía;13/02/1985;M-2;Trasladada"]  # fmt: skip
    path = tmp_path / "lista.csv"
    path.write_bytes("\n".join([SPANISH.format(column), *rows, ""]).encode("latin-1"))

    assert [person.custody for person in read(path).people.values()] == [Custody.HELD, Custody.RELEASED, Custody.MOVED]


def test_a_column_estado_of_the_states_of_a_country_is_no_status(tmp_path):
    path = tmp_path / "lista.csv"
    path.write_text(
        f"{SPANISH.format('Estado')}\n2210;Lee;Ana;25/12/1988;M-1;Nevada\n2211;Ray;Mo;25/12/1989;M-1;Sonora\n"
    )

    assert [person.custody for person in read(path).people.values()] == [Custody.HELD, Custody.HELD]


@pytest.mark.parametrize("column", ["INOUT", "In/Out", "IN_OUT_FLAG"])
def test_letters_answer_a_column_that_asks_in_or_out(write, alder, column):
    run(write(f"{PERSON},{column}", "P1,WREN,OTTO,I", "P2,LARK,ANN,O"))

    assert custodies() == {"P1": "held", "P2": "released"}


def test_such_letters_say_nothing_in_another_column(write, alder):
    run(write(f"{PERSON},Status", "P1,WREN,OTTO,I", "P2,LARK,ANN,O", "P3,DOVE,ED,In"))

    assert custodies() == {"P3": "held"}


def test_a_mark_of_a_footnote_is_no_part_of_a_number_or_a_name(write, alder):
    run(write(PERSON, "J-100*,WREN*,OTTO", "J-101†,LARK,ANN **", '"* = federal hold",,'))

    assert {number: row.full_name for number, row in everyone().items()} == {"J-100": "Otto Wren", "J-101": "Ann Lark"}


@pytest.mark.parametrize("word", ["RELEASED", "Bonded Out", "Transferred to DOC", "Released 11/20/2026"])
@pytest.mark.parametrize("column", ["Housing", "Location", "Cell"])
def test_a_unit_that_says_that_somebody_has_left_is_asked_about(write, alder, column, word):
    here = [f"P{n},WREN,OTTO,A{n}" for n in range(1, 9)]
    run(write(f"{PERSON},{column}", *here))
    path = write(f"{PERSON},{column}", *here[:-1], f"P8,WREN,OTTO,{word}")

    report = run(path)

    assert (report.released, report.missing, custodies()["P8"], everyone()["P8"].housing) == (0, 0, "held", "A8")
    assert f"The status “{column}: {word}” in 1 row is unknown" in report.notes[0]
    run(path, choices=Choices(statuses={f"{column}: {word}": Custody.RELEASED}))
    assert custodies()["P8"] == "released"


def test_a_unit_that_says_so_does_not_matter_beside_a_status(write, alder):
    run(write(f"{PERSON},Housing,Status", "P1,WREN,OTTO,RELEASED,In custody"))

    assert custodies() == {"P1": "held"}


@pytest.mark.parametrize("column", ["Est Release", "Est. Release Date", "EST_REL_DT", "Est Rls Date"])
def test_an_estimate_of_a_release_is_none(write, alder, column):
    run(write(f"{PERSON},{column}", "P1,WREN,OTTO,2026-01-01"))

    assert custodies() == {"P1": "held"}


@pytest.mark.parametrize("column", ["Current Location", "Whereabouts", "Remarks", "Comments", "Movement", "Last Event"])
def test_a_place_or_a_remark_that_nobody_reads_may_say_who_has_left(write, alder, column):
    places = ["Alder", "Birch Road Center", "Released"]
    rows = [f"P{n},WREN,OTTO,A1,{place}" for n, place in enumerate(places)]

    found = plan(write(f"{PERSON},Housing Unit,{column}", *rows))

    assert f"the column {column} says in 1 of 3 rows that somebody has left, and nobody reads it" in found.suspicious[0]


def test_counts_of_units_below_a_list_are_no_people(write, alder):
    rows = ["104422,WREN,OTTO,A-101", "104423,LARK,ANN,W-2", "Unit A,1,,", "Unit W,1,,", "Total:,2,,"]

    found = plan(write(f"{PERSON},Housing Loc", *rows))

    assert (found.total, found.new, found.bad_rows) == (2, 2, 0)


def test_the_title_of_each_page_is_no_person(write, alder):
    page = ["Alder County,,Page {}", PERSON]
    rows = [*page, "1001,AMES,IRA", "1002,BELL,JAY", *page, "1003,COX,KAY"]

    found = plan(write(*(row.format(n) for n, row in enumerate(rows))))

    assert (found.new, found.bad_rows) == (3, 0)
