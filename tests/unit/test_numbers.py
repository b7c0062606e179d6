"""Whole numbers: what is one, what only looks like one, and that a long one costs nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rxconnect.domain.numbers import GREATEST, whole_number

NO_NUMBERS = [
    "",
    " ",
    "+5",
    "-5",
    "−5",
    "1.0",
    "1,000",
    "1_000",
    "1e3",
    "0x10",
    "٢٠",
    "²",
    "½",
    "5\0",
    "5 0",
    "9" * 10_000,
]


@given(st.integers(0, GREATEST))
def test_a_number_is_read_as_it_was_written(number):
    assert whole_number(str(number)) == whole_number(f" {number:012}\n") == number


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_only_looks_like_a_number_is_none(text):
    assert whole_number(text) is None


@given(st.text())
def test_no_text_is_an_error(text):
    number = whole_number(text)
    assert number is None or str(number) in text


def test_a_number_outside_its_limits_is_none():
    assert [whole_number(text, least=1, most=20) for text in ("0", "1", "20", "21")] == [None, 1, 20, None]
    assert whole_number(str(GREATEST + 1)) is None
