"""All the names of a person against what somebody typed."""

import pytest

from rxconnect.search.likeness import EXACT, TOO_FAR, UNLIKE
from rxconnect.search.names import Booked, booked_names, compare_names, typed_name


def against(first, last, *names):
    """How like the nearest of a person's names is."""
    return min(compare_names(typed_name(first, last), name) for name in booked_names(*names))


def test_names_are_kept_as_keys_and_aliases_follow():
    assert booked_names("Ana-María", "O.", "D’Ávila Jr.", "III", "Annie  Dávila; ;Cher") == [
        Booked("ana maria", "o", "davila", "iii"),
        Booked("annie", "", "davila", is_alias=True),
        Booked("cher", "", "davila", is_alias=True),
    ]


@pytest.mark.parametrize("aliases", ["", ";", " ; ;", "🙂;-", ";;'"])
def test_aliases_without_a_letter_are_none(aliases):
    assert booked_names("Ann", "", "Lee", "", aliases) == [Booked("ann", "", "lee")]


def test_a_booked_name_that_is_booked_again_stays_as_it_is():
    for name in booked_names("Ana-María", "O.", "D’Ávila y De la Cruz", "Jr.", "Annie O'Hara;Mc Dee Van Der Berg"):
        assert booked_names(name.first, name.middle, name.last, name.suffix)[0] == name._replace(is_alias=False)


def test_a_suffix_typed_after_either_name_is_one():
    assert typed_name("Marcus", "Delgado Jr.").suffix == typed_name("Marcus jr", "Delgado").suffix == "jr"
    assert typed_name("Marcus", "Delgado Jr.").last == typed_name("", "Delgado").last


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("Marcus", "Delgado", ""),
        ("Delgado", "Marcus", "swapped"),
        ("Delgado", "", "as last name"),
        ("", "Marcus", "as first name"),
        ("M", "Delgado", "begins with"),
        ("D", "Marcus", "begins with"),
        ("Zebulon", "Delgado", "another first name"),
        ("Marcus", "Delgado III", "another suffix"),
    ],
)
def test_it_is_said_what_is_inexact(first, last, why):
    assert against(first, last, "Marcus", "", "Delgado").why == why


def test_swapped_names_cost_more_than_right_ones_whatever_else_is_wrong():
    assert (
        against("Delgdo", "Marcus", "Marcus", "", "Delgado").cost
        > against("Marcus", "Delgdo", "Marcus", "", "Delgado").cost
    )


def test_who_has_the_same_name_both_ways_round_is_not_swapped():
    assert against("James", "Thomas", "James", "", "Thomas") == EXACT
    assert against("Thomas", "James", "James", "", "Thomas").why == "swapped"


def test_the_suffix_that_was_typed_comes_first_then_none_then_another():
    costs = [against("Al", "Green Jr", "Al", "", "Green", suffix).cost for suffix in ("Jr.", "", "III")]

    assert costs[0] == 0
    assert costs == sorted(costs)
    assert costs[0] < costs[1]


def test_who_typed_no_suffix_is_not_told_about_it_but_sees_those_without_one_first():
    without, with_one = (against("Al", "Green", "Al", "", "Green", suffix) for suffix in ("", "Jr"))

    assert (without, with_one.why) == (EXACT, "")
    assert 0 < with_one.cost < against("Al", "Gren", "Al", "", "Green").cost


def test_an_alias_is_nearly_as_good_as_the_name_booked_under():
    alias = against("Toya", "Brown", "Latoya", "", "Washington", "", "Toya Brown")

    assert alias.why == "also known as"
    assert 0 < alias.cost < against("Tonya", "Brown", "Toya", "", "Brown").cost


def test_one_right_last_name_is_worth_showing_below_all_else():
    other = against("Zebulon", "Schwarzenegger", "Christopher", "", "Schwarzenegger")

    assert against("Kristofer", "Schwarzeneger", "Christopher", "", "Schwarzenegger").cost < other.cost < TOO_FAR


@pytest.mark.parametrize(
    ("first", "last"),
    [("Zebulon", "Quartermain"), ("Marcus", "Quartermain"), ("Zebulon", "Delgdo"), ("", "Quartermain"), ("Q", "D")],
)
def test_somebody_else_is_unlike(first, last):
    assert against(first, last, "Marcus", "", "Delgado") == UNLIKE


def test_a_person_without_a_first_or_without_a_last_name_can_be_found():
    assert against("", "Suharto", "", "", "Suharto") == EXACT
    assert against("Suharto", "", "Suharto", "", "") == EXACT
    assert against("Suharto", "", "", "", "Suharto").why == "as last name"
