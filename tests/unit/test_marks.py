"""Texts cut at their marks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rxconnect.domain.marks import Mark, Piece, pieces

MARKS = st.lists(st.builds(Mark, st.integers(-2, 30), st.integers(-2, 30), st.sampled_from("abc")))


def test_overlapping_marks_share_a_piece_that_has_both_notes():
    marks = [Mark(0, 6, "Numbers"), Mark(4, 8, "Words"), Mark(4, 8, "Words")]
    assert pieces("Call 555 now", marks) == [
        Piece("Call", "Numbers"),
        Piece(" 5", "Numbers, Words"),
        Piece("55", "Words"),
        Piece(" now"),
    ]


def test_a_text_without_marks_is_one_piece_and_no_text_is_none():
    assert (pieces("Hello", []), pieces("", [])) == ([Piece("Hello")], [])


@given(st.text(max_size=25), MARKS)
def test_the_pieces_are_always_the_text(text, marks):
    assert "".join(piece.text for piece in pieces(text, marks)) == text
    assert all(piece.text for piece in pieces(text, marks))
