"""The letters of a found message that are marked."""

import pytest

from rxconnect.domain.message_search import highlight


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("José’s <b>garden</b>", ["joses", "gard"], ["José’s", "gard"]),
        ("Straße ﬁne", ["strasse", "fi"], ["Straße", "ﬁ"]),
        ("one two", ["onetwo"], []),
        ("aaa", ["aa"], ["aa"]),
        ("", ["x"], []),
        ("plain", [], []),
    ],
)
def test_every_place_of_a_word_is_marked_and_no_letter_is_lost(text, words, marked):
    pieces = highlight(text, words)
    assert "".join(part for part, _is_found in pieces) == text
    assert [part for part, is_found in pieces if is_found] == marked
