"""The ways in which people write the names of facilities: abbreviations, initials, and words run together.

Nothing here is about one facility: abbreviations are either common ones, or are matched against a name letter by
letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from rxconnect.search.normalise import folded_words

_ABBREVIATIONS = """
cc: correctional center
cf: correctional facility
ci: correctional institution
cj: county jail
cntr: center
cnty: county
co: county
comm: community
corr: correctional
ctr: center
dc: detention center
dept: department
det: detention
doc: department of corrections
fac: facility
fcc: federal correctional complex
fci: federal correctional institution
fdc: federal detention center
fmc: federal medical center
fpc: federal prison camp
ft: fort
hosp: hospital
inst: institution
jdc: juvenile detention center
juv: juvenile
mcc: metropolitan correctional center
mdc: metropolitan detention center
metro: metropolitan
mt: mount
mtn: mountain
pen: penitentiary
rc: reception center
rehab: rehabilitation
sci: state correctional institution
sp: state prison
st: saint
trans: transitional
usp: united states penitentiary
ydc: youth development center
ne: north east
northeast: north east
northeastern: north east
nw: north west
northwest: north west
northwestern: north west
se: south east
southeast: south east
southeastern: south east
sw: south west
southwest: south west
southwestern: south west
prerelease: pre release
reentry: re entry
"""
# Words with the forms that people confuse with them.
_FORMS = """
boy: boys
center: centers centre
children: childrens
correctional: correction corrections
east: eastern
facility: facilities
girl: girls
institution: institute institutional
jail: jails
man: mans
men: mens
north: northern
saint: ste
south: southern
transitional: transition
west: western
woman: womans
women: womens
one: 1
two: 2 ii
three: 3 iii
four: 4 iv
five: 5
six: 6
seven: 7
eight: 8
nine: 9
ten: 10
"""


def _parse_table(table: str) -> Iterable[tuple[str, list[str]]]:
    for line in table.strip().splitlines():
        word, _, others = line.partition(": ")
        yield word, others.split()


_FORM_OF = {form: word for word, forms in _parse_table(_FORMS) for form in forms}
_LONG = {short: tuple(_FORM_OF.get(word, word) for word in long) for short, long in _parse_table(_ABBREVIATIONS)}
_SMALL = frozenset(("a", "an", "and", "at", "for", "in", "of", "on", "the"))
# The part of a name that can be left out: `Stafford Creek (Aberdeen)`, `Caledon Prison, formerly Oak Hill`.
_ASIDE = re.compile(
    r"\((?P<inside>[^)]*)\)?|\b(?:fka|f/k/a|aka|a/k/a|formerly|previously)\b(?P<after>.*)", re.IGNORECASE
)

# The worth of a letter of an abbreviation, by its position in the word; a word's first letter is worth 1.
_SECOND, _LAST, _INSIDE = 0.75, 0.5, 0.45
# The cost of leaving a word out, before the first letter that is used and after it.
_LATE, _LEFT_OUT = 0.15, 0.25
_PIECE_MIN, _RUN_TOGETHER_MIN = 2, 8


class Spelling(NamedTuple):
    """Which words some letters abbreviate, and how well: `worth` is 1 for initials, 0 for no abbreviation."""

    worth: float
    words: tuple[str, ...]


NOT_SPELLED = Spelling(0, ())


def spoken_words(text: str) -> tuple[str, ...]:
    """The words of a name, written out: `Ft. Dix FCI II` -> fort dix federal correctional institution two."""
    return tuple(word for written in folded_words(text).split() for word in written_out(written))


def written_out(word: str) -> tuple[str, ...]:
    """The words that a folded word stands for. Most words stand for themselves."""
    return _LONG.get(word) or (_FORM_OF.get(word, word),)


def is_abbreviation(word: str) -> bool:
    """Whether this folded word is a common abbreviation."""
    return word in _LONG


def is_small(word: str) -> bool:
    """Whether this is an article, a conjunction or a preposition, which people often leave out."""
    return word in _SMALL


def without_small(all_words: Iterable[str]) -> tuple[str, ...]:
    """The words without the small ones; all words if there are only small ones."""
    all_words = tuple(all_words)
    return tuple(word for word in all_words if word not in _SMALL) or all_words


def split_aside(name: str) -> tuple[str, str]:
    """A name and its aside, which is in parentheses or gives an earlier name. An aside alone counts as the name."""
    aside = " ".join(match["inside"] or match["after"] or "" for match in _ASIDE.finditer(name))
    main = _ASIDE.sub(" ", name) if aside else name
    return (main, aside) if aside and folded_words(main) else (name, "")


def spelling(letters: str, state: tuple[str, ...], name: tuple[str, ...]) -> Spelling:
    """Which words of a name, or of its state and name, `letters` abbreviate: `NHCFW`, `WMCC`, `NECX`.

    The letters are in the order of the words. A word that contributes a letter contributes its first one.
    """
    best = _best_spelling(letters, 0, (*state, *name), 0, len(state))
    return Spelling(max(0, best.worth) / len(letters), best.words) if best else NOT_SPELLED


def is_in_order(letters: str, text: str) -> bool:
    """Whether `text` (words with a space before each) has these letters in this order: a quick test before `spelling`."""
    position = text.find(f" {letters[0]}") + 1
    for letter in letters[1:]:
        position = position and text.find(letter, position + 1)
        if position < 0:
            return False
    return position > 0


def _best_spelling(letters: str, at: int, name: tuple[str, ...], start: int, free: int) -> Spelling | None:
    """The best way to match the letters from `at` with the words from `start`. Leaving out the first `free` costs nothing.

    `worth` is a sum here. None when the letters do not match.
    """
    best, cost = None, 0.0
    for position in range(start, len(name)):
        word = name[position]
        if best and best.worth >= len(letters) - at - cost:
            break  # Even if every further letter began a word, the result would be no better.
        if word[0] == letters[at]:
            for end, worth in _letters_supplied(letters, at, word):
                rest = _best_spelling(letters, end, name, position + 1, free) if end < len(letters) else NOT_SPELLED
                if rest and (best is None or worth + rest.worth - cost > best.worth):
                    best = Spelling(worth + rest.worth - cost, (word, *rest.words))
        if word not in _SMALL and (at or position >= free):
            cost += _LEFT_OUT if at else _LATE
    return best


def _letters_supplied(letters: str, at: int, word: str) -> list[tuple[int, float]]:
    """The letters from `at` that this word can supply, as (end, worth) for each possible end."""
    position, worth = 0, 1.0
    given = [(at + 1, worth)]
    for end in range(at + 1, len(letters)):
        found = word.find(letters[end], position + 1)
        if found < 0:
            break
        worth += _SECOND if found == end - at else _LAST if found == len(word) - 1 else _INSIDE
        position = found
        given.append((end + 1, worth))
    return given


def split_run_together(text: str, is_known: Callable[[str], bool]) -> tuple[str, ...]:
    """Split a folded word into the fewest known words: `sanquentin` -> san quentin. () when that is impossible."""
    if len(text) < _RUN_TOGETHER_MIN:
        return ()
    # The fewest words for each prefix of the text.
    fewest: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(text) + 1):
        ways = (
            (*before, text[start:end])
            for start, before in enumerate(fewest[: max(0, end - _PIECE_MIN + 1)])
            if before is not None and is_known(text[start:end])
        )
        fewest.append(min(ways, key=len, default=None))
    return fewest[-1] or ()
