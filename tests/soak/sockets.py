"""Attacks on a real server's socket, frame by frame: forged messages, junk, crowds, and people who change places.

Everything is bounded in count and stays on this machine.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import Any

from reflex.state import OnLoadInternalState, State
from reflex.utils.format import format_event_handler
from simple_websocket import AioClient, ConnectionClosed, ConnectionError

from rxconnect import routes
from rxconnect.state.drafts import ComposeState
from rxconnect.state.inmates import FindInmateState
from rxconnect.state.session import SessionState

_NAMESPACE = "/_event"
_HYDRATE = format_event_handler(State.event_handlers["hydrate_and_load"])
_LOAD = format_event_handler(OnLoadInternalState.event_handlers["on_load_internal"])
_PATIENCE = 20  # seconds


@dataclass
class Socket:
    """An open socket, and every frame that came over it."""

    wire: AioClient
    heard: list[str] = field(default_factory=list)

    async def event(self, name: str, address: str, payload: Any = None, **said: Any) -> None:
        """Send an event; `said` is what a browser might say of itself besides."""
        router = {"pathname": address, "asPath": address} | said
        await self.message("event", {"name": name, "payload": payload or {}, "router_data": router})

    async def message(self, *content: Any) -> None:
        """Send any message of Socket.IO."""
        await self.wire.send(f"42{_NAMESPACE},{json.dumps(content)}")

    async def hear(self, words: str, patience: float = _PATIENCE) -> bool:
        """Wait until these words come, for so many seconds."""
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
        """All that comes within so many seconds, and came before."""
        await self.hear("\0", seconds)
        return "\n".join(self.heard)


@asynccontextmanager
async def opened(
    url: str, cookie: str = "", *, tab: str = "", address: str = routes.SIGN_IN, **said: Any
) -> AsyncIterator[Socket]:
    """A socket whose page has been loaded, or is about to be."""
    wire = await AioClient.connect(
        f"{url.replace('http', 'ws', 1)}{_NAMESPACE}/?EIO=4&transport=websocket&token={tab or uuid.uuid4()}",
        headers={"Cookie": cookie, "Origin": url},
    )
    socket = Socket(wire)
    try:
        router = {"pathname": address, "asPath": address} | said
        boot = {"event": {"name": _HYDRATE, "payload": {}, "router_data": router}}
        await wire.send(f"40{_NAMESPACE},{json.dumps(boot)}")
        yield socket
    finally:
        with suppress(ConnectionClosed, OSError):
            await wire.close()


async def change_places(url: str, first: str, second: str, word: str, times: int) -> list[str]:
    """Somebody's tab, with answers under way, becomes somebody else's. `word` stands in all that is the first one's.

    Returns what the second was told of the first.
    """
    found = []
    for number in range(times):
        tab = str(uuid.uuid4())
        async with opened(url, first, tab=tab, address=routes.DASHBOARD) as socket:
            await socket.hear('ready_rx_state_":true' if number % 2 else "sid")
            for event in (_LOAD, format_event_handler(SessionState.event_handlers["arrive"]), _LOAD):
                await socket.event(event, routes.CONTACTS)
        async with opened(url, second, tab=tab, address=routes.DASHBOARD) as socket:
            told = await socket.listen(0.15)
            if word in told:
                found.append(f"At change {number} the next person was told of {word}.")
    return found


async def forged_connects(url: str, stolen: str, cookie_name: str, word: str) -> list[str]:
    """Whoever has a backup of the database presents what it holds, as the cookie and as the environment of a socket."""
    found = []
    header = f"{cookie_name}={stolen}"
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


async def visits(url: str, times: int, *, junk: int = 0) -> int:
    """So many visitors, one after the other and twenty at a time, each saying `junk` characters of itself.

    Returns how many were answered.
    """
    places = asyncio.Semaphore(20)

    async def visit() -> bool:
        async with places:
            with suppress(ConnectionClosed, ConnectionError):
                async with opened(url, query={"junk": "j" * junk}) as socket:
                    return await socket.hear("is_hydrated")
            return False

    return sum(await asyncio.gather(*(visit() for _ in range(times))))


async def crowd(url: str, cookie: str, size: int) -> list[str]:
    """More visitors from one address than may stay. Returns who was kept waiting: the newest, or somebody signed in."""
    found, open_ones = [], []
    async with opened(url, cookie, address=routes.DASHBOARD) as mine:
        for _ in range(size):
            context = opened(url)
            open_ones.append((context, await context.__aenter__()))
        if not await open_ones[-1][1].hear("is_hydrated"):
            found.append("The newest visitor was not let in.")
        if not await open_ones[0][1].was_closed():
            found.append("The oldest visitor was not asked to leave.")
        mine.heard.clear()
        await mine.event(_LOAD, routes.INBOX)
        if not await mine.hear("ready_rx_state_"):
            found.append("Somebody signed in was not answered.")
        for context, _socket in open_ones:
            with suppress(ConnectionClosed, OSError, RuntimeError):
                await context.__aexit__(None, None, None)
    return found


async def waits(url: str, cookie: str, attacker: str, text: str, attackers: int, seconds: float) -> tuple[float, float]:
    """Median milliseconds that somebody waits for an answer: alone, and while so many send `text` again and again.

    Each attacker sends as much as a line of 115 kB/s carries.
    """
    typed = format_event_handler(ComposeState.event_handlers["type_body"])
    searched = format_event_handler(FindInmateState.event_handlers["type_first_name"])
    pause = len(text.encode()) / 115_000

    async def attack() -> None:
        async with opened(url, attacker) as socket:
            await socket.hear("sid")
            with suppress(ConnectionClosed):
                while True:
                    await socket.event(typed, routes.DRAFTS, {"body": text})
                    await socket.event(searched, routes.FIND_INMATE, {"text": text[:10_000]})
                    await asyncio.sleep(pause)

    async def answers() -> float:
        times: list[float] = []
        async with opened(url, cookie, address=routes.DASHBOARD) as socket:
            await socket.hear("ready_rx_state_")
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
    tasks = [asyncio.create_task(attack()) for _ in range(attackers)]
    await asyncio.sleep(0.3)
    try:
        return alone, await answers()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
