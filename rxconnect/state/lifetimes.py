"""How long the server keeps a tab's state. All data is in the database, so this only saves memory.

A visitor's state is deleted when its socket closes. A signed-in user's state expires ten minutes
(`redis_token_expiration` in `rxconfig.py`) after its last use or the end of its socket; an open page keeps it. The state of a
seat in a demo session is deleted one or two minutes after its tab is closed, since whoever joins again gets a new one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from typing import Any

import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import BaseStateToken
from reflex.state import BaseState, State

_ANONYMOUS, _SEAT = "visitor-", "seat-"
# Seconds between two renewals for the open tabs.
_LOOKS_EVERY = 60.0
_tasks: set[asyncio.Task] = set()


def mark_anonymous(address: str) -> str:
    """Mark the address as that of a visitor who is not signed in."""
    return f"{_ANONYMOUS}{address}"


def is_anonymous(address: str) -> bool:
    """Whether the address is that of a visitor who is not signed in."""
    return address.startswith(_ANONYMOUS)


def mark_seat(address: str) -> str:
    """Mark the address as that of a seat in a demo session."""
    return f"{_SEAT}{address}"


def delete_state(app: rx.App, address: str) -> None:
    """Delete the state of an address, once its last event has ended."""
    task = asyncio.ensure_future(_delete_when_idle(app, address))
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


async def renew_open_tabs(pages: rx.App) -> None:
    """Renew every open tab's state, and delete that of visitors and seats whose tab is closed. Runs until the server stops."""
    closed: set[str] = set()
    while True:
        await asyncio.sleep(_LOOKS_EVERY)
        closed = await renew_once(pages, closed)


async def renew_once(pages: rx.App, closed: Collection[str]) -> set[str]:
    """Look once. Returns the addresses of seats in this process whose tab is closed, which the next look gets as `closed`.

    A seat's state is deleted at the second such look, so that a tab whose connection breaks for a moment keeps it.
    """
    assert pages.event_namespace is not None
    open_now = set(pages.event_namespace.sid_to_token.values())
    manager = pages.state_manager
    if isinstance(manager, StateManagerRedis):
        await _renew_in_redis(manager, open_now)
    if not isinstance(manager, StateManagerMemory):
        return set()
    for address in open_now & manager.states.keys():
        await manager.get_state(_state_token(address))
    left = [address for address in manager.states if address not in open_now]
    for address in left:
        if is_anonymous(address) or address in closed:
            manager._purge_token(_state_token(address))
    return {address for address in left if address.startswith(_SEAT)}.difference(closed)


async def _delete_when_idle(app: rx.App, address: str) -> None:
    token, manager = _state_token(address), app.state_manager
    async with manager.modify_state(token):
        pass
    assert app.event_namespace is not None
    if address in app.event_namespace._token_manager.token_to_socket:
        return
    if isinstance(manager, StateManagerRedis):
        await manager.redis.delete(*_redis_keys(token))
    elif isinstance(manager, StateManagerMemory):
        manager._purge_token(token)


async def _renew_in_redis(manager: StateManagerRedis, addresses: Iterable[str]) -> None:
    async with manager.redis.pipeline(transaction=False) as pipeline:
        for address in addresses:
            for key in _redis_keys(_state_token(address)):
                pipeline.expire(key, manager.token_expiration)
        await pipeline.execute()


def _state_token(address: str) -> BaseStateToken:
    return BaseStateToken(ident=address, cls=State)


def _redis_keys(token: BaseStateToken) -> list[str]:
    """The Redis keys of an address."""

    def under(state: type[BaseState]) -> list[Any]:
        return [token._state_key(state), *(key for child in state.get_substates() for key in under(child))]

    return under(State)
