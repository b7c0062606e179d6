"""Column charts: positions and heights in percent, so that a page only has to draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from rxconnect.domain import money
from rxconnect.i18n import _

# The part of a column's width that is filled; the rest separates it from its neighbours.
_FILLED = 0.64
# More gridlines than this would clutter the chart.
_MOST_LINES = 5


@dataclass(frozen=True, slots=True)
class Column:
    """The income (drawn upwards) and the expenses (drawn downwards) in cents. `tick` is the label below, or ""."""

    name: str
    tick: str
    up_cents: int
    down_cents: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A column as drawn: positions and sizes in percent of the chart. `text` is its tooltip."""

    x: str
    middle: str
    width: str
    up_y: str
    up_height: str
    down_y: str
    down_height: str
    text: str
    tick: str


@dataclass(frozen=True, slots=True)
class Gridline:
    """A line across the chart, and the amount that it marks."""

    y: str
    label: str
    is_zero: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart to be drawn. It is empty when all amounts are zero."""

    bars: list[Bar]
    lines: list[Gridline]


def chart(columns: Sequence[Column]) -> Chart:
    """A chart of these columns, in order, on a scale of round amounts."""
    up, down = max(column.up_cents for column in columns), max(column.down_cents for column in columns)
    if not up and not down:
        return Chart([], [])
    step = _line_step(up, down)
    # The top is a round amount. The bottom is exactly the least value, since usually little goes out.
    top = -(-up // step) * step
    zero, scale = 100 * top / (top + down), 100 / (top + down)
    room = 100 / len(columns)
    bars = [
        _bar(column, index * room + room * (1 - _FILLED) / 2, room * _FILLED, zero, scale)
        for index, column in enumerate(columns)
    ]
    lines = [
        Gridline(_percent(zero - cents * scale), _dollars_label(cents), cents == 0)
        for cents in range(top, -(down // step) * step - 1, -step)
    ]
    return Chart(bars, lines)


def _line_step(up: int, down: int) -> int:
    """The smallest of 1, 2 and 5 times a power of ten dollars that needs no more than `_MOST_LINES` lines."""
    steps = (factor * 10**power * 100 for power in count() for factor in (1, 2, 5))
    return next(step for step in steps if -(-up // step) + down // step <= _MOST_LINES)


def _bar(column: Column, x: float, width: float, zero: float, scale: float) -> Bar:
    up, down = column.up_cents * scale, column.down_cents * scale
    sentence = _("{day}: {up} in, {down} out") if column.down_cents else _("{day}: {up} in")
    return Bar(
        x=_percent(x),
        middle=_percent(x + width / 2),
        width=_percent(width),
        up_y=_percent(zero - up),
        up_height=_percent(up),
        down_y=_percent(zero),
        down_height=_percent(down),
        text=sentence.format(day=column.name, up=money.dollars(column.up_cents), down=money.dollars(column.down_cents)),
        tick=column.tick,
    )


def _dollars_label(cents: int) -> str:
    """A round amount without its cents: `$1,500`."""
    return money.dollars(cents).removesuffix(".00")


def _percent(value: float) -> str:
    return f"{value:.3f}%"
