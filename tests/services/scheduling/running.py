"""Running a job as the scheduler does."""

from __future__ import annotations

from collections.abc import Callable

from rxconnect.services.scheduling.batches import Batch


def run_job(work: Callable[..., Batch]) -> int:
    """Do one batch after another until nothing is left for now. Returns how much was done; raises what a row raised."""
    batch, done = work(), 0
    while True:
        if batch.errors:
            raise batch.errors[0]
        done += batch.done
        if batch.resume_after is None:
            return done
        batch = work(batch.resume_after)
