"""The scheduler: of all workers that share a database, only the holder of the lease runs the jobs.

The lease of a worker that dies expires, and then another worker takes over. A worker that was only slow may still be
running jobs at that time. This does no harm, because every job claims its rows in the database.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import anyio.to_thread
import structlog

from rxconnect import db, session_threads
from rxconnect.domain.errors import Busy, Unavailable
from rxconnect.services.scheduling import scheduler_lease
from rxconnect.services.scheduling.batches import Batch
from rxconnect.world import current

log = structlog.get_logger()

# After a SIGKILL, another worker takes over within the sum of both: 13 s.
LEASE, RENEWS_EVERY = timedelta(seconds=10), timedelta(seconds=3)
# Seconds between two batches of one job, so that other writers get the database.
_PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class Job:
    """A recurring job. `work` does one batch, after the given id, or from the beginning without an argument."""

    name: str
    seconds: float
    work: Callable[..., Awaitable[Batch]]


def in_thread(work: Callable[..., Batch]) -> Callable[..., Awaitable[Batch]]:
    """Wrap a blocking `work` so that it runs in a thread, beside the event loop. See `_run_in_thread`."""

    async def run(*after: Any) -> Batch:
        return await _run_in_thread(work, *after)

    return run


async def _run_in_thread(work: Callable[..., Any], *args: Any) -> Any:
    """Run a blocking `work` in a thread. The jobs of all demo sessions share one (`session_threads`)."""
    if current().is_own:
        return await asyncio.to_thread(work, *args)
    return await anyio.to_thread.run_sync(work, *args, limiter=session_threads.FOR_JOBS)


class Scheduler:
    """Runs jobs while this process holds the lease of the database that it works on."""

    def __init__(self, jobs: Sequence[Job], *, lease: timedelta = LEASE, renews_every: timedelta = RENEWS_EVERY):
        self._jobs, self._lease, self._renews_every = jobs, lease, renews_every.total_seconds()
        # The name shows an operator the machine and the process. The random part distinguishes worlds and restarts.
        self._holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._failures = Failures("the scheduler's lease")

    async def run(self) -> None:
        """Wait for the lease, run the jobs until another worker has it, and repeat. On cancellation, release it."""
        while True:
            await self._wait_for_lease()
            log.info("this worker runs the jobs", holder=self._holder)
            tasks = [asyncio.create_task(repeat(job)) for job in self._jobs]
            try:
                await self._keep_lease()
                log.warning("another worker runs the jobs", was=self._holder)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                with suppress(Busy, Unavailable):
                    await asyncio.to_thread(db.write, scheduler_lease.release_lease, self._holder)

    async def _wait_for_lease(self) -> None:
        while True:
            if await self._take_lease():
                return
            await asyncio.sleep(self._renews_every)

    async def _keep_lease(self) -> None:
        """Renew the lease at intervals. Returns when another worker has taken it.

        While the database does not respond, the jobs continue. They fail by themselves, and claim their rows in the
        database.
        """
        while True:
            await asyncio.sleep(self._renews_every)
            if await self._take_lease() is False:
                return

    async def _take_lease(self) -> bool | None:
        """Take or renew the lease. False when another worker holds it, None when the database does not respond."""
        try:
            is_ours = await _run_in_thread(self._take_now)
        except Exception as error:
            self._failures.record_failure(error)
            return None
        self._failures.record_success()
        return is_ours

    def _take_now(self) -> bool:
        if db.read(scheduler_lease.is_held_by_another, self._holder):
            return False
        return db.write(scheduler_lease.take_lease, self._holder, self._lease)


async def repeat(job: Job) -> None:
    """Run a job at its interval, or earlier when its next row is due. After a failure it waits for the next interval."""
    failures = Failures(job.name)
    while True:
        ran = await run_once(job, failures)
        await asyncio.sleep(ran.seconds)


@dataclass(slots=True)
class Ran:
    """What a run of a job has come to: in how many `seconds` it runs again, and whether it found nothing to do (`is_idle`)."""

    seconds: float
    is_idle: bool = True


async def run_once(job: Job, failures: Failures) -> Ran:
    """Run all batches of a job. Failures are logged, and do not end the caller."""
    before, ran = failures.count, Ran(job.seconds)
    try:
        async for batch in _batches(job):
            ran.seconds = job.seconds if batch.due_in is None else min(job.seconds, batch.due_in)
            ran.is_idle &= not batch.done
            for error in batch.errors:
                failures.record_failure(error)
    except Exception as error:
        failures.record_failure(error)
    if failures.count == before:
        failures.record_success()
    else:
        ran.is_idle = False
    return ran


async def _batches(job: Job) -> AsyncIterator[Batch]:
    batch = await job.work()
    yield batch
    while batch.resume_after is not None:
        await asyncio.sleep(_PAUSE)
        batch = await job.work(batch.resume_after)
        yield batch


class Failures:
    """Logs the failures of a job, ever more rarely while they continue, and its recovery."""

    def __init__(self, job: str):
        self._job = job
        self.count = 0

    def record_failure(self, error: Exception) -> None:
        """Count a failure. Logs the 1st, the 10th, the 100th, and so on."""
        if not current().is_open:
            # The world was closed while the job ran, so the failure does not matter.
            return
        self.count += 1
        if str(self.count).rstrip("0") == "1":
            log.error("job failed", job=self._job, times=self.count, exc_info=error)

    def record_success(self) -> None:
        """Reset the count after a success, and log the recovery."""
        if self.count:
            log.warning("job works again", job=self._job, failed_before=self.count)
        self.count = 0
