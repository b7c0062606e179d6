"""The jobs of demo sessions rest while nothing is written, and one worker of a machine runs them."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import suppress

import pytest

from rxconnect import db, jobs
from rxconnect.scheduler import LEASE, Job
from rxconnect.services.scheduling import scheduler_lease
from rxconnect.services.scheduling.batches import Batch
from rxconnect.session_jobs import SessionLock, run_in_turn
from rxconnect.world import close, current, open_copy

_NEVER = 3_600.0
_WRITES = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as connection:
    connection.execute("UPDATE scheduler_lease SET holder = 'somebody'")
"""
_HOLDS = """
import sys, time
from rxconnect.session_jobs import SessionLock
lock = SessionLock()
lock.try_take()
print(lock.is_held(), flush=True)
time.sleep(60)
"""


@pytest.fixture
def session_world(database):
    """A world of a demo session, bound."""
    world = open_copy(db.template_database())
    with world.bound():
        yield world
    close(world)


class Counted:
    """A job that counts its runs. `batch` is what the next ones return."""

    def __init__(self, seconds=0.01):
        self.runs, self.batch = 0, Batch()
        self.job = Job("counted", seconds, self._work)

    async def _work(self, *_after):
        self.runs += 1
        return self.batch

    async def reaches(self, runs):
        async with asyncio.timeout(30):
            while self.runs < runs:  # noqa: ASYNC110 - its job says nothing
                await asyncio.sleep(0.005)

    async def rests(self):
        """Wait until it has not run for as long as fifty of its intervals."""
        async with asyncio.timeout(30):
            before = -1
            while before != self.runs:
                before = self.runs
                await asyncio.sleep(0.5)


def run(scenario, *counted, may_run=lambda: True, rests=_NEVER):
    """Run these jobs in turn while `scenario` watches them."""

    async def both():
        given = [one.job for one in counted]
        running = asyncio.create_task(run_in_turn(given, may_run, rests=rests, looks_every=0.01))
        try:
            await scenario()
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    asyncio.run(both())


def test_a_job_rests_until_another_process_writes_to_the_world(session_world):
    counted = Counted()

    async def scenario():
        await counted.rests()
        before = counted.runs
        writing = [sys.executable, "-c", _WRITES, session_world.folder / "rxconnect.db"]
        await asyncio.to_thread(subprocess.run, writing, check=True)
        await counted.reaches(before + 1)
        await counted.rests()

    run(scenario, counted)


def test_a_write_of_this_process_wakes_it_too_however_soon_after_another(session_world):
    counted = Counted()

    async def scenario():
        await counted.rests()
        for _ in range(20):
            before = counted.runs
            await asyncio.to_thread(db.write, scheduler_lease.take_lease, "one", LEASE)
            await counted.reaches(before + 1)

    run(scenario, counted)


def test_a_job_does_not_rest_while_it_has_something_to_do(session_world):
    counted = Counted()
    counted.batch = Batch(done=1)
    run(lambda: counted.reaches(50), counted)


def test_it_rests_no_longer_than_it_may_nor_past_the_moment_at_which_its_next_row_is_due(session_world):
    counted, knows = Counted(), Counted(seconds=_NEVER)
    run(lambda: counted.reaches(5), counted, rests=0.02)
    knows.batch = Batch(due_in=0.02)
    run(lambda: knows.reaches(5), knows)


def test_a_job_that_fails_is_tried_again_and_stops_no_other(session_world):
    counted, tries = Counted(), []

    async def fail(*_after):
        tries.append(1)
        raise ZeroDivisionError

    fails = Counted()
    fails.job = Job("fails", 0.01, fail)

    async def scenario():
        async with asyncio.timeout(30):
            while len(tries) < 3 or not counted.runs:  # noqa: ASYNC110 - its job says nothing
                await asyncio.sleep(0.005)

    run(scenario, fails, counted)


def test_a_worker_without_the_lock_runs_none(session_world):
    counted, holds = Counted(), []

    async def scenario():
        await asyncio.sleep(0.2)
        assert not counted.runs
        holds.append(1)
        await counted.reaches(1)

    run(scenario, counted, may_run=lambda: bool(holds))


def test_the_lock_is_one_workers_until_it_releases_it_or_is_killed(database):
    mine = SessionLock()
    other = subprocess.Popen([sys.executable, "-c", _HOLDS], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "True"
        mine.try_take()
        assert not mine.is_held()
    finally:
        other.kill()
        other.wait()
    mine.try_take()
    assert mine.is_held()
    mine.release()
    assert not mine.is_held()


def test_the_jobs_of_an_installation_run_in_its_own_world_and_in_a_sessions(session_world, monkeypatch):
    ran = set()

    async def note(*_after):
        ran.add(current().name)
        return Batch()

    monkeypatch.setattr(jobs, "JOBS", (Job("note", 0.01, note),))

    async def scenario():
        running = asyncio.create_task(jobs._in_every_world())
        async with asyncio.timeout(30):
            while ran != {"", session_world.name}:  # noqa: ASYNC110 - its job says nothing
                await asyncio.sleep(0.01)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    asyncio.run(scenario())
