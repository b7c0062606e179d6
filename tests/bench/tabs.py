"""A browser tab without a browser: Reflex's events, over Socket.IO, over Engine.IO, over a WebSocket.

Fifty Chromiums would measure Chromium. This sends the same events as the built pages (`.web/utils/state.js`), and waits
for the update with the answer.
"""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from reflex.constants.state import FIELD_MARKER
from reflex.state import OnLoadInternalState, State
from reflex.utils.format import format_event_handler
from simple_websocket import AioClient

from tests.built_values import built_values

Update = dict[str, Any]
Awaited = Callable[[Update], bool]

NAMESPACE = "/_event"
# Packet types of Engine.IO (one digit), and of Socket.IO within its messages.
_PING, _PONG, CONNECT, _EVENT = "2", "3", f"40{NAMESPACE},", f"42{NAMESPACE},"
_HYDRATE = format_event_handler(State.event_handlers["hydrate_and_load"])
_LOAD = format_event_handler(OnLoadInternalState.event_handlers["on_load_internal"])
_PATIENCE = 30  # seconds


class Tab:
    """One open page."""

    def __init__(self, socket: AioClient, on_frame: Callable[[str], None]):
        self._socket, self._on_frame = socket, on_frame
        self._awaited: tuple[str, Awaited, asyncio.Future[Update]] | None = None
        self.path = "/"

    async def visit(self, path: str, until: Awaited) -> None:
        """Go to `path` by a link, and wait for an update."""
        self.path = path
        await self._ask(event_frame(_LOAD, path, {}), until)

    async def load(self, path: str, until: Awaited) -> None:
        """Load `path` whole, and wait for an update."""
        self.path = path
        await self._ask(event_frame(_HYDRATE, path, {}), until)

    async def call(self, handler: Any, until: Awaited, **payload: Any) -> Update:
        """Send the event of a click or a key, and return its update."""
        return await self._ask(event_frame(format_event_handler(handler), self.path, payload), until)

    async def timed(self, handler: Any, until: Awaited, **payload: Any) -> float:
        """As `call`, but returns the milliseconds."""
        began = time.perf_counter()
        await self.call(handler, until, **payload)
        return (time.perf_counter() - began) * 1000

    def expect(self, until: Awaited, message: str = "event") -> asyncio.Future[Update]:
        """A future for the next such update, without an event. Another `message` than "event" may carry it."""
        future = asyncio.get_running_loop().create_future()
        self._awaited = message, until, future
        return future

    async def post(self, handler: Any, **payload: Any) -> None:
        """Send the event of a click or a key, and do not wait for what it does."""
        await self._socket.send(event_frame(format_event_handler(handler), self.path, payload))

    async def say(self, message: str, *said: Any) -> None:
        """Send a message that is no event."""
        await self._socket.send(_EVENT + json.dumps([message, *said]))

    async def _ask(self, frame: str, until: Awaited) -> Update:
        expected = self.expect(until)
        await self._socket.send(frame)
        return await asyncio.wait_for(expected, _PATIENCE)

    async def _listen(self) -> None:
        while True:
            frame = await self._socket.receive()
            if frame == _PING:
                await self._socket.send(_PONG)
            elif frame.startswith(_EVENT):
                text = frame.removeprefix(_EVENT)
                self._on_frame(text)
                self._take(*json.loads(text))

    def _take(self, name: str, update: Any = None) -> None:
        if self._awaited and self._awaited[0] == name and self._awaited[1](update):
            (*_, future), self._awaited = self._awaited, None
            future.set_result(update)


@asynccontextmanager
async def open_tab(
    url: str, cookie: str, path: str, state: type[State], on_frame: Callable[[str], None] = lambda _: None
) -> AsyncIterator[Tab]:
    """Open a tab at `path`, and wait until its `state` has loaded. `on_frame` gets the JSON of every message."""
    address = f"{url.replace('http', 'ws', 1)}{NAMESPACE}/?EIO=4&transport=websocket&token={uuid.uuid4()}"
    socket = await AioClient.connect(address, headers={"Cookie": cookie, "Origin": url})
    tab = Tab(socket, on_frame)
    tab.path = path
    listening = asyncio.create_task(tab._listen())
    try:
        _values, hashes = built_values()
        boot = json.dumps({"event": _event(_HYDRATE, path, {"hashes": hashes})})
        await tab._ask(CONNECT + boot, shows(state, "ready"))
        yield tab
    finally:
        listening.cancel()
        await socket.close()


def shows(state: type[State], var: str, value: Any = None) -> Awaited:
    """A test for updates that set `var` of `state` to this value, or without one to any that is not empty."""
    name, key = state.get_full_name(), f"{var}{FIELD_MARKER}"

    def is_shown(update: Update) -> bool:
        shown = (update.get("delta") or {}).get(name, {}).get(key)
        return bool(shown) if value is None else shown == value

    return is_shown


def leads_to(start: str) -> Awaited:
    """A test for updates that redirect to an address with this start."""
    return lambda update: target(update).startswith(start)


def target(update: Update) -> str:
    """The address to which an update redirects, or ""."""
    moves = (event["payload"]["path"] for event in update.get("events") or [] if event["name"] == "_redirect")
    return next(moves, "")


def _event(name: str, path: str, payload: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "payload": payload, "router_data": {"pathname": path, "asPath": path}}


def event_frame(name: str, path: str, payload: dict[str, Any]) -> str:
    return _EVENT + json.dumps(["event", _event(name, path, payload)])
