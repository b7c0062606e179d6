"""The letters of the warm-up: the file is right, and a wrong one is refused with its line."""

from __future__ import annotations

from random import Random

import pytest

from rxconnect.domain import warm_ups
from rxconnect.domain.messages import Reason
from rxconnect.domain.toml_files import UnusableFile
from rxconnect.domain.warm_ups import LETTERS, WarmUpLetter
from rxconnect.services.quality.warm_ups import LETTERS_FILE

ONE = '[[letters]]\nsubject = "A"\ntext = "B"\nbecause = "C"\n'
FILE = ONE * 3 + (ONE + 'reject = "threat"\n') * 3


def test_the_letters_of_the_file_are_right_and_their_reasons_are_ours():
    letters = warm_ups.parse(LETTERS_FILE.read_text(encoding="utf-8"))
    assert len({one.text for one in letters}) == len(letters) == 12
    assert {one.reject for one in letters} <= {None, *Reason}


@pytest.mark.parametrize(
    ("text", "line", "about"),
    [
        (FILE.replace('"B"', "7", 1), 3, "text must be a text"),
        (FILE.replace('text = "B"\n', "", 1), 1, "text must be a text"),
        (FILE.replace('because = "C"', f'because = "{"x" * 601}"', 1), 4, "601 characters"),
        (FILE.replace('"threat"', '"x"', 1), 17, "It is one of"),
        (FILE.replace("subject", "title", 1), 2, "The key cannot be “title”"),
        ('kind = "x"\n' + FILE, 1, "The key cannot be “kind”"),
        ("letters = 3", 1, "a table of its own"),
        ("[[letters]]\nsubject = ", 2, "not TOML"),
        (ONE * 6, 1, "at least 3 letters to reject"),
        ("", 1, "at least 3"),
    ],
)
def test_a_wrong_file_is_refused_with_the_line(text, line, about):
    with pytest.raises(UnusableFile, match=about) as refused:
        warm_ups.parse(text)
    assert refused.value.line == line


def test_half_of_a_warm_up_breaks_a_rule_and_no_letter_comes_twice():
    letters = warm_ups.parse(LETTERS_FILE.read_text(encoding="utf-8"))
    for seed in range(20):
        chosen = warm_ups.choose(letters, Random(seed))
        assert len({one.text for one in chosen}) == len(chosen) == LETTERS
        assert sum(one.reject is not None for one in chosen) == LETTERS // 2


@pytest.mark.parametrize(
    ("reject", "is_approved", "is_right"),
    [(None, True, True), (None, False, False), ("threat", True, False), ("threat", False, True)],
)
def test_the_feedback_says_what_is_right_and_why(reject, is_approved, is_right):
    letter = WarmUpLetter("A", "B", "Because of this.", Reason(reject) if reject else None)
    told = warm_ups.feedback(letter, is_approved=is_approved)
    assert (told.is_right, told.because) == (is_right, "Because of this.")
    assert ("Threat" in told.answer) is bool(reject)
