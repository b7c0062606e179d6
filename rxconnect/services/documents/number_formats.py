"""Numbers of workbooks as the sheet shows them, where that matters: leading zeros, hyphens, dates and times.

Everything else is the bare number, without thousands separators, currency or rounding.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache

Shown = Callable[[str], str]

_TOKEN = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]?|General|AM/PM|A/P|[Ee][+-]|.', re.IGNORECASE | re.DOTALL)
_DURATION = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
# Numbers of formats that have no code in the file, and show a date or a time.
_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)}
# Excel believes that 1900 was a leap year, so its days before March are one less.
_MARCH_1900, _LAST_DAY = 60, 2_958_466


def plain(text: str) -> str:
    """A number as people write it: `12345.0` and `1.2345E4` are 12345."""
    if text.isdecimal():
        return text
    try:
        value = float(text)
    except ValueError:
        return text
    # A spreadsheet keeps 15 digits. A longer number has lost its last ones, so it keeps a form that is refused.
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"


def built_in(number: int, is_1904: bool) -> Shown:
    """How a built-in format shows a number."""
    return _date_in(is_1904) if number in _BUILT_IN_DATES else plain


def of_code(code: str, is_1904: bool) -> Shown:
    """How the format with this code, such as `00000` or `dd.mm.yyyy`, shows a number."""
    section = _first_section(code)
    if any(_DURATION.fullmatch(token) for token in section):
        return plain
    signs = [token.lower() for token in section if token[0] not in '"\\_*[']
    if not any("general" in sign for sign in signs) and any(sign in {"y", "m", "d", "h", "s"} for sign in signs):
        return _date_in(is_1904)
    if re.search(r"[.,%@/]|e[+-]|general", "".join(signs)) or not _has_more_than_digits(section):
        return plain
    pattern = [literal for token in section if (literal := _literal(token))]
    return lambda text: _in_pattern(text, pattern)


def _first_section(code: str) -> list[str]:
    """The tokens up to the first semicolon: the format of positive numbers."""
    tokens: list[str] = []
    for sign in _TOKEN.findall(code[:500]):
        if sign == ";":
            break
        tokens.append(sign)
    return tokens


def _has_more_than_digits(section: list[str]) -> bool:
    """Whether the format shows zeros in front, or letters, digits or hyphens around the number."""
    literals = "".join(_literal(token) for token in section if token not in ("0", "#", "?"))
    return section.count("0") > 1 or (
        bool({"0", "#"} & {*section}) and any(ch.isalnum() or ch == "-" for ch in literals)
    )


def _literal(token: str) -> str:
    if token[0] == '"':
        return token.strip('"')
    if token[0] == "\\":
        return token[1:]
    return "" if token[0] in "_*[" else token


def _in_pattern(text: str, pattern: list[str]) -> str:
    """The digits in the places `0`, `#` and `?` of the pattern, from the right."""
    number = plain(text)
    if not number.removeprefix("-").isdecimal():
        return number
    digits, written = list(number.removeprefix("-")), []
    first = next(place for place, sign in enumerate(pattern) if sign in ("0", "#", "?"))
    for place in range(len(pattern) - 1, -1, -1):
        sign = pattern[place]
        if sign not in ("0", "#", "?"):
            written.append(sign)
        elif place == first:
            written.append("".join(digits) or ("0" if sign == "0" else ""))
        elif digits or sign == "0":
            written.append(digits.pop() if digits else "0")
    return ("-" if number.startswith("-") else "") + "".join(reversed(written))


def _date_in(is_1904: bool) -> Shown:
    return _date_since_1904 if is_1904 else _date_since_1900


@lru_cache(maxsize=65_536)
def _date_since_1900(text: str) -> str:
    return _date(text, datetime(1899, 12, 30))  # noqa: DTZ001 - a cell has no zone


@lru_cache(maxsize=65_536)
def _date_since_1904(text: str) -> str:
    return _date(text, datetime(1904, 1, 1))  # noqa: DTZ001


def _date(text: str, day_0: datetime) -> str:
    """`1990-12-31`, with the time if it has one; only the time for less than a day; the number if it is no date."""
    try:
        days = float(text)
    except ValueError:
        return text
    if not 0 <= days < _LAST_DAY:
        return plain(text)
    if day_0.year < 1900 and days < _MARCH_1900:
        day_0 += timedelta(days=1)
    moment = day_0 + timedelta(seconds=round(days * 86_400))
    if 0 < days < 1:
        return moment.strftime("%H:%M:%S")
    return moment.strftime("%Y-%m-%d %H:%M:%S" if moment.time() != datetime.min.time() else "%Y-%m-%d")
