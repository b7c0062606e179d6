"""What a fresh look would mend: long files, what nothing uses, and functions that stand twice.

It only tells, and ends no check: a row is a place to look at. `make check` runs it: `python -m tests.architecture.leftovers`.
"""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).parents[2]
SOURCES = _ROOT / "rxconnect"
_LONG_FILE, _WORTH_SHARING = 250, 4
_WORD = re.compile(r"\w+")
_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def report(texts: dict[Path, str], others: str = "") -> Iterator[str]:
    """A line for each. `texts` are our modules, and `others` is what else may use them."""
    trees = {file: ast.parse(text) for file, text in texts.items()}
    for file, text in texts.items():
        if (length := text.count("\n")) > _LONG_FILE:
            yield f"Rather long, perhaps two nouns: {_place(file)} {length}"
    yield from _unused(trees, "\n".join([*texts.values(), others]))
    yield from _repeated(trees)


def _unused(trees: dict[Path, ast.Module], everything: str) -> Iterator[str]:
    """What stands at the top of a module and is named nowhere else, and fields of read models that nothing reads.

    A decorator may use what it decorates.
    """
    counts, read = Counter(_WORD.findall(everything)), set(re.findall(r"[.\"](\w+)", everything))
    for file, tree in trees.items():
        for node in tree.body:
            names = [one.id for one in getattr(node, "targets", ()) if isinstance(one, ast.Name)]
            if isinstance(node, (*_FUNCTION, ast.ClassDef)) and not node.decorator_list:
                names.append(node.name)
            yield from (
                f"Used by nothing: {_place(file, node)} {name}"
                for name in names
                if counts[name] == 1 and name[:2] != "__"
            )
            for field in _fields(node):
                if field.target.id not in read:
                    yield f"Read by nothing: {_place(file, field)} {node.name}.{field.target.id}"


def _fields(node: ast.stmt) -> list[ast.AnnAssign]:
    is_model = isinstance(node, ast.ClassDef) and any("dataclass" in ast.unparse(one) for one in node.decorator_list)
    return [one for one in node.body if isinstance(one, ast.AnnAssign)] if is_model else []


def _repeated(trees: dict[Path, ast.Module]) -> Iterator[str]:
    """Functions that are the same but for their names and values."""
    places: dict[str, list[str]] = defaultdict(list)
    for file, tree in trees.items():
        for node in ast.walk(tree):
            if (
                isinstance(node, _FUNCTION)
                and len(body := node.body[bool(ast.get_docstring(node)) :]) >= _WORTH_SHARING
            ):
                shape = " ".join(type(part).__name__ for statement in body for part in ast.walk(statement))
                places[shape].append(f"{_place(file, node)} {node.name}")
    yield from (f"The same but for names: {', '.join(same)}" for same in places.values() if len(same) > 1)


def _place(file: Path, node: ast.stmt | None = None) -> str:
    return file.relative_to(_ROOT).as_posix() + (f":{node.lineno}" if node else "")


if __name__ == "__main__":
    used_by = [_ROOT / "rxconfig.py", *SOURCES.rglob("*.js")]
    modules = {file: file.read_text(encoding="utf-8") for file in sorted(SOURCES.rglob("*.py"))}
    for line in report(modules, "\n".join(file.read_text(encoding="utf-8") for file in used_by)):
        print(line)
