"""Each package of services is small, and says what may go in."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SERVICES = ROOT / "rxconnect" / "services"
ROOMS = sorted(path for path in SERVICES.iterdir() if path.is_dir() and path.name != "__pycache__")


def test_services_lie_in_rooms_alone():
    assert [path.name for path in SERVICES.glob("*.py")] == ["__init__.py"]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_holds_at_most_15_files_and_says_what_may_go_in(room: Path):
    assert len([path for path in room.glob("*.py") if path.name != "__init__.py"]) <= 15
    assert ast.get_docstring(ast.parse((room / "__init__.py").read_text()))


def test_tests_lie_in_the_room_of_what_they_test():
    rooms = {room.name for room in ROOMS}
    tested = {path.name for path in (ROOT / "tests" / "services").iterdir() if path.is_dir()} - {"__pycache__"}
    assert tested <= rooms
