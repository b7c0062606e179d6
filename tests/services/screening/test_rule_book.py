"""The compiled rules: what they find lies in the text, nothing takes long, and a wrong pattern gets a clear sentence."""

from __future__ import annotations

import time

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from rxconnect.domain import clock
from rxconnect.domain.folding import fold_words
from rxconnect.domain.marks import Hit, Part
from rxconnect.domain.problem_sentences import problem_sentence
from rxconnect.domain.problems import Problem
from rxconnect.domain.screening import Rule, RuleKind, ScreenedLetter
from rxconnect.services.screening import rule_book
from rxconnect.services.screening.rule_book import RuleBook, pattern_problem

WORDS = ("cash", "the gate", "Straße", "número", "4-8-15", "买毒")
SAID = st.sampled_from(
    [*WORDS, "CASH", "the\n  gate", "STRASSE", "Numero", "é", "🙂", ".", "cashier", "a", " ", "\u0301"]
)


def letter(body: str, subject: str = "") -> ScreenedLetter:
    return ScreenedLetter(1, 1, 1, subject, body, "", 1, clock.now())


def of_words(*words):
    return Rule(1, RuleKind.WORDS, words=words)


def of_pattern(pattern, rule_id=2):
    return Rule(rule_id, RuleKind.PATTERN, pattern=pattern)


def found(rule, body):
    return [body[hit.start : hit.stop] for hit in RuleBook([rule]).find(letter(body))]


def test_words_are_found_whole_whatever_their_case_and_accents():
    body = "Cash? No cashier has CASH at thé gate,\nthe\n gate says. Numero uno."
    assert found(of_words("cash", "the gate", "Número"), body) == [
        "Cash",
        "CASH",
        "thé gate",
        "the\n gate",
        "Numero",
    ]


def test_a_word_of_two_rules_is_found_by_both_and_the_subject_is_looked_at_too():
    book = RuleBook([of_words("cash"), Rule(3, RuleKind.WORDS, words=("Cash", "gate"))])
    assert book.find(letter("", "More cash")) == [Hit(1, Part.SUBJECT, 5, 9), Hit(3, Part.SUBJECT, 5, 9)]


def test_patterns_are_found_with_places_in_characters_whatever_stands_before():
    assert found(of_pattern("[0-9]{3}-[0-9]{4}"), "🙂 é 中 555-0142, 555-0187") == ["555-0142", "555-0187"]
    assert found(of_pattern("TÍO [a-z]+"), "Mi tío ray") == ["tío ray"]


def test_a_rule_marks_at_most_fifty_places_of_a_part():
    assert len(found(of_words("a"), "a " * 200)) == len(found(of_pattern("a"), "a " * 200)) == 50


def test_without_rules_nothing_is_found():
    assert RuleBook([]).find(letter("Anything at all", "Or this")) == []


def test_all_patterns_are_tried_one_by_one_when_they_do_not_fit_together(monkeypatch):
    class Exhausted:
        """A set whose automaton has no memory left: it answers that nothing matches."""

        def Match(self, _text):  # noqa: N802 - RE2's own name
            return []

    monkeypatch.setattr(rule_book, "_set_of", lambda _patterns: Exhausted())
    assert found(of_pattern("[0-9]+"), "Number 7") == ["7"]


@given(st.lists(SAID, max_size=12))
def test_what_is_found_lies_in_the_text_and_is_what_the_rule_says(said):
    text = "".join(said)
    for hit in RuleBook([of_words(*WORDS)]).find(letter(text, text)):
        assert 0 <= hit.start < hit.stop <= len(text)
        assert fold_words(text[hit.start : hit.stop]) in {fold_words(word) for word in WORDS}


@given(st.lists(SAID, max_size=12))
def test_no_whole_word_is_missed(said):
    text = " ".join(said)
    is_there = " cash " in fold_words(text)
    assert bool(RuleBook([of_words("cash")]).find(letter(text))) is is_there


@given(st.text(alphabet="abc0-9[](){}*+?|.^$\\d,:=!<> é", max_size=40), st.text(max_size=60))
def test_any_pattern_is_either_refused_in_words_or_marks_what_it_matches(pattern, text):
    if problem := pattern_problem(pattern):
        assert problem_sentence(problem)
        return
    compiled = re2.compile(pattern, rule_book._options())
    for part in found(of_pattern(pattern), text):
        assert part
        assert part in text
        assert compiled.search(text)


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+$", "(a|a)*b", "(.*)*x", "(a|aa)+$", "([a-z]+)*[0-9]", "(a?){100}a{100}", "(x+x+)+y", r"(\w+\s?)*!"],
)
def test_no_pattern_is_catastrophic(pattern):
    if pattern_problem(pattern):
        pattern += "z"
    book = RuleBook([of_pattern(pattern)])
    times = []
    for _ in range(3):
        began = time.perf_counter()
        book.find(letter("a" * 20_000))
        times.append(time.perf_counter() - began)
    # Python's own engine would need longer than the universe has existed.
    assert min(times) < 1


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("(", Problem.PATTERN_NOT_CLOSED),
        ("[a-", Problem.PATTERN_NOT_CLOSED),
        ("a)", Problem.PATTERN_NOT_CLOSED),
        ("*a", Problem.PATTERN_REPEATS_NOTHING),
        ("a**", Problem.PATTERN_REPEATS_NOTHING),
        ("a{2000}", Problem.PATTERN_TOO_LARGE),
        ("((a{100}){100}){100}", Problem.PATTERN_TOO_LARGE),
        ("(?=a)b", Problem.PATTERN_LOOKS_AROUND),
        (r"(a)\1", Problem.PATTERN_ESCAPES),
        ("a\\", Problem.PATTERN_ESCAPES),
        (r"a\C", Problem.PATTERN_ESCAPES),
        ("[z-a]", Problem.PATTERN_UNREADABLE),
        ("a*", Problem.PATTERN_MATCHES_NOTHING),
    ],
)
def test_a_broken_pattern_says_what_is_wrong_with_it(pattern, problem):
    fact = pattern_problem(pattern)
    assert fact is not None
    assert fact.problem is problem
    assert problem_sentence(fact).endswith(".")
