"""Progress: finds the steps of a session that have really happened, and keeps a checkpoint of the world before each."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from anyio import to_thread
from sqlalchemy import event
from sqlmodel import Session, col, select

from rxconnect import db, session_threads, world
from rxconnect.demo import facts, scenarios, seat_accounts
from rxconnect.demo.facts import Cast
from rxconnect.demo.scenarios import Scenario
from rxconnect.demo.seats import publish_change
from rxconnect.domain import clock
from rxconnect.domain.accounts import ActorKind
from rxconnect.domain.demo import SeatKind
from rxconnect.domain.errors import NotFound, Unavailable
from rxconnect.engines import write_engine
from rxconnect.models import DemoSession, DemoStep
from rxconnect.services.imports import uploads
from rxconnect.services.photos import storage
from rxconnect.services.scheduling.batches import Batch
from rxconnect.world import PerWorld, World

_CHECKPOINT = "checkpoint-"
# A quarter of the size in 20 ms; the best level saves a tenth more in seven times as long.
_QUICK = 3


class _Written:
    """Whether this process has written to the world since it last looked.

    At first it has: a process does not know what another has written, perhaps one that was killed before it could look.
    """

    def __init__(self) -> None:
        self._has_written = True
        self._waiter: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    def is_set(self) -> bool:
        """Whether it has written."""
        return self._has_written

    def set(self) -> None:
        """Note a write, in any thread."""
        self._has_written = True
        if waiter := self._waiter:
            loop, wake = waiter
            # In a loop that is closed, nobody waits.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(wake.set)

    async def wait(self) -> None:
        """Wait until something has been written since the last `clear`."""
        wake = asyncio.Event()
        self._waiter = asyncio.get_running_loop(), wake
        if not self._has_written:
            await wake.wait()
        self._waiter = None

    def clear(self) -> None:
        """Note that somebody looks now."""
        self._has_written = False


_is_new = PerWorld(_Written)


# Jobs write all the time, mostly to say that they are still there. What they have really done is noticed by `noticing`.
_is_noticed = ContextVar("is noticed", default=True)


@event.listens_for(Session, "after_commit")
def _mark_written(session: Session) -> None:
    # SQLAlchemy also fires this event for a savepoint, of which nobody else sees anything yet.
    if world.current().is_own or not _is_noticed.get() or session.in_nested_transaction():
        return
    # A world that was just closed has no progress any more.
    with suppress(Unavailable):
        if session.bind is write_engine():
            _is_new().set()


@contextmanager
def without_step_check() -> Iterator[None]:
    """Inside the block, and in tasks that are begun in it, commits make nobody look at the steps."""
    token = _is_noticed.set(False)
    try:
        yield
    finally:
        _is_noticed.reset(token)


def with_step_check(work: Callable[..., Awaitable[Batch]]) -> Callable[..., Awaitable[Batch]]:
    """The `work` of a job, after which somebody looks at the steps if it has done anything."""

    async def run(*after: Any) -> Batch:
        batch = await work(*after)
        if batch.done:
            _is_new().set()
        return batch

    return run


async def record_steps_when_written(*_after: int) -> Batch:
    """A job of every worker, in each world of a session: wait until this worker has written, and look once more."""
    await _is_new().wait()
    return await record_steps_if_written()


async def record_steps_if_written() -> Batch:
    """Look once more if this worker has written to the current world."""
    if not _is_new().is_set():
        return Batch()
    _is_new().clear()
    try:
        return Batch(await to_thread.run_sync(record_steps, limiter=session_threads.FOR_STEPS))
    except BaseException:
        _is_new().set()
        raise


def record_steps() -> int:
    """Find the steps of the current world's session that have happened, and store them. Returns the number of new ones.

    For each step that is still to come, it keeps this moment as the checkpoint before it. Opens its own transactions.
    """
    here = world.current()
    with world.own().bound():
        room = db.read(_open_session, here.name)
        if room is None or room.id is None:
            return 0
        before = db.read(steps_done, room.id)
    scenario = scenarios.parse(room.scenario)
    new = db.read(_steps_happened, scenario, room.started_at - here.behind) - before
    if not new:
        return 0
    save_checkpoint(set(numbers(scenario)) - before - new)
    with world.own().bound():
        return db.write(_store_done, room.id, here.name, new)


def next_step(scenario: Scenario, done: Collection[int]) -> int:
    """The number of the first step that is not done, or 0 if all are done."""
    return next((number for number in numbers(scenario) if number not in done), 0)


def numbers(scenario: Scenario) -> range:
    """The numbers of a scenario's steps."""
    return range(1, len(scenario.steps) + 1)


