"""Errors that people make when they type a name they have heard or a number they have read.

These rules are the benchmark's own, independent of the tables of the search that they measure.
"""

from __future__ import annotations

import re
from functools import lru_cache
from random import Random

from rapidfuzz.distance import OSA

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_FAMILIES = """
sean shawn shaun|jon john|steven stephen stefan|jeffrey geoffrey jeffery|brian bryan|eric erik erick|marc mark
philip phillip|christopher kristopher cristopher|alan allen allan|smith smyth smythe|thompson thomson tompson|reed reid read
clark clarke|brown browne|stewart stuart|meyer myer mayer meier|schmidt schmitt|gonzalez gonzales|rodriguez rodrigues
martinez martines|jimenez gimenez ximenez|moore more moor|lewis louis|neal neil neill|anthony antony|matthew mathew
jonathan johnathan jonathon|michael micheal mikel|darrell darryl daryl|terrence terrance terence|lawrence laurence
rafael raphael|carl karl|curtis kurtis|craig kraig|kenny kenney|cory corey kory|tracy tracey|casey kasey|jaime jamie
brandon brandan branden|aaron aron arron|zachary zachery zackary|nicholas nicolas|frederick fredrick frederic|cody kody
francis frances|isaac issac isaak|elliott eliot elliot|dominic dominick domenic|vincent vinsent|walter valter|hector ector
wright right rite|white wight|knight night|johnson jonson|peterson pedersen|anderson andersen|hansen hanson|olsen olson
nielsen nelson|larson larsen|carter karter|cooper kooper|cook cooke|green greene|burke berk burk|pierce pearce peirce
snyder snider schneider|fisher fischer|miller mueller muller|schultz shultz schulz|kaufman kauffman|hoffman hofman hoffmann
lee leigh li|davis davies|harris haris|phillips philips|nguyen nuyen|ramirez ramires|hernandez ernandez|vasquez vazquez basquez
chavez chaves|cruz cruse|ortiz ortis|diaz dias|perez peres|sanchez sanches|flores florez|garcia garsia|lopez lopes
"""
FAMILIES: dict[str, list[str]] = {}
for _line in _FAMILIES.replace("\n", "|").split("|"):
    for _name in _line.split():
        FAMILIES.setdefault(_name, []).extend(other for other in _line.split() if other != _name)

# Pairs of (written pattern, another spelling of the same sound).
_RESPELLINGS = [
    (re.compile(pattern), spelling)
    for pattern, spelling in (
        (r"ph", "f"),
        (r"(?<!f)f(?!f)", "ph"),
        (r"ck", "k"),
        (r"c(?=[aorlu])", "k"),
        (r"k(?=[aorlu])", "c"),
        (r"c(?=[ei])", "s"),
        (r"(?<=[aeiou])s(?=[ei])", "c"),
        (r"ie$", "y"),
        (r"y$", "ie"),
        (r"(?<=[^aeiou])y$", "i"),
        (r"ey$", "y"),
        (r"(?<=[aeiou])([lmnrtsp])\1", r"\1"),
        (r"(?<=[aeiou])([lmnrt])(?=[aeiouy])", r"\1\1"),
        (r"z$", "s"),
        (r"(?<=[aeiou])s$", "z"),
        (r"v(?=[aeiou])", "b"),
        (r"^h(?=[aeiou])", ""),
        (r"^j(?=[aeiou])", "g"),
        (r"^g(?=[ei])", "j"),
        (r"ee", "ea"),
        (r"ea(?=[^u])", "ee"),
        (r"ai", "ay"),
        (r"ei", "ie"),
        (r"er$", "or"),
        (r"or$", "er"),
        (r"en$", "an"),
        (r"on$", "en"),
        (r"sch", "sh"),
        (r"th$", "t"),
        (r"(?<=[aeiou])gh", ""),
        (r"ou", "u"),
        (r"qu(?=[ei])", "k"),
        (r"ks|cks", "x"),
        (r"x", "ks"),
        (r"ll(?=[aeo])", "y"),
        (r"(?<=[^aeiou])e$", ""),
    )
]


def typo(rng: Random, word: str) -> str:
    """One typing error: a neighbouring key, a letter dropped, doubled, swapped with the next, or added."""
    while True:
        # People make fewer errors in first letters.
        at = rng.randrange(len(word)) if rng.random() < 0.15 else rng.randrange(1, len(word))
        slip = rng.choice((_neighbour, _drop, _double, _swap, _added))
        slipped = slip(rng, word, at)
        if slipped != word and " " not in (slipped[0], slipped[-1]) and word[at] != " ":
            return slipped


def two_edits(rng: Random, word: str) -> str:
    """Two errors in one word that do not cancel out."""
    while True:
        slipped = typo(rng, typo(rng, word))
        if OSA.distance(slipped, word) == 2:
            return slipped


def sound_alike(rng: Random, word: str) -> str:
    """Another spelling of the name's sound, or ""."""
    if word in FAMILIES and rng.random() < 0.8:
        return rng.choice(FAMILIES[word])
    options = {pattern.sub(spelling, word, count=1) for pattern, spelling in _RESPELLINGS} - {word}
    return rng.choice(sorted(options)) if options else ""


def sounds_alike(one: str, other: str) -> bool:
    """Whether one may be a spelling of the other, by up to two of these rules."""
    return one in _heard(other) or other in _heard(one) or not _heard(one).isdisjoint(_heard(other))


def wrong_digit(rng: Random, number: str) -> str:
    """One digit wrong, missing, or swapped with the next."""
    places = [at for at, ch in enumerate(number) if ch.isdigit()]
    while True:
        at = rng.choice(places)
        wrong = number[:at] + rng.choice("0123456789") + number[at + 1 :]
        slipped = rng.choice((wrong, _drop(rng, number, at), _swap(rng, number, at)))
        if slipped != number:
            return slipped


@lru_cache(maxsize=100_000)
def _heard(word: str) -> set[str]:
    return {
        word,
        *FAMILIES.get(word, ()),
        *(pattern.sub(spelling, word, count=1) for pattern, spelling in _RESPELLINGS),
    }


def _neighbour(rng: Random, word: str, at: int) -> str:
    keys = _neighbours(word[at])
    return word[:at] + rng.choice(keys) + word[at + 1 :] if keys else word


def _drop(rng: Random, word: str, at: int) -> str:
    return word[:at] + word[at + 1 :]


def _double(rng: Random, word: str, at: int) -> str:
    return word[:at] + word[at] + word[at:]


def _swap(rng: Random, word: str, at: int) -> str:
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :] if at + 1 < len(word) else word


def _added(rng: Random, word: str, at: int) -> str:
    keys = _neighbours(word[at])
    return word[:at] + rng.choice(keys) + word[at:] if keys else word


def _neighbours(key: str) -> str:
    """The keys beside, above and below on an American keyboard."""
    for row, keys in enumerate(_ROWS):
        if key in keys:
            at = keys.index(key)
            near = [
                letter
                for other in _ROWS[max(0, row - 1) : row + 2]
                for letter in other[max(0, at - 1) : at + 2]
                if letter != key
            ]
            return "".join(near)
    return ""
