"""Background jobs: send emails, finish payments that a crash left open, refund or move the credits of people who leave.

One worker at a time runs these jobs for a database (`rxconnect.scheduler`, and `rxconnect.session_jobs` for demo sessions).
Only the jobs for the caches of a process run in each worker: they warm up search, and write the last use of sign-ins to the
database.
"""

import asyncio
import gc
from dataclasses import replace
from functools import partial

import structlog

from rxconnect import db
from rxconnect.demo import endings, progress, templates
from rxconnect.documents.reports import report_pdf
from rxconnect.domain.errors import Busy, Unavailable
from rxconnect.scheduler import Job, Scheduler, in_thread, repeat
from rxconnect.services.accounts import seen
from rxconnect.services.audit import heads
from rxconnect.services.books import comparison
from rxconnect.services.custody import roster_absences
from rxconnect.services.dashboard import walkthrough
from rxconnect.services.directory import lookups
from rxconnect.services.imports import asked_imports, uploads
from rxconnect.services.lawyers import endings as verification_endings
from rxconnect.services.leaving import departures, returns
from rxconnect.services.messages import deliveries, expiries, reply_credits
from rxconnect.services.notices import digests, emails
from rxconnect.services.photos import sweep, waiting
from rxconnect.services.purchases import auto_reloads, checkout
from rxconnect.services.push import pushes
from rxconnect.services.refunds import refund_payouts
from rxconnect.services.removals import removals
from rxconnect.services.reports import prints
from rxconnect.services.review import claims, decisions, shelves
from rxconnect.services.screening import rule_books, submissions
from rxconnect.session_jobs import SessionLock, run_in_turn
from rxconnect.world import World, open_worlds

log = structlog.get_logger()

# Intervals in seconds. A payment that a crash left open is finished within a minute: its lease (`charges.LEASE`) must
# expire, and the job must run once more.
_EMAILS_EVERY, _MONEY_EVERY, _SWEEPS_EVERY, _CLEANS_EVERY = 2.0, 10.0, 60.0, 3_600.0
# More often than a decision's time to undo (`review.UNDO_FOR`): so it is known before it is due, and committed at its moment.
_DESK_EVERY = 5.0
# Somebody waits for the PDF of a report, or for the import of a roster.
_REPORTS_EVERY = 1.0
# Another worker must know soon that a kiosk is in use, since it signs out after two minutes.
_KIOSKS_EVERY = 5.0
_CHECKS_WORLDS_EVERY = 1.0
_SESSIONS_EVERY = 5.0
# The job waits for a commit of an event. Those of a burst are looked at once.
_STEPS_EVERY = 0.1
# How many new objects make the garbage collector look at them, and how many such looks at older ones, and at all. With Python's
# 700 it went through the State of every open tab once in ten seconds, and the event loop stood still for a tenth of a second.
_COLLECTS_AFTER = 2_500, 10, 10
# Jobs for which a scenario waits, in the worlds of demo sessions.
_WATCHED, _WATCHED_EVERY = ("departures", "kiosk deliveries"), 5.0

