"""Many runs of Hypothesis' state machine for money (`tests/services/money/money_machine.py`)."""

from __future__ import annotations

import traceback

from tests.services.money import money_machine

RUNS = 2_000


def soak(times: int = RUNS) -> list[str]:
    """Run it so many times. Returns the failure with its shortest example."""
    try:
        money_machine.run(times)
    except Exception as error:
        return ["".join(traceback.format_exception(error))]
    return []
