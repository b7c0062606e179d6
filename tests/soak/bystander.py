"""A production user beside demo sessions: types amounts and names, and measures each wait.

`python -m tests.soak.bystander URL COOKIE SECONDS` is a process of its own, so that it never waits for the load's event loop.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections import defaultdict

from rxconnect import routes
from rxconnect.state.family.inmates import FindInmateState
from rxconnect.state.family.purchases import AmountState
from tests.bench import loads, people
from tests.bench.loads import Times
from tests.bench.tabs import open_tab, shows

AMOUNT, NAME = "types an amount", "types a name"
# Seconds between two actions. One in six searches, which stays below the limit of searches for an account.
_THINKING, _ACTIONS_A_SEARCH = 0.4, 6
_NAMES = ("delgado", "okafor", "lindqist", "whitaker", "nguyen")


async def waits(url: str, seconds: float) -> Times:
    """The milliseconds of each wait of a new family in the installation's own world, by what it did."""
    cookie = people.family_at_cedar_ridge().cookie
    command = [sys.executable, "-m", __name__, url, cookie, str(seconds)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    printed, _ = await process.communicate()
    assert process.returncode == 0
    return json.loads(printed)


async def _act(url: str, cookie: str, seconds: float) -> Times:
    times: Times = defaultdict(list)
    async with open_tab(url, cookie, routes.FIND_INMATE, FindInmateState) as tab:
        await tab.visit(routes.BUY_CREDITS, shows(AmountState, "ready"))
        for is_measured, until in ((False, time.perf_counter() + 2), (True, time.perf_counter() + 2 + seconds)):
            number = 0
            while time.perf_counter() < until:
                await asyncio.sleep(random.uniform(0, 2 * _THINKING))
                number += 1
                is_search = number % _ACTIONS_A_SEARCH == 0
                wait = await (_search(tab, number) if is_search else loads.type_credits(tab, str(number % 90 + 1)))
                if is_measured:
                    times[NAME if is_search else AMOUNT].append(wait)
    return times


def _search(tab, number: int):
    return loads.type_last_name(tab, _NAMES[number % len(_NAMES)])


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_act(sys.argv[1], sys.argv[2], float(sys.argv[3])))))
