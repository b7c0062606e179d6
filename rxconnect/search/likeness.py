"""The distance from a typed name to a booked one, as a cost: 0 is exact, then come beginnings, then similar names.

The order of the costs matters, not their values: a typed name is most often right, then unfinished, then heard or
remembered slightly differently. The costs of first and last name are added.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler

from rxconnect.search import nicknames
from rxconnect.search.normalise import Name, sound_of

# A cost of at least this is not a match.
TOO_FAR = 60
# The least number of letters for which an error is forgiven in the beginning of a longer name.
HALF_TYPED = 4
_BEGINS, _INITIAL, PART, _SPOKEN, _RELATED, _CLOSE = 6, 8, 4, 11, 12, 14
MOST_BEGUN = 9  # the cost of a word of which the beginning was typed; all other costs but 0 are higher
_SPOKEN_SLIPS = 5  # the most letters in which names that sound alike may differ
_SIBLING, _RELATIVES_SLIP, _HALF_TYPED_SLIP, MIDDLE, MORE_THAN_BOOKED = 6, 10, 26, 8, 12
_MIDDLE_INITIAL, _ONLY_AN_INITIAL = 3, 20
_NO_PARTICLE = 14


class Likeness(NamedTuple):
    """A cost and its reason: `why` is a key of `search.reasons`, or "" for an exact match; `typed` is the word concerned."""

    cost: int
    why: str = ""
    typed: str = ""

    def plus(self, cost: int, why: str, typed: str = "") -> Likeness:
        """This likeness with a further cost. The first reason is kept."""
        return Likeness(self.cost + cost, self.why or why, self.typed if self.why else typed)

    def and_also(self, other: Likeness) -> Likeness:
        """Both costs together, as for a first and a last name."""
        return self.plus(*other)


EXACT, UNLIKE = Likeness(0), Likeness(TOO_FAR)


def compare_first_names(typed: Name, booked: Name, middle: Name) -> Likeness:
    """Compare first names. The typed name may include the middle name, or be the middle name."""
    best = _compare_names(typed, booked, True)
    if best.cost and middle.parts:
        if len(typed.parts) > 1:
            with_middle = Name(booked.whole + middle.whole, booked.parts + middle.parts)
            best = min(best, _compare_names(typed, with_middle, True))
            if middle.whole == typed.parts[-1].whole[:1]:
                first = Name("".join(part.whole for part in typed.parts[:-1]), typed.parts[:-1])
                best = min(best, _compare_names(first, booked, True).plus(_MIDDLE_INITIAL, "initial"))
        # Many share the initial of a middle name, so that it says little about a name that was typed out.
        extra = MIDDLE + (_ONLY_AN_INITIAL if len(middle.whole) == 1 < len(typed.whole) else 0)
        best = min(best, _compare_names(typed, middle, True).plus(extra, "middle name", typed.whole))
    return best


def compare_last_names(typed: Name, booked: Name) -> Likeness:
    """Compare last names. One of two surnames is nearly as good as both."""
    return _compare_names(typed, booked, False)


@lru_cache(maxsize=2_048)
def _compare_names(typed: Name, booked: Name, is_first: bool) -> Likeness:
    if typed.whole == booked.whole:
        return EXACT
    best = compare_words(typed.whole, booked.whole, is_first)
    if _is_one_word(typed) and _is_one_word(booked):
        return best
    if len(typed.parts) == 1:
        return min(best, _compare_one_with_several(typed, booked, is_first))
    return min(best, _compare_part_by_part(typed, booked, is_first))


def _is_one_word(name: Name) -> bool:
    return len(name.parts) == 1 and name.parts[0].core == name.whole


def _compare_one_with_several(typed: Name, booked: Name, is_first: bool) -> Likeness:
    """Compare one typed name with each of several booked names, and without its particles."""
    forms = {form for part in booked.parts for form in part} - {booked.whole}
    best = min((compare_words(typed.whole, form, is_first) for form in forms), default=UNLIKE).plus(
        PART, "one name of", typed.whole
    )
    core = typed.parts[0].core if typed.parts else typed.whole
    if core != typed.whole:
        best = min(
            best,
            min(compare_words(core, form, is_first) for form in forms | {booked.whole}).plus(
                _NO_PARTICLE, "one name of", core
            ),
        )
    return best


def _compare_part_by_part(typed: Name, booked: Name, is_first: bool) -> Likeness:
    """Match each of several typed names, in any order, with a different booked name."""
    left, total = list(booked.parts), EXACT
    for part in typed.parts:
        near = [
            (min(compare_words(form, other, is_first) for form in set(part) for other in set(there)), there)
            for there in left
        ]
        likeness, there = min(near, default=(UNLIKE, None))
        if there is None or likeness.cost >= TOO_FAR:
            total = total.plus(MORE_THAN_BOOKED, "not in the name", part.core)
        else:
            left.remove(there)
            total = total.and_also(likeness)
    if len(left) == len(booked.parts):
        return UNLIKE
    return total.plus(PART, "other order")


def rough_cost(typed: str, word: str, *, sounds_alike: bool) -> int:
    """The approximate cost of a word in a last name.

    The caller says whether the words sound alike, since that is the slowest part to compute.
    """
    if typed == word:
        return 0
    if word.startswith(typed):
        return _compare_beginning(typed, word).cost
    slips = OSA.distance(typed, word)
    if slips == 1 or (sounds_alike and slips <= _SPOKEN_SLIPS):
        return _SPOKEN + slips
    return _misspelled_likeness(typed, word, slips).cost


def slips_forgiven(letters: int) -> int:
    """The number of errors that are forgiven: one in a word of three letters, three in one of nine."""
    return 0 if letters < 2 else 1 if letters < 4 else 2 if letters < 9 else 3


@lru_cache(maxsize=8_192)
def compare_words(typed: str, word: str, is_first: bool) -> Likeness:
    """Compare a typed word with one word of a booked name."""
    if typed == word:
        return EXACT
    if not typed or not word:
        return UNLIKE
    if word.startswith(typed):
        return _compare_beginning(typed, word)
    if len(typed) == 1:
        return UNLIKE
    slips = OSA.distance(typed, word)
    best = _misspelled_likeness(typed, word, slips)
    if slips <= _SPOKEN_SLIPS and (spoken := sound_of(typed)) and spoken == sound_of(word):
        best = min(best, Likeness(_SPOKEN + slips + (6 if len(spoken) <= 2 else 0), "sounds like", typed))
    return min(best, compare_relatives(typed, word)) if is_first else best


def _compare_beginning(typed: str, word: str) -> Likeness:
    """The likeness of a typed beginning to a longer word."""
    more = len(word) - len(typed)
    return Likeness(_INITIAL if len(typed) == 1 else min(_BEGINS + more // 2, MOST_BEGUN), "begins with", typed)


def _misspelled_likeness(typed: str, word: str, slips: int) -> Likeness:
    """The likeness of two words that are `slips` typing errors apart, or of a half-typed word with one error."""
    shorter = min(len(typed), len(word))
    best = UNLIKE
    if slips <= slips_forgiven(shorter):
        # Of two words with equally many errors, the one with the same beginning and more letters in place is likelier.
        difference = round(20 * (1 - JaroWinkler.similarity(typed, word)))
        short = 8 if shorter <= 3 or (shorter <= 5 and slips == 2) else 0
        best = Likeness(_CLOSE * slips + difference + short, "close to", typed)
    if len(typed) >= HALF_TYPED and len(word) > len(typed) + 1 and _is_half_typed(typed, word):
        best = min(best, Likeness(_HALF_TYPED_SLIP, "close to", typed))
    return best


def _is_half_typed(typed: str, word: str) -> bool:
    """Whether the beginning of the word was typed with one error, but not in the first letter."""
    beginnings = (word[: len(typed) + more] for more in (0, 1, -1))
    return typed[0] == word[0] and any(OSA.distance(typed, beginning) <= 1 for beginning in beginnings)


def compare_relatives(typed: str, word: str) -> Likeness:
    """Compare first names that the same person may use (`nicknames`)."""
    relative = nicknames.relatives(typed).get(word)
    if relative is None:
        return UNLIKE
    cost = _SPOKEN if relative.why == "sounds like" else _RELATED + (_SIBLING if relative.why == "nickname" else 0)
    return Likeness(cost + _RELATIVES_SLIP * relative.slips, relative.why, typed)
