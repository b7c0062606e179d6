"""What runs beside the server: emails go out, what a crash left open is finished, money follows people who leave.

Every worker runs all of it in every open world; each piece of work is claimed in the database, so it happens once. Search is
warmed up first.
"""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from rxconnect import db
from rxconnect.domain.errors import Busy, Unavailable
from rxconnect.services.accounts import seen
from rxconnect.services.books import comparison
from rxconnect.services.directory import lookups
from rxconnect.services.leaving import departures
from rxconnect.services.messages import walkthrough
from rxconnect.services.notices import emails
from rxconnect.services.purchases import auto_reloads, checkout
from rxconnect.services.refunds import refund_payouts
from rxconnect.world import open_worlds

log = structlog.get_logger()

# Seconds. What a crash left open has an outcome within a minute: its lease (`charges.LEASE`), and one more round.
_EMAILS_EVERY, _MONEY_EVERY, _LOOKS_AROUND_EVERY, _FORGETS_EVERY = 2.0, 10.0, 60.0, 3_600.0


async def lifespan_jobs() -> None:
    """Run until the server stops."""
    await _warm()
    async with asyncio.TaskGroup() as group:
        group.create_task(_repeat("emails", _EMAILS_EVERY, emails.deliver_due))
        group.create_task(_repeat("charges", _MONEY_EVERY, _in_thread(checkout.reconcile)))
        group.create_task(_repeat("refunds", _MONEY_EVERY, _in_thread(refund_payouts.carry_out_due)))
        group.create_task(_repeat("departures", _LOOKS_AROUND_EVERY, _in_thread(departures.follow_up)))
        group.create_task(_repeat("auto-reloads", _LOOKS_AROUND_EVERY, _in_thread(auto_reloads.reload_due)))
        group.create_task(_repeat("queries", _FORGETS_EVERY, _in_thread(partial(db.write, walkthrough.forget_queries))))
        group.create_task(_repeat("sign-ins seen", _LOOKS_AROUND_EVERY, _in_thread(seen.write)))
        group.create_task(_repeat("comparison", _LOOKS_AROUND_EVERY, _in_thread(comparison.compare_due)))


async def _warm() -> None:
    """Read what search keeps in memory.

    That stays for good, as all of the app does by now. So nobody looks through it for garbage, which took an eighth of a
    second every time: neither while it is read, nor later, when everybody would wait.
    """
    gc.disable()
    try:
        await asyncio.to_thread(lookups.warm)
        gc.freeze()
    except (Busy, Unavailable) as error:
        # A worker that is started while the database is gone does its work later all the same; search reads when asked.
        log.warning("search is not warmed up", reason=str(error))
    finally:
        gc.enable()


def _in_thread(job: Callable[[], object]) -> Callable[[], Awaitable[object]]:
    return lambda: asyncio.to_thread(job)


async def _everywhere(job: Callable[[], Awaitable[object]]) -> None:
    """Run `job` in every open world; what fails in one of them is raised when the others have had their turn."""
    failed: list[Exception] = []
    for world in open_worlds():
        try:
            with world.bound():
                await job()
        except Exception as error:
            # A world that is thrown away in the middle misses nothing.
            if world.is_open:
                failed.append(error)
    if failed:
        raise failed[0]


async def _repeat(name: str, seconds: float, job: Callable[[], Awaitable[object]]) -> None:
    """Run `job` again and again. After a failure the next round tries again: the work still stands there."""
    failures = Failures(name)
    while True:
        try:
            await _everywhere(job)
        except Exception as error:
            failures.another(error)
        else:
            failures.over()
        await asyncio.sleep(seconds)


class Failures:
    """Says that a job fails when it begins to, then how often, and when it works again; not every time."""

    def __init__(self, job: str):
        self._job = job
        self._count = 0

    def another(self, error: Exception) -> None:
        """It failed. Said at the 1st time, the 10th, the 100th, and so on."""
        self._count += 1
        if str(self._count).rstrip("0") == "1":
            log.error("job failed", job=self._job, times=self._count, exc_info=error)

    def over(self) -> None:
        """It worked."""
        if self._count:
            log.warning("job works again", job=self._job, failed_before=self._count)
        self._count = 0
