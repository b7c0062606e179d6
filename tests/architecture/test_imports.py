"""The import contracts of `pyproject.toml` hold, and each catches a breach planted on purpose."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

BREACHES = [
    ("services/accounts/accounts.py", "import rxconnect.state.session", "Imports go down the house, never up"),
    ("surprise.py", "", "Imports go down the house, never up"),
    ("domain/money.py", "import pydantic", "The domain is plain Python"),
    ("services/accounts/accounts.py", "import reflex", "Only what faces the browser knows Reflex"),
    ("pages/family/dashboard.py", "import rxconnect.services.accounts.accounts", "Pages show, and do nothing"),
    ("state/family/dashboard.py", "import sqlmodel", "States and routes go through services"),
    (
        "services/messages/messages.py",
        "import rxconnect.payments.port",
        "Only services that move money know the card processor",
    ),
    (
        "services/money/ledger.py",
        "import rxconnect.services.books.finance",
        "No two packages of services import each other",
    ),
    ("pages/door/terms.py", "import rxconnect.layout.family", "The door imports no other face"),
    ("state/family/dashboard.py", "import rxconnect.state.staff.desk", "The family's face imports no other face"),
    ("pages/staff/desk.py", "import rxconnect.state.family.messages", "The staff's face imports no other face"),
    (
        "state/demo/room.py",
        "import rxconnect.state.family.messages",
        "The face of demo sessions imports no other face",
    ),
    ("pages/door/terms.py", "import rxconnect.pages.demo.room", "The door imports no other face"),
    ("state/kiosk/letters.py", "import rxconnect.state.family.messages", "The kiosk's face imports no other face"),
    ("pages/family/messages.py", "import rxconnect.layout.kiosk", "The family's face imports no other face"),
    ("layout/staff.py", "import rxconnect.state.kiosk.idle", "The staff's face imports no other face"),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source, for breaches."""
    folder = tmp_path_factory.mktemp("source")
    shutil.copytree(ROOT / "rxconnect", folder / "rxconnect", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_contracts_hold(copy: Path):
    result = _lint(copy)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("file", "line", "contract"), BREACHES)
def test_a_planted_breach_is_caught(copy: Path, file: str, line: str, contract: str):
    source = copy / "rxconnect" / file
    before = source.read_text() if source.exists() else None
    try:
        source.write_text(f"{before or ''}\n{line}\n")
        result = _lint(copy)
    finally:
        source.unlink() if before is None else source.write_text(before)
    assert result.returncode == 1
    assert contract in re.findall(r"^(.+) BROKEN$", result.stdout, re.MULTILINE)


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    lint_imports = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([lint_imports, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)
