"""Files of letters that a room judges: one is built in, and staff write others for the rules of their own facility."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from rxconnect.domain import judging
from rxconnect.domain.judging import MOST_LETTERS, MOST_RULES, Decision, JudgedLetter, LetterFile, PublishedRule
from rxconnect.domain.text import message_body
from rxconnect.domain.toml_files import TomlFile, TomlTable, UnusableFile
from rxconnect.i18n import _, number_text

BUILT_IN = Path(__file__).parent / "letter_files" / "twenty-letters.toml"
_RULE_KEY = re.compile(r"[a-z][a-z0-9-]*")
_TOP, _RULE = ("title", "about", "rules", "letters"), ("key", "text")
_LETTER = ("from", "to", "subject", "body", "answer", "reason", "explanation")


@lru_cache(maxsize=1)
def built_in() -> str:
    """The text of the built-in file."""
    return BUILT_IN.read_text(encoding="utf-8")


@lru_cache(maxsize=64)
def parse(text: str) -> LetterFile:
    """Parse a file of letters. Raises `UnusableFile` with the line of the first problem."""
    if len(text) > judging.LETTERS_FILE_MAX:
        most = number_text(judging.LETTERS_FILE_MAX)
        raise UnusableFile(1, _("A file of letters has at most {most} characters.").format(most=most))
    file = TomlFile(text, "rules", "letters")
    file.require_known(_TOP)
    title = file.sentence("title", most=judging.LETTER_TITLE_MAX)
    about = file.sentence("about", most=judging.SENTENCE_MAX)
    rules = tuple(_rules(file))
    keys = [rule.key for rule in rules]
    letters = [_letter(table, keys) for table in file.tables("letters", least=1, most=MOST_LETTERS)]
    return LetterFile(title, about, rules, tuple(letters))


def _rules(file: TomlFile) -> Iterator[PublishedRule]:
    keys: set[str] = set()
    for number, table in enumerate(file.tables("rules", least=1, most=MOST_RULES), start=1):
        table.require_known(_RULE)
        key = table.values.get("key")
        if not isinstance(key, str) or not _RULE_KEY.fullmatch(key) or len(key) > judging.RULE_KEY_MAX:
            text = _("key must be a short name: at most {most} small letters, digits and -, and a letter first.")
            table.fail("key", text.format(most=judging.RULE_KEY_MAX))
        if key in keys:
            table.fail("key", _("Another rule has the key “{key}” already.").format(key=key))
        keys.add(key)
        yield PublishedRule(number, key, table.sentence("text", most=judging.SENTENCE_MAX))


def _letter(table: TomlTable, reasons: list[str]) -> JudgedLetter:
    table.require_known(_LETTER)
    return JudgedLetter(
        sender=table.sentence("from", most=judging.PERSON_MAX),
        recipient=table.sentence("to", most=judging.PERSON_MAX),
        subject=table.sentence("subject", most=judging.SUBJECT_MAX) if "subject" in table else "",
        body=message_body(table.text("body", most=judging.BODY_MAX)).strip(),
        reason=_reason(table, reasons),
        explanation=table.sentence("explanation", most=judging.SENTENCE_MAX),
    )


def _reason(table: TomlTable, reasons: list[str]) -> str:
    """The key of the rule that a letter breaks, or "" if it is approved."""
    if table.one_of("answer", list(Decision)) == Decision.REJECT:
        return table.one_of("reason", reasons)
    if "reason" in table:
        table.fail("reason", _("A letter that is approved has no reason."))
    return ""