def steps_done(session: Session, session_id: int) -> set[int]:
    """The numbers of the steps that are done."""
    return set(session.exec(select(DemoStep.step).where(DemoStep.session_id == session_id)))


def done_before(session: Session, session_id: int, step: int) -> set[int]:
    """The numbers of the steps that were done when the checkpoint before `step` was kept. Steps may be done in any order."""
    when = {row.step: row.done_at for row in session.exec(select(DemoStep).where(DemoStep.session_id == session_id))}
    return {number for number, done_at in when.items() if step not in when or done_at < when[step]}


@contextmanager
def unpacked_checkpoint(of: World, step: int) -> Iterator[Path]:
    """Unpack a checkpoint into a folder, for the length of the block. Raises `NotFound` if there is none for this step."""
    kept = _checkpoint_file(of, step)
    if not kept.exists():
        raise NotFound("step")
    with tempfile.TemporaryDirectory(dir=of.folder) as folder:
        with ZipFile(kept) as archive:
            archive.extractall(folder)
        yield Path(folder)


def saved_checkpoints(name: str) -> set[int]:
    """The numbers of the steps for which the world of this name has a checkpoint."""
    with suppress(Unavailable):
        kept = world.world_of(name).folder.glob(f"{_CHECKPOINT}*")
        return {int(file.stem.removeprefix(_CHECKPOINT)) for file in kept}
    return set()


def copy_checkpoints(before: World, after: World, *, since: int, done: Collection[int]) -> None:
    """Copy checkpoints to a world that is as it was before the step `since`. Steps in `done` are still done there."""
    for step in saved_checkpoints(before.name):
        os.link(_checkpoint_file(before, step if step in done else since), _checkpoint_file(after, step))


def save_checkpoint(steps: Collection[int]) -> None:
    """Keep the current world as the checkpoint before each of these steps, in place of an earlier one."""
    if not steps:
        return
    here = world.current()
    with tempfile.TemporaryDirectory(dir=here.folder) as folder:
        packed, made = Path(folder, "packed"), Path(folder, "made.zip")
        pack_world(packed)
        with ZipFile(made, "w", ZIP_DEFLATED, compresslevel=_QUICK) as archive:
            for file in packed.rglob("*"):
                archive.write(file, file.relative_to(packed))
        for step in steps:
            # All are one file on the disk. A replacement is atomic, so that nobody unpacks a half.
            os.link(made, linked := Path(folder, f"{step}.zip"))
            linked.replace(_checkpoint_file(here, step))


def pack_world(into: Path) -> None:
    """Write the current world's files into a new folder, as a template for `world.open_copy`."""
    into.mkdir()
    # The database goes first: the processor may know a payment that the database only began, but never the other way round.
    for file in sorted(world.current().folder.glob("*.db"), key=lambda file: file.name != world.DATABASE):
        db.pack_file(file, into / file.name)
    # After the database, so that every photo and every uploaded roster that it knows is there.
    for name in (storage.FOLDER, uploads.FOLDER):
        if (files := world.current().folder / name).is_dir():
            shutil.copytree(files, into / name)


def _checkpoint_file(of: World, step: int) -> Path:
    return of.folder / f"{_CHECKPOINT}{step}.zip"


def _open_session(session: Session, name: str) -> DemoSession | None:
    is_open = col(DemoSession.ended_at).is_(None)
    return session.exec(select(DemoSession).where(DemoSession.world == name, is_open)).first()


def _steps_happened(session: Session, scenario: Scenario, since: datetime) -> set[int]:
    cast, steps = cast_of(session, scenario), enumerate(scenario.steps, start=1)
    return {number for number, step in steps if facts.FACTS[step.done](session, cast, since)}


def cast_of(session: Session, scenario: Scenario) -> Cast:
    """The accounts of the scenario's people in the current world. An account that is gone is 0, which nobody has."""
    ids = {kind: seat_accounts.account_id(session, scenario, kind) or 0 for kind in SeatKind}
    staff = frozenset(ids[kind] for kind in SeatKind if kind.acts_as is ActorKind.STAFF)
    return Cast(ids[SeatKind.FAMILY], staff, ids[SeatKind.KIOSK])


def _store_done(session: Session, session_id: int, name: str, steps: Collection[int]) -> int:
    """Store steps as done, unless the session has ended or moved to another world."""
    room = session.get(DemoSession, session_id, with_for_update=True)
    if room is None or room.ended_at or room.world != name:
        return 0
    new, now = sorted(set(steps) - steps_done(session, session_id)), clock.now()
    session.add_all(DemoStep(session_id=session_id, step=step, done_at=now) for step in new)
    if new:
        publish_change(session, session_id)
    return len(new)
