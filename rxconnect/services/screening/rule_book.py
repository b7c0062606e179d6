"""A facility's rules, compiled: all words into one automaton, and all patterns into one that runs over a letter once.

The patterns are RE2's, whose time grows with the length of the text alone, whatever the pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import ahocorasick
import re2

from rxconnect.domain.folding import fold_with_origins, fold_words
from rxconnect.domain.marks import Hit, Part
from rxconnect.domain.problems import Fact, Problem
from rxconnect.domain.screening import Rule, RuleKind, ScreenedLetter, applies

# The most passages of one part that are marked for one rule.
_MARKS_MAX = 50
# It matches every text that is not empty. If it is not among the answers of a set of patterns, the set has run out of memory.
_ALWAYS = "(?s:.)"
# RE2's sign for one byte, which may be a part of a letter: a place that no mark can have.
_A_BYTE = re.compile(r"(?<!\\)(?:\\\\)*\\C")
# What RE2 says of a pattern that it cannot read, and what we say.
_PATTERN_PROBLEMS = (
    ("missing ]", Problem.PATTERN_NOT_CLOSED),
    ("missing )", Problem.PATTERN_NOT_CLOSED),
    ("missing closing", Problem.PATTERN_NOT_CLOSED),
    ("unexpected )", Problem.PATTERN_NOT_CLOSED),
    ("no argument for repetition", Problem.PATTERN_REPEATS_NOTHING),
    ("bad repetition operator", Problem.PATTERN_REPEATS_NOTHING),
    ("invalid repetition size", Problem.PATTERN_TOO_LARGE),
    ("pattern too large", Problem.PATTERN_TOO_LARGE),
    ("invalid perl operator", Problem.PATTERN_LOOKS_AROUND),
    ("invalid escape sequence", Problem.PATTERN_ESCAPES),
    ("trailing \\", Problem.PATTERN_ESCAPES),
)


class RuleBook:
    """The compiled rules. It does not change, so several threads may use it at once."""

    def __init__(self, rules: Iterable[Rule], *, releases_clean: bool = False):
        self.rules = {rule.id: rule for rule in rules}
        self.releases_clean = releases_clean
        self._words = _automaton(self.rules.values())
        self._patterns = [
            (rule.id, re2.compile(rule.pattern, _options()))
            for rule in self.rules.values()
            if rule.kind is RuleKind.PATTERN
        ]
        self._any_pattern = _set_of(rule.pattern for rule in self.rules.values() if rule.kind is RuleKind.PATTERN)

    def find(self, letter: ScreenedLetter) -> list[Hit]:
        """What the rules find in a letter, and the rules that apply to it as a whole."""
        found = [Hit(rule.id) for rule in self.rules.values() if applies(rule, letter)]
        parts = {Part.SUBJECT: letter.subject, Part.BODY: letter.body, Part.CAPTIONS: letter.captions}
        for part, text in parts.items():
            found += self._find_words(part, text)
            found += self._find_patterns(part, text)
        return found

    def has(self, kind: RuleKind) -> bool:
        """Whether a rule is of this kind."""
        return any(rule.kind is kind for rule in self.rules.values())

    def kinds(self, hits: Iterable[Hit]) -> set[RuleKind]:
        """The kinds of the rules with a hit."""
        return {self.rules[hit.rule_id].kind for hit in hits}

    def _find_words(self, part: Part, text: str) -> list[Hit]:
        if self._words is None:
            return []
        matches = list(self._words.iter(fold_words(text)))
        if not matches:
            return []
        folded, counts, found = fold_with_origins(text), dict.fromkeys(self.rules, 0), []
        for last, (length, rule_ids) in matches:
            marking = [rule_id for rule_id in rule_ids if counts[rule_id] < _MARKS_MAX]
            if marking:
                # The match includes the space before the word and the one after it.
                start, stop = folded.span(last - length + 2, last)
            for rule_id in marking:
                counts[rule_id] += 1
                found.append(Hit(rule_id, part, start, stop))
        return found

    def _find_patterns(self, part: Part, text: str) -> list[Hit]:
        if not self._patterns or not text:
            return []
        encoded = text.encode()
        return [
            Hit(rule_id, part, start, stop)
            for rule_id, pattern in self._matching(encoded)
            for start, stop in islice(_spans(pattern, encoded, is_ascii=len(encoded) == len(text)), _MARKS_MAX)
        ]

    def _matching(self, text: bytes) -> list[tuple[int, Any]]:
        """The patterns that match somewhere, or all if the set cannot say which."""
        numbers = self._any_pattern.Match(text)
        if len(self._patterns) not in numbers:
            return self._patterns
        return [self._patterns[number] for number in sorted(numbers) if number < len(self._patterns)]


def pattern_problem(pattern: str) -> Fact | None:
    """What is wrong with a pattern; None if it can be used. A pattern that matches an empty text would hold every letter."""
    if _A_BYTE.search(pattern):
        return Problem.PATTERN_ESCAPES()
    try:
        compiled = re2.compile(pattern, _options())
    except re2.error as error:
        told = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error.args[0])
        problem = next((one for start, one in _PATTERN_PROBLEMS if told.startswith(start)), Problem.PATTERN_UNREADABLE)
        return problem()
    return Problem.PATTERN_MATCHES_NOTHING() if compiled.search("") else None


def _options() -> Any:
    options = re2.Options()
    options.case_sensitive, options.log_errors = False, False
    return options


def _automaton(rules: Iterable[Rule]) -> Any:
    """The automaton of all words; None without any. Each is found with (its length with two spaces, the ids of its rules)."""
    rule_ids: dict[str, list[int]] = {}
    for rule in rules:
        for word in rule.words:
            rule_ids.setdefault(fold_words(word), []).append(rule.id)
    rule_ids.pop(" ", None)
    if not rule_ids:
        return None
    automaton = ahocorasick.Automaton()
    for word, ids in rule_ids.items():
        automaton.add_word(word, (len(word), tuple(dict.fromkeys(ids))))
    automaton.make_automaton()
    return automaton


def _set_of(patterns: Iterable[str]) -> Any:
    """One automaton for all patterns. The last one in it matches always."""
    together = re2.Set.SearchSet(_options())
    for pattern in (*patterns, _ALWAYS):
        together.Add(pattern)
    together.Compile()
    return together


def _spans(pattern: Any, text: bytes, *, is_ascii: bool) -> Iterator[tuple[int, int]]:
    """Where the pattern matches in a text in UTF-8, in characters."""
    spans = (match.span() for match in pattern.finditer(text) if match.start() < match.end())
    return spans if is_ascii else ((len(text[:start].decode()), len(text[:stop].decode())) for start, stop in spans)
