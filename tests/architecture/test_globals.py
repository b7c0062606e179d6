"""What a module remembers is the same in every world (`rxconnect/world.py`): what depends on a database is a `PerWorld`."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent / "rxconnect"

# What is of the whole process, and why no world can be seen in it.
OF_THE_PROCESS = {
    "_open": "the worlds themselves",
    "_in_use": "the settings",
    "_of_events": "the facts of log lines, by an id that the framework draws",
    "_apologised": "ids that the framework draws",
    "_waited": "ids that the framework draws",
    "_being_sent": "tasks that nobody asks",
    "_tasks": "tasks that nobody asks",
    "_under_way": "uploads of this process; each key says which world it is in",
    "_visitors": "by a socket's id; each says which world it is in",
    "_tabs": "by a socket's id",
    "_listeners": "by topics' addresses, which begin with their world's name",
    "_recent": "the addresses of the last changed topics, which begin with their world's name",
    "_changes": "a count of changed topics, of all worlds",
    "_relay": "the process's channel in Redis, for topics of all worlds",
    "_hear": "what hears the other workers",
    "_SPOKEN": "made once, of the language",
    "_KNOWN": "made once, of the language",
}
# Singletons that are made from nothing but the program, or from the settings.
MADE_ONCE = {
    "_defaults",
    "_sqlite_dialect_and_cache",
    "newest_revision",
    "_source_hash",
    "_dummy_hash",
    "_identifier",
    "_marks",
    "_page_load_events",
    "texts",
    "built_in",
}

_EMPTY = {"dict", "list", "set", "deque", "defaultdict", "Counter", "WeakKeyDictionary", "WeakValueDictionary"}
_FILLED = {"dict", "list", "set", "Counter"}  # when they are given something


def _modules() -> Iterator[ast.Module]:
    return (ast.parse(file.read_text()) for file in sorted(ROOT.rglob("*.py")))


def _changing(module: ast.Module) -> Iterator[str]:
    """The names of a module that are containers made empty, or that a function of it assigns anew."""
    for statement in module.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and _is_empty(statement.value):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            yield from (target.id for target in targets if isinstance(target, ast.Name))
    for node in ast.walk(module):
        if isinstance(node, ast.Global):
            yield from node.names


def _is_empty(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        called = value.func.value if isinstance(value.func, ast.Subscript) else value.func
        return isinstance(called, ast.Name) and called.id in _EMPTY and not (value.args and called.id in _FILLED)
    return isinstance(value, ast.Dict | ast.List) and not ast.unparse(value).strip("{}[]")


def _made_once(module: ast.Module) -> Iterator[str]:
    """The functions without arguments whose answer is kept."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and not ast.unparse(node.args):
            decorators = {
                ast.unparse(decorator).partition("(")[0].rpartition(".")[2] for decorator in node.decorator_list
            }
            if decorators & {"cache", "lru_cache"}:
                yield node.name


def test_no_module_remembers_what_depends_on_a_world():
    assert {name for module in _modules() for name in _changing(module)} <= set(OF_THE_PROCESS)
    assert {name for module in _modules() for name in _made_once(module)} <= MADE_ONCE


def test_what_a_module_would_remember_is_found():
    planted = (
        "_kept: dict[str, int] = {}\n_last = deque(maxlen=3)\n_one = None\ndef f():\n    global _one\n    _one = 1\n"
    )
    assert set(_changing(ast.parse(planted))) == {"_kept", "_last", "_one"}
    assert set(_made_once(ast.parse("@lru_cache(maxsize=1)\ndef g():\n    ...\n"))) == {"g"}
