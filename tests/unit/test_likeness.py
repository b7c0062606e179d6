"""How like two names are: which of two is nearer, and what is said about it."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rxconnect.search import likeness
from rxconnect.search.likeness import EXACT, TOO_FAR, UNLIKE, Likeness
from rxconnect.search.normalise import first_name, last_name, name_key

_WORDS = st.text("abcdehilmnorsty", min_size=1, max_size=10)


def of_first(typed, booked, middle=""):
    return likeness.compare_first_names(first_name(typed), first_name(booked), first_name(middle))


def of_last(typed, booked):
    return likeness.compare_last_names(last_name(typed), last_name(booked))


@pytest.mark.parametrize("name", ["Marcus", "O'Neill", "De La Cruz", "Delgado-Reyes", "Ponce de León", "X", "王"])
def test_a_name_is_exactly_itself(name):
    assert of_last(name, name) == of_first(name, name) == EXACT


@pytest.mark.parametrize(
    ("typed", "nearest_first"),
    [
        ("martin", ["martin", "martinez", "marten", "mavtin"]),
        ("thompson", ["thompson", "thompsonville", "thomson", "thumpsen"]),
        ("garcia", ["garcia", "garcia lopez", "garzia", "gracias"]),
        ("reyes", ["reyes", "delgado reyes", "reyas", "hayes"]),
    ],
)
def test_exact_is_nearest_then_beginnings_and_parts_then_sounds_then_slips(typed, nearest_first):
    costs = [of_last(typed, booked).cost for booked in nearest_first]

    assert costs[0] == 0
    assert all(nearer < farther for nearer, farther in pairwise(costs))


@pytest.mark.parametrize(
    ("typed", "booked", "why"),
    [
        ("m", "marcus", "begins with"),
        ("mar", "marcus", "begins with"),
        ("markus", "marcus", "sounds like"),
        ("shaun", "shawn", "sounds like"),
        ("sean", "shawn", "sounds like"),
        ("mracus", "marcus", "close to"),
        ("maxcus", "marcus", "close to"),
        ("chuy", "jesus", "nickname for"),
        ("jesus", "chuy", "nickname of"),
        ("chucho", "chuy", "nickname"),
        ("jose", "jose luis", "one name of"),
        ("luis jose", "jose luis", "other order"),
        ("jose maria", "jose", "not in the name"),
    ],
)
def test_it_is_said_what_about_a_first_name_is_inexact(typed, booked, why):
    assert of_first(typed, booked).why == why


@pytest.mark.parametrize(
    ("typed", "booked", "why"),
    [
        ("cruz", "de la cruz", "one name of"),
        ("de la cruz", "cruz", "one name of"),
        ("van den berg", "van der berg", "one name of"),
        ("reyes delgado", "delgado reyes", "other order"),
        ("delgado reyes", "delgado", "not in the name"),
        ("schwatzen", "schwarzenegger", "close to"),
    ],
)
def test_it_is_said_what_about_a_last_name_is_inexact(typed, booked, why):
    assert of_last(typed, booked).why == why


def test_the_typed_word_is_kept_for_the_reason():
    assert of_first("mar", "marcus").typed == "mar"
    assert of_last("rayes delgado", "delgado reyes").typed == "rayes"
    assert EXACT.typed == of_last("reyes delgado", "delgado reyes").typed == ""


@pytest.mark.parametrize(
    ("typed", "booked"),
    [("maria", "thompson"), ("smith", "jones"), ("lee", "kim"), ("ann", "bob"), ("j", "marcus"), ("marcus", "m")],
)
def test_other_names_are_unlike(typed, booked):
    assert of_last(typed, booked).cost >= TOO_FAR


@pytest.mark.parametrize(("typed", "booked"), [("", "marcus"), ("marcus", ""), ("", "x")])
def test_nothing_is_unlike_something(typed, booked):
    assert of_last(typed, booked).cost >= TOO_FAR


def test_nicknames_are_of_first_names_only():
    assert of_first("chuy", "jesus").cost < TOO_FAR
    assert of_last("chuy", "jesus") == UNLIKE


def test_a_middle_name_helps_and_costs_something_when_it_is_all_that_was_typed():
    assert of_first("jonathan michael", "jonathan", "michael") == EXACT
    assert of_first("jonathan", "jonathan", "michael") == EXACT
    assert of_first("michael", "jonathan", "michael").why == "middle name"
    assert 0 < of_first("jonathan m", "jonathan", "michael").cost < of_first("jonathan q", "jonathan", "michael").cost


def test_of_several_typed_names_each_booked_one_counts_once():
    assert of_last("reyes reyes", "delgado reyes").cost > of_last("reyes delgado", "delgado reyes").cost


@pytest.mark.parametrize(("letters", "slips"), [(1, 0), (2, 1), (3, 1), (5, 2), (8, 2), (9, 3), (40, 3)])
def test_longer_names_may_have_more_slips(letters, slips):
    assert likeness.slips_forgiven(letters) == slips


@pytest.mark.parametrize(
    ("one", "two"),
    [("thomppson", "thomppsun"), ("marai", "maari"), ("fitzgeralf", "fotzgeralf"), ("hernadnez", "hernadnes")],
)
def test_two_slips_cost_more_than_one(one, two):
    booked = {"t": "thompson", "m": "maria", "f": "fitzgerald", "h": "hernandez"}[one[0]]

    assert of_last(one, booked).cost < of_last(two, booked).cost < TOO_FAR


def test_a_sum_keeps_the_first_reason():
    both = Likeness(6, "begins with", "mar").and_also(Likeness(12, "close to", "tho"))

    assert both == Likeness(18, "begins with", "mar")
    assert EXACT.and_also(Likeness(12, "close to", "tho")) == Likeness(12, "close to", "tho")


@settings(deadline=None, max_examples=200)
@given(_WORDS, _WORDS, st.booleans())
def test_whatever_is_inexact_has_a_cost_and_a_reason_and_whatever_is_unlike_has_none(typed, word, is_first):
    like = likeness.compare_words(typed, word, is_first)

    assert (like.cost == 0) == (typed == word)
    assert bool(like.why) == (0 < like.cost < TOO_FAR)
    assert like.cost <= TOO_FAR or like.why


@settings(deadline=None, max_examples=200)
@given(st.lists(_WORDS, min_size=1, max_size=3), st.lists(_WORDS, min_size=1, max_size=3))
def test_only_names_with_the_same_letters_are_exactly_alike(typed, booked):
    typed, booked = " ".join(typed), " ".join(booked)
    together = [name_key(name).replace(" ", "") for name in (typed, booked)]

    assert (of_last(typed, booked).cost == 0) == (together[0] == together[1])
    assert (of_first(typed, booked).cost == 0) == (together[0] == together[1])


@settings(deadline=None, max_examples=200)
@given(_WORDS, _WORDS, st.booleans())
def test_a_rough_cost_never_leaves_out_what_the_real_one_keeps(typed, word, sounds_alike):
    """A search looks only at people whose rough cost is low enough."""
    real = likeness.compare_words(typed, word, False)
    if real.why != "sounds like":
        assert likeness.rough_cost(typed, word, sounds_alike=sounds_alike) <= real.cost
    assert likeness.rough_cost(typed, word, sounds_alike=True) <= real.cost
