"""Scenarios: staff write such files too, so each problem is reported with its line."""

from __future__ import annotations

from random import Random

import pytest

from rxconnect.demo import facts, scenarios
from rxconnect.demo.scenarios import parse
from rxconnect.domain.demo import MOST_STEPS, SCENARIO_MAX, SeatKind
from rxconnect.domain.toml_files import UnusableFile
from tests.sentences import every_sentence

GOOD = """\
title = "A tour"
about = "What there is."
start = "/dashboard"
minutes = 5
family = "sam@example.com"
administrator = "admin@example.com"
prepare = [
  "location: cedar-ridge",
  "contact: Marcus Delgado",
]

[[steps]]
do = "Write."
say = "It is saved."
at = "/compose/[draft_id]"
mark = "body"
done = "draft written"

[[steps]]
do = "Send it."
done = "message sent"
"""
BLANK = GOOD.partition("[[steps]]")[0]


def refused(text: str) -> tuple[int, str]:
    """The line and the sentence of the problem."""
    with pytest.raises(UnusableFile) as error:
        parse(text)
    return error.value.line, error.value.sentence


def test_a_scenario_says_what_its_file_says():
    scenario = parse(GOOD)
    assert (scenario.title, scenario.minutes, len(scenario.prepare), len(scenario.steps)) == ("A tour", 5, 2, 2)
    assert scenario.steps[0].mark == "body"
    assert [scenario.account_of(kind) for kind in SeatKind] == [
        *("sam@example.com", "sam@example.com", "reviewer@example.com", "admin@example.com", "auditor@example.com"),
        "20418873",
    ]


def test_a_file_may_name_each_account_of_a_seat():
    assert (
        parse(GOOD.replace("prepare =", 'reviewer = "jordan@example.com"\nprepare =')).reviewer == "jordan@example.com"
    )
    for wrong in (
        'reviewer = "admin@example.com"',
        'auditor = "jordan@example.com"',
        'kiosk = "1"',
        "kiosk = 20418873",
    ):
        assert refused(GOOD.replace("prepare =", f"{wrong}\nprepare ="))[0] == 7


@pytest.mark.parametrize("key", scenarios.texts())
def test_each_built_in_scenario_can_be_read(key):
    assert scenarios.load(key).about


def test_the_built_in_scenarios_are_offered_in_their_order():
    assert list(scenarios.all_scenarios()) == [
        "first-letter",
        "buying-credits",
        "finding-somebody",
        "money-back",
        "rejected-letter",
        "day-at-the-desk",
        "photo",
        "lawyers-letter",
        "transfer",
        "warm-up",
        "blank",
    ]


@pytest.mark.parametrize("key", scenarios.texts())
def test_translators_get_every_sentence_of_a_built_in_scenario(key):
    scenario, source = scenarios.load(key), every_sentence()
    sentences = [scenario.title, scenario.about, *(text for step in scenario.steps for text in (step.do, step.say))]
    assert [sentence for sentence in sentences if sentence and sentence not in source] == []


def test_sentences_may_go_over_several_lines():
    assert parse(GOOD.replace('"It is saved."', '"""\nIt is\n  saved."""')).steps[0].say == "It is saved."


