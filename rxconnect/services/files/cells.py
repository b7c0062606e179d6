"""What a cell of a file may hold that is no value: a word for *unknown*, or what a spreadsheet would run."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Of what begins with a minus, a housing unit such as `-12-A` or a number is none: only what would be computed.
_FORMULA = re.compile(r"[=+@]|-(?!-*$|[0-9]+[^+*/^&|!(]*$)")


def in_any_case(words: Iterable[str]) -> frozenset[str]:
    """Words as files write them: small, In Capitals Or Partly. As a set they are found in many rows quickly."""
    return frozenset(form for word in words for form in (word, word.upper(), word.capitalize(), word.title()))


UNKNOWN = in_any_case(
    ["-", "--", "-999", "?", "n/a", "na", "none", "not applicable", "not available", "null", "unk", "unknown"]
)


def known(cell: str) -> str:
    """The cell, or "" when it says that its value is unknown."""
    return "" if cell in UNKNOWN else cell


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run the cell, which we would hand on in exports. A negative number is none."""
    return _FORMULA.match(cell) is not None
