"""The unit in a housing text."""

import pytest

from rxconnect.domain.housing import unit_of


@pytest.mark.parametrize(
    ("housing", "unit"),
    [
        ("B / 12 / L", "B"), ("South / 04", "South"), ("B-12-L", "B"), ("B-12", "B"), ("F1-02", "F1"), ("A101", "A"),
        ("Pod B Cell 12", "Pod B"), ("B Pod 12", "B Pod"), ("A-POD-12", "A-POD"), ("Cell 12, Pod B", "Pod B"),
        ("Housing Unit 3 Pod B", "Housing Unit 3"), ("Dorm 2 Bed 14", "Dorm 2"), ("Tank 4", "Tank 4"), ("A-POD", "A-POD"),
        ("MED", "MED"), ("North Tower", "North Tower"), ("1 West", "1 West"), ("G2", "G2"), ("Cell 12", "Cell 12"), ("101", "101"),
        ("", ""),
    ],
)  # fmt: skip
def test_the_unit_is_the_part_before_the_cell(housing, unit):
    assert unit_of(housing) == unit
