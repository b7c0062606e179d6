"""A participant of a demo session, over a real socket, who notes what reaches them."""

from __future__ import annotations

import asyncio
import json
import re
import time
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field

from rxconnect.services.accounts import sign_ins
from rxconnect.state.demo.room import RoomState
from rxconnect.state.mirror import MESSAGE
from tests.bench.following import me
from tests.bench.tabs import Tab, open_tab
from tests.demos import seat_of

# Words of a session: two letters for the session, four for the action.
WORD = re.compile(r"Quartz([a-z]{2})[a-z]{4}")
# Seconds until an update counts as lost, and until a browser asks again for one that it misses.
PATIENCE, _ASKS_AGAIN = 10.0, 1.5


@dataclass
class Counts:
    """What happened in all sessions: the acts, the milliseconds of each hand-over, and what went wrong."""

    acts: int = 0
    hand_overs: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class Participant:
    """One person's tab."""

    def __init__(self, url: str, token: str, mark: str, counts: Counts):
        self._url, self._mark, self._counts = url, mark, counts
        self.cookie, self.seat = f"{sign_ins.seat_cookie_name()}={token}", seat_of(token)
        self.tab: Tab
        self._open = AsyncExitStack()
        self._stream, self._number = "", 0
        self._awaited: tuple[str, asyncio.Future[None]] | None = None

    async def come(self, path: str) -> None:
        """Open a tab."""
        tab = open_tab(self._url, self.cookie, path, RoomState, self._hear)
        self.tab = await self._open.enter_async_context(tab)

    async def go(self) -> None:
        """Close the tab."""
        await self._open.aclose()

    async def follow(self) -> None:
        """Ask for everything that the driver sees, as a browser does that begins to follow."""
        self._stream = ""
        whole = self.tab.expect(lambda said: bool(said.get("is_whole")), MESSAGE)
        await self.tab.say("present")
        await asyncio.wait_for(whole, PATIENCE)

    def expect(self, **seat: bool) -> asyncio.Future[dict]:
        """A future for the update that shows this of the own seat."""
        return self.tab.expect(lambda update: seat.items() <= me(update).items())

    async def reached(self, word: str) -> None:
        """Wait until a message has shown this word. One that does not come in time is lost."""
        self._awaited = word, asyncio.get_running_loop().create_future()
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._awaited[1]), _ASKS_AGAIN)
                return
            await self.tab.say("present")
        self._counts.wrong.append(f"an update of {self._mark} never reached {self.seat.name}")

    def _hear(self, text: str) -> None:
        if strange := {mark for mark in WORD.findall(text) if f"Quartz{mark}" != self._mark}:
            self._counts.wrong.append(f"{self._mark} was told of {sorted(strange)}")
        name, *said = json.loads(text)
        if name != MESSAGE:
            return
        (message,) = said
        is_next = (message["stream"], message["number"]) == (self._stream, self._number + 1)
        # A browser ignores a message after a gap, and asks for everything (`reached`).
        if message.get("is_whole") or is_next:
            self._stream, self._number = message["stream"], message["number"]
            if self._awaited and self._awaited[0] in text and not self._awaited[1].done():
                self._awaited[1].set_result(None)
