"""What rules about a letter as a whole apply to, and what follows when several do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from rxconnect.domain import clock
from rxconnect.domain.review import HoldReason
from rxconnect.domain.screening import Rule, RuleCount, RuleKind, ScreenedLetter, applies, hold_reason, is_in_sample

NOW = clock.now()
LETTER = ScreenedLetter(7, account_id=1, inmate_id=2, subject="", body="Hello", language="fi", letters_today=3, at=NOW)


@pytest.mark.parametrize(
    ("rule", "is_expected"),
    [
        (Rule(1, RuleKind.SENDER, account_id=1), True),
        (Rule(1, RuleKind.SENDER, account_id=2), False),
        (Rule(1, RuleKind.PERSON, inmate_id=2), True),
        (Rule(1, RuleKind.PERSON, inmate_id=1), False),
        (Rule(1, RuleKind.PAIR, account_id=1, inmate_id=2, until=NOW + timedelta(seconds=1)), True),
        (Rule(1, RuleKind.PAIR, account_id=1, inmate_id=2, until=NOW), False),
        (Rule(1, RuleKind.PAIR, account_id=1, inmate_id=3, until=NOW + timedelta(days=1)), False),
        (Rule(1, RuleKind.CHARACTERS, most=4), True),
        (Rule(1, RuleKind.CHARACTERS, most=5), False),
        (Rule(1, RuleKind.LETTERS, most=2), True),
        (Rule(1, RuleKind.LETTERS, most=3), False),
        (Rule(1, RuleKind.LANGUAGE, languages=("es", "fi")), True),
        (Rule(1, RuleKind.LANGUAGE, languages=("es",)), False),
        (Rule(1, RuleKind.SAMPLE, most=100), True),
        (Rule(1, RuleKind.SAMPLE, most=0), False),
    ],
)
def test_a_rule_applies_to_its_letters_alone(rule, is_expected):
    assert applies(rule, LETTER) is is_expected


def test_a_letter_of_unknown_language_is_not_held_for_it():
    assert not applies(Rule(1, RuleKind.LANGUAGE, languages=("es",)), replace(LETTER, language=""))


def test_no_sample_is_told_before_send():
    assert not applies(Rule(1, RuleKind.SAMPLE, most=100), replace(LETTER, message_id=0))


def test_a_sample_holds_its_share_and_gives_each_letter_the_same_answer():
    rule = Rule(1, RuleKind.SAMPLE, most=20, seed="2026")
    chosen = [number for number in range(1, 5_001) if is_in_sample(rule, number)]
    assert 900 < len(chosen) < 1_100
    assert chosen == [number for number in range(1, 5_001) if is_in_sample(rule, number)]
    assert chosen != [number for number in range(1, 5_001) if is_in_sample(replace(rule, seed="2027"), number)]


@pytest.mark.parametrize(
    ("kinds", "releases_clean", "reason"),
    [
        ([], False, HoldReason.EVERY_LETTER),
        ([], True, None),
        ([RuleKind.WORDS, RuleKind.SAMPLE], True, HoldReason.WORDS),
        ([RuleKind.LANGUAGE], False, HoldReason.LANGUAGE),
        ([RuleKind.PAIR], False, None),
        ([RuleKind.PAIR, RuleKind.WORDS, RuleKind.SAMPLE], False, None),
        ([RuleKind.PAIR, RuleKind.SENDER], True, HoldReason.SENDER),
        ([RuleKind.PAIR, RuleKind.PERSON], False, HoldReason.PERSON),
    ],
)
def test_the_most_telling_rule_says_why_a_letter_waits(kinds, releases_clean, reason):
    assert hold_reason(kinds, releases_clean=releases_clean) is reason


@pytest.mark.parametrize("kind", RuleKind)
def test_every_kind_but_a_released_pair_holds_for_a_reason_that_has_words(kind):
    assert kind.label
    assert kind.purpose
    assert (kind.holds_for is None) == (kind is RuleKind.PAIR)


def test_the_share_of_false_holds_is_of_what_is_decided():
    assert RuleCount(held=10, approved=3, rejected=1).false_holds == 75
    assert RuleCount(held=10).false_holds is None
