"""What a page shows to staff is recorded in the transaction that reads it."""

from collections.abc import Callable
from typing import Any

from rxconnect.domain.accounts import Actor
from rxconnect.state.listening import is_started_by_topic
from rxconnect.state.transactions import read, write


async def view(show: Callable[..., Any], actor: Actor, *args: Any) -> Any:
    """Run `show(session, actor, *args, is_recorded=…)`.

    A page that reloads by itself, because something changed on it, is not recorded again: nobody asked for it.
    """
    if is_started_by_topic():
        return await read(show, actor, *args, is_recorded=False)
    return await write(show, actor, *args, is_recorded=True)
