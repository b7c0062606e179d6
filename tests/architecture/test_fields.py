"""What stands in a field is set through `components/field.py`, and never by making the field anew."""

import ast
from collections.abc import Callable, Iterable
from pathlib import Path

PACKAGE = Path(__file__).parent.parent.parent / "rxconnect"
STATES = sorted((PACKAGE / "state").rglob("*.py"))
MARKUP = sorted(file for folder in ("pages", "components", "layout") for file in (PACKAGE / folder).rglob("*.py"))
# What a component may be known by: what it is about. A number of times is none of these.
NAMES_SOMETHING = ("id", "key", "number")


def _found(files: list[Path], find: Callable[[list[ast.AST]], Iterable[ast.expr]]) -> list[str]:
    """Where `find` finds something among the nodes of a file."""
    return [
        f"{file.relative_to(PACKAGE)}:{one.lineno}: {ast.unparse(one)}"
        for file in files
        for one in find([*ast.walk(ast.parse(file.read_text()))])
    ]


def _passed(nodes: list[ast.AST], name: str) -> list[ast.expr]:
    """What is passed by this name."""
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    return [word.value for call in calls for word in call.keywords if word.arg == name]


def test_no_state_counts_for_the_browser():
    def counted(nodes):
        targets = [node.target for node in nodes if isinstance(node, ast.AugAssign)]
        return [each for each in targets if isinstance(each, ast.Attribute) and not each.attr.startswith("_")]

    assert _found(STATES, counted) == []


def test_a_component_is_made_anew_only_when_it_is_about_something_else():
    def is_about_something(key):
        if isinstance(key, ast.Attribute):
            return key.attr.endswith(NAMES_SOMETHING)
        return isinstance(key, ast.Constant | ast.Lambda)

    assert _found(MARKUP, lambda nodes: [key for key in _passed(nodes, "key") if not is_about_something(key)]) == []


def test_what_state_has_for_a_field_is_given_to_a_field_that_can_be_set():
    assert _found(MARKUP, lambda nodes: _passed(nodes, "default_checked")) == []
    without_cards = [file for file in MARKUP if file.stem != "cards"]
    assert _found(without_cards, lambda nodes: _passed(nodes, "default_value")) == []


def test_a_form_in_a_list_finds_its_line_in_state():
    """A browser does not know the line of a list any more when a form is submitted. Lines are arguments without a type."""

    def on_a_line(nodes):
        functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
        lines = {one.arg for function in functions for one in function.args.args if one.annotation is None}
        handlers = [handler for handler in _passed(nodes, "on_submit") if isinstance(handler, ast.Lambda)]
        names = [name for handler in handlers for name in ast.walk(handler) if isinstance(name, ast.Name)]
        return [name for name in names if name.id in lines]

    assert _found(MARKUP, on_a_line) == []
