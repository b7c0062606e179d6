"""A text is read as a whole number in one place, since `int` takes more than people and databases do."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent / "rxconnect"
# Whether text is made of digits: half of the question whether it is a number, and the half that misleads.
LOOKS_AT_DIGITS = re.compile(r"\.is(digit|numeric)\(\)")
# Here words are told from numbers, and none is read as one.
ABOUT_WORDS = "search"


@pytest.mark.parametrize(
    "path", sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py") if path.parent.name != ABOUT_WORDS)
)
def test_only_domain_numbers_asks_whether_a_text_is_a_number(path):
    assert not LOOKS_AT_DIGITS.search((ROOT / path).read_text()) or path == "domain/numbers.py"
