"""Parses whole numbers from forms, URLs, headers and files."""

from __future__ import annotations

# The greatest number that an integer column holds in both databases.
GREATEST = 2**31 - 1
# Python refuses to parse a number of several thousand digits, and is slow for one that is a little shorter.
_MOST_DIGITS = 20


def whole_number(text: str, *, least: int = 0, most: int = GREATEST) -> int | None:
    """The whole number in `text`; None when it is not one, or is not between `least` and `most`.

    Only the digits 0 to 9 count, with or without white space around them: no sign, fraction or separator, and no digits
    of other scripts, which `int` would read.
    """
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS):
        return None
    number = int(digits)
    return number if least <= number <= most else None
