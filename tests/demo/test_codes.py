"""The spoken codes of demo sessions."""

from __future__ import annotations

from itertools import combinations

import pytest

from rxconnect.demo import codes


def test_a_code_is_a_word_and_three_digits():
    word, _, digits = codes.new().partition("-")
    assert word in codes.WORDS
    assert (len(digits), digits.isdigit()) == (3, True)


@pytest.mark.parametrize(
    "typed", ["CEDAR-417", "cedar 417", " Cedar417 ", "cedar - 417", "CEDAR–417", "cedar.417", "\tcedar_417\n"]
)
def test_a_code_is_found_however_it_was_typed(typed):
    assert codes.normalised(typed) == "CEDAR-417"


@pytest.mark.parametrize(
    "typed", ["", " ", "CEDAR", "417", "CEDAR-41", "CEDAR-4177", "CEDAR-４１７", "417-CEDAR", "C" * 9_999]
)
def test_what_can_be_no_code_is_none(typed):
    assert codes.normalised(typed) == ""


def test_there_are_too_many_codes_to_be_guessed():
    assert len(set(codes.WORDS)) * 1_000 > 200_000


def test_no_two_words_differ_in_one_letter():
    def differ_in_one(one: str, other: str) -> bool:
        return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1

    assert not [pair for pair in combinations(codes.WORDS, 2) if differ_in_one(*pair)]


def test_every_word_has_only_letters_that_are_easily_typed():
    assert all(word.isascii() and word.isalpha() and word.isupper() and 4 <= len(word) <= 10 for word in codes.WORDS)
