"""What of a name is emphasised."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rxconnect.search.emphasis import name_pieces, number_pieces


def shown(name, typed):
    """The name with brackets around what is emphasised."""
    return "".join(f"[{text}]" if agrees else text for text, agrees in name_pieces(name, typed))


@pytest.mark.parametrize(
    ("typed", "name", "result"),
    [
        ("marc", "Marcus Delgado", "[Marc]us Delgado"),
        ("MARCUS delgado", "Marcus Delgado", "[Marcus] [Delgado]"),
        ("reyes", "Marcus Delgado-Reyes", "Marcus Delgado-[Reyes]"),
        ("jose nun", "José Núñez", "[José] [Núñ]ez"),
        ("JOSÉ", "Jose Garcia", "[Jose] Garcia"),
        ("oneill", "Shawn O’Neill Jr", "Shawn [O’Neill] Jr"),
        ("on", "Shawn O'Neill", "Shawn [O'N]eill"),
        ("o neill", "Shawn O'Neill", "Shawn [O'Neill]"),
        ("cruz", "Jesús De La Cruz", "Jesús De La [Cruz]"),
        ("de la cruz", "Jesús De La Cruz", "Jesús [De] [La] [Cruz]"),
        ("luk", "Łukasz Wójcik", "[Łuk]asz Wójcik"),
        ("strasse", "Ann Straße", "Ann [Straße]"),
        ("m m", "Mary Marcus", "[M]ary [M]arcus"),
        ("mar marcus", "Marcus Marsh", "[Marcus] [Mar]sh"),
        ("arcus", "Marcus Delgado", "Marcus Delgado"),
        ("", "Marcus Delgado", "Marcus Delgado"),
        ("🙂", "Marcus Delgado", "Marcus Delgado"),
        ("marcus", "", ""),
    ],
)
def test_the_beginnings_of_words_that_were_typed_are_emphasised(typed, name, result):
    assert shown(name, typed) == result


@pytest.mark.parametrize(
    ("typed", "name", "result"),
    [
        ("delacruz", "Jesús De La Cruz", "Jesús [De La Cruz]"),
        ("delgadoreyes", "Marcus Delgado-Reyes", "Marcus [Delgado-Reyes]"),
    ],
)
def test_names_that_were_typed_as_one_are_emphasised_as_a_whole(typed, name, result):
    assert shown(name, typed) == result


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=30), st.text(max_size=20))
def test_the_pieces_are_the_name_and_none_is_empty(name, typed):
    found = name_pieces(name, typed)

    assert "".join(text for text, _ in found) == name
    assert all(text for text, _ in found)
    assert all(one != other for (_, one), (_, other) in pairwise(found))


@pytest.mark.parametrize(
    ("typed", "text", "result"),
    [
        ("2041", "20418873 · age 34", "[2041]8873 · age 34"),
        ("h552", "H-55210 · age 24", "[H-552]10 · age 24"),
        (" H 55210 ", "H-55210 · age 24", "[H-55210] · age 24"),
        ("55210", "H-55210", "H-55210"),
        ("20418874", "20418873", "20418873"),
        ("20418873999", "20418873", "20418873"),
        ("-", "H-55210", "H-55210"),
        ("", "20418873", "20418873"),
    ],
)
def test_the_beginning_of_a_number_that_was_typed_is_emphasised_whatever_its_separators(typed, text, result):
    assert "".join(f"[{piece}]" if agrees else piece for piece, agrees in number_pieces(text, typed)) == result
