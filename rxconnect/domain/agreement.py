"""Agreement of readers beyond chance: Gwet's AC1, with 95 % confidence bounds, of two readers or of many.

When nearly every letter passes, two readers agree often by chance alone, and Cohen's kappa is then near 0 however well they
agree. AC1 stays right there. The formulas are those of K. L. Gwet, "Computing inter-rater reliability and its variance in
the presence of high agreement", British Journal of Mathematical and Statistical Psychology 61 (2008), pages 29-48.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# The quantile of the normal distribution for two-sided bounds of 95 %.
_Z = 1.959963984540054
# The formula's bounds are right when at least so many pairs are alike, and at least so many are not.
_FEWEST = 10


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two readers agree beyond chance: 1 is always, 0 is no better than chance.

    `count` is how many were read twice, and `alike` how many of these both decided alike. `low` and `high` are the bounds
    within which the true value lies 19 times of 20.
    """

    count: int
    alike: int
    value: float
    error: float
    low: float
    high: float


def gwet_ac1(pairs: Iterable[tuple[str, str]], categories: Sequence[str]) -> Agreement | None:
    """The agreement of pairs (first reader, second reader). None without any pair.

    `categories` are all that a reader could choose, at least two, also those that nobody chose. With few pairs that differ,
    the published bounds are too narrow: without any, they are 1 and 1, however few letters were read. Wilson's bounds
    for the share of pairs that are alike then take their place.
    """
    counts = Counter(pairs)
    count = counts.total()
    if not count:
        return None
    q = len(categories)
    share = {pair: number / count for pair, number in counts.items()}
    # How often a reader chooses each category, as the mean of both readers.
    mean = {
        one: sum(part * ((first == one) + (second == one)) / 2 for (first, second), part in share.items())
        for one in categories
    }
    agreed = sum(share.get((one, one), 0.0) for one in categories)
    by_chance = sum(part * (1 - part) for part in mean.values()) / (q - 1)
    value = _beyond(agreed, by_chance)
    alike = sum(number for (first, second), number in counts.items() if first == second)
    error = math.sqrt(_variance(share, mean, agreed, by_chance, value) / count)
    if min(alike, count - alike) < _FEWEST:
        low, high = (_beyond(bound, by_chance) for bound in _wilson(alike / count, count))
    else:
        reach = error * _quantile(count - 1)
        low, high = value - reach, value + reach
    return Agreement(count, alike, value, error, max(-1.0, low), min(1.0, high))


@dataclass(frozen=True, slots=True)
class GroupAgreement:
    """How far many readers agree beyond chance. `count` letters had two readers or more.

    `alike` is the mean share of two of a letter's readers who both decided alike. `low` and `high` are bounds as in `Agreement`.
    """

    count: int
    alike: float
    value: float
    low: float
    high: float


def gwet_ac1_of_group(readings: Iterable[Sequence[str]], categories: Sequence[str]) -> GroupAgreement | None:
    """The agreement of any number of readers. `readings` has what each reader of a letter chose, letter by letter.

    Not every reader must have read every letter. None if no letter had two readers. For two readers of every letter, the value
    is that of `gwet_ac1`. The bounds are Wilson's for the mean share, as if each letter were one pair. They are wide rather
    than narrow: a letter's share lies between 0 and 1, so it varies no more than a pair's, which is either.
    """
    letters = [Counter(one) for one in readings if one]
    shares = [_share_alike(letter) for letter in letters if letter.total() > 1]
    if not shares:
        return None
    mean = [math.fsum(letter[one] / letter.total() for letter in letters) / len(letters) for one in categories]
    by_chance = math.fsum(part * (1 - part) for part in mean) / (len(categories) - 1)
    alike = math.fsum(shares) / len(shares)
    low, high = (_beyond(bound, by_chance) for bound in _wilson(alike, len(shares)))
    return GroupAgreement(len(shares), alike, _beyond(alike, by_chance), max(-1.0, low), min(1.0, high))


def _share_alike(letter: Counter[str]) -> float:
    """The share of a letter's pairs of readers in which both chose alike."""
    return sum(number * (number - 1) for number in letter.values()) / (letter.total() * (letter.total() - 1))


def _beyond(agreed: float, by_chance: float) -> float:
    return (agreed - by_chance) / (1 - by_chance)


def _variance(
    share: dict[tuple[str, str], float], mean: dict[str, float], agreed: float, by_chance: float, value: float
) -> float:
    """The variance of one pair's contribution to AC1."""
    others = len(mean) - 1
    diagonal = sum(share.get((one, one), 0.0) * (1 - part) for one, part in mean.items()) / others
    spread = sum(part * (1 - (mean[first] + mean[second]) / 2) ** 2 for (first, second), part in share.items())
    found = (
        agreed * (1 - agreed)
        - 4 * (1 - value) * (diagonal - agreed * by_chance)
        + 4 * (1 - value) ** 2 * (spread / others**2 - by_chance**2)
    )
    return max(0.0, found) / (1 - by_chance) ** 2


def _wilson(share: float, count: int) -> tuple[float, float]:
    """Wilson's bounds for a share of so many."""
    square = _Z**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    reach = _Z / (1 + square / count) * math.sqrt(share * (1 - share) / count + square / (4 * count**2))
    return middle - reach, middle + reach


def _quantile(v: int) -> float:
    """The 97.5 % quantile of Student's distribution with `v` degrees of freedom, by Abramowitz and Stegun's series 26.7.5."""
    z = _Z
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    )
