"""The jobs of demo sessions: those of one world run in turn, in one task, and rest while nothing is written there.

Thirty sessions have a thousand jobs. With a task for each job and a lease for each world, they took a fifth of a core while
nothing happened.
"""

from __future__ import annotations

import asyncio
import fcntl
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from rxconnect.scheduler import Failures, Job, run_once
from rxconnect.world import DATABASE, current, worlds_folder

# The most seconds for which a job rests. A row may be due because time has passed, although nobody has written.
RESTS = 5.0
# Seconds between two looks at whether somebody has written, while jobs rest.
LOOKS_EVERY = 1.0
# A file that was written so many seconds ago may be written again without a change of its time.
_SAME_TIME = 0.05

Written = tuple[tuple[int, int], ...]


class SessionLock:
    """A lock on a file, whose holder is the one worker of this machine that runs the jobs of its demo sessions.

    The worlds of sessions live on one machine, and the system releases the lock of a process that dies.
    """

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None

    def is_held(self) -> bool:
        """Whether this worker has the lock."""
        return self._file is not None

    def try_take(self) -> None:
        """Take the lock if no other worker holds it. A disk without space, or too many open files, only delay it."""
        if self._file is not None:
            return
        with suppress(OSError):
            worlds_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
            file = open(worlds_folder() / "jobs.lock", "wb")  # noqa: SIM115 - it stays open until `release`
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.close()
            else:
                self._file = file

    def release(self) -> None:
        """Release the lock, for another worker."""
        if self._file is not None:
            self._file.close()
            self._file = None


async def run_in_turn(
    jobs: Sequence[Job], may_run: Callable[[], bool], *, rests: float = RESTS, looks_every: float = LOOKS_EVERY
) -> None:
    """Run the jobs of the current world at their intervals, whenever this worker may.

    A job that has found nothing to do rests for `rests` seconds, unless somebody writes to the world or its next row is due.
    """
    turns = [_Turn(job, rests, looks_every) for job in jobs]
    while True:
        looks = [time.monotonic() + looks_every]
        if may_run():
            written = _written()
            for turn in turns:
                if turn.is_due(written):
                    await turn.run(written)
            looks = [turn.next_look() for turn in turns] or looks
        await asyncio.sleep(max(0.0, min(looks) - time.monotonic()))


class _Turn:
    """When a job of the current world runs. The moments are those of the monotonic clock."""

    def __init__(self, job: Job, rests: float, looks_every: float):
        self._job, self._failures = job, Failures(job.name)
        self._rests, self._looks_every = rests, looks_every
        # It runs at `due` if somebody has written since it found nothing to do, and at `rested` in any case.
        self._due = self._rested = 0.0
        # What had been written before it found nothing to do. None if it has found something.
        self._written: Written | None = None

    def is_due(self, written: Written | None) -> bool:
        """Whether the job must run now."""
        has_rested = written is None or written != self._written
        return time.monotonic() >= (self._due if has_rested else self._rested)

    async def run(self, written: Written | None) -> None:
        """Run the job. `written` says what had been written to the world before."""
        ran = await run_once(self._job, self._failures)
        now = time.monotonic()
        self._due = now + ran.seconds
        knows_when = ran.seconds < self._job.seconds
        self._rested = self._due if knows_when else now + max(self._job.seconds, self._rests)
        self._written = written if ran.is_idle else None

    def next_look(self) -> float:
        """The moment at which the job may be due."""
        if self._written is None:
            return self._due
        return min(self._rested, max(self._due, time.monotonic() + self._looks_every))


def _written() -> Written | None:
    """What differs once any process has written to the current world's database; None while a next write may not be seen."""
    files, newest = [], 0.0
    for file in (current().folder / DATABASE, Path(current().folder, f"{DATABASE}-wal")):
        with suppress(FileNotFoundError):
            found = file.stat()
            files.append((found.st_mtime_ns, found.st_size))
            newest = max(newest, found.st_mtime)
    return tuple(files) if time.time() - newest > _SAME_TIME else None
