"""How people write the names of facilities: abbreviations, initials, words run together.

Nothing here knows any one facility. What an abbreviation stands for is a habit of everybody, or is read off a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from rxconnect.search.normalise import words

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
# Words with the forms that people mix up with them.
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


def _pairs(table: str) -> Iterable[tuple[str, list[str]]]:
    for line in table.strip().splitlines():
        word, _, others = line.partition(": ")
        yield word, others.split()


_FORM_OF = {form: word for word, forms in _pairs(_FORMS) for form in forms}
_LONG = {short: tuple(_FORM_OF.get(word, word) for word in long) for short, long in _pairs(_ABBREVIATIONS)}
_SMALL = frozenset(("a", "an", "and", "at", "for", "in", "of", "on", "the"))
# `Stafford Creek (Aberdeen)`, `Caledon Prison, formerly Oak Hill`: what is not needed to say the name.
_ASIDE = re.compile(
    r"\((?P<inside>[^)]*)\)?|\b(?:fka|f/k/a|aka|a/k/a|formerly|previously)\b(?P<after>.*)", re.IGNORECASE
)

# What a letter of an abbreviation is worth, by where in its word it stands; a word's first letter is worth 1.
_SECOND, _LAST, _INSIDE = 0.75, 0.5, 0.45
# What it costs to leave a word out, before the first letter that is used and after it.
_LATE, _LEFT_OUT = 0.15, 0.25
_PIECE_MIN, _RUN_TOGETHER_MIN = 2, 8


class Spelling(NamedTuple):
    """Which words some letters abbreviate, and how well: `worth` is 1 for their initials, 0 for nothing like it."""

    worth: float
    words: tuple[str, ...]


NOT_SPELLED = Spelling(0, ())


def spoken(text: str) -> tuple[str, ...]:
    """The words of a name as one would say them: `Ft. Dix FCI II` -> fort dix federal correctional institution two."""
    return tuple(word for written in words(text).split() for word in written_out(written))


def written_out(word: str) -> tuple[str, ...]:
    """What a folded word stands for: itself, unless it is an abbreviation or a form of another word."""
    return _LONG.get(word) or (_FORM_OF.get(word, word),)


def is_abbreviation(word: str) -> bool:
    """Whether everybody writes this folded word for another one, or for several."""
    return word in _LONG


def is_small(word: str) -> bool:
    """Whether this is an article, a conjunction or a preposition, which people leave out."""
    return word in _SMALL


def without_small(all_words: Iterable[str]) -> tuple[str, ...]:
    """The words that are not small ones; all, when there are no others."""
    all_words = tuple(all_words)
    return tuple(word for word in all_words if word not in _SMALL) or all_words


def parted_from_aside(name: str) -> tuple[str, str]:
    """A name, and what it says in parentheses or of an earlier name; an aside alone is a name."""
    aside = " ".join(match["inside"] or match["after"] or "" for match in _ASIDE.finditer(name))
    main = _ASIDE.sub(" ", name) if aside else name
    return (main, aside) if aside and words(main) else (name, "")


def spelling(letters: str, state: tuple[str, ...], name: tuple[str, ...]) -> Spelling:
    """What `letters` abbreviate of a name, or of the name with its state before it: `NHCFW`, `WMCC`, `NECX`.

    The letters stand in the order of the words. A word that gives any gives its first one.
    """
    best = _best(letters, 0, (*state, *name), 0, len(state))
    return Spelling(max(0, best.worth) / len(letters), best.words) if best else NOT_SPELLED


def is_in_order(letters: str, text: str) -> bool:
    """Whether `text`, words with a space before each, has these letters in this order: `spelling` needs that at least."""
    position = text.find(f" {letters[0]}") + 1
    for letter in letters[1:]:
        position = position and text.find(letter, position + 1)
        if position < 0:
            return False
    return position > 0


def _best(letters: str, at: int, name: tuple[str, ...], start: int, free: int) -> Spelling | None:
    """The best that the letters from `at` make of the words from `start`; leaving out the first `free` costs nothing.

    `worth` is a sum here. None when the letters do not fit.
    """
    best, cost = None, 0.0
    for position in range(start, len(name)):
        word = name[position]
        if best and best.worth >= len(letters) - at - cost:
            break  # Even if every letter began a word from here on, that would not be better.
        if word[0] == letters[at]:
            for end, worth in _given(letters, at, word):
                rest = _best(letters, end, name, position + 1, free) if end < len(letters) else NOT_SPELLED
                if rest and (best is None or worth + rest.worth - cost > best.worth):
                    best = Spelling(worth + rest.worth - cost, (word, *rest.words))
        if word not in _SMALL and (at or position >= free):
            cost += _LEFT_OUT if at else _LATE
    return best


def _given(letters: str, at: int, word: str) -> list[tuple[int, float]]:
    """Up to where this word, which begins with the letter at `at`, can give the letters, and what that is worth."""
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


def run_together(text: str, is_known: Callable[[str], bool]) -> tuple[str, ...]:
    """The fewest known words of which a folded word consists, `sanquentin` -> san quentin; () when of none."""
    if len(text) < _RUN_TOGETHER_MIN:
        return ()
    # The fewest words for each beginning of the text.
    fewest: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(text) + 1):
        ways = (
            (*before, text[start:end])
            for start, before in enumerate(fewest[: max(0, end - _PIECE_MIN + 1)])
            if before is not None and is_known(text[start:end])
        )
        fewest.append(min(ways, key=len, default=None))
    return fewest[-1] or ()
