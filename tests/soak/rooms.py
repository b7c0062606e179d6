"""Many demo sessions at once on one server: is anything lost or crossed, and what do a user and the memory notice of it?"""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from random import Random

import httpx

from rxconnect.demo import templates
from rxconnect.world import World, world_of
from tests.bench.loads import Times
from tests.bench.report import percentile
from tests.soak import bystander
from tests.soak.attacks import Target, tally
from tests.soak.participants import WORD, Counts
from tests.soak.sessions import Session
from tests.soak.sockets import in_a_loop

# A production user waits at most so many times as long; the most KB of a participant and of a world, and MB on disk.
_LONGER, _PARTICIPANT, _WORLD, _DISK = 1.5, 350, 2_048, 5
_HAND_OVER = 500
_OPENING_AT_ONCE = 5
_ERROR = re.compile(rb"\[(?:error|critical)\].*")


@dataclass
class Found:
    """The production user's waits alone and beside the sessions, the memory in KB and the disk space in MB of each."""

    counts: Counts
    alone: Times
    beside: Times
    participant: float = 0.0
    world: float = 0.0
    session: float = 0.0
    disk: float = 0.0


def measure(target: Target, *, sessions: int, people: int, seconds: float) -> Iterator[tuple[str, str, list[str]]]:
    """The lines of the report: what was done, what must be, and what was not so."""
    found = soak(target, sessions=sessions, people=people, seconds=seconds)
    counts = found.counts
    tried = f"{sessions} sessions × {people} people for {seconds:g} s, {counts.acts} acts"
    yield tried, "0 lost, 0 crossed, 0 errors", tally(counts.wrong)
    for what, alone in found.alone.items():
        beside = found.beside[what]
        pairs = {percent: (percentile(alone, percent), percentile(beside, percent)) for percent in (50, 95)}
        figures = " and ".join(
            f"p{percent} {before:.1f} → {after:.1f} ms" for percent, (before, after) in pairs.items()
        )
        slow = [f"p{percent} is {b / a:.1f} times as long" for percent, (a, b) in pairs.items() if b > _LONGER * a]
        yield f"a production user who {what} beside them: {figures}", f"≤ {_LONGER:g} × as long", slow
    sizes = (
        ("KB a participant", found.participant, _PARTICIPANT),
        ("KB a world, with its driver", found.world, _WORLD + _PARTICIPANT),
        (f"KB a session in use, with its {people} people", found.session, _WORLD + people * _PARTICIPANT),
        ("MB a world on disk", found.disk, _DISK),
    )
    for unit, size, most in sizes:
        yield f"{size:.1f} {unit}", f"≤ {most:g}", [f"{size:.1f} {unit}"] if size > most else []
    if counts.hand_overs:
        figures = " and ".join(f"p{percent} {percentile(counts.hand_overs, percent):.0f} ms" for percent in (50, 95))
        late = [f"p95 {figures}"] if percentile(counts.hand_overs, 95) > _HAND_OVER else []
        yield f"{len(counts.hand_overs)} hand-overs, until both have seen it: {figures}", f"≤ {_HAND_OVER} ms", late


def soak(target: Target, *, sessions: int, people: int, seconds: float) -> Found:
    """Measure a production user for a fifth of `seconds` alone, then beside so many sessions. It starts a server's log anew."""
    return in_a_loop(_soak(target, sessions, people, seconds))


async def _soak(target: Target, sessions: int, people: int, seconds: float) -> Found:
    counts, logged = Counts(), target.log.stat().st_size
    await asyncio.to_thread(templates.get_or_make_template)
    await _warm_up(target)
    alone = await bystander.waits(target.url, seconds / 5)
    empty = target.memory()
    rooms = [await asyncio.to_thread(Session, target.url, number, counts) for number in range(1, sessions + 1)]
    await _few_at_once(*(room.begin() for room in rooms))
    with_drivers = target.memory()
    await _few_at_once(*(room.fill(people) for room in rooms))
    filled = target.memory()
    async with AsyncExitStack() as stack:
        headers = {"Origin": target.url}
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=target.url, headers=headers, timeout=30))
        until = time.monotonic() + seconds
        acting = (room.act(until, Random(number), client) for number, room in enumerate(rooms))
        waiting = asyncio.create_task(bystander.waits(target.url, seconds))
        await asyncio.sleep(1)
        # In reality the participants' computers do not take the time of the server's.
        os.nice(10)
        beside, *_ = await asyncio.gather(waiting, *acting)
    found = Found(counts, alone, beside)
    found.participant = (filled - with_drivers) / 1024 / (sessions * (people - 1))
    # At the end, when everybody has driven and looked around, so that this includes whatever grows.
    found.session = (target.memory() - empty) / 1024 / sessions
    found.world = (with_drivers - empty) / 1024 / sessions
    worlds = [world_of(room.trainer.seat.world) for room in rooms]
    found.disk = sum(map(_size, worlds)) / 1024 / 1024 / sessions
    counts.wrong += [sentence for room in rooms for sentence in room.lost()]
    counts.wrong += [sentence for room, world in zip(rooms, worlds, strict=True) for sentence in _crossed(room, world)]
    counts.wrong += [f"logged: {line.decode()[:300]}" for line in _ERROR.findall(target.log.read_bytes()[logged:])]
    for room in rooms:
        await room.end()
    return found


async def _warm_up(target: Target) -> None:
    """Use one session, so that the process's own caches are filled before anything is counted."""
    room = Session(target.url, 0, Counts())
    await room.begin()
    await room.fill(3)
    async with httpx.AsyncClient(base_url=target.url, headers={"Origin": target.url}) as client:
        await room.act(time.monotonic() + 5, Random(1), client)
    await room.end()


async def _few_at_once(*steps) -> None:
    few = asyncio.Semaphore(_OPENING_AT_ONCE)

    async def taken(step) -> None:
        async with few:
            await step

    await asyncio.gather(*map(taken, steps))


def _size(world: World) -> int:
    # A checkpoint may be one file under several names.
    files = {file.stat().st_ino: file.stat().st_size for file in world.folder.rglob("*") if file.is_file()}
    return sum(files.values())


def _crossed(room: Session, world: World) -> Iterator[str]:
    """Words of other sessions in the files of a world's database."""
    for file in world.folder.glob("*.db*"):
        for mark in set(WORD.findall(file.read_bytes().decode("latin-1"))):
            if f"Quartz{mark}" != room.mark:
                yield f"{room.mark} has a row of Quartz{mark} in {file.name}"
