"""Charts, drawn as SVG in percent: they fill the available space, and their text keeps its size."""

from typing import Any

import reflex as rx


class ChartValues(rx.Component):
    """Shows the text of the column under the pointer, or that the arrow keys have reached (`chart_values.js`)."""

    library = "$/utils/chart_values.js"
    tag = "ChartValues"

    label: rx.Var[str]
    bars: rx.Var[list[Any]]


def column_chart(chart: Any, *, label: Any, up: str, down: str) -> rx.Component:
    """Columns up and down from a line. `label` describes the chart; a table with the same data should be near it."""
    return rx.el.figure(
        rx.el.div(
            _amount_labels(chart),
            ChartValues.create(_plot(chart), label=label, bars=chart.bars),
            _column_labels(chart),
            class_name="plot",
        ),
        rx.el.figcaption(
            rx.el.span(up, class_name="key key-up"), rx.el.span(down, class_name="key key-down"), class_name="keys"
        ),
        class_name="chart",
    )


def _amount_labels(chart: Any) -> rx.Component:
    """The amounts at the lines."""
    return rx.el.svg(
        rx.foreach(chart.lines, lambda line: rx.el.text(line.label, x="100%", y=line.y)),
        class_name="scale",
        custom_attrs={"aria-hidden": "true"},
    )


def _plot(chart: Any) -> rx.Component:
    return rx.el.svg(
        rx.foreach(chart.lines, _grid_line),
        rx.foreach(chart.bars, _day_columns),
        class_name="columns",
        custom_attrs={"aria-hidden": "true"},
    )


def _column_labels(chart: Any) -> rx.Component:
    """The names below the columns."""
    return rx.el.svg(
        rx.foreach(chart.bars, lambda bar: rx.el.text(bar.tick, x=bar.middle, y="50%")),
        class_name=rx.cond(chart.bars.length() > 12, "ticks", "ticks ticks-dense"),
        custom_attrs={"aria-hidden": "true"},
    )


def _grid_line(line: Any) -> rx.Component:
    name = rx.cond(line.is_zero, "zero", "")
    return rx.el.line(x1="0%", x2="100%", y1=line.y, y2=line.y, class_name=name)


def _day_columns(bar: Any) -> rx.Component:
    """Both columns of a day. The whole height reacts to the pointer, so that small columns are easy to hit."""
    return rx.el.g(
        rx.el.rect(x=bar.x, y="0%", width=bar.width, height="100%", class_name="reach"),
        rx.el.rect(x=bar.x, y=bar.up_y, width=bar.width, height=bar.up_height, rx="2", class_name="up"),
        rx.el.rect(x=bar.x, y=bar.down_y, width=bar.width, height=bar.down_height, rx="2", class_name="down"),
    )
