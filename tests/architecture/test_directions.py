"""Letters in Arabic or Hebrew read from the right wherever they are shown or written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import rxconnect

_SHOWN = {"words", "gist", "other-words", "desk-earlier", "desk-subject", "words judged-words", "small desk-earlier"}


def test_the_words_of_letters_have_the_direction_of_their_language():
    files = [
        file for room in ("pages", "components") for file in (Path(rxconnect.__file__).parent / room).rglob("*.py")
    ]
    assert not [f"{file.name}:{call.lineno}" for file in files for call in _of_letters(file) if not _is_auto(call)]


def _of_letters(file: Path) -> Iterator[ast.Call]:
    """The elements that show a letter's words, or in which one is written."""
    for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call):
            given = _texts(call)
            is_body = given.get("id") == "body" and "placeholder" in {keyword.arg for keyword in call.keywords}
            if given.get("class_name") in _SHOWN or is_body:
                yield call


def _is_auto(call: ast.Call) -> bool:
    return _texts(call).get("dir") == "auto" or any(_says_language(keyword.value) for keyword in call.keywords)


def _says_language(given: ast.expr) -> bool:
    """`**written_in(…)`, which says the direction too."""
    return isinstance(given, ast.Call) and isinstance(given.func, ast.Name) and given.func.id == "written_in"


def _texts(call: ast.Call) -> dict[str | None, object]:
    return {one.arg: one.value.value for one in call.keywords if isinstance(one.value, ast.Constant)}
