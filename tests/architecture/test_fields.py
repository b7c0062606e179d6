"""What stands in a field is set through `components/field.py`, and never by making the field anew."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent.parent / "rxconnect"
STATES = sorted((PACKAGE / "state").rglob("*.py"))
MARKUP = sorted(file for folder in ("pages", "components", "layout") for file in (PACKAGE / folder).rglob("*.py"))
# What a component may be known by: what it is about. A number of times is none of these.
NAMES_SOMETHING = ("id", "key", "number")


def _nodes(file: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(file.read_text()))


@pytest.mark.parametrize("file", STATES, ids=lambda file: file.stem)
def test_no_state_counts_for_the_browser(file):
    counted = [node.target for node in _nodes(file) if isinstance(node, ast.AugAssign)]
    sent = [each.attr for each in counted if isinstance(each, ast.Attribute) and not each.attr.startswith("_")]
    assert not sent


@pytest.mark.parametrize("file", MARKUP, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_component_is_made_anew_only_when_it_is_about_something_else(file):
    keys = [
        word.value for node in _nodes(file) if isinstance(node, ast.Call) for word in node.keywords if word.arg == "key"
    ]
    names = [key.attr for key in keys if isinstance(key, ast.Attribute)]
    assert all(name.endswith(NAMES_SOMETHING) for name in names)
    assert all(isinstance(key, ast.Attribute | ast.Constant | ast.Lambda) for key in keys)


@pytest.mark.parametrize("file", MARKUP, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_what_state_has_for_a_field_is_given_to_a_field_that_can_be_set(file):
    passed = {word.arg for node in _nodes(file) if isinstance(node, ast.Call) for word in node.keywords}
    assert not passed & {"default_checked"}
    assert "default_value" not in passed or file.stem == "cards"


@pytest.mark.parametrize("file", MARKUP, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_form_in_a_list_finds_its_line_in_state(file):
    """A browser does not know the line of a list any more when a form is submitted. Lines are arguments without a type."""
    lines = {
        argument.arg
        for node in _nodes(file)
        if isinstance(node, ast.FunctionDef)
        for argument in node.args.args
        if argument.annotation is None
    }
    handlers = [
        word.value
        for node in _nodes(file)
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg == "on_submit" and isinstance(word.value, ast.Lambda)
    ]
    assert not lines & {name.id for handler in handlers for name in ast.walk(handler) if isinstance(name, ast.Name)}
