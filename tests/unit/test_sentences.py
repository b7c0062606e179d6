"""Sentences that are kept as facts: each refusal of a file and each note of an import is whole in every language."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from rxconnect import i18n
from rxconnect.domain.errors import BadFile
from rxconnect.domain.imports import RosterPlan, Suspicious
from rxconnect.domain.readings import Place, field_name
from rxconnect.domain.sentences import Sentence
from rxconnect.i18n import PSEUDO, catalogs
from rxconnect.services.rosters.roster_columns import FIELDS

ROOT = Path(__file__).parents[2] / "rxconnect"
FOREIGN = (*i18n.available_languages()[1:], PSEUDO)
KEPT = ("Sentence", "Sentence.counted", "BadFile")
# What one types at a command line is the same in every language.
COMMAND = re.compile(r"--|=|rxconnect ")
WORD = re.compile(r"[^\W\d_]{2,}")


def kept_sentences(tree: ast.AST) -> list[ast.Call]:
    """The calls that keep a sentence as a fact."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) in KEPT]


def literals(node: ast.AST) -> Iterator[str]:
    """The texts that a value is made of. What it is given by a call or a variable is looked at where that is made."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif not isinstance(node, ast.Call | ast.Subscript):
        for child in ast.iter_child_nodes(node):
            yield from literals(child)


def problems_of(call: ast.Call) -> Iterator[str]:
    """What would leave English, or a hole, in another language."""
    forms = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    given = {one.arg or "…" for one in call.keywords} | ({"count"} if len(forms) > 1 else set())
    for form in forms:
        if "…" not in given and catalogs.placeholders(form) != given:
            yield f"other placeholders than {sorted(given)}: {form}"
    values = {name: 7 for form in forms for name in catalogs.placeholders(form) if name != "count"}
    told = [Sentence.counted(*forms, number, **values) for number in (1, 7)] if len(forms) > 1 else []
    for sentence in told or [Sentence(form, **values) for form in forms]:
        for language in FOREIGN:
            with i18n.using_language(language):
                text = str(sentence)
            is_english = text == str(sentence) and WORD.search(text) is not None
            if "{" in text or is_english or (language == PSEUDO and any(map(str.isascii, WORD.findall(text)))):
                yield f"not whole in {language}: {text}"
    for text in (text for one in call.keywords for text in literals(one.value)):
        if WORD.search(text) and not COMMAND.match(text):
            yield f"a value in English: {text}"


def problems_in(tree: ast.AST) -> list[str]:
    return [f"{call.lineno}: {problem}" for call in kept_sentences(tree) for problem in problems_of(call)]


def test_every_refusal_of_a_file_and_every_note_is_whole_in_each_language():
    trees = {file: ast.parse(file.read_text()) for file in sorted(ROOT.rglob("*.py"))}
    assert [f"{file.relative_to(ROOT)}:{one}" for file, tree in trees.items() for one in problems_in(tree)] == []
    assert sum(len(kept_sentences(tree)) for tree in trees.values()) > 200


@pytest.mark.parametrize(
    "planted",
    [
        'BadFile("{name} is empty.")',
        'BadFile("{name} is a poem that no catalog has.", name=name)',
        'Sentence("{name} is empty.", name="the file")',
        'Sentence("{name} is empty.", name=f"the file {name}" if name else name)',
        'Sentence.counted("{count} row", "{count} of the rows {more}", 3)',
    ],
)
def test_a_planted_breach_is_caught(planted):
    assert problems_in(ast.parse(planted)) != []


def test_every_field_of_a_roster_has_a_name_in_each_language():
    for language in FOREIGN:
        with i18n.using_language(language):
            assert [field for field in FIELDS if str(field_name(field)) == field.replace("_", " ")] == []


def test_a_sentence_is_kept_as_json_and_read_in_the_language_of_its_reader():
    kept = json.loads(json.dumps(asdict(BadFile("{name} has no rows, so nothing was changed.", name="a\0.csv").reason)))
    assert str(Sentence.kept(kept)) == "a.csv has no rows, so nothing was changed."
    with i18n.using_language("es"):
        assert str(Sentence.kept(kept)) == "a.csv no tiene filas, así que no se cambió nada."


def test_a_sentence_counts_in_the_language_of_its_reader():
    plan = RosterPlan(missing=1200, examples={"missing": ["7 Ann Lee", "8 Bo Lee"]}, repeats=1)
    kept = [Sentence.kept(asdict(note)) for note in plan.tell()]
    assert str(kept[0]).startswith("1,200 people are not on the list any more (7 Ann Lee, 8 Bo Lee, 1,198 more).")
    with i18n.using_language("es"):
        assert str(kept[0]).startswith("1,200 personas ya no están en la lista (7 Ann Lee, 8 Bo Lee, 1,198 más).")
        assert str(kept[1]) == "1 fila repite a personas que ya se leyeron."


def test_a_refusal_says_where_and_how_much_more_in_the_language_of_its_reader():
    told = Suspicious([Sentence("{place} “{cell}”", place=Place(3, "Women").sentence, cell="soon"), "what was kept"])
    with i18n.using_language("es"):
        assert str(told) == (
            "Esto parece equivocado, así que no se cambió nada: la fila 3 de la hoja “Women” “soon”; hay 1 motivo más, que "
            "una prueba muestra."
        )


def test_what_an_older_version_kept_is_told_as_it_is():
    assert Sentence.kept("2 of {rows} rows") == "2 of {rows} rows"


def test_the_text_of_a_sentence_reaches_nothing_but_its_values():
    hostile = {"text": "{name} {name.__class__} {name:>9999999} {other}", "about": {"name": "x"}, "many": ""}
    assert str(Sentence.kept(hostile)) == "x {name.__class__} {name:>9999999} {other}"
