"""Units of housing, as lists write them: in a column that may hold other places, and as headings above the people in them."""

from __future__ import annotations

import re
from collections.abc import Collection

from rxconnect.services.shapes.headers import meaning_of

_UNIT_WORDS = frozenset(
    "pod unit block cellblock dorm dormitory wing tier module housing tank hall bay cell quad".split()  # noqa: SIM905
)
_AREAS_TEXT = """
    floor building bldg annex east west north south northeast northwest southeast southwest upper lower main level side
    intake booking medical infirmary seg segregation isolation holding kitchen trusty trustee trustees work male males female
    females mens womens men women juvenile juv max med min inf maximum medium minimum classification reception detox observation
"""
_AREAS = _UNIT_WORDS | frozenset(_AREAS_TEXT.split())
# A place with one of these is a building of its own, or an address.
_ELSEWHERE_TEXT = """
    jail prison penitentiary correctional corrections correction institution center centre facility complex county city state
    sheriff police department court courthouse hospital agency camp st street ave avenue blvd hwy highway rd road dr drive ln
    lane ct court pkwy way route fm us
"""
_ELSEWHERE = frozenset(_ELSEWHERE_TEXT.split())
_WORD = re.compile(r"[^\W_]+")
_LONGEST, _MOST_WORDS, _MOST_DIGITS, _CODE = 24, 4, 5, 2
_SHARE = 0.7
# A report says with one of these that it is about every unit.
_EVERY = frozenset(["all", "any", "every", "each", "various", "multiple"])
# What follows the name of a unit in a heading: a count, or that it goes on from the page before.
_AFTER = re.compile(r"\s*(?:[(\[].*|\b(?:count|total|page|cont(?:inued|'d|d)?)\b.*)$", re.IGNORECASE)


def are_units(values: Collection[str]) -> bool:
    """Whether most values of a column, without empty ones, look like units of housing: `East 1`, `G2`, `MED`."""
    units = sum(map(_is_unit, values))
    return bool(units) and units >= _SHARE * len(values)


def unit_in_heading(text: str) -> str:
    """The unit that a row of one text names for the people below it, `Housing Unit: A-POD` or `A-POD`; "" if it names none."""
    label, colon, unit = text.partition(":")
    if colon:
        meaning, unit = meaning_of(label.strip()), _AFTER.sub("", unit).strip()
        is_unit = meaning is not None and meaning.field == "housing"
        return unit if is_unit and _EVERY.isdisjoint(unit.casefold().split()) else ""
    unit = _AFTER.sub("", text).strip()
    words = {*_WORD.findall(unit.casefold())}
    is_unit = not _UNIT_WORDS.isdisjoint(words) and not words <= _UNIT_WORDS and "," not in unit
    return unit if is_unit and all(_names_a_unit(word) for word in words) else ""


def _names_a_unit(word: str) -> bool:
    return word in _AREAS or len(word) == 1 or any(map(str.isdigit, word))


def _is_unit(value: str) -> bool:
    words = _WORD.findall(value.casefold())
    if not words or len(value) > _LONGEST or len(words) > _MOST_WORDS or not _ELSEWHERE.isdisjoint(words):
        return False
    digits = sum(map(str.isdigit, value))
    is_code = len(words) == 1 and len(words[0]) <= _CODE
    return 0 < digits <= _MOST_DIGITS or is_code or not _AREAS.isdisjoint(words)
