"""Reads that many tabs want at the same moment, run once for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from typing import Any

from rxconnect.state.transactions import read


class SharedReads:
    """Reads `service(session, key)`. Whoever asks gets a read that began after they asked, as one of their own would."""

    def __init__(self, service: Callable[..., Any]):
        self._service = service
        # By key: the read that runs, and the next one, for those who have asked meanwhile.
        self._running: dict[Hashable, asyncio.Task[Any]] = {}
        self._next: dict[Hashable, asyncio.Task[Any]] = {}

    async def __call__(self, key: Hashable) -> Any:
        """The result for `key`. Raises what the service raises."""
        if key not in self._next:
            self._next[key] = asyncio.create_task(self._read(key, self._running.get(key)))
        # One who leaves does not end the read of the others.
        return await asyncio.shield(self._next[key])

    async def _read(self, key: Hashable, before: asyncio.Task[Any] | None) -> Any:
        if before:
            await asyncio.wait([before])
        self._running[key] = own = self._next.pop(key)
        try:
            return await read(self._service, key)
        finally:
            if self._running.get(key) is own:
                del self._running[key]
