"""Following a demo session: the time from a press or a key of the driver until twenty followers have it."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from unittest.mock import patch

from rxconnect import routes
from rxconnect.demo import seats, sessions
from rxconnect.domain.demo import SeatKind
from rxconnect.i18n import ENGLISH
from rxconnect.services.accounts import sign_ins
from rxconnect.state.demo.room import RoomState
from rxconnect.state.family.purchases import AmountState
from rxconnect.state.mirror import MESSAGE
from tests import redis_server
from tests.bench import servers
from tests.bench.report import Report, Row, measured, p95
from tests.bench.tabs import Awaited, Tab, open_tab, shows

FOLLOWERS, TIMES, APART = 20, 100, 0.1


def follow(data: Path, report: Report) -> None:
    """On a server of one process, and on one of two workers that share Redis."""
    with servers.used(data):
        servers.prepare(data)
        with servers.running(data) as server:
            report.rows += asyncio.run(_rows(server.url, "in memory", 150, 250))
    with (
        redis_server.running() as redis,
        patch.dict(os.environ, RXCONNECT_REDIS_URL=redis.url, RXCONNECT_WORKERS="2"),
        servers.used(data),
        servers.running(data) as server,
    ):
        report.rows += asyncio.run(_rows(server.url, "two workers and Redis", 250, 400))


class Room:
    """A session whose driver buys credits, and all who follow. The ids are those of their seats, the driver's first."""

    def __init__(self, ids: list[int], driver: Tab, followers: list[Tab]):
        self.ids, self.driver, self.followers = ids, driver, followers

    async def timed(self, act: Callable[[], Awaitable[None]], until: Awaited, message: str = MESSAGE) -> list[float]:
        """Milliseconds until each follower has what the driver's act made of it."""
        began = time.perf_counter()
        waits = [self._heard(tab.expect(until, message), began) for tab in self.followers]
        heard = asyncio.gather(*waits)
        await act()
        return await asyncio.wait_for(heard, 30)

    async def _heard(self, expected: Awaitable[object], began: float) -> float:
        await expected
        return (time.perf_counter() - began) * 1000


async def _rows(url: str, way: str, press: float, key: float) -> list[Row]:
    async with open_room(url) as room:
        presses = [wait for number in range(TIMES) async for wait in _press(room, number)]
        keys = [wait for number in range(TIMES) async for wait in _type(room, number)]
        hand_overs = [wait for number in range(TIMES // 5) async for wait in _hand_over(room, number)]
    return [
        measured(f"From a press to {FOLLOWERS} followers, {way}", presses, "ms", at_most=press, judged_by=p95),
        # The browser adds up to a tenth of a second: it says what stands in its fields no oftener.
        measured(f"From a key to {FOLLOWERS} followers, {way}", keys, "ms", at_most=key - 100, judged_by=p95),
        measured(f"From handing over to who gets the wheel, {way}", hand_overs, "ms", at_most=500, judged_by=max),
    ]


@asynccontextmanager
async def open_room(url: str, followers: int = FOLLOWERS) -> AsyncIterator[Room]:
    """A new session on a running server, whose database this process also uses, and everybody's tabs."""
    token, view = sessions.start("blank", name="Aisha", address_key=url, language=ENGLISH, allows_guests=True)
    async with AsyncExitStack() as stack:
        driver = await stack.enter_async_context(_tab(url, token, AmountState))
        ids, tabs = [_id(token)], []
        for number in range(followers):
            seat = seats.join(view.code, f"Follower {number}", SeatKind.FAMILY, address_key=url)
            ids.append(_id(seat))
            tabs.append(await stack.enter_async_context(_tab(url, seat, RoomState)))
        for tab in tabs:
            whole = tab.expect(lambda said: bool(said.get("is_whole")), MESSAGE)
            await tab.say("present")
            await asyncio.wait_for(whole, 30)
        yield Room(ids, driver, tabs)


def _id(token: str) -> int:
    found = seats.find(sign_ins.seat_hash(token))
    assert found
    return found.id


def _tab(url: str, token: str, state: type):
    return open_tab(url, f"{sign_ins.seat_cookie_name()}={token}", routes.BUY_CREDITS, state)


async def _press(room: Room, number: int) -> AsyncIterator[float]:
    credits = str(10 + number % 5)
    done = shows(AmountState, "credits", credits)
    for wait in await room.timed(lambda: room.driver.post(AmountState.choose_suggested, credits=credits), done):
        yield wait
    await asyncio.sleep(APART)


async def _type(room: Room, number: int) -> AsyncIterator[float]:
    text = f"{number}"
    act = lambda: room.driver.say("typed", {"credits": text})  # noqa: E731
    for wait in await room.timed(act, lambda said: (said.get("typed") or {}).get("credits") == text):
        yield wait
    await asyncio.sleep(APART)


async def _hand_over(room: Room, number: int) -> AsyncIterator[float]:
    """The trainer gives the wheel to a follower, and takes it back."""
    place = number % len(room.followers)
    for tab, seat_id in ((room.followers[place], room.ids[place + 1]), (room.driver, room.ids[0])):
        shown = tab.expect(lambda update: bool(me(update).get("drives")))
        began = time.perf_counter()
        await room.driver.post(RoomState.hand_over_wheel, seat_id=seat_id)
        await asyncio.wait_for(shown, 30)
        yield (time.perf_counter() - began) * 1000
        await asyncio.sleep(APART)


def me(update: dict) -> dict:
    """What an update tells its tab of its own seat, or {} if nothing."""
    view = (update.get("delta") or {}).get(RoomState.get_full_name(), {}).get("view_rx_state_")
    return view["me"] if view else {}
