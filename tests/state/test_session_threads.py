"""Demo sessions and the installation's own families share the threads of a process, and the families never wait for a room."""

from __future__ import annotations

from threading import Event, Lock

import anyio

from rxconnect.scheduler import in_thread as as_job
from rxconnect.services.scheduling.batches import Batch
from rxconnect.state.transactions import in_session_thread, in_thread
from tests.demos import start, world_now


class Held:
    """Work that goes on until `done`, and counts how many threads have it at once."""

    def __init__(self) -> None:
        self.done, self.running, self.most = Event(), 0, 0
        self._lock = Lock()

    def run(self, *_: object) -> Batch:
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
        self.done.wait(30)
        with self._lock:
            self.running -= 1
        return Batch()


def test_however_many_people_act_in_sessions_a_family_is_answered_at_once(demos):
    room, held = world_now(start()), Held()

    async def act() -> None:
        async with anyio.create_task_group() as group:
            with room.bound():
                for _ in range(10):
                    group.start_soon(in_thread, held.run)
            for _ in range(10):
                group.start_soon(in_session_thread, held.run)
            await _until(lambda: held.running == 2)
            assert await in_thread(lambda: "answered") == "answered"
            assert held.running == 2
            held.done.set()

    anyio.run(act)
    assert held.most == 2


def test_the_jobs_of_all_sessions_take_one_thread_and_not_those_of_their_people(demos):
    room, held = world_now(start()), Held()

    async def act() -> None:
        async with anyio.create_task_group() as group:
            with room.bound():
                for _ in range(5):
                    group.start_soon(as_job(held.run))
                await _until(lambda: held.running == 1)
                assert await in_thread(lambda: "answered") == "answered"
            assert (await as_job(lambda *_: Batch(done=7))()).done == 7
            held.done.set()

    anyio.run(act)
    assert held.most == 1


async def _until(is_so) -> None:
    with anyio.fail_after(20):
        while not is_so():  # noqa: ASYNC110 - the threads tell nobody
            await anyio.sleep(0.01)
