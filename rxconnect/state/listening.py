"""Listening: run a handler in an open tab when a topic changes.

A listener fires once. A handler subscribes again on each run, *before* it reads or since then, so that no change is missed. An
account that may no longer listen, a sign-in that has ended or a tab that has left the page therefore drops out.
"""

from __future__ import annotations

import asyncio
import contextvars
import dataclasses
import functools
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from reflex_base.constants import RouteVar
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from reflex_base.utils.format import format_event_handler

from rxconnect import db, live
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import NotAllowed
from rxconnect.domain.topics import Topic

# Seconds between two runs in one tab, however much changes meanwhile.
_LOADS_EVERY = 0.1

# By socket id.
_tabs: dict[str, _Tab] = {}


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _WokenContext(EventContext):
    """The context of an event that a topic started and not the user, and of the events that follow from it."""


def is_started_by_topic() -> bool:
    """Whether a topic, and not the user, started the current event."""
    return isinstance(EventContext.get(), _WokenContext)


def listen(actor: Actor, topic: Topic, handler: Any, since: int | None = None) -> None:
    """Run a State's `handler` in this tab once, when `topic` changes. Raises `NotAllowed`.

    A handler that reads first takes `live.mark()` before it reads, and passes it as `since`: nothing is missed then, and the
    account is looked up in the transaction of the page's data. Does nothing when the tab has gone to another page meanwhile.
    """
    if not topic.may_be_heard_by(actor):
        raise NotAllowed
    here = EventContext.get()
    tab = _tabs.get(here.router_data.get(RouteVar.SESSION_ID, ""))
    if tab is not None and tab.page == here.router_data.get(RouteVar.ORIGIN):
        tab.listen(live.address_of(topic), format_event_handler(handler), _later_context(here), since)


def at_leaving(service: Callable[..., Any], actor: Actor) -> None:
    """Run `service(session, actor)` in one writing transaction once this tab has closed or gone to another page."""
    here = EventContext.get()
    if tab := _tabs.get(here.router_data.get(RouteVar.SESSION_ID, "")):
        tab.last_service = functools.partial(contextvars.copy_context().run, db.write, service, actor)


def begin_page(socket: str, page: str) -> None:
    """Start a page in the tab at this socket, and remove the listeners of the earlier page."""
    end_page(socket)
    _tabs[socket] = _Tab(page)


def end_page(socket: str) -> None:
    """Remove the listeners of a tab that has closed or goes to another page."""
    if tab := _tabs.pop(socket, None):
        tab.remove_listeners()


class _Tab:
    """A page in a tab, with its listeners by handler and the time of the last run."""

    def __init__(self, page: str):
        self.page = page
        self._listeners: dict[str, _Listener] = {}
        self._woken: dict[str, _Listener] = {}
        self._loads_from = 0.0
        self._loading: asyncio.Task[None] | None = None
        # What to run in the database when the tab leaves the page.
        self.last_service: Callable[[], Any] | None = None

    def listen(self, address: str, handler: str, context: _WokenContext, since: int | None) -> None:
        listener = self._listeners.setdefault(handler, _Listener(self, handler, context))
        listener.listen(address, since)

    def remove_listeners(self) -> None:
        for listener in self._listeners.values():
            listener.stop()
        self._listeners, self._woken = {}, {}
        if self.last_service:
            asyncio.get_running_loop().run_in_executor(None, self.last_service)

    def schedule_run(self, listener: _Listener) -> None:
        """Schedule the handler, at most one run in `_LOADS_EVERY` seconds."""
        if self._listeners.get(listener.handler) is not listener:
            return
        listener.stop()
        self._woken[listener.handler] = self._listeners.pop(listener.handler)
        if self._loading is None:
            self._loading = asyncio.get_running_loop().create_task(self._run_due())

    async def _run_due(self) -> None:
        """Run the due handlers. A handler that is woken during the run is run next."""
        clock = asyncio.get_running_loop().time
        try:
            while self._woken:
                await asyncio.sleep(self._loads_from - clock())
                self._loads_from = clock() + _LOADS_EVERY
                for handler in list(self._woken):
                    if listener := self._woken.pop(handler, None):
                        await listener.run_handler()
        finally:
            self._loading = None


class _Listener:
    """A handler that waits for its topics to change."""

    def __init__(self, tab: _Tab, handler: str, context: _WokenContext):
        self.handler = handler
        self._tab, self._context, self._loop = tab, context, asyncio.get_running_loop()
        self._addresses: set[str] = set()

    def listen(self, address: str, since: int | None) -> None:
        self._addresses.add(address)
        live.listen(address, self._on_topic_changed, since)

    def stop(self) -> None:
        for address in self._addresses:
            live.stop_listening(address, self._on_topic_changed)

    def _on_topic_changed(self) -> None:
        """Wake the tab. Any thread may call this."""
        # The loop is closed when the server has stopped.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._tab.schedule_run, self)

    async def run_handler(self) -> None:
        """Run the handler as if the tab had sent its event, and wait until it has ended."""
        EventContext.set(self._context)
        event = Event(name=self.handler, payload={}, router_data=dict(self._context.router_data))
        await asyncio.wait(await self._context.enqueue_impl(self._context.token, event))


def _later_context(here: EventContext) -> _WokenContext:
    """A context for later events of this tab. The current one would keep the State that it has read in memory."""
    return _WokenContext(
        token=here.token,
        txid="",
        state_manager=here.state_manager,
        enqueue_impl=here.enqueue_impl,
        emit_delta_impl=here.emit_delta_impl,
        emit_event_impl=here.emit_event_impl,
        router_data=here.router_data,
    )
