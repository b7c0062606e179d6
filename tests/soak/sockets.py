"""Attacks on a real server's socket, frame by frame: forged messages, junk, crowds, and a change of users at a tab.

Everything is bounded in count and stays on this machine.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import Any, TypeVar

from simple_websocket import AioClient, ConnectionClosed, ConnectionError

from rxconnect import routes
from rxconnect.services.accounts import sign_ins
from rxconnect.state.family.dashboard import DashboardState
from rxconnect.state.family.inmates import FindInmateState
from rxconnect.state.session import SessionState
from tests.bench.tabs import CONNECT as _CONNECT
from tests.bench.tabs import NAMESPACE as _NAMESPACE
from tests.e2e.actions import new_writer
from tests.state.driver import LOAD_PAGE as _HYDRATE
from tests.state.driver import MOVE_TO_PAGE as _LOAD
from tests.state.driver import name_of, sign_in

_PATIENCE = 20  # seconds
R = TypeVar("R")


@dataclass
class Socket:
    """An open socket, with every frame received."""

    wire: AioClient
    heard: list[str] = field(default_factory=list)

    async def event(self, name: str, address: str, payload: Any = None, **said: Any) -> None:
        """Send an event; `said` is extra router data that a browser might send."""
        router = {"pathname": address, "asPath": address} | said
        await self.message("event", {"name": name, "payload": payload or {}, "router_data": router})

    async def message(self, *content: Any) -> None:
        """Send any message of Socket.IO."""
        await self.wire.send(f"42{_NAMESPACE},{json.dumps(content)}")

    async def hear(self, words: str, patience: float = _PATIENCE) -> bool:
        """Wait so many seconds for a frame with these words. Returns whether it came."""
        with suppress(TimeoutError, ConnectionClosed):
            async with asyncio.timeout(patience):
                while not any(words in frame for frame in self.heard):
                    frame = await self.wire.receive()
                    if frame == "2":
                        await self.wire.send("3")
                    self.heard.append(frame)
                return True
        return False

    async def was_closed(self) -> bool:
        """Whether the server closes the socket within a few seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                while True:
                    try:
                        await self.wire.receive()
                    except ConnectionClosed:
                        return True
        return False

    async def listen(self, seconds: float) -> str:
        """All frames so far and within so many seconds."""
        await self.hear("\0", seconds)
        return "\n".join(self.heard)


@asynccontextmanager
async def opened(
    url: str, cookie: str = "", *, tab: str = "", address: str = routes.SIGN_IN, **said: Any
) -> AsyncIterator[Socket]:
    """A socket that has requested its page."""
    wire = await AioClient.connect(
        f"{url.replace('http', 'ws', 1)}{_NAMESPACE}/?EIO=4&transport=websocket&token={tab or uuid.uuid4()}",
        headers={"Cookie": cookie, "Origin": url},
    )
    socket = Socket(wire)
    try:
        router = {"pathname": address, "asPath": address} | said
        boot = {"event": {"name": _HYDRATE, "payload": {}, "router_data": router}}
        await wire.send(f"{_CONNECT}{json.dumps(boot)}")
        yield socket
    finally:
        with suppress(ConnectionClosed, OSError, RuntimeError):
            await wire.close()


def in_a_loop(attack: Coroutine[Any, Any, R]) -> R:
    """Run an attack in a separate thread, as Playwright leaves an event loop running in the test's thread."""
    with ThreadPoolExecutor(max_workers=1) as threads:
        return threads.submit(asyncio.run, attack).result()


def change_hands(url: str, times: int) -> list[str]:
    """Sign another user in at a tab while events are running. Returns the first user's data that the second got."""
    return in_a_loop(_change_hands(url, _cookie("Xanthippe Lee"), _cookie("Bo Lee"), "Xanthippe", times))


def present_a_backup(url: str) -> list[str]:
    """Present the database's hash of a sign-in as a cookie and as a socket's environ. Returns the revealed data."""
    token = sign_in(new_writer("Xanthippe Lee").actor)
    return in_a_loop(_present(url, sign_ins.hash_token(token), "Xanthippe"))


def come_and_go(url: str, times: int, *, junk: int = 0) -> int:
    """Connect so many visitors, twenty at a time, each with `junk` extra characters. Returns how many got an answer."""
    return in_a_loop(_come_and_go(url, times, junk))


def crowd(url: str, size: int) -> list[str]:
    """Connect more visitors from one address than allowed. Reports if any other than the oldest is closed."""
    return in_a_loop(_crowd(url, _cookie("Bo Lee"), size))


def waits(url: str, text: str, seconds: float) -> tuple[float, float]:
    """The median wait in milliseconds, alone and while two others send `text` at 115 kB/s each."""
    return in_a_loop(_waits(url, _cookie("Bo Lee"), _cookie("Mallory Lee"), text, seconds))


