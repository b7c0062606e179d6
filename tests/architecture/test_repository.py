"""What is committed: tests that are sentences, and nothing that only one machine knows."""

import ast
import re
import subprocess
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock", "reflex.lock/package-lock.json")

MACHINE_PATH = re.compile(r"(?<![\w.:/])/(work|root|home/\w+|Users/\w+|tmp/\w+)/")
HOST = re.compile(r"https?://[\w.-]+|--(index-url|find-links|trusted-host)")


def _committed() -> list[str]:
    """Every file of the repository that is text, those about to be added too."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [name for name in listing.stdout.splitlines() if (ROOT / name).is_file() and _text(name)]


def _text(name: str) -> str:
    """The file's text, empty when it is not text."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def _tests() -> list[str]:
    """`file::function` of every test there is."""
    return [
        f"{path.relative_to(ROOT)}::{node.name}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]


def test_each_test_is_named_by_a_sentence():
    # The shortest sentence has a subject and a verb: `test_links_expire`.
    assert not [test for test in _tests() if len(test.partition("::test_")[2].split("_")) < 2]


def test_no_file_names_a_path_of_one_machine():
    assert not [name for name in _committed() if MACHINE_PATH.search(_text(name))]


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_file_names_where_packages_came_from(name):
    text = _text(name)
    assert text
    found = {match[0] for match in HOST.finditer(text)}
    # npm records where a package asks for donations.
    assert not [
        host for host in found if "registry" in host or "pypi" in host or "pythonhosted" in host or "--" in host
    ]


@pytest.mark.parametrize("name", LOCKS[:2])
def test_every_locked_package_is_pinned_by_hash(name):
    entries = re.split(r"\n(?=[a-z0-9])", _text(name))
    assert entries
    assert not [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]


def test_a_lock_pins_a_package_with_the_extras_that_others_ask_for():
    # pip takes `granian` and `granian[reload]` for two packages, finds only the one pinned, and from the day on which a
    # newer granian is out refuses to install anything.
    pinned = dict(re.findall(r"^([a-z0-9-]+)(\[[a-z0-9,-]+\])?==", "\n".join(map(_text, LOCKS[:2])), re.MULTILINE))
    asked = [Requirement(line) for distribution in distributions() for line in distribution.requires or ()]
    with_extras = [one for one in asked if one.extras and (one.marker is None or one.marker.evaluate({"extra": ""}))]
    assert with_extras
    assert not [
        str(one)
        for one in with_extras
        if not all(extra in pinned.get(canonicalize_name(one.name), "") for extra in one.extras)
    ]


def test_the_readmes_map_names_every_room():
    house = (
        (ROOT / "README.md").read_text().partition("## How it is built")[2].partition("```\n")[2].partition("```")[0]
    )
    named = {name.removesuffix("/").removesuffix(".py") for name in re.findall(r"[\w/.]+", house)}
    code = ROOT / "rxconnect"
    rooms = [*code.iterdir(), *(room for room in (code / "services").iterdir() if room.is_dir())]
    assert {room.stem for room in rooms if not room.name.startswith(("_", "."))} - named == set()
