"""Whole numbers as people type them, and as they stand in addresses, headers and files."""

from __future__ import annotations

# The greatest number that an integer column of every database of ours holds.
GREATEST = 2**31 - 1
# Python refuses to read a number of several thousand digits, and takes long for one a little shorter.
_MOST_DIGITS = 20


def whole_number(text: str, *, least: int = 0, most: int = GREATEST) -> int | None:
    """The whole number that `text` is, or None when it is none, or is not between `least` and `most`.

    Only the digits 0 to 9 count, with or without white space around them: no sign, fraction or separator, and no digits of
    other scripts, which `int` would read.
    """
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS):
        return None
    number = int(digits)
    return number if least <= number <= most else None
