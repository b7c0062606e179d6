"""Dates, as databases, spreadsheets and people write them."""

from datetime import date

import pytest

from rxconnect.services.shapes import epochs
from rxconnect.services.shapes.dates import day_and_month, read_birth, read_event

THE_FIFTH = date(1980, 1, 5)


@pytest.mark.parametrize(
    "text",
    [
        "1980-01-05", "1980-1-5", "1980/01/05", "1980.01.05", "1980-Jan-05", "1980-01-05 00:00:00", "1980-01-05T00:00:00",
        "1980-01-05 00:00", "1980-01-05T00:00:00.000Z", "1980-01-05T00:00:00+00:00", "1980-01-05 00:00:00+00", "1980-01-05 00:00:00.0000000 -05:00",
        "1/5/1980", "01/05/1980", "1/5/80", "01/05/80", "1-5-1980", "01.05.1980", "01 05 1980", "1/5/1980 0:00", "#1/5/1980#",
        "1/5/1980 12:00:00 AM", "01-05-1980 00:00:00", "01/05/1980 1345", "1/5/1980 (46)", "01/05/1980 (46 yrs)",
        "05-JAN-1980", "05-JAN-80", "5-Jan-80", "05JAN1980", "05JAN1980:00:00:00", "05-JAN-80 12.00.00.000000000 AM",
        "5 January 1980", "5th of January 1980", "Jan 5, 1980", "January 5th, 1980", "Jan. 5 1980", "JAN-05-1980",
        "Jan 05 1980 12:00AM", "Jan  5 1980 12:00AM", "Sat Jan 05 00:00:00 EST 1980", "Saturday, January 5, 1980",
        "Sat Jan 05 1980 00:00:00 GMT-0500 (Eastern Standard Time)", "Sat, 05 Jan 1980 00:00:00 GMT", "5 de enero de 1980",
        "19800105", "01051980", "1051980", "19800105083000", "29225", "29225.0", "29225.75",
        "315878400", "315878400000", "/Date(315878400000)/", "/Date(315878400000-0500)/",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_usual_form(text):
    assert read_birth(text).day == THE_FIFTH


@pytest.mark.parametrize(
    "text",
    [
        "1900-01-01", "01/01/1900", "1/1/1900 12:00:00 AM", "1900-01-01T00:00:00", "00/00/0000", "0000-00-00", "0/0/0000",
        "0000-00-00 00:00:00", "00:00:00 00/00/00", "00/00/0000 12:00:00 AM", "0000-00-00T00:00:00.000", "9999-12-31", "12/31/9999", "0001-01-01", "1753-01-01", "1899-12-30", "12/30/1899",
        "12-31-1899 00:00:00", "1/0/1900", "0", "00000000", "mm/dd/yyyy", "xx/xx/xxxx", "1900", "9999",
    ],
)  # fmt: skip
def test_what_systems_write_into_an_empty_date_is_none(text):
    assert read_birth(text) == (None, 0, True)
    assert read_event(text).day is None


@pytest.mark.parametrize("text", ["1980", "1980.0", "01/1980", "1980-00-00", "00/00/1980", "xx/xx/1980", "1980-05"])
def test_a_year_without_its_day_is_a_year(text):
    assert read_birth(text) == (None, 1980, False)


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "13/13/1990",
        "2/30/1980",
        "2999-01-01",
        "46",
        "99999",
        "1/5/1980 - 1/6/1980",
        "1850-05-05",
        "x",
        "1/5/20",
    ],
)
def test_anything_else_cannot_be_read(text):
    assert read_birth(text) == (None, 0, False)


@pytest.mark.parametrize(("text", "year"), [("1/5/80", 1980), ("1/5/05", 2005), ("1/5/45", 1945), ("1/5/99", 1999)])
def test_the_century_of_a_birth_makes_an_adult(text, year):
    assert read_birth(text).day == date(year, 1, 5)


@pytest.mark.parametrize(("text", "year"), [("2/1/26", 2026), ("2/1/45", 2045), ("2/1/99", 1999)])
def test_the_century_of_a_release_is_near(text, year):
    assert read_event(text).day == date(year, 2, 1)


def test_a_day_may_come_before_its_month():
    assert read_birth("03/04/1990").day == date(1990, 3, 4)
    assert read_birth("03/04/1990", day_first=True).day == date(1990, 4, 3)
    assert read_birth("25/12/1990").day == date(1990, 12, 25)
    assert read_birth("12/25/1990", day_first=True).day == date(1990, 12, 25)
    assert day_and_month("03/04/1990 00:00:00") == (3, 4)
    assert day_and_month("1990-03-04") is None


@pytest.mark.parametrize(
    "text", ["08:00:00 11/06/26", "8:05 AM, 11/06/2026", "23:59 2026-11-06", "10:30 pm on Nov 6, 2026"]
)
def test_a_time_may_stand_before_its_date(text):
    assert read_event(text).day == date(2026, 11, 6)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("-222912000000", date(1962, 12, 9)),
        ("-646531200000", date(1949, 7, 7)),
        ("1641600000", date(1970, 1, 20)),
        ("86400000", date(1970, 1, 2)),
        ("352512000000", date(1981, 3, 4)),
    ],
)
def test_milliseconds_are_read_by_the_unit_of_their_column(text, day):
    assert read_birth(text, unit=epochs.MILLISECONDS).day == day


def test_seconds_before_1970_are_read():
    assert read_birth("-222912000", unit=epochs.SECONDS).day == date(1962, 12, 9)


@pytest.mark.parametrize(
    ("cells", "unit"),
    [
        (["1641600000", "-222912000000", ""], epochs.MILLISECONDS),
        (["1641600000", "1790902800000"], epochs.MILLISECONDS),
        (["1641600000", "352512000"], epochs.SECONDS),
        (["-222912000", "1641600"], epochs.SECONDS),
        (["19800105", "19810105", "198201055"], 0),
        (["198001050830", "198101050830"], 0),
        (["29226", "33238"], 0),
        (["1980", "1-5-80", "", "n/a"], 0),
    ],
)
def test_the_unit_of_a_column_is_the_one_that_some_cell_can_only_have(cells, unit):
    assert epochs.unit_of(cells) == unit


@pytest.mark.parametrize("text", ["**/**/1985", "XX/XX/1985"])
def test_the_year_is_read_behind_a_hidden_day(text):
    assert read_birth(text).year == 1985
