"""Pasted lists of requirements lose their bullets and numbers, and nothing of their sentences."""

from __future__ import annotations

import pytest

from rxconnect.domain.requirements import requirements_in


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Letters are read", "Letters are read"),
        ("- Letters are read", "Letters are read"),
        ("  •\tLetters   are read ", "Letters are read"),
        ("1. Letters are read", "Letters are read"),
        ("12) Letters are read", "Letters are read"),
        ("(3) letters are read", "letters are read"),
        ("(iv) Letters are read", "Letters are read"),
        ("a) Letters are read", "Letters are read"),
        ("3.1.2 Letters are read", "Letters are read"),
        ("3.1. letters are read", "letters are read"),
        ("7\tletters are read", "letters are read"),
        ("- 1.2 Letters are read", "Letters are read"),
        ("☐ Letters are read", "Letters are read"),
        ("24 hours are enough", "24 hours are enough"),
        ("2.5 million people", "2.5 million people"),
        ("-5 degrees are cold", "-5 degrees are cold"),
        ("e.g. letters", "e.g. letters"),
        ("I want letters", "I want letters"),
        ("R-12: Letters are read", "R-12: Letters are read"),
        ("3.1 Été comme hiver", "Été comme hiver"),
    ],
)
def test_what_stands_before_a_sentence_is_cut_off(line, text):
    assert requirements_in(line) == [text]


def test_blank_and_repeated_lines_are_dropped():
    assert requirements_in("1. One\r\n\r\n   \n2. Two\n3. One\n4.\n--\n") == ["One", "Two"]
    assert requirements_in("") == []


def test_a_very_long_line_is_read_at_once():
    assert requirements_in(" " * 50_000 + "1" * 10 + " " * 50_000 + "x") == ["1111111111 x"]
