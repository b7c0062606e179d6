"""Words for nothing."""

import pytest

from rxconnect.services.shapes.words import NOTHING, is_no_number, is_nothing

WORDS = """
    nan|NaN|NAN|#N/A|#n/a|<NA>|<na>|\\N|nil|NIL|null|NULL|None|none|NMN|(NMN)|nmn|NMI|NLN|NFN|NO MIDDLE NAME|tbd|TBD|TBA|Pending
    .|*|-|--|?|n/a|N/A|na|Unknown|UNK|#REF!|#VALUE!|(blank)|(null)|[null]|undefined|Not Provided|not available|-999|None Reported
""".strip().replace("\n", "|")


@pytest.mark.parametrize("word", [word.strip() for word in WORDS.split("|")])
def test_a_word_for_nothing_is_known_at_a_glance(word):
    assert word in NOTHING
    assert is_nothing(word)
    assert is_no_number(word)


@pytest.mark.parametrize("word", ["Nilsson", "X", "Noné", "A", "B-12", "Nanette", "Pender"])
def test_other_words_say_something(word):
    assert not is_nothing(word)


@pytest.mark.parametrize(
    ("number", "is_none"), [("0", True), ("000000", True), ("0.0", True), ("00100", False), ("N-1", False)]
)
def test_zeros_are_no_number(number, is_none):
    assert is_no_number(number) == is_none
