"""Gwet's AC1 against published figures, and its bounds against desks whose agreement is known."""

from __future__ import annotations

from random import Random

import pytest

from rxconnect.domain.agreement import gwet_ac1, gwet_ac1_of_group
from rxconnect.domain.quality import agreement_line

APPROVED, REJECTED = OUTCOMES = ("approved", "rejected")

# The data set `cont3x3abstractors` of the R package irrCAC by K. L. Gwet, and what its vignette prints for it:
# https://cran.r-project.org/web/packages/irrCAC/vignettes/overview.html, under `gwet.ac1.table`.
ABSTRACTORS = ("Ectopic", "AIU", "NIU")
TABLE = ((13, 0, 0), (0, 20, 7), (0, 4, 56))
PUBLISHED = {"value": 0.8493305, "error": 0.04321747, "low": 0.764, "high": 0.935}


def pairs_of(table, categories):
    return [
        (first, second)
        for first, row in zip(categories, table, strict=True)
        for second, count in zip(categories, row, strict=True)
        for _each in range(count)
    ]


def test_figures_and_bounds_are_the_published_ones():
    found = gwet_ac1(pairs_of(TABLE, ABSTRACTORS), ABSTRACTORS)
    assert (found.count, found.alike) == (100, 89)
    assert found.value == pytest.approx(PUBLISHED["value"], abs=5e-8)
    assert found.error == pytest.approx(PUBLISHED["error"], abs=5e-9)
    assert (round(found.low, 3), round(found.high, 3)) == (PUBLISHED["low"], PUBLISHED["high"])


def test_it_stays_right_where_nearly_everything_passes():
    # Cohen's kappa of this table is negative, although 118 of 125 are alike.
    found = gwet_ac1(pairs_of(((118, 5), (2, 0)), OUTCOMES), OUTCOMES)
    assert found.value == pytest.approx(0.9408, abs=5e-5)
    assert found.low < 0.9408 < found.high < 1


# How often both approve, only the second rejects, only the first does, and both do; and how many letters are read again.
DESKS = [
    ((0.90, 0.03, 0.03, 0.04), 400),
    ((0.80, 0.05, 0.05, 0.10), 150),
    ((0.95, 0.015, 0.015, 0.02), 100),
    ((0.95, 0.015, 0.015, 0.02), 30),
]


@pytest.mark.parametrize(("shares", "letters"), DESKS)
def test_the_bounds_of_1000_desks_hold_the_true_agreement_19_times_of_20(shares, letters):
    cells = [(first, second) for first in OUTCOMES for second in OUTCOMES]
    approved = shares[0] + (shares[1] + shares[2]) / 2
    by_chance = 2 * approved * (1 - approved)
    true = (shares[0] + shares[3] - by_chance) / (1 - by_chance)
    random = Random(20_418_873)
    desks = [gwet_ac1(random.choices(cells, shares, k=letters), OUTCOMES) for _desk in range(1_000)]
    assert sum(desk.value for desk in desks) / 1_000 == pytest.approx(true, abs=0.004)
    assert 930 <= sum(desk.low <= true <= desk.high for desk in desks) <= 985


def test_without_readings_there_is_no_figure():
    assert gwet_ac1([], OUTCOMES) is None
    line = agreement_line("Robin", None)
    assert (line.alike, line.beyond_chance, line.too_few) == ("", "", "Too few to say: 0 of at least 30")


@pytest.mark.parametrize("count", [1, 30, 500])
def test_readings_that_all_agree_leave_room_for_luck(count):
    found = gwet_ac1([(APPROVED, APPROVED)] * count, OUTCOMES)
    assert (found.value, found.error, found.alike) == (1, 0, count)
    assert found.high == pytest.approx(1)
    assert found.low == pytest.approx(count / (count + 1.96**2), abs=0.001)


def test_readings_that_never_agree_are_worse_than_chance():
    found = gwet_ac1([(APPROVED, REJECTED), (REJECTED, APPROVED)] * 20, OUTCOMES)
    assert found.value == pytest.approx(-1)
    assert -1 <= found.low <= found.value <= found.high < 0


def test_a_line_says_too_few_below_thirty_and_never_rounds_up_to_always():
    few = agreement_line("es", gwet_ac1([(APPROVED, APPROVED)] * 12, OUTCOMES))
    assert (few.alike, few.too_few) == ("12 of 12 letters", "Too few to say: 12 of at least 30")
    nearly = [*[(APPROVED, APPROVED)] * 999, (APPROVED, REJECTED)]
    line = agreement_line("en", gwet_ac1(nearly, OUTCOMES))
    assert (line.alike, line.beyond_chance, line.bounds) == ("999 of 1,000 letters", "0.99", "0.99 to 0.99")
    assert line.too_few == ""


# The data set `cac.raw4raters` of the same package: twelve subjects, up to four raters, five categories. Its vignette prints
# 0.77544 for AC1.
FOUR_RATERS = ("111", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "555", "11", "3")


def test_the_figure_of_many_readers_is_the_published_one_also_where_some_have_not_read_everything():
    found = gwet_ac1_of_group(FOUR_RATERS, "12345")
    assert (round(found.value, 5), found.count) == (0.77544, 11)
    assert found.low < 0.77544 < found.high <= 1


def test_for_two_readers_of_every_letter_both_figures_are_the_same():
    random = Random(3)
    for count in (1, 7, 20):
        pairs = [(random.choice(OUTCOMES), random.choice(OUTCOMES)) for _letter in range(count)]
        pair, group = gwet_ac1(pairs, OUTCOMES), gwet_ac1_of_group(pairs, OUTCOMES)
        assert group.value == pytest.approx(pair.value)
        if min(pair.alike, pair.count - pair.alike) < 10:
            assert (group.low, group.high) == (pytest.approx(pair.low), pytest.approx(pair.high))


@pytest.mark.parametrize("readings", [[], [[]], [[APPROVED]], [[APPROVED], [], [REJECTED]]])
def test_without_a_letter_that_two_have_read_there_is_no_agreement(readings):
    assert gwet_ac1_of_group(readings, OUTCOMES) is None


@pytest.mark.parametrize("spread", [0.02, 0.1, 0.25, 0.45])
def test_the_true_figure_of_a_room_lies_within_its_bounds_19_times_of_20(spread):
    """Twelve judges and twenty letters. Each letter has a clear answer, from which each judge departs with a chance of its own."""
    random, inside, rooms = Random(8), 0, 300

    def letter() -> tuple[float, float]:
        """The chance that a judge approves it, and the chance that two judges decide alike."""
        departs = random.uniform(0, 2 * spread)
        approves = departs if random.random() < 0.4 else 1 - departs
        return approves, approves**2 + (1 - approves) ** 2

    truth = [letter() for _each in range(20_000)]
    alike, approved = sum(one for _, one in truth) / len(truth), sum(one for one, _ in truth) / len(truth)
    by_chance = 2 * approved * (1 - approved)
    true = (alike - by_chance) / (1 - by_chance)
    for _room in range(rooms):
        letters = [letter()[0] for _each in range(20)]
        readings = [[APPROVED if random.random() < one else REJECTED for _judge in range(12)] for one in letters]
        found = gwet_ac1_of_group(readings, OUTCOMES)
        inside += found.low <= true <= found.high
    assert inside >= 0.93 * rooms
