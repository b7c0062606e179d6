"""One worker at a time runs the jobs: real processes, really killed, on a real database."""

from __future__ import annotations

import asyncio
import fcntl
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.config import settings
from rxconnect.domain import clock
from rxconnect.domain.errors import Busy, Unavailable
from rxconnect.engines import write_engine
from rxconnect.models import SchedulerLease
from rxconnect.scheduler import LEASE, RENEWS_EVERY, Job, Scheduler, in_thread
from rxconnect.services.scheduling import scheduler_lease
from rxconnect.services.scheduling.batches import Batch
from tests.processes import frozen

# A worker with one job: it writes its process's number into a file.
WORKER = """
import asyncio, os, sys
from datetime import timedelta
from rxconnect.scheduler import Job, Scheduler, in_thread
from rxconnect.services.scheduling.batches import Batch
def note():
    with open(sys.argv[1], "a") as file:
        file.write(f"{os.getpid()}\\n")
    return Batch()
jobs = [Job("note", 0.02, in_thread(note))]
asyncio.run(Scheduler(jobs, lease=timedelta(seconds=1), renews_every=timedelta(seconds=0.2)).run())
"""


class Workers:
    """Two workers that share a database, and which of them has run the job how often."""

    def __init__(self, folder: Path):
        self._notes = folder / "notes"
        self._notes.touch()
        command = [sys.executable, "-c", WORKER, str(self._notes)]
        self.processes = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]

    def ran(self) -> list[int]:
        """The numbers of the processes that ran the job, in order."""
        return [int(line) for line in re.findall(r"(\d+)\n", self._notes.read_text())]

    def who_runs_next(self, times: int = 20) -> set[int]:
        """The processes that run the job the next so many times."""
        before = len(self.ran())
        deadline = time.monotonic() + 30
        while len(self.ran()) < before + times:
            assert time.monotonic() < deadline
            assert any(process.poll() is None for process in self.processes)
            time.sleep(0.01)
        return set(self.ran()[before:])

    @contextmanager
    def frozen_between_transactions(self, number: int) -> Iterator[None]:
        """Freeze this process while the others can take its lease.

        A process that is frozen inside a transaction keeps its locks until the supervisor kills it.
        """
        for _ in range(100):
            with frozen(psutil.Process(number)):
                if _is_lease_free_to_take():
                    yield
                    return
        pytest.fail("the process is always inside a transaction")

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


def _is_lease_free_to_take() -> bool:
    """Whether nobody is inside a transaction that keeps others from the lease."""
    engine = write_engine()
    try:
        if engine.dialect.name == "sqlite":
            with open(f"{engine.url.database}-turn", "wb") as turn:
                fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            db.write(lambda session: session.exec(select(SchedulerLease).with_for_update(nowait=True)).one())
    except (BlockingIOError, Busy, Unavailable):
        return False
    return True


