"""The benchmark's report, as Markdown tables: missed targets first."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil
from statistics import median

from rxconnect.domain import clock

Judge = Callable[[Sequence[float]], float]

_HEADINGS = ("Measure", "Target", "Median", "95th percentile", "Spread", "Verdict")


@dataclass(frozen=True)
class Row:
    """One line of the table. `is_met` is None for a measure without a target."""

    measure: str
    target: str
    median: str
    p95: str
    spread: str
    is_met: bool | None

    @property
    def verdict(self) -> str:
        """The verdict in one word."""
        return "told" if self.is_met is None else "met" if self.is_met else "**missed**"


@dataclass
class Report:
    """The rows so far; `details` are further tables."""

    rows: list[Row] = field(default_factory=list)
    details: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        order = {False: 0, True: 1, None: 2}
        lines = [
            (row.measure, row.target, row.median, row.p95, row.spread, row.verdict)
            for row in sorted(self.rows, key=lambda row: order[row.is_met])
        ]
        return "\n\n".join([table(_HEADINGS, lines), *self.details])


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return percentile(values, 95)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that `percent` of 100 do not exceed."""
    return sorted(values)[max(0, ceil(len(values) * percent / 100) - 1)]


def measured(
    measure: str, values: Sequence[float], unit: str, *, at_most: float | None = None, judged_by: Judge = median
) -> Row:
    """A row of many values. With `at_most`, `judged_by(values)` must not exceed it."""
    by = "" if judged_by is median else f" ({judged_by.__name__})"
    return Row(
        measure,
        "" if at_most is None else f"≤ {at_most:g} {unit}{by}",
        f"{_number(median(values))} {unit}",
        f"{_number(p95(values))} {unit}" if len(values) >= 20 else "",
        _spread(values),
        None if at_most is None else judged_by(values) <= at_most,
    )


def answered(measure: str, answer: str, *, target: str = "", is_met: bool | None = None, note: str = "") -> Row:
    """A row that holds one answer."""
    return Row(measure, target, answer, "", note, is_met)


def table(headings: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    return "\n".join(f"| {' | '.join(line)} |" for line in (headings, ["---"] * len(headings), *lines))


def circumstances() -> str:
    """The date, the machine and its load, as a busy machine makes the numbers worse."""
    load, _, _ = os.getloadavg()
    return (
        f"{clock.now():%Y-%m-%d}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}; "
        f"load average when it began {load:.1f}."
    )


def _spread(values: Sequence[float]) -> str:
    if len(values) == 1:
        return "one run"
    tail = f", 99th percentile {_number(percentile(values, 99))}" if len(values) >= 100 else ""
    return f"{_number(min(values))} to {_number(max(values))}{tail}, n = {len(values)}"


def _number(value: float) -> str:
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"
