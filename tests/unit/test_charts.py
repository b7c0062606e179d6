"""Column charts: places and heights in percent, on a scale of round amounts."""

from itertools import pairwise

import pytest

from rxconnect.domain.charts import Column, chart


def drawn(*amounts):
    return chart([Column(f"Day {place}", "", up, down) for place, (up, down) in enumerate(amounts)])


def percent(text):
    assert text.endswith("%")
    return float(text[:-1])


def test_columns_stand_on_the_zero_line_and_hang_from_it():
    made = drawn((1000, 0), (500, 250))
    zero = percent(next(line.y for line in made.lines if line.is_zero))
    full, half = made.bars
    assert (percent(full.up_y), percent(full.up_y) + percent(full.up_height)) == (0, zero)
    assert percent(half.up_height) == pytest.approx(percent(full.up_height) / 2, abs=0.001)
    assert percent(half.down_y) == zero
    assert percent(half.down_y) + percent(half.down_height) == pytest.approx(100, abs=0.001)
    assert percent(full.down_height) == 0


def test_columns_share_the_width_and_do_not_touch():
    made = drawn(*[(100, 0)] * 4)
    ends = [(percent(bar.x), percent(bar.x) + percent(bar.width)) for bar in made.bars]
    assert all(0 <= left < right <= 100 for left, right in ends)
    assert all(one[1] < other[0] for one, other in pairwise(ends))
    assert [percent(bar.middle) for bar in made.bars] == [12.5, 37.5, 62.5, 87.5]


@pytest.mark.parametrize(
    ("most", "labels"),
    [
        (1, ["$1", "$0"]),
        (499, ["$5", "$4", "$3", "$2", "$1", "$0"]),
        (501, ["$6", "$4", "$2", "$0"]),
        (123_456, ["$1,500", "$1,000", "$500", "$0"]),
        (99_999_999, ["$1,000,000", "$800,000", "$600,000", "$400,000", "$200,000", "$0"]),
    ],
)
def test_lines_stand_for_few_round_amounts(most, labels):
    assert [line.label for line in drawn((most, 0), (0, 0)).lines] == labels


def test_what_went_out_in_large_amounts_has_lines_too():
    assert [line.label for line in drawn((100, 0), (0, 250)).lines] == ["$1", "$0", "−$1", "−$2"]


def test_each_bar_says_what_it_stands_for():
    assert [bar.text for bar in drawn((1050, 0), (0, 75)).bars] == ["Day 0: $10.50 in", "Day 1: $0.00 in, $0.75 out"]


def test_without_any_amount_there_is_nothing_to_draw():
    made = drawn((0, 0), (0, 0))
    assert (made.bars, made.lines) == ([], [])