@pytest.fixture(params=["sqlite", "postgresql"])
def workers(request, tmp_path, monkeypatch):
    """Two workers on a database of each kind."""
    if request.param == "postgresql":
        request.getfixturevalue("use")("postgresql")
        # The environment is for the workers' processes.
        monkeypatch.setenv("RXCONNECT_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("RXCONNECT_DATABASE_URL", settings().database)
    else:
        request.getfixturevalue("database")
    both = Workers(tmp_path)
    yield both
    both.end()


def test_exactly_one_of_two_workers_runs_the_jobs_and_the_other_takes_over_when_it_is_killed(workers):
    (first,) = workers.who_runs_next()
    (other,) = {process.pid for process in workers.processes} - {first}
    assert workers.who_runs_next() == {first}
    with db.reading() as session:
        assert f":{first}:" in session.exec(select(SchedulerLease.holder)).one()

    psutil.Process(first).kill()

    assert workers.who_runs_next() == {other}


def test_a_worker_that_was_frozen_leaves_the_jobs_to_the_one_that_took_over(workers):
    (first,) = workers.who_runs_next()
    (other,) = {process.pid for process in workers.processes} - {first}
    with workers.frozen_between_transactions(first):
        assert workers.who_runs_next() == {other}
    # It learns of it within its next renewal, and may run until then.
    workers.who_runs_next()
    assert workers.who_runs_next() == {other}


def test_another_worker_takes_over_within_a_quarter_of_a_minute():
    assert (LEASE + RENEWS_EVERY).total_seconds() <= 15


def test_a_worker_that_stops_gives_the_lease_back_at_once(database):
    async def run_and_stop():
        ran = asyncio.Event()

        async def note():
            ran.set()
            return Batch()

        running = asyncio.create_task(Scheduler([Job("note", 60, note)]).run())
        await ran.wait()
        assert db.read(scheduler_lease.is_held_by_another, "the next")
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    asyncio.run(run_and_stop())
    assert db.write(scheduler_lease.take_lease, "the next", LEASE)


def test_a_lease_is_renewed_by_its_holder_and_free_for_others_when_it_ends(database):
    start = clock.now()
    with clock.at(start):
        assert db.write(scheduler_lease.take_lease, "one", LEASE)
        assert not db.write(scheduler_lease.take_lease, "two", LEASE)
        # What another worker holds is not given back.
        db.write(scheduler_lease.release_lease, "two")
    with clock.at(start + LEASE / 2):
        assert db.write(scheduler_lease.take_lease, "one", LEASE)
    with clock.at(start + LEASE):
        assert not db.write(scheduler_lease.take_lease, "two", LEASE)
    with clock.at(start + LEASE / 2 + LEASE):
        assert db.write(scheduler_lease.take_lease, "two", LEASE)
        assert not db.write(scheduler_lease.take_lease, "one", LEASE)


def run_until(is_enough, scheduler):
    """Run a scheduler until `is_enough()`, and stop it."""

    async def run():
        running = asyncio.create_task(scheduler.run())
        async with asyncio.timeout(30):
            while not is_enough():  # noqa: ASYNC110 - jobs run in threads, which cannot set an event of this loop
                await asyncio.sleep(0.001)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    asyncio.run(run())


def test_a_job_that_fails_is_tried_again_and_stops_no_other(database):
    failed, worked = [], []

    def fail():
        failed.append(1)
        raise ZeroDivisionError

    def work():
        worked.append(1)
        return Batch()

    jobs = [Job("fails", 0.001, in_thread(fail)), Job("works", 0.001, in_thread(work))]
    run_until(lambda: len(failed) >= 3 and len(worked) >= 3, Scheduler(jobs))


def test_a_job_with_more_to_do_is_called_again_soon_from_where_it_stopped(database):
    rows, done = list(range(1, 8)), []

    def work(after=0):
        batch = [row for row in rows if row > after][:3]
        done.extend(batch)
        return Batch(len(batch), batch[-1] if len(batch) == 3 else None)

    run_until(lambda: len(done) >= len(rows), Scheduler([Job("rows", 3_600, in_thread(work))]))
    assert done == rows


def test_a_job_that_knows_when_its_next_row_is_due_runs_at_that_moment_and_never_later_than_its_interval(database):
    waits, ran = iter([0.01, 0.01, 3_600]), []

    def work():
        ran.append(1)
        return Batch(due_in=next(waits, None))

    run_until(lambda: len(ran) >= 3, Scheduler([Job("knows", 3_600, in_thread(work))]))
    waits = iter([3_600] * 3)
    run_until(lambda: len(ran) >= 6, Scheduler([Job("knows", 0.001, in_thread(work))]))


def test_a_row_that_fails_is_logged_and_stops_neither_the_next_row_nor_the_next_batch(database, capfd):
    done = []

    def handle(row):
        if row == 2:
            raise ZeroDivisionError("row 2")
        done.append(row)
        return True

    def work(after=0):
        batch = Batch(resume_after=3 if after == 0 else None)
        batch.each(handle, [1, 2, 3] if after == 0 else [4, 5])
        return batch

    run_until(lambda: 5 in done, Scheduler([Job("rows", 3_600, in_thread(work))]))
    assert done == [1, 3, 4, 5]
    assert "row 2" in capfd.readouterr().out


def test_a_worker_that_could_not_ask_for_the_lease_asks_again(database):
    worked = []

    def work():
        worked.append(1)
        return Batch()

    scheduler = Scheduler([Job("works", 60, in_thread(work))], renews_every=timedelta(seconds=0.01))
    with db.transaction() as session:
        lease = session.exec(select(SchedulerLease)).one()
        session.delete(lease)

    def works_in_the_end():
        if scheduler._failures.count and not worked:
            with db.transaction() as session:
                session.merge(SchedulerLease(**lease.model_dump()))
        return worked

    run_until(works_in_the_end, scheduler)
