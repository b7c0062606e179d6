"""Cells of a file without a usable value: a word for *unknown*, or a formula that a spreadsheet would run."""

from __future__ import annotations

import re
from collections.abc import Iterable

# After a minus only an expression is a formula: neither a number nor a housing unit such as `-12-A` is.
_FORMULA = re.compile(r"[=+@]|-(?!-*$|[0-9]+[^+*/^&|!(]*$)")


def in_any_case(words: Iterable[str]) -> frozenset[str]:
    """A set of each word in lower case, in capitals and capitalized, for a fast lookup of cells."""
    return frozenset(form for word in words for form in (word, word.upper(), word.capitalize(), word.title()))


UNKNOWN = in_any_case(
    ["-", "--", "-999", "?", "n/a", "na", "none", "not applicable", "not available", "null", "unk", "unknown"]
)


def blank_if_unknown(cell: str) -> str:
    """The cell, or "" if it is a word for *unknown*."""
    return "" if cell in UNKNOWN else cell


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run the cell as a formula in our exports. A negative number is not a formula."""
    return _FORMULA.match(cell) is not None
