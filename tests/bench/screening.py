"""Screening a letter of 6,000 characters against 5,000 words and 200 patterns: the rules, and then its language."""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random
from typing import Any

from rxconnect.domain import clock
from rxconnect.domain.screening import PATTERNS_MAX, WORDS_MAX, Rule, RuleKind, ScreenedLetter
from rxconnect.services.screening import languages
from rxconnect.services.screening.rule_book import RuleBook
from tests.bench.report import Report, measured, p95

ROUNDS, CHARACTERS, RULES = 200, 6_000, 50
_TARGET = 5
_TEXT = "We planted the tomatoes, and Uncle Ray’s hat is on the roof. Llámame el domingo, que te quiero. "


def screen(report: Report) -> None:
    """Measure letters in which nothing is found, and letters in which much is."""
    random = Random(1)
    words = sorted({"".join(random.choices("abcdefghijklmnoprstu", k=random.randint(4, 9))) for _ in range(WORDS_MAX)})
    started = time.perf_counter()
    book = RuleBook([*_word_rules(words), *_pattern_rules(words)])
    compiled = (time.perf_counter() - started) * 1_000
    clean = _letter((_TEXT * CHARACTERS)[:CHARACTERS])
    found = _letter(" ".join(f"{one} {one}-{number:04}" for number, one in enumerate(words))[:CHARACTERS])
    assert not book.find(clean)
    assert len(book.find(found)) > 300
    for name, letter in (("nothing found", clean), ("hundreds of hits", found)):
        times = [_milliseconds(lambda letter=letter: book.find(letter)) for _ in range(ROUNDS)]
        what = f"{CHARACTERS:,} characters against {len(words):,} words and {PATTERNS_MAX} patterns: {name}"
        report.rows.append(measured(what, times, "ms", at_most=_TARGET, judged_by=p95))
    report.rows.append(measured("The same rules, compiled once after a change", [compiled], "ms"))
    first = _milliseconds(lambda: languages.recognise(clean.body))
    report.rows.append(measured("The first letter whose language a worker recognises", [first], "ms"))
    times = [_milliseconds(lambda: languages.recognise(clean.body)) for _ in range(ROUNDS)]
    report.rows.append(measured("The language of a letter", times, "ms"))


def _word_rules(words: list[str]) -> list[Rule]:
    return [Rule(1 + place, RuleKind.WORDS, words=tuple(words[place::RULES])) for place in range(RULES)]


def _pattern_rules(words: list[str]) -> list[Rule]:
    forms = (r"\b{0}-[0-9]{{4}}\b", r"{0}\s+[a-z]+-[0-9]+", r"\b[0-9]{{3}}[-. ]{0}\b", r"({0}|x)+z")
    return [
        Rule(1_000 + place, RuleKind.PATTERN, pattern=forms[place % len(forms)].format(words[place]))
        for place in range(PATTERNS_MAX)
    ]


def _letter(body: str) -> ScreenedLetter:
    return ScreenedLetter(1, 1, 1, "The garden", body, "", 1, clock.now())


def _milliseconds(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1_000
