"""What the cells of any file have in common: words for *unknown*, formulas, and the marks of spreadsheets."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

# After a minus only an expression is a formula: neither a number nor a housing unit such as `-12-A` is.
_FORMULA = re.compile(r"[=+@]|-(?!-*$|[0-9]+[^+*/^&|!(]*$)")

# A text that a spreadsheet must not take for a number: `="00123"`, or an apostrophe before anything with a digit.
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
_TEXT_MARK = re.compile(r"['’](?=[^'’]*[0-9][^'’]*$)")
# What a list that was taken from a web page leaves in its cells.
TAG = re.compile(r"</?(?:a|b|i|u|p|br|em|img|div|font|span|strong)(?:\s[^<>]*)?/?>", re.IGNORECASE)
ENTITY = re.compile(rb"&(?:#[0-9]{1,6}|#x[0-9a-f]{1,5}|[a-z]{2,8});", re.IGNORECASE)
_ADDED_DECIMALS = re.compile(r"([0-9]+)\.0+")


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


def without_text_mark(cell: str) -> str:
    """The cell without the sign that makes it a text in a spreadsheet: `'00123` and `="00123"` are 00123.

    Nothing is computed. Other formulas stay, and so does the apostrophe of a name, such as 'Okalani.
    """
    if quoted := _TEXT_FORMULA.fullmatch(cell):
        return quoted[1].replace('""', '"').strip()
    mark = _TEXT_MARK.match(cell)
    return cell[mark.end() :] if mark else cell


def without_tags(cell: str) -> str:
    """The text of a cell that was taken from a web page: `<a href="/7">PEÑA</a>` is PEÑA. Lines become blanks."""
    return " ".join(TAG.sub(" ", cell).split()) if "<" in cell else cell


def without_entities(cell: str) -> str:
    """The cell with the letters that a web page writes as names: `PE&Ntilde;A` is PEÑA."""
    return html.unescape(cell).replace("\xa0", " ").strip() if "&" in cell else cell


def without_decimals(number: str) -> str:
    """A number without the decimals that a program added: `12345.0` and `12345.00` are 12345."""
    found = _ADDED_DECIMALS.fullmatch(number)
    return found[1] if found else number
