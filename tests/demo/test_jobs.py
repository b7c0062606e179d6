"""The jobs of demo sessions, as a server runs them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from rxconnect import db, jobs, live, world
from rxconnect.demo import sessions
from rxconnect.domain.topics import Subject, Topic
from rxconnect.scheduler import Job
from rxconnect.world import World
from tests.demos import carry_out, start, view, world_now


def test_while_a_server_runs_steps_tick_themselves_off_and_ended_sessions_vanish(demos, monkeypatch):
    seat = start()
    over = world_now(seat)
    monkeypatch.setattr(jobs, "JOBS", ())
    monkeypatch.setattr(jobs, "_CHECKS_WORLDS_EVERY", 0.05)
    quick = [Job(job.name, 0.05, job.work) for job in jobs._JOBS_OF_OWN_WORLD if job.name == "demo sessions"]
    monkeypatch.setattr(jobs, "_JOBS_OF_OWN_WORLD", tuple(quick))

    async def serve() -> None:
        loop, ticked, closed = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        monkeypatch.setattr(world, "close", _then(world.close, lambda: loop.call_soon_threadsafe(closed.set)))
        address = live.address_of(Topic(Subject.ROOM, seat.session_id))

        def wake() -> None:
            loop.call_soon_threadsafe(ticked.set)

        live.listen(address, wake)
        running = asyncio.create_task(jobs._in_every_world())
        await asyncio.to_thread(carry_out, seat, "first-letter", 1)
        await ticked.wait()
        live.stop_listening(address, wake)
        assert (await asyncio.to_thread(view, seat)).steps[0].is_done
        await asyncio.to_thread(db.write, sessions.end, seat)
        await closed.wait()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    asyncio.run(asyncio.wait_for(serve(), 30))
    assert not over.is_open
    assert len(world.open_worlds()) == 1


def _then(close: Callable[[World], None], tell: Callable[[], object]) -> Callable[[World], None]:
    def closing(of: World) -> None:
        close(of)
        tell()

    return closing
