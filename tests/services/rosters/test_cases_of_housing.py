"""Housing that stands in several columns."""

import pytest

from tests.services.rosters.lists import read

PEOPLE = ["P1,WREN,OTTO", "P2,LARK,ANN", "P3,DOVE,ED"]


def table(columns, *cells):
    return [
        f"Inmate Number,Last Name,First Name,{columns}",
        *(f"{who},{rest}" for who, rest in zip(PEOPLE, cells, strict=True)),
    ]


@pytest.mark.parametrize(
    ("columns", "cells", "housing"),
    [
        ("Pod,Cell,Bed", ("B,12,L", "B,13,U", "C,2,L"), ["B / 12 / L", "B / 13 / U", "C / 2 / L"]),
        ("Cell Block,Cell #,Bunk", ("B,12,1", "B,13,2", "C,,"), ["B / 12 / 1", "B / 13 / 2", "C"]),
        ("Bldg,Floor,Tier,Cell,Bunk", ("N,1,2,04,A", "N,1,2,,", ",,,,"), ["N / 1 / 2 / 04 / A", "N / 1 / 2", ""]),
        ("Housing Unit,Cell", ("B-Pod,1", "C-Pod,1", "MED,N/A"), ["B-Pod / 1", "C-Pod / 1", "MED"]),
        ("Bed,Cell,Pod", ("L,12,B", "U,13,B", "L,2,C"), ["L / 12 / B", "U / 13 / B", "L / 2 / C"]),
        ("Housing,Pod,Cell", ("B-12-L,B,12", "C-01-U,C,1", "MED,,"), ["B-12-L", "C-01-U", "MED"]),
        ("Pod,Cell,Housing", ("B,12,B-12-L", "C,1,C-01-U", ",,MED"), ["B-12-L", "C-01-U", "MED"]),
        ("Pod,Cell,Cell Type,Bed Date", ("B,12,WET,1/2/2026",) * 3, ["B / 12"] * 3),
        ("Pod,Pod Officer,Cell", ("B,SGT MILLER,12",) * 3, ["B / 12"] * 3),
        ("Pod,Section,Cell", ("B,of the penal code of the state,12",) * 3, ["B / 12"] * 3),
    ],
)  # fmt: skip
def test_the_columns_of_a_place_are_joined_in_the_files_order(write, columns, cells, housing):
    assert read(write(*table(columns, *cells))).housing == housing


def test_what_is_too_long_loses_its_smallest_parts(write):
    name = "North Tower Annex 2"

    found = read(write(*table("Bldg,Pod,Cell", *[f"{name},{name},Cell 12"] * 3)))

    assert found.housing == [name] * 3


@pytest.mark.parametrize(
    ("choice", "housing"), [("Cell", "12"), ("Pod + Cell", "B / 12"), ("Bed + Pod", "L / B"), ("", "")]
)
def test_the_operator_may_choose_one_column_or_several(write, choice, housing):
    assert read(write(*table("Pod,Cell,Bed", *["B,12,L"] * 3)), housing=choice).housing == [housing] * 3


def test_a_column_called_with_a_plus_is_one(write):
    assert read(write(*table("Pod + Cell,Bed", *["B 12,L"] * 3)), housing="Pod + Cell").housing == ["B 12"] * 3