JOBS: tuple[Job, ...] = (
    Job("emails", _EMAILS_EVERY, emails.deliver_due),
    Job("pushes", _EMAILS_EVERY, pushes.deliver_due),
    Job("daily emails", _SWEEPS_EVERY, in_thread(digests.send_due)),
    Job("charges", _MONEY_EVERY, in_thread(checkout.reconcile)),
    Job("refunds", _MONEY_EVERY, in_thread(refund_payouts.carry_out_due)),
    Job("decisions", _DESK_EVERY, in_thread(decisions.commit_due)),
    Job("screening", _DESK_EVERY, in_thread(submissions.screen_due)),
    Job("claims", _DESK_EVERY, in_thread(claims.end_lapsed)),
    Job("letters set aside", _DESK_EVERY, in_thread(shelves.bring_back_due)),
    Job("kiosk deliveries", _SWEEPS_EVERY, in_thread(deliveries.deliver_due)),
    Job("reply credits", _SWEEPS_EVERY, in_thread(reply_credits.return_due)),
    Job("expiries", _SWEEPS_EVERY, in_thread(expiries.expire_due)),
    Job("absences", _SWEEPS_EVERY, in_thread(roster_absences.release_due)),
    Job("departures", _SWEEPS_EVERY, in_thread(departures.follow_up_departures)),
    Job("returns", _SWEEPS_EVERY, in_thread(returns.tell_returns)),
    Job("auto-reloads", _SWEEPS_EVERY, in_thread(auto_reloads.reload_due)),
    Job("removals", _SWEEPS_EVERY, in_thread(partial(db.write, removals.clear_old))),
    Job("queries", _CLEANS_EVERY, in_thread(partial(db.write, walkthrough.clear_old_queries))),
    Job("old absences", _CLEANS_EVERY, in_thread(partial(db.write, roster_absences.clear_old))),
    Job("rosters", _REPORTS_EVERY, in_thread(asked_imports.import_due)),
    Job("old uploads", _CLEANS_EVERY, in_thread(uploads.clear_old)),
    Job("reports", _REPORTS_EVERY, in_thread(partial(prints.make_due, report_pdf))),
    Job("old reports", _CLEANS_EVERY, in_thread(prints.clear_old)),
    Job("photos that wait", _SWEEPS_EVERY, in_thread(waiting.scan_due)),
    Job("photos of nobody", _SWEEPS_EVERY, in_thread(sweep.sweep_rows)),
    Job("files of nobody", _CLEANS_EVERY, in_thread(sweep.sweep_files)),
    Job("lawyers", _SWEEPS_EVERY, in_thread(verification_endings.tell_ended)),
    Job("audit heads", _SWEEPS_EVERY, in_thread(heads.keep_due)),
    Job("comparison", _SWEEPS_EVERY, in_thread(comparison.compare_due)),
)
# Demo sessions are rows of the installation's own database, and their worlds have none.
_JOBS_OF_OWN_WORLD: tuple[Job, ...] = (
    Job("demo template", _CLEANS_EVERY, templates.make_template_early),
    Job("demo sessions", _SESSIONS_EVERY, in_thread(endings.end_due)),
)
# These write the caches of their own process.
_JOBS_OF_EACH_WORKER: tuple[Job, ...] = (
    Job("sign-ins seen", _SWEEPS_EVERY, in_thread(seen.write_cached_uses)),
    Job("kiosks seen", _KIOSKS_EVERY, in_thread(seen.write_uses_of_kiosks)),
)
_JOBS_OF_EACH_WORKER_IN_SESSIONS: tuple[Job, ...] = (
    *_JOBS_OF_EACH_WORKER,
    Job("demo steps", _STEPS_EVERY, progress.record_steps_when_written),
)


async def lifespan_jobs() -> None:
    """Run all jobs until the server stops."""
    await _warm_caches()
    await _in_every_world()


async def _in_every_world() -> None:
    """Run the jobs of each world while it is open."""
    running: dict[World, asyncio.Task[None]] = {}
    lock = SessionLock()
    try:
        async with asyncio.TaskGroup() as group:
            while True:
                lock.try_take()
                for world in open_worlds():
                    if world not in running:
                        with world.bound(), progress.without_step_check():
                            running[world] = group.create_task(
                                _in_own_world() if world.is_own else _in_session_world(lock)
                            )
                for world in [world for world in running if not world.is_open]:
                    running.pop(world).cancel()
                await asyncio.sleep(_CHECKS_WORLDS_EVERY)
    finally:
        lock.release()


async def _in_own_world() -> None:
    """Run the scheduler and the jobs of each worker in the installation's own world."""
    async with asyncio.TaskGroup() as group:
        group.create_task(Scheduler((*JOBS, *_JOBS_OF_OWN_WORLD)).run())
        for job in _JOBS_OF_EACH_WORKER:
            group.create_task(repeat(job))


async def _in_session_world(lock: SessionLock) -> None:
    """Run the jobs of the current world, which is that of a demo session, if this worker has the lock, and those of each worker."""
    async with asyncio.TaskGroup() as group:
        group.create_task(run_in_turn([_in_session(job) for job in JOBS], lock.is_held))
        for job in _JOBS_OF_EACH_WORKER_IN_SESSIONS:
            group.create_task(repeat(job))


def _in_session(job: Job) -> Job:
    """The job as the world of a demo session runs it, where people watch and wait for some of them."""
    seconds = min(job.seconds, _WATCHED_EVERY) if job.name in _WATCHED else job.seconds
    return replace(job, seconds=seconds, work=progress.with_step_check(job.work))


async def _warm_caches() -> None:
    """Fill the caches of search and screening, and then turn the garbage collector on.

    The caches and the app's code stay in memory for good. So the garbage collector, which is off since the worker
    started, must skip them (`gc.freeze`): each pass over them would block the worker for an eighth of a second.
    """
    try:
        await asyncio.to_thread(lookups.warm_search)
        await asyncio.to_thread(rule_books.compile_all)
        gc.freeze()
    except (Busy, Unavailable) as error:
        # A worker may start while the database is gone. Its first search and its first letter then fill the caches.
        log.warning("the caches are not filled", reason=str(error))
    finally:
        gc.set_threshold(*_COLLECTS_AFTER)
        gc.enable()
