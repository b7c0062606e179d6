"""Reads that many tabs want at once run once, and nobody gets one that began before they asked."""

from __future__ import annotations

import asyncio
import threading

from rxconnect import db
from rxconnect.domain.errors import NotFound
from rxconnect.state.shared_reads import SharedReads


class Reading:
    """A service that waits for `go` and counts its runs."""

    def __init__(self) -> None:
        self.times, self.begun, self.go = 0, threading.Semaphore(0), threading.Event()

    def __call__(self, _session, key: str) -> tuple[str, int]:
        self.times += 1
        run = self.times
        self.begun.release()
        assert self.go.wait(10)
        return key, run


def test_whoever_asks_during_a_read_shares_the_next_one(database):
    reading = Reading()

    async def ask():
        shared = SharedReads(reading)
        first = asyncio.create_task(shared("a"))
        await asyncio.to_thread(reading.begun.acquire)
        others = [asyncio.create_task(shared("a")) for _ in range(20)]
        await asyncio.sleep(0)
        reading.go.set()
        return await first, set(await asyncio.gather(*others)), shared

    first, others, shared = asyncio.run(ask())
    assert (first, others, reading.times) == (("a", 1), {("a", 2)}, 2)
    assert shared._running == shared._next == {}


def test_other_keys_do_not_wait(database):
    reading = Reading()

    async def ask():
        shared = SharedReads(reading)
        both = [asyncio.create_task(shared(key)) for key in ("a", "b")]
        for _ in both:
            await asyncio.to_thread(reading.begun.acquire)
        reading.go.set()
        return {key for key, _run in await asyncio.gather(*both)}

    assert asyncio.run(ask()) == {"a", "b"}


def test_one_who_leaves_does_not_end_the_read_of_the_others(database):
    reading = Reading()

    async def ask():
        shared = SharedReads(reading)
        leaving, staying = (asyncio.create_task(shared("a")) for _ in range(2))
        await asyncio.to_thread(reading.begun.acquire)
        leaving.cancel()
        await asyncio.sleep(0)
        reading.go.set()
        return await staying

    assert asyncio.run(ask()) == ("a", 1)


def test_everybody_gets_the_refusal(database):
    def refuse(_session, _key):
        raise NotFound("session")

    async def ask():
        shared = SharedReads(refuse)
        return await asyncio.gather(shared("a"), shared("a"), return_exceptions=True)

    assert db.is_responding()
    assert [type(told) for told in asyncio.run(ask())] == [NotFound, NotFound]


def test_a_later_question_is_a_new_read(database):
    reading = Reading()
    reading.go.set()

    async def ask():
        shared = SharedReads(reading)
        return [await shared("a") for _ in range(3)]

    assert asyncio.run(ask()) == [("a", run) for run in (1, 2, 3)]
