"""A year of birth or an age, as a hint that puts people with the same name into an order. It never hides anyone."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from rxconnect.domain import clock
from rxconnect.search.likeness import TOO_FAR, Likeness

_OLDEST, _YOUNGEST = 110, 10  # ages
_SURELY_A_YEAR = 76  # two digits of at least this are a year: `85` is 1985, and `45` an age
# The cost by how many years the person's year of birth is away. Further away costs the most.
_COSTS = {0: 0, 1: 1, 2: 4, 3: 8}
_FAR_AWAY, _NOT_ON_THE_LIST = 14, 3

_DATE = r"\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})(?!\d)|\d{4}[/.-]\d{1,2}[/.-]\d{1,2}(?!\d)"
_MONTH = r"(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-z]*\.?|\d{1,2})[\s,]+"
_WHEN = rf"(?:{_DATE}|(?:{_MONTH}){{0,2}}['’]?\d{{2,4}}(?!\d))"
_WORDS = re.compile(
    rf"\b(?:(?:date|year)\s+of\s+birth|(?:birth|born)(?:\s*(?:day|date|year|in|on))?|d\.?o\.?b\b\.?|y\.?o\.?b\b\.?|"
    rf"nacid[oa](?:\s+en|\s+el)?|nació(?:\s+en|\s+el)?|(?:fecha|año)\s+de\s+nacimiento)[\s:.=#-]*{_WHEN}"
    r"|\b(?:aged?|edad)\b[\s:.=]*\d{1,3}(?!\d)(?:\s*(?:years?|yrs?|años)\b)?"
    r"|(?<![\w-])\d{1,3}[\s-]*(?:(?:years?|yrs?)(?:[\s-]*old)?|y/?o|años)\b"
    r"|(?<![\w/.-])\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})(?![\w/])",
    re.IGNORECASE,
)
_AGE = re.compile(r"\b(?:aged?|edad)\b|\d[\s-]*(?:years?\b|yrs?\b|y/?o\b|años\b)", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})[/.-]\d{1,2}[/.-]\d{1,2}")


class Born(NamedTuple):
    """The years in which the person may have been born, the first and the last. `typed` is the text that said so."""

    first: int
    last: int
    typed: str


def cut_out(text: str) -> tuple[str, Born | None]:
    """The text without a phrase about the birth, such as `born 1990` or `age 34`, and what the phrase says."""
    for found in _WORDS.finditer(text):
        if born := read(found[0]):
            return f"{text[: found.start()]} {text[found.end() :]}", born
    return text, None


def read(text: str) -> Born | None:
    """The years that a text means: `1990`, `34`, `about 34`, `'90`, `5/12/1990`; None if it has none."""
    iso = _ISO.search(text)
    numbers = [iso[1]] if iso else re.findall(r"(?<!\d)[0-9]{1,4}(?!\d)", text)
    if not numbers:
        return None
    typed, number, today = " ".join(text.split()), int(numbers[-1]), clock.now().date()
    is_age = len(numbers) == 1 and (
        bool(_AGE.search(text)) or (number < _SURELY_A_YEAR and not re.search("['’]", text))
    )
    if is_age and _YOUNGEST <= number <= _OLDEST:
        return Born(today.year - number - 1, today.year - number, typed)
    year = number if len(numbers[-1]) == 4 else _four_digits(number, today) if len(numbers[-1]) == 2 else 0
    return Born(year, year, typed) if _OLDEST >= today.year - year >= _YOUNGEST else None


def compare(born: Born, birth: date | str | None, birth_year: int | None) -> Likeness:
    """How well a person's date or year of birth fits. The database may give the date as text."""
    year = birth_year or (int(str(birth)[:4]) if birth else None)
    if year is None:
        return Likeness(_NOT_ON_THE_LIST, "birth not known", born.typed)
    away = max(born.first - year, year - born.last, 0)
    return Likeness(_COSTS.get(away, _FAR_AWAY), "another birth" if away else "", born.typed if away else "")


def with_hint(likeness: Likeness, hint: Likeness) -> Likeness:
    """A likeness with the cost of the hint. Who was found without the hint is found with it."""
    both = likeness.and_also(hint)
    return both._replace(cost=max(likeness.cost, min(both.cost, TOO_FAR - 1)))


def _four_digits(number: int, today: date) -> int:
    """`85` is 1985."""
    return today.year - (today.year - number) % 100
