"""A planned day of release that has passed is no release: somebody may stay longer, and nobody is refunded for a plan."""

import pytest

from rxconnect.domain.imports import Suspicious
from rxconnect.domain.readings import Choices
from tests.services.rosters.test_cases_of_shapes import custodies, plan, run

HEADER = "DCNumber,LastName,FirstName,BirthDate,PrisonReleaseDate"
ROWS = [
    "000117,WREN,OLLIE,03/14/1951 00:00:00,",
    "A40233,LARK,WILL,11/30/1962 00:00:00,02/18/2020 00:00:00",
    "B01877,DOVE,TROY,08/01/1977 00:00:00,04/05/2061 00:00:00",
]
ALL = dict.fromkeys(["000117", "A40233", "B01877"], "held")


def test_a_column_with_days_to_come_is_asked_about_before_it_releases_anybody(write, alder):
    path = write(HEADER, *ROWS)

    with pytest.raises(Suspicious, match="PrisonReleaseDate says in 1 of 3 rows that somebody has left"):
        run(path)

    found = plan(path)
    assert any("PrisonReleaseDate holds days to come, as a column of plans does" in note for note in found.notes)
    run(path, yes=True)
    assert custodies() == ALL


def test_the_operator_says_which_it_is(write, alder):
    run(write(HEADER, *ROWS), choices=Choices(ignored=frozenset(["PrisonReleaseDate"])))
    assert custodies() == ALL
    run(write(HEADER, *ROWS), choices=Choices({"release_date": "PrisonReleaseDate"}), yes=True)
    assert custodies() == ALL | {"A40233": "released"}


def test_the_day_of_a_real_release_is_read_beside_a_planned_one(write, alder):
    run(write(f"{HEADER},Actual Release Date", f"{ROWS[0]},", f"{ROWS[1]},02/20/2020", f"{ROWS[2]},"), yes=True)

    assert custodies() == ALL | {"A40233": "released"}
