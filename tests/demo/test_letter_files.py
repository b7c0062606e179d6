"""Files of letters: facilities write them for their own rules, so each problem is reported with its line."""

from __future__ import annotations

from contextlib import suppress
from random import Random

import pytest

from rxconnect.demo import letter_files
from rxconnect.demo.letter_files import parse
from rxconnect.domain.judging import LETTERS_FILE_MAX, MOST_LETTERS, MOST_RULES
from rxconnect.domain.toml_files import UnusableFile
from tests.demo.judgings import letter_file
from tests.sentences import every_sentence

GOOD = """\
title = "Two letters"
about = "Decide them."

[[rules]]
key = "coded"
text = "No codes."

[[rules]]
key = "threat"
text = "No threats."

[[letters]]
from = "Ada"
to = "Bo"
subject = "Eggs"
body = \"\"\"
Buy eggs.

And key = "nothing" else.
\"\"\"
answer = "approve"
explanation = "Eggs are eggs."

[[letters]]
from = "Cy"
to = "Bo"
body = "Or else."
answer = "reject"
reason = "threat"
explanation = "It threatens."
"""


def refused(text: str) -> tuple[int, str]:
    """The line and the sentence of the problem."""
    with pytest.raises(UnusableFile) as error:
        parse(text)
    return error.value.line, error.value.sentence


def test_a_file_says_what_is_written_in_it():
    file = parse(GOOD)
    assert [(rule.number, rule.key, rule.text) for rule in file.rules] == [
        (1, "coded", "No codes."),
        (2, "threat", "No threats."),
    ]
    eggs, threat = file.letters
    assert (eggs.sender, eggs.recipient, eggs.subject, eggs.is_approved) == ("Ada", "Bo", "Eggs", True)
    assert eggs.body == 'Buy eggs.\n\nAnd key = "nothing" else.'
    assert (threat.subject, threat.reason, threat.is_approved) == ("", "threat", False)


def test_the_built_in_file_has_twenty_letters_of_both_kinds_and_all_its_rules_are_broken():
    file = parse(letter_files.built_in())
    assert len(file.letters) == 20
    assert {letter.reason for letter in file.letters} == {"", *(rule.key for rule in file.rules)}
    assert 6 <= sum(letter.is_approved for letter in file.letters) <= 14


def test_translators_get_every_sentence_around_the_built_in_letters_and_no_letter():
    file, source = parse(letter_files.built_in()), every_sentence()
    sentences = [file.title, file.about, *(rule.text for rule in file.rules)]
    assert [one for one in [*sentences, *(letter.explanation for letter in file.letters)] if one not in source] == []
    assert [letter.subject for letter in file.letters if letter.body in source] == []


# A piece of the good file, its replacement, the reported line, and words of the sentence.
WRONG = [
    ("title =", "titel =", 1, "Did you mean “title”?"),
    ('title = "Two letters"', "", 1, "title must be a text"),
    ('title = "Two letters"', f'title = "{"x" * 61}"', 1, "61 characters; at most 60"),
    ('title = "Two letters"', 'title = "Two', 1, "This is not TOML"),
    ('about = "Decide them."', 'about = "\\u0000 "', 2, "about must be a text"),
    ('about = "Decide them."', 'about = "x"\nlimit = 3', 3, "The key cannot be “limit”"),
    ('key = "coded"', 'key = "Coded words"', 5, "key must be a short name"),
    ('key = "coded"', "key = 7", 5, "key must be a short name"),
    ('key = "coded"\n', "", 4, "key must be a short name"),
    ('key = "threat"', 'key = "coded"', 9, "Another rule has the key “coded” already."),
    ('text = "No threats."', 'text = ""', 10, "text must be a text"),
    ('text = "No threats."', 'txt = "No threats."', 10, "Did you mean “text”?"),
    ('from = "Ada"', 'form = "Ada"', 13, "Did you mean “from”?"),
    ('from = "Ada"\n', "", 12, "from must be a text"),
    ('subject = "Eggs"', "subject = ['Eggs']", 15, "subject must be a text"),
    ('answer = "approve"', 'answer = "aprove"', 21, "Did you mean “approve”?"),
    ('answer = "approve"', "answer = true", 21, "It is one of: approve, reject."),
    ('answer = "approve"', 'answer = "approve"\nreason = "coded"', 22, "A letter that is approved has no reason."),
    ('explanation = "Eggs are eggs."', "", 12, "explanation must be a text"),
    ('reason = "threat"', 'reason = "thread"', 29, "Did you mean “threat”?"),
    ('reason = "threat"', "reason = ['threat']", 29, "Did you mean “threat”?"),
    ('reason = "threat"\n', "", 24, "reason is missing. It is one of: coded, threat."),
    ('body = "Or else."', f'body = "{"x" * 3_001}"', 27, "3001 characters; at most 3000"),
    ('body = "Or else."', "body = 1979-05-27", 27, "body must be a text"),
]


@pytest.mark.parametrize(("good", "bad", "line", "words"), WRONG)
def test_what_is_wrong_is_told_with_its_line(good, bad, line, words):
    told, sentence = refused(GOOD.replace(good, bad, 1))
    assert (told, words in sentence) == (line, True), sentence


@pytest.mark.parametrize("table", ["rules", "letters"])
def test_a_file_without_rules_or_letters_is_refused(table):
    text = GOOD.partition("[[")[0] + "\n\n".join(
        f"[[{part}" for part in GOOD.split("[[")[1:] if not part.startswith(table)
    )
    line, sentence = refused(text)
    assert (line, f"under [[{table}]]" in sentence) == (1, True)


def test_too_many_letters_and_rules_are_refused_at_the_first_that_is_too_many():
    line, sentence = refused(letter_file(*[""] * (MOST_LETTERS + 1)))
    assert f"at most {MOST_LETTERS} tables" in sentence
    assert letter_file(*[""] * (MOST_LETTERS + 1)).splitlines()[line - 1] == "[[letters]]"
    rules = "".join(f'[[rules]]\nkey = "r{number}"\ntext = "x"\n' for number in range(MOST_RULES + 1))
    line, sentence = refused(f'title = "x"\nabout = "x"\n{rules}')
    assert (line, f"at most {MOST_RULES} tables" in sentence) == (3 + 3 * MOST_RULES, True)


def test_a_file_that_is_too_long_is_not_even_parsed():
    assert refused("#" * (LETTERS_FILE_MAX + 1)) == (1, "A file of letters has at most 40,000 characters.")


def test_no_broken_file_ends_in_anything_but_a_line_and_a_sentence():
    random = Random(5)
    for _round in range(1_500):
        text = list(GOOD)
        for _change in range(random.randint(1, 4)):
            place = random.randrange(len(text))
            text[place] = random.choice(["", "=", '"', "\n", "[", "]", "'", "7", "\\", "\0", "\ud83d", "é", "[["])
        broken = "".join(text)
        with suppress(UnusableFile):
            parse(broken)
