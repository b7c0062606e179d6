"""Text is read as a number, and cleaned of what no database keeps, in one place each."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent / "rxconnect"
# Whether text is made of digits: half of the question whether it is a number, and the half that misleads.
LOOKS_AT_DIGITS = re.compile(r"\.is(digit|numeric)\(\)")
CLEANS = re.compile(r"""replace\("\\0"|\\ud800|errors="ignore\"""")


def found_in(pattern: re.Pattern[str]) -> list[str]:
    found = (path for path in sorted(ROOT.rglob("*.py")) if pattern.search(path.read_text()))
    return [path.relative_to(ROOT).as_posix() for path in found]


def test_only_domain_numbers_asks_whether_a_text_is_a_number():
    # Search tells words from numbers, and reads none as one.
    outside_search = [path for path in found_in(LOOKS_AT_DIGITS) if not path.startswith("search/")]
    assert outside_search == ["domain/numbers.py"]


def test_only_domain_text_drops_characters_that_no_database_keeps():
    assert found_in(CLEANS) == ["domain/text.py"]
