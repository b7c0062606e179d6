"""Every address is built by `routes`, so that a route can be moved, and all links to it found, in one place."""

import ast
import re
from pathlib import Path

import pytest

from rxconnect import routes

ROOT = Path(__file__).parent.parent.parent / "rxconnect"
ADDRESSES = [value for name, value in vars(routes).items() if name.isupper()]
# `/receipts/[number].pdf` and `/receipts.csv` both begin with `receipts`.
FIRST_PARTS = {re.split(r"[/.]", address)[1] for address in ADDRESSES} - {""}

BUILT_BY_HAND = [
    'href=f"/inbox/{one.id}"',
    'href="/inbox"',
    'href="/receipts.csv"',
    'f"{routes.SIGN_IN}?done=1"',
    'f"{settings().origin}{routes.fill(routes.MESSAGE, 7)}"',
    "settings().origin + routes.CREDITS",
    'routes.RECEIPT_PDF.replace("[number]", "7")',
]
LEFT_ALONE = [
    'href="/rxconnect.css"',
    'path.split("/")',
    "routes.fill(routes.THREAD, one.id)",
    'f"Find it here: {routes.absolute_url(routes.CREDITS)}"',
    'routes.with_query(routes.SIGN_IN, done="1")',
]


def _built_by_hand(source: str) -> list[int]:
    """The lines on which an address is built."""
    tree = ast.parse(source)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [node.lineno for node in ast.walk(tree) if id(node) not in docstrings and _is_built(node)]


def _is_built(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=str(text)):
            return _is_address(text)
        case ast.JoinedStr():
            return any(_is_route(part.value) for part in node.values if isinstance(part, ast.FormattedValue))
        case ast.BinOp(op=ast.Add()):
            return _is_route(node.left) or _is_route(node.right)
        case ast.Call(func=ast.Attribute(value=inner)):
            return isinstance(inner, ast.Attribute) and _is_route(inner)
    return False


def _is_address(text: str) -> bool:
    first = re.match(r"/([\w-]+)", text)
    return first is not None and first[1] in FIRST_PARTS and not re.match(r"/[\w-]+\.(css|svg|png|js|json|html)$", text)


def _is_route(node: ast.AST) -> bool:
    """Whether it is an address by `routes`, other than one in full."""
    name = node.func if isinstance(node, ast.Call) else node
    return (
        isinstance(name, ast.Attribute)
        and isinstance(name.value, ast.Name)
        and name.value.id == "routes"
        and name.attr != "absolute_url"
    )


def test_no_address_is_built_outside_routes():
    others = [path for path in sorted(ROOT.rglob("*.py")) if path.name != "routes.py"]
    built = [f"{path.relative_to(ROOT)}:{line}" for path in others for line in _built_by_hand(path.read_text())]
    assert built == []


@pytest.mark.parametrize("source", BUILT_BY_HAND)
def test_an_address_that_is_built_by_hand_is_found(source):
    assert _built_by_hand(f"call({source})")


@pytest.mark.parametrize("source", LEFT_ALONE)
def test_what_routes_builds_and_what_is_no_route_is_left_alone(source):
    assert _built_by_hand(f"call({source})") == []
