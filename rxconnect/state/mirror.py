"""What the followers of a seat in a demo session are sent: numbered messages with its updates, address and field values.

Each seat that can be followed has a mirror. Its source is the tab that was used last. The process with the source's socket
numbers the messages, in a new stream for each source, and sends them to its own followers and to the other workers
(`live.tell`). A follower that misses a number, or has just come, requests everything. All followers then get the source's
address, current State and field values.

State gets typed text only after a debounce, so the source's browser also sends its field values (`components/following.js`),
and the place in the page that its user reads or has pressed: an *anchor*, which is passed on and never kept.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from reflex.app import EventNamespace
from reflex.constants.state import FIELD_MARKER
from reflex.istate.manager.token import BaseStateToken
from reflex.state import State, StateUpdate, _resolve_delta
from reflex_base.utils.format import json_dumps

from rxconnect import live
from rxconnect.domain.errors import Busy, Unavailable
from rxconnect.domain.text import storable
from rxconnect.redis_client import OUTAGES
from rxconnect.state.demo.breaking import BreakingState
from rxconnect.state.demo.host import HostState
from rxconnect.state.demo.judging import JudgeState, JudgingResultState
from rxconnect.state.demo.own_facility import OwnFacilityState
from rxconnect.state.demo.requirements import RequirementsState
from rxconnect.state.demo.room import RoomState
from rxconnect.state.on_demand import make_all
from rxconnect.state.session import SessionState

Delta = dict[str, dict[str, Any]]
Values = dict[str, str | bool]

# The name of the Socket.IO message to followers.
MESSAGE = "mirror"
# Seconds between two messages with everything, and between two with field values.
_SHOWS_EVERY, _TELLS_EVERY = 0.05, 0.03
# The most fields of one page, and the most characters of a field, which may be a whole message.
_MOST_FIELDS, _LONGEST = 50, 100_000
_FIELD = re.compile(r"[a-z][a-z0-9_-]{0,63}")
# An element with an id, and from there on the place of a child among its siblings, as `following.js` writes it.
_ANCHOR = re.compile(r"[A-Za-z][\w-]{0,63}(/\d{1,3}){0,12}", re.ASCII)
# States that are never mirrored: the framework's own, whose router data is each visitor's, and those of the room.
# A judge's answers are theirs until the end.
_OF_EACH_TAB = {
    state.get_full_name()
    for state in (
        *(State, RoomState, HostState, RequirementsState, BreakingState, OwnFacilityState),
        *(JudgeState, JudgingResultState),
    )
}
# Vars of the frame that are never mirrored: the key of the browser's stored drafts, and the request to reload the page.
_SESSION = SessionState.get_full_name()
_OF_EACH_BROWSER = {f"{var}{FIELD_MARKER}" for var in ("browser_key", "unavailable")}


class Mirror:
    """The messages of one seat, in this process. `followers` returns the sockets here that get them.

    `name` is what the mirror is called in messages to other workers: the session's id and the seat's.
    """

    def __init__(self, name: tuple[int, int], sockets: EventNamespace, followers: Callable[[], list[str]]):
        self._name, self._sockets, self._followers = name, sockets, followers
        # The source's socket, or "" if it is not in this process.
        self.source = ""
        self._address = ""
        self._stream, self._number = "", 0
        # The source's field values, and those of them that were not sent yet.
        self._typed: Values = {}
        self._untold: Values = {}
        self._anchor = ""
        self._is_asked = False
        self._showing: asyncio.Task[None] | None = None
        self._telling: asyncio.Task[None] | None = None

    def begin(self, socket: str, address: str) -> None:
        """Make this tab the source, and start a new stream."""
        self.source, self._address = socket, address
        self._stream, self._number = secrets.token_hex(4), 0
        self._typed, self._untold, self._anchor = {}, {}, ""
        self._show_soon()

    async def turn_page(self, address: str) -> None:
        """Send the address of the page to which the source has gone, if it is another one."""
        if address != self._address:
            self._address, self._typed, self._untold, self._anchor = address, {}, {}, ""
            await self._say(path=address)

    async def update(self, update: StateUpdate) -> None:
        """Send an update of the source."""
        _, delta = divided(update.delta)
        focused = [event.payload["ref"] for event in update.events if event.name == "_set_focus"]
        if delta or focused:
            await self._say(delta=delta, focus=focused[-1] if focused else "")

    def schedule_field_values(self, said: Any) -> None:
        """Schedule a message with the field values that the source's browser has sent."""
        values = _checked(said)
        if len(self._typed | values) <= _MOST_FIELDS:
            self._typed |= values
            self._untold |= values
        self._tell_soon()

    def schedule_anchor(self, said: Any) -> None:
        """Schedule a message with the anchor that the source's browser has sent. Anything else that it sends is dropped."""
        if isinstance(said, str) and _ANCHOR.fullmatch(said):
            self._anchor = said
            self._tell_soon()

    def request_snapshot(self) -> None:
        """Make the process that has the source send everything again."""
        if self.source:
            self._show_soon()
        else:
            self._tell_other_workers(None)

    async def handle_relayed(self, message: dict[str, Any] | None) -> None:
        """Handle a message from another worker for the followers here, or its request for everything (None)."""
        if message is None:
            if self.source:
                self._show_soon()
            return
        if message["stream"] != self._stream:
            self.source, self._stream = "", message["stream"]
        await self._emit(message)

    async def _say(self, **message: Any) -> None:
        """Send a message with the next number to all followers, in every worker."""
        self._number += 1
        message |= {"stream": self._stream, "number": self._number}
        await self._emit(message)
        self._tell_other_workers(message)

    def _tell_other_workers(self, message: dict[str, Any] | None) -> None:
        # Without other workers, nothing is serialised for them.
        if live.has_other_workers():
            live.tell(json_dumps([self._name, message]))

    async def _emit(self, message: dict[str, Any]) -> None:
        if followers := self._followers():
            await self._sockets.emit(MESSAGE, message, to=followers)

    def _show_soon(self) -> None:
        self._is_asked = True
        if self._showing is None or self._showing.done():
            self._showing = asyncio.create_task(self._show())

    async def _show(self) -> None:
        """Send everything, once for all requests so far. It waits for the event that the source is handling."""
        app = self._sockets.app
        while self._is_asked and (token := self._sockets.sid_to_token.get(self.source)):
            with suppress(Busy, Unavailable, *OUTAGES), app.set_contexts():
                async with app.state_manager.modify_state(BaseStateToken(ident=token, cls=State)) as root:
                    self._is_asked = False
                    make_all(root)
                    _, delta = divided(await _resolve_delta(root.dict()))
                    if self.source:
                        await self._say(is_whole=True, path=self._address, delta=delta, typed=self._typed)
            await asyncio.sleep(_SHOWS_EVERY)

    def _tell_soon(self) -> None:
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell())

    async def _tell(self) -> None:
        while self._untold or self._anchor:
            values, self._untold = self._untold, {}
            anchor, self._anchor = self._anchor, ""
            await self._say(typed=values, anchor=anchor)
            await asyncio.sleep(_TELLS_EVERY)


def divided(delta: Any) -> tuple[Delta, Delta]:
    """Split an update into the part that is never mirrored and the part that followers get."""
    own, shared = {}, {}
    for state, changes in delta.items():
        names = changes if state in _OF_EACH_TAB else _OF_EACH_BROWSER if state == _SESSION else ()
        own[state] = {var: value for var, value in changes.items() if var in names}
        shared[state] = {var: value for var, value in changes.items() if var not in names}
    return _filled(own), _filled(shared)


def _filled(delta: Delta) -> Delta:
    return {state: changes for state, changes in delta.items() if changes}


def _checked(values: Any) -> dict[str, str | bool]:
    """The field values that a browser sent, without anything that our pages do not send."""
    if not isinstance(values, dict):
        return {}
    return {
        field: storable(value) if isinstance(value, str) else value
        for field, value in values.items()
        if _FIELD.fullmatch(field) and (isinstance(value, bool) or (isinstance(value, str) and len(value) <= _LONGEST))
    }
