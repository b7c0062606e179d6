"""The stylesheets know no left and no right, so that a language which is written from right to left lays out right."""

import re
from pathlib import Path

import pytest

STYLESHEETS = sorted((Path(__file__).parents[2] / "assets").glob("*.css"))
SIDES = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin)-(?:left|right)|border-(?:top|bottom)-(?:left|right)-radius|left|right|float)"
    r"(?:-\w+)?\s*:[^;}]*|(?<![\w-])text-align\s*:\s*(?:left|right)"
)
FOUR = re.compile(r"(?<![\w-])(?:margin|padding|inset|border-width|scroll-margin|scroll-padding)\s*:\s*([^;}]+)")
PART = re.compile(r"(?:[\w-]*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|[^\s()]+)+")
# A window that is enlarged has its corner at the left in every language.
ALLOWED = {"left: 0"}


def sided(css: str) -> list[str]:
    """The declarations that name a side, or give the two sides different lengths."""
    found = [match[0] for match in SIDES.finditer(css) if match[0] not in ALLOWED]
    for match in FOUR.finditer(css):
        parts = PART.findall(match[1])
        if len(parts) == 4 and parts[1] != parts[3]:
            found.append(match[0])
    return found


@pytest.mark.parametrize("file", STYLESHEETS, ids=lambda file: file.name)
def test_no_style_names_a_side(file):
    assert sided(file.read_text()) == []


def test_a_planted_breach_is_caught():
    planted = (
        "a { margin-left: 4px; padding: 1px 2px 1px 3px; text-align: right; left: 5px; inset: 0 calc(1px + 2px) 0 0; }"
    )
    assert len(sided(planted)) == 5
    assert sided("a { margin: 1px 2px 3px 2px; inset: 0; padding-inline: 1px 2px; text-align: start; }") == []
