"""Text is read as a number, and cleaned of what no database keeps, in one place each."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent / "rxconnect"
FILES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py"))
# Whether text is made of digits: half of the question whether it is a number, and the half that misleads.
LOOKS_AT_DIGITS = re.compile(r"\.is(digit|numeric)\(\)")
CLEANS = re.compile(r"""replace\("\\0"|\\ud800|errors="ignore\"""")


@pytest.mark.parametrize("path", [path for path in FILES if not path.startswith("search/")])
def test_only_domain_numbers_asks_whether_a_text_is_a_number(path):
    # Search tells words from numbers, and reads none as one.
    assert not LOOKS_AT_DIGITS.search((ROOT / path).read_text()) or path == "domain/numbers.py"


@pytest.mark.parametrize("path", FILES)
def test_only_domain_text_drops_characters_that_no_database_keeps(path):
    assert not CLEANS.search((ROOT / path).read_text()) or path == "domain/text.py"


def test_the_patterns_find_what_they_look_for():
    assert LOOKS_AT_DIGITS.search((ROOT / "domain/numbers.py").read_text())
    assert CLEANS.search((ROOT / "domain/text.py").read_text())
