"""Dates in six or seven digits, and the names of the columns in which they stand."""

from datetime import date

import pytest

from rxconnect.services.shapes import dates
from rxconnect.services.shapes.headers import meaning_of
from rxconnect.services.shapes.packed_dates import CENTURY_FIRST, DAY_OF_YEAR, YEAR_FIRST, YEAR_LAST


@pytest.mark.parametrize(
    ("cells", "form", "days"),
    [
        (["1260612", "1251231"], CENTURY_FIRST, [date(2026, 6, 12), date(2025, 12, 31)]),
        (["0000000", "1260612", "9999999"], CENTURY_FIRST, [None, date(2026, 6, 12), None]),
        (["2026163", "2025001", "2024366"], DAY_OF_YEAR, [date(2026, 6, 12), date(2025, 1, 1), date(2024, 12, 31)]),
        (["260612", "251231"], YEAR_FIRST, [date(2026, 6, 12), date(2025, 12, 31)]),
        (["061226", "123125"], YEAR_LAST, [date(2026, 6, 12), date(2025, 12, 31)]),
    ],
)
def test_a_column_of_packed_days_is_read_in_its_form(cells, form, days):
    unit = dates.unit_of(cells, is_birth=False)

    assert unit == form
    assert [dates.read_event(cell, unit=unit).day for cell in cells] == days


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["0900203", "1030203"], [date(1990, 2, 3), date(2003, 2, 3)]),
        (["900203", "1030203"], [date(1990, 2, 3), date(2003, 2, 3)]),
        (["1990034", "1980366"], [date(1990, 2, 3), date(1980, 12, 31)]),
        (["900203", "801231"], [date(1990, 2, 3), date(1980, 12, 31)]),
        (["1991231"], [date(1991, 8, 19)]),
        (["2031990", "12311980"], [date(1990, 2, 3), date(1980, 12, 31)]),
    ],
)
def test_births_are_read_in_their_form(cells, days):
    unit = dates.unit_of(cells, is_birth=True)

    assert [dates.read_birth(cell, unit=unit).day for cell in cells] == days


@pytest.mark.parametrize(
    "cells", [["1991231"], ["010203", "040506"], ["123456", "234567"], ["1260612", "20418873"], []]
)
def test_what_may_be_two_days_or_none_is_not_read(cells):
    assert dates.unit_of(cells, is_birth=False) == 0


@pytest.mark.parametrize("cell", ["0", "000000", "0000000", "999999", "9999999", "99999999"])
def test_zeros_and_nines_are_no_date(cell):
    assert dates.read_event(cell, unit=CENTURY_FIRST).is_none


@pytest.mark.parametrize(
    ("name", "field"),
    [("INMNBR", "number"), ("LSTNAM", "last_name"), ("FSTNAM", "first_name"), ("MIDNAM", "middle_name"), ("DOB8", "birth_date"),
     ("BKDAT7", "booking_date"), ("BKDTE", "booking_date"), ("RELDT7", "release_date"), ("RLSDAT", "release_date"),
     ("BRTDTE8", "birth_date"), ("HSGUNT", "housing"), ("HSGLOC", "housing"), ("BKGNUM", "number")],
)  # fmt: skip
def test_names_that_were_cut_to_the_width_of_a_column_are_known(name, field):
    meaning = meaning_of(name)

    assert meaning is not None
    assert meaning.field == field


@pytest.mark.parametrize("name", ["CHGDAT7", "BONDAMT", "STSCOD9", "OFFNAM", "ATYNAM"])
def test_other_short_names_are_not(name):
    meaning = meaning_of(name)

    assert meaning is None or meaning.field == "status"
