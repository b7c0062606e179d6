"""Background jobs: send emails, finish payments that a crash left open, refund or move the credits of people who leave.

One worker at a time runs these jobs for a database (`rxconnect.scheduler`). Only the jobs for the caches of a process
run in each worker: they warm up search, and write the last use of sign-ins to the database.
"""

import asyncio
import gc
from dataclasses import replace
from functools import partial

import structlog

from rxconnect import db
from rxconnect.demo import endings, progress, templates
from rxconnect.domain.errors import Busy, Unavailable
from rxconnect.scheduler import Job, Scheduler, in_thread, repeat
from rxconnect.services.accounts import seen
from rxconnect.services.books import comparison
from rxconnect.services.directory import lookups
from rxconnect.services.leaving import departures
from rxconnect.services.messages import expiries, walkthrough
from rxconnect.services.notices import emails
from rxconnect.services.purchases import auto_reloads, checkout
from rxconnect.services.refunds import refund_payouts
from rxconnect.world import World, current, open_worlds

log = structlog.get_logger()

# Intervals in seconds. A payment that a crash left open is finished within a minute: its lease (`charges.LEASE`) must
# expire, and the job must run once more.
_EMAILS_EVERY, _MONEY_EVERY, _SWEEPS_EVERY, _CLEANS_EVERY = 2.0, 10.0, 60.0, 3_600.0
_CHECKS_WORLDS_EVERY = 1.0
_SESSIONS_EVERY, _STEPS_EVERY = 5.0, 0.5

JOBS: tuple[Job, ...] = (
    Job("emails", _EMAILS_EVERY, emails.deliver_due),
    Job("charges", _MONEY_EVERY, in_thread(checkout.reconcile)),
    Job("refunds", _MONEY_EVERY, in_thread(refund_payouts.carry_out_due)),
    Job("expiries", _SWEEPS_EVERY, in_thread(expiries.expire_due)),
    Job("departures", _SWEEPS_EVERY, in_thread(departures.follow_up_departures)),
    Job("auto-reloads", _SWEEPS_EVERY, in_thread(auto_reloads.reload_due)),
    Job("queries", _CLEANS_EVERY, in_thread(partial(db.write, walkthrough.clear_old_queries))),
    Job("comparison", _SWEEPS_EVERY, in_thread(comparison.compare_due)),
)
# Demo sessions are rows of the installation's own database, and their worlds have none.
_JOBS_OF_OWN_WORLD: tuple[Job, ...] = (
    Job("demo template", _CLEANS_EVERY, templates.warm),
    Job("demo sessions", _SESSIONS_EVERY, in_thread(endings.end_due)),
)
# These write the caches of their own process.
_JOBS_OF_EACH_WORKER: tuple[Job, ...] = (Job("sign-ins seen", _SWEEPS_EVERY, in_thread(seen.write_cached_uses)),)
_JOBS_OF_EACH_WORKER_IN_SESSIONS: tuple[Job, ...] = (
    *_JOBS_OF_EACH_WORKER,
    Job("demo steps", _STEPS_EVERY, progress.tick_if_new),
)


async def lifespan_jobs() -> None:
    """Run all jobs until the server stops."""
    await _warm_search()
    await _in_every_world()


async def _in_every_world() -> None:
    """Run the jobs of each world while it is open."""
    running: dict[World, asyncio.Task[None]] = {}
    async with asyncio.TaskGroup() as group:
        while True:
            for world in open_worlds():
                if world not in running:
                    with world.bound(), progress.unnoticed():
                        running[world] = group.create_task(_in_this_world())
            for world in [world for world in running if not world.is_open]:
                running.pop(world).cancel()
            await asyncio.sleep(_CHECKS_WORLDS_EVERY)


async def _in_this_world() -> None:
    """Run the scheduler and the jobs of each worker in the current world."""
    scheduled, of_this_worker = (*JOBS, *_JOBS_OF_OWN_WORLD), _JOBS_OF_EACH_WORKER
    if not current().is_own:
        scheduled = tuple(replace(job, work=progress.noticing(job.work)) for job in JOBS)
        of_this_worker = _JOBS_OF_EACH_WORKER_IN_SESSIONS
    async with asyncio.TaskGroup() as group:
        group.create_task(Scheduler(scheduled).run())
        for job in of_this_worker:
            group.create_task(repeat(job))


async def _warm_search() -> None:
    """Fill the search caches, and then turn the garbage collector on.

    The caches and the app's code stay in memory for good. So the garbage collector, which is off since the worker
    started, must skip them (`gc.freeze`): each pass over them would block the worker for an eighth of a second.
    """
    try:
        await asyncio.to_thread(lookups.warm_search)
        gc.freeze()
    except (Busy, Unavailable) as error:
        # A worker may start while the database is gone. Its first search then fills the caches.
        log.warning("search is not warmed up", reason=str(error))
    finally:
        gc.enable()
