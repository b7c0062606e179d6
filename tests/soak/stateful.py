"""Hypothesis' machine over all that happens to money (`tests/services/money/money_machine.py`), as often as is thorough."""

from __future__ import annotations

import traceback

from tests.services.money import money_machine

RUNS = 2_000


def soak(times: int = RUNS) -> list[str]:
    """Run it so many times. What was untrue: the shortest way to it that was found."""
    try:
        money_machine.run(times)
    except Exception as error:
        return ["".join(traceback.format_exception(error))]
    return []
