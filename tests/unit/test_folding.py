"""Words as screening compares them, and the way back to the text in which they were found."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rxconnect.domain.folding import fold_with_origins, fold_words

# Letters of many scripts, with accents, punctuation, marks that stand alone, and letters that fold to several.
TEXTS = st.text(
    st.sampled_from("abzABZ0 9\n\t.,'’-—éÉñßﬁİıſμΣς中文ไทย한글日本אבعرΑ\u0301\u0308\u00ad\u200d🙂½Ⅷ") | st.characters()
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("O’Brien’s  “Número”", " obriens numero "),
        ("4-8-15", " 4 8 15 "),
        ("don't", " dont "),
        ("ﬁne Straße", " fine strasse "),
        ("", " "),
        (" … ", " "),
        ("买毒品", " 买 毒 品 "),
    ],
)
def test_words_lose_case_accents_and_punctuation(text, folded):
    assert fold_words(text) == folded


@given(TEXTS)
def test_both_ways_of_folding_agree(text):
    folded = fold_with_origins(text)
    assert folded.text == fold_words(text)
    assert [folded.text[start : start + 1] for start in folded.words[:-1]] == [one[0] for one in folded.text.split()]


@given(TEXTS)
def test_the_spans_of_the_words_never_go_back(text):
    folded, start, before = fold_with_origins(text), 1, 0
    for word in folded.text.split():
        first, last = folded.span(start, start + len(word))
        assert before <= first
        before, start = first, start + len(word) + 1
        assert last >= first


@given(TEXTS)
def test_the_span_of_a_word_lies_in_the_text_and_folds_to_that_word(text):
    folded, start = fold_with_origins(text), 1
    for word in folded.text.split():
        first, last = folded.span(start, start + len(word))
        assert 0 <= first < last <= len(text)
        # A character that folds to several words, such as ½, is marked whole.
        assert word in fold_words(text[first:last])
        assert last == len(text) or not unicodedata.combining(text[last])
        start += len(word) + 1