# A piece of the good file, its replacement, the reported line, and words of the sentence.
WRONG = [
    ("title =", "titel =", 1, "Did you mean “title”?"),
    ('title = "A tour"', "", 1, "title must be a text"),
    ('title = "A tour"', "title = 7", 1, "title must be a text"),
    ('title = "A tour"', 'title = "  "', 1, "title must be a text"),
    ('title = "A tour"', f'title = "{"x" * 61}"', 1, "61 characters; at most 60"),
    ('title = "A tour"', 'title = "A tour', 1, "This is not TOML"),
    ('title = "A tour"', "title", 1, "This is not TOML"),
    ('about = "What there is."', "about = ['x']", 2, "about must be a text"),
    ('about = "What there is."', 'title = "Again"', 2, "This is not TOML"),
    ('"/dashboard"', '"/dashbord"', 3, "Did you mean “/dashboard”?"),
    ('"/dashboard"', '"/compose/[draft_id]"', 3, "start"),
    ('"/dashboard"', '"https://example.org"', 3, "start"),
    ("minutes = 5", "minutes = 0", 4, "from 1 to 120"),
    ("minutes = 5", "minutes = 5.5", 4, "from 1 to 120"),
    ("minutes = 5", "minutes = true", 4, "from 1 to 120"),
    ("minutes = 5", f"minutes = {'9' * 5_000}", 1, "This is not TOML"),
    ("minutes = 5", "minutes = 1979-05-27", 4, "from 1 to 120"),
    ('"sam@example.com"', '"sam@exmple.com"', 5, "Did you mean “sam@example.com”?"),
    ('"sam@example.com"', '"admin@example.com"', 5, "family"),
    ('"admin@example.com"', "{}", 6, "administrator"),
    ('"admin@example.com"', '"auditor@example.com"', 6, "administrator"),
    ('administrator = "admin@example.com"\n', "", 1, "administrator is missing"),
    ("prepare = [", 'prepare = "location: cedar-ridge"\nother = [', 8, "The key"),
    ("cedar-ridge", "ceder-ridge", 8, "Did you mean “cedar-ridge”?"),
    ("location:", "place:", 8, "prepare cannot be “place”. It is one of: contact, credits, location, roster, rule."),
    ("Marcus Delgado", "Markus Delgado", 9, "Did you mean “Marcus Delgado”?"),
    ("contact: Marcus Delgado", "credits: many", 9, "how many credits"),
    ("contact: Marcus Delgado", "credits: 5 at the moon", 9, "how many credits"),
    ('"contact: Marcus Delgado"', "3", 7, "prepare must be a list of texts"),
    ('do = "Write."', 'did = "Write."', 13, "The key cannot be “did”. It is one of: at, do, done, mark, say, seat."),
    ('do = "Send it."', "", 19, "do must be a text"),
    ('done = "message sent"', 'done = "mesage sent"', 21, "Did you mean “message sent”?"),
    ('done = "message sent"', "", 19, "done is missing"),
    ('done = "message sent"', 'done = "draft written"', 21, "Another step is done by “draft written”"),
    ('at = "/compose/[draft_id]"', 'at = "/compose"\nat = "/x"', 16, "This is not TOML"),
    ('at = "/compose/[draft_id]"', 'at = "/composed"', 15, "at"),
    ('mark = "body"', 'mark = "<b>"', 16, "mark must be the id of a control"),
    ('mark = "body"', "mark = 3", 16, "mark must be the id of a control"),
    ('mark = "body"', 'seat = "reviwer"', 16, "Did you mean “reviewer”?"),
    ('mark = "body"', 'seat = "watch"', 16, "seat"),
    ("[[steps]]\ndo", "[steps]\ndo", 19, "This is not TOML"),
    ("minutes", "\ud800minutes", 4, "This is not TOML"),
]


@pytest.mark.parametrize(("good", "bad", "line", "words"), WRONG)
def test_what_is_wrong_is_told_with_its_line(good, bad, line, words):
    told, sentence = refused(GOOD.replace(good, bad, 1))
    assert (told, words in sentence) == (line, True), sentence


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "title must be a text"),
        ("\0", "This is not TOML"),
        ("x = " + "[" * 5_000, "nested too deeply"),
        ("<html>", "This is not TOML"),
        ("{" * 5_000, "This is not TOML"),
        ('x = "' + "y" * SCENARIO_MAX, "20,000 characters"),
        ("steps = 3", "The key"),
    ],
)
def test_what_is_no_scenario_at_all_is_told(text, words):
    line, sentence = refused(text)
    assert (line, words in sentence or "must be" in sentence) == (1, True), sentence


@pytest.mark.parametrize("steps", ["steps = 3", "steps = [3]", 'steps = [{ do = "x" }]', "steps = {}"])
def test_steps_that_are_no_tables_of_their_own_are_told_where_they_stand(steps):
    line, _sentence = refused(f"{BLANK}{steps}\n")
    assert line == BLANK.count("\n") + 1


def test_no_more_than_so_many_steps_are_taken():
    step = '[[steps]]\ndo = "Do."\ndone = "message sent"\n'
    line, sentence = refused(BLANK + step * (MOST_STEPS + 1))
    assert (line, f"at most {MOST_STEPS}" in sentence) == (BLANK.count("\n") + 1 + 3 * MOST_STEPS, True)


def test_every_fact_can_be_waited_for():
    for fact in facts.FACTS:
        assert parse(f'{BLANK}[[steps]]\ndo = "Do."\ndone = "{fact}"\n').steps[0].done == fact


def test_any_file_is_either_taken_or_refused_with_a_line_of_its_own():
    random = Random(20)
    texts = list(scenarios.texts().values())
    outcomes = set()
    for _ in range(1_500):
        text = _mutilated(random.choice(texts), random)
        line, sentence = _outcome(text)
        assert line <= text.count("\n") + 1
        assert sentence.endswith((".", "?"))
        outcomes.add(line > 0)
    assert outcomes == {True, False}


def _outcome(text: str) -> tuple[int, str]:
    """The line and the sentence of the problem, or line 0 if the file is accepted."""
    try:
        parse(text)
    except UnusableFile as error:
        return error.line, error.sentence
    return 0, "Taken."


def _mutilated(text: str, random: Random) -> str:
    """A file with a typing error, or with a part that is missing or in another place."""
    for _ in range(random.randint(1, 3)):
        at, until = sorted((random.randrange(len(text)), random.randrange(len(text))))
        until = min(until, at + random.choice((1, 5, 40, 400)))
        piece = random.choice(("", "", '"', "[", "]]", "=", "\n", "é", "\\", "#", '"""', text[at:until] * 2, "1e999"))
        text = (text[:at] + piece + text[until:]) or " "
    return text
