"""The Terms and Conditions: complete, plain, and never changed under the same version."""

from __future__ import annotations

import hashlib
import re

import pytest

from rxconnect.domain import terms

TEXT = "\n".join(f"{heading}\n{text}" for heading, text in terms.sections())


def test_changed_terms_carry_a_new_version():
    """A sender accepted these very words. When you change them, change `VERSION` and this fingerprint together."""
    fingerprint = hashlib.sha256(TEXT.encode()).hexdigest()[:16]
    assert (terms.VERSION, fingerprint) == ("2026-12-2", "8afa91258a7d882b")


@pytest.mark.parametrize(
    "promise",
    [
        "Staff at the facility may read, copy and keep every message",
        "call 911",
        "not private between a lawyer and a client",
        "They are spent only when the message is delivered",
        "the credits go back to you at once",
        "Credits do not expire",
        "We never keep a card number or its CVV",
    ],
)
def test_the_terms_say_what_matters_most(promise):
    assert promise in TEXT


def test_the_terms_read_easily():
    """The sixth grade by the formula of Flesch and Kincaid, and no sentence longer than 30 words."""
    sentences = [sentence for sentence in re.split(r"[.?!]\s|\n", TEXT) if sentence.strip()]
    words = re.findall(r"[A-Za-z']+", TEXT)
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", word.lower().removesuffix("e")))) for word in words)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    assert grade <= 6
    assert max(len(sentence.split()) for sentence in sentences) <= 30


def test_no_line_break_of_the_source_reaches_the_reader():
    for _, text in terms.sections():
        assert not re.search(r"(?<!\n)\n(?!\n)", text)
        assert "  " not in text
