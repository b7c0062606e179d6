"""What runs beside the server: emails go out, what a crash left open is finished, money follows people who leave.

One worker at a time runs these jobs for a database (`rxconnect.scheduler`). What a process keeps in its own memory, each
worker looks after itself: it warms up search, and writes down which sign-ins it has seen.
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

# Seconds. What a crash left open has an outcome within a minute: its lease (`charges.LEASE`), and one more round.
_EMAILS_EVERY, _MONEY_EVERY, _LOOKS_AROUND_EVERY, _FORGETS_EVERY = 2.0, 10.0, 60.0, 3_600.0
_NOTICES_WORLDS_EVERY = 1.0
_SESSIONS_EVERY, _STEPS_EVERY = 5.0, 0.5

JOBS: tuple[Job, ...] = (
    Job("emails", _EMAILS_EVERY, emails.deliver_due),
    Job("charges", _MONEY_EVERY, in_thread(checkout.reconcile)),
    Job("refunds", _MONEY_EVERY, in_thread(refund_payouts.carry_out_due)),
    Job("expiries", _LOOKS_AROUND_EVERY, in_thread(expiries.end_due)),
    Job("departures", _LOOKS_AROUND_EVERY, in_thread(departures.follow_up)),
    Job("auto-reloads", _LOOKS_AROUND_EVERY, in_thread(auto_reloads.reload_due)),
    Job("queries", _FORGETS_EVERY, in_thread(partial(db.write, walkthrough.forget_queries))),
    Job("comparison", _LOOKS_AROUND_EVERY, in_thread(comparison.compare_due)),
)
# Demo sessions are rows of the installation's own database, and their worlds have none.
_OF_OWN_WORLD: tuple[Job, ...] = (
    Job("demo template", _FORGETS_EVERY, templates.warm),
    Job("demo sessions", _SESSIONS_EVERY, in_thread(endings.end_due)),
)
# These work on the memory of their own process.
_OF_EVERY_WORKER: tuple[Job, ...] = (Job("sign-ins seen", _LOOKS_AROUND_EVERY, in_thread(seen.write)),)
_OF_EVERY_WORKER_IN_SESSIONS: tuple[Job, ...] = (
    *_OF_EVERY_WORKER,
    Job("demo steps", _STEPS_EVERY, progress.tick_if_new),
)


async def lifespan_jobs() -> None:
    """Run until the server stops."""
    await _warm()
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
            await asyncio.sleep(_NOTICES_WORLDS_EVERY)


async def _in_this_world() -> None:
    scheduled, of_this_worker = (*JOBS, *_OF_OWN_WORLD), _OF_EVERY_WORKER
    if not current().is_own:
        scheduled = tuple(replace(job, work=progress.noticing(job.work)) for job in JOBS)
        of_this_worker = _OF_EVERY_WORKER_IN_SESSIONS
    async with asyncio.TaskGroup() as group:
        group.create_task(Scheduler(scheduled).run())
        for job in of_this_worker:
            group.create_task(repeat(job))


async def _warm() -> None:
    """Read what search keeps in memory.

    That stays for good, as all of the app does by now. So the garbage collector is told to skip it: each pass over it took
    an eighth of a second, while it is read and later, when everybody would wait.
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
