"""The short names of facilities."""

import pytest

from rxconnect.domain.facilities import short_name


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Cedar Ridge Correctional Center", "Cedar Ridge"),
        ("Sawtooth County Detention Center", "Sawtooth County"),
        ("San Tomas State Prison", "San Tomas"),
        ("Bridger Federal Correctional Institution", "Bridger"),
        ("Mauna View Community Correctional Center", "Mauna View"),
        ("Washington County Jail", "Washington County"),
    ],
)
def test_a_short_name_leaves_out_what_kind_of_place_it_is(name: str, short: str):
    assert short_name(name) == short


@pytest.mark.parametrize(
    "name", ["Harbor County Jail", "Nebraska State Penitentiary", "Correctional Facility for Women", "Camp 13", ""]
)
def test_a_name_stays_when_it_is_short_or_would_say_too_little(name: str):
    assert short_name(name) == name
