"""Where in a facility somebody lives: the unit in a text such as `B-12-L`, which is the part that staff walk to."""

from __future__ import annotations

import re

# Between the columns of a roster that tells the unit, the cell and the bed apart.
_COLUMNS = " / "
_UNIT_TEXT = """
    unit pod block blk cellblock dorm dormitory wing module mod building bldg tower tier floor section quad house tank hall
"""
_UNIT_WORDS = frozenset(_UNIT_TEXT.split())
_PART_WORDS = frozenset(["cell", "bed", "bunk", "room", "rm"])
# These stand in front of the word for a unit and do not name it.
_NO_NAMES = frozenset(["housing", "living", "cell"])
_WORD = re.compile(r"\w+")
# A unit and a cell in one word: `A101`. A single digit belongs to the name of the unit: `G2`.
_WITH_CELL = re.compile(r"([A-Za-z]+)\d{2,}[A-Za-z]?")


def unit_of(housing: str) -> str:
    """The unit of a housing text; the whole text if it names no cell.

    It is the roster's own column for the unit, which comes first (`B / 12 / L`). In one text it is what a word for a unit names
    (`Pod B Cell 12`, `B-POD-12`), or else the part before the first number that is no name: `B-12-L` and `B 12` are in `B`,
    `F1-02` in `F1`, `A101` in `A`.
    """
    if _COLUMNS in housing:
        return housing.split(_COLUMNS, maxsplit=1)[0].strip()
    words = [*_WORD.finditer(housing)]
    plain = [word[0].casefold() for word in words]
    if named := _named_unit(plain):
        first, last = named
        return housing[words[first].start() : words[last].end()]
    if len(words) == 1:
        found = _WITH_CELL.fullmatch(words[0][0])
        return found[1] if found else housing
    if not words or plain[0] in _PART_WORDS or not any(any(map(str.isdigit, word)) for word in plain[1:]):
        return housing
    return words[0][0]


def _named_unit(words: list[str]) -> tuple[int, int] | None:
    """The first and the last of the words that name a unit with a word for it: `pod b`, `b pod`, `housing unit 3`."""
    place = next((place for place, word in enumerate(words) if word in _UNIT_WORDS), None)
    if place is None:
        return None
    follows = min(place + 1, len(words) - 1)
    if place == 0 or _NO_NAMES.issuperset(words[:place]):
        return 0, follows
    return (place, follows) if not _PART_WORDS.isdisjoint(words[:place]) else (0, place)