def _cookie(name: str) -> str:
    return f"{sign_ins.cookie_name()}={sign_in(new_writer(name).actor)}"


async def _change_hands(url: str, first: str, second: str, word: str, times: int) -> list[str]:
    found = []
    for number in range(times):
        tab = str(uuid.uuid4())
        async with opened(url, first, tab=tab, address=routes.DASHBOARD) as socket:
            await socket.hear('ready_rx_state_":true' if number % 2 else "sid")
            for event in (_LOAD, name_of(DashboardState, "load"), _LOAD):
                await socket.event(event, routes.CONTACTS)
        async with opened(url, second, tab=tab, address=routes.DASHBOARD) as socket:
            if word in await socket.listen(0.15):
                found.append(f"The next person at a tab was told of {word}.")
    return found


async def _present(url: str, stolen: str, word: str) -> list[str]:
    found = []
    header = f"{sign_ins.cookie_name()}={stolen}"
    scope = {"type": "websocket", "headers": [["cookie", header]], "client": ["6.6.6.6", 1]}
    environ = {"asgi.scope": scope | {"visitor": {"sign_in": stolen}}, "HTTP_COOKIE": header, "QUERY_STRING": "token=x"}
    for cookie in ("", header):
        for name in ("connect", "disconnect", "ping", "client_error"):
            async with opened(url, cookie) as socket:
                await socket.hear("sid")
                await socket.message(name, environ, {"event": {"name": _HYDRATE, "payload": {}, "router_data": {}}})
                for page in (routes.DASHBOARD, routes.PROFILE, routes.INBOX):
                    await socket.event(_LOAD, page)
                if word in await socket.listen(0.3):
                    found.append(f"{name} with what the database holds, and cookie {cookie!r}, showed {word}.")
    async with opened(url) as socket:
        await socket.hear("sid")
        await socket.wire.send(f'451-{_NAMESPACE},["connect",{{"asgi.scope":{{"_placeholder":true,"num":0}}}}]')
        with suppress(ConnectionClosed):
            await socket.wire.send(header.encode())
        if word in await socket.listen(0.3):
            found.append(f"An attachment of bytes showed {word}.")
    return found


async def _come_and_go(url: str, times: int, junk: int) -> int:
    places = asyncio.Semaphore(20)

    async def visit() -> bool:
        async with places:
            with suppress(ConnectionClosed, ConnectionError):
                async with opened(url, query={"junk": "j" * junk}) as socket:
                    return await socket.hear("is_hydrated")
            return False

    return sum(await asyncio.gather(*(visit() for _ in range(times))))


async def _crowd(url: str, cookie: str, size: int) -> list[str]:
    found = []
    async with AsyncExitStack() as stack:
        mine = await stack.enter_async_context(opened(url, cookie, address=routes.DASHBOARD))
        visitors = [await stack.enter_async_context(opened(url)) for _ in range(size)]
        if not await visitors[-1].hear("is_hydrated"):
            found.append("The newest visitor was not let in.")
        if not await visitors[0].was_closed():
            found.append("The oldest visitor was not asked to leave.")
        mine.heard.clear()
        await mine.event(_LOAD, routes.INBOX)
        if not await mine.hear("ready_rx_state_"):
            found.append("Somebody signed in was not answered.")
    return found


async def _waits(url: str, cookie: str, attacker: str, text: str, seconds: float) -> tuple[float, float]:
    pause = len(text.encode()) / 115_000

    async def attack() -> None:
        async with opened(url, attacker) as socket:
            await socket.hear("sid")
            with suppress(ConnectionClosed):
                while True:
                    await socket.event(name_of(SessionState, "show_apology"), routes.DRAFTS, {"reference": text})
                    await socket.event(name_of(FindInmateState, "type_first_name"), routes.FIND_INMATE, {"text": text})
                    await asyncio.sleep(2 * pause)

    async def answers() -> float:
        times: list[float] = []
        async with opened(url, cookie, address=routes.DASHBOARD) as socket:
            await socket.hear('ready_rx_state_":true')
            ends = perf_counter() + seconds
            while perf_counter() < ends:
                socket.heard.clear()
                began = perf_counter()
                await socket.event(_LOAD, routes.CONTACTS)
                await socket.hear('is_hydrated_rx_state_":true', 5)
                times.append((perf_counter() - began) * 1000)
                await asyncio.sleep(0.05)
        return median(times)

    alone = await answers()
    tasks = [asyncio.create_task(attack()) for _ in range(2)]
    await asyncio.sleep(0.3)
    try:
        return alone, await answers()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
