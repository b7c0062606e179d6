"""A sentence is looked up when somebody reads it, never when a module is loaded, and never put together from pieces first."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2] / "rxconnect"
LOOKED_UP = {"_", "ngettext", "counted", "plural"}
# These keep a sentence as a fact, which is looked up later.
KEPT = {"N_", "Sentence", "BadFile"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def calls(tree: ast.AST, names: set[str]) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]


def too_early(tree: ast.Module) -> list[int]:
    """The lines whose sentence is looked up while the module is loaded, in the language of nobody."""
    later = {id(node) for function in ast.walk(tree) if isinstance(function, FUNCTIONS) for node in ast.walk(function)}
    return [call.lineno for call in calls(tree, LOOKED_UP) if id(call) not in later]


def put_together(tree: ast.Module) -> list[int]:
    """The lines where what is looked up is no plain sentence, so that no catalog can have it."""
    wrong = (ast.JoinedStr, ast.BinOp)
    looked_up = calls(tree, LOOKED_UP | KEPT)
    # Before Python 3.12 an f-string is one token, in which Babel sees no call.
    unseen = {id(node) for outer in ast.walk(tree) if isinstance(outer, ast.JoinedStr) for node in ast.walk(outer)}
    hidden = [call for call in looked_up if id(call) in unseen and isinstance(call.args[0], ast.Constant)]
    return [call.lineno for call in looked_up if isinstance(call.args[0], wrong) or call in hidden]


def test_sentences_are_plain_and_looked_up_when_they_are_read():
    wrong = []
    for file in sorted(ROOT.rglob("*.py")):
        tree, path = ast.parse(file.read_text()), file.relative_to(ROOT)
        wrong += [f"{path}:{line}: looked up too early" for line in too_early(tree)]
        wrong += [f"{path}:{line}: put together" for line in put_together(tree)]
    assert wrong == []


def test_a_planted_breach_is_caught():
    planted = ast.parse(
        'A = _("a")\ndef f(x=_("b")):\n    return _(f"c {x}")\ng = lambda: _("d" + x)\nh = lambda: f"{_(\'e\')}"\n'
        'def i(x):\n    raise BadFile(f"{x} is empty.")\n'
    )
    assert too_early(planted) == [1]
    assert sorted(put_together(planted)) == [3, 4, 5, 7]
