"""Somebody who is `Out` may be out to court. The file has to say that they have left."""

import pytest

from rxconnect.domain.inmates import Custody
from rxconnect.domain.readings import Choices
from rxconnect.services.shapes.statuses import read_status
from tests.services.rosters.test_cases_of_shapes import PERSON, custodies, run

HERE = [f"P{n},WREN,OTTO,active" for n in range(1, 9)]


@pytest.mark.parametrize(
    "word", ["Out", "OUT", "out.", "O - Out", "Out 11/30/2026", "Out - Dentist", "Out of facility"]
)
def test_out_is_asked_about_and_changes_nothing(write, alder, word):
    run(write(f"{PERSON},Status", *HERE))

    report = run(write(f"{PERSON},Status", *HERE[:-1], f"P8,WREN,OTTO,{word}"))

    assert (report.released, report.missing, custodies()["P8"]) == (0, 0, "held")
    assert (
        f'The status “{word}” in 1 row is unknown, so nothing changes for this person: say what it means with --status "'
        in (report.notes[0])
    )


@pytest.mark.parametrize("column", ["In/Out", "IN_OUT", "In Custody", "In/Out Status"])
def test_out_is_gone_in_a_column_that_asks_for_it(write, alder, column):
    run(write(f"{PERSON},{column}", *HERE, "P9,LARK,ANN,Out"))

    assert custodies()["P9"] == "released"


@pytest.mark.parametrize("opposite", ["In", "IN CUSTODY", "in jail"])
def test_out_is_gone_where_others_are_in(write, alder, opposite):
    run(write(f"{PERSON},Status", f"P1,WREN,OTTO,{opposite}", "P9,LARK,ANN,Out"))

    assert custodies() == {"P1": "held", "P9": "released"}


def test_out_is_gone_with_a_release_in_the_past(write, alder):
    rows = ["P10,LARK,ANN,Out,2026-02-01", "P11,DOVE,ED,Out,2036-02-01"]

    report = run(write(f"{PERSON},Status,Release Date", *(f"{row}," for row in HERE), *rows))

    assert (custodies().get("P10"), custodies().get("P11"), report.bad_rows) == ("released", None, 1)


def test_the_operator_may_say_what_out_means(write, alder):
    path = write(f"{PERSON},Status", *HERE, "P9,LARK,ANN,Out")

    run(path, choices=Choices(statuses={"Out": Custody.HELD}))

    assert custodies()["P9"] == "held"


def test_a_part_under_the_heading_out_is_asked_about(write, alder):
    report = run(write(f"{PERSON},Unit", "P1,WREN,OTTO,A", "OUT,,,", "P9,LARK,ANN,B"), yes=True)

    assert custodies() == {"P1": "held"}
    assert "begins another part of the list, “OUT”" in report.suspicious[0]


def test_where_somebody_is_out_to_is_what_counts():
    words = ("Out - Court", "OUT: BONDED", "Out / Hospital", "Out - Dentist", "OUT - TRANSPORT")
    assert [read_status(word) for word in words] == [Custody.HELD, Custody.RELEASED, Custody.HELD, None, None]


@pytest.mark.parametrize("header", ["In/Out", "Custody_Ind", "Custody Flag"])
def test_a_letter_says_who_is_in_and_who_is_out_in_a_column_that_asks_for_it(write, alder, header):
    run(write(f"{PERSON},{header}", *(f"P{n},WREN,OTTO,I" for n in range(1, 8)), "P8,WREN,OTTO,O"), yes=True)

    assert (custodies()["P1"], custodies()["P8"]) == ("held", "released")


@pytest.mark.parametrize(
    "column", ["Release Reason", "ReleaseType", "Reason for Release", "DISCHARGE_REASON", "Rel Disposition"]
)
@pytest.mark.parametrize(
    ("reason", "custody"),
    [
        ("TRANSFERRED TO STATE DOC", "moved"),
        ("Transfer - Other County", "moved"),
        ("TRANSPORTED TO PRISON", "moved"),
        ("Released to ICE", "moved"),
        ("TO DOC", "moved"),
        ("Turned over to US Marshals", "moved"),
        ("BOND POSTED", "released"),
        ("TRANSFERRED TO PROBATION", "released"),
        ("Released to family", "released"),
        ("", "released"),
    ],
)
def test_a_reason_tells_whether_somebody_was_released_or_taken_elsewhere(write, alder, column, reason, custody):
    rows = [f"P1,WREN,OTTO,2020-02-01,{reason}", "P2,LARK,ANN,,", f"P3,CROW,IVO,2999-01-01,{reason}"]
    run(write(f"{PERSON},Release Date,{column}", *rows), yes=True)

    assert custodies() == {"P1": custody, "P2": "held", "P3": "held"}


def test_a_reason_also_tells_of_those_whose_status_is_released(write, alder):
    run(
        write(f"{PERSON},Status,Release Reason", "P1,WREN,OTTO,RELEASED,TRANSFERRED TO DOC", "P2,LARK,ANN,IN,"),
        yes=True,
    )

    assert custodies() == {"P1": "moved", "P2": "held"}


@pytest.mark.parametrize(
    ("release", "custody"),
    [
        ("June 10, 2026 2:15 AM - Own recognizance", "released"),
        ("02/01/2026 - Surety bond", "released"),
        ("02/01/2036 - Surety bond", "held"),
        ("02/01/2026 - Held for ICE", "held"),
        ("02/01/2026 - Projected", "held"),
    ],
)
def test_a_reason_behind_the_date_of_release_may_say_that_somebody_has_left(write, alder, release, custody):
    run(write(f"{PERSON},Released", *(row.replace("active", "") for row in HERE), f'P9,LARK,ANN,"{release}"'), yes=True)

    assert custodies().get("P9") == custody
