"""Live pages: what a service publishes wakes its listeners once the transaction is committed.

Listeners of this process are called directly, unless there is a relay: with several workers everything goes through Redis
(`relay.py`), this process's own news too. A command of the command line wakes nobody.

Workers can also tell each other something, which no transaction is needed for (`tell`).
"""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Collection
from typing import Protocol

from sqlalchemy import event
from sqlalchemy.orm import Session

from rxconnect.domain.topics import Topic
from rxconnect.world import current

Wake = Callable[[], None]
Hear = Callable[[str], Awaitable[None]]


class Relay(Protocol):
    """What carries news to every worker, and words to all the others."""

    def send(self, addresses: Collection[str]) -> None:
        """Wake the listeners of these addresses, wherever they are. Called by the thread that has committed."""

    def tell(self, text: str) -> None:
        """Have every other worker hear `text`. Called on the event loop."""


_QUEUED = "live addresses"

# Threads commit, and the event loop listens.
_lock = threading.Lock()
_listeners: dict[str, set[Wake]] = {}
_relay: Relay | None = None
_hear: Hear | None = None


def publish(session: Session, topic: Topic) -> None:
    """Wake the topic's listeners when this transaction is committed; when it is rolled back, nobody."""
    session.info.setdefault(_QUEUED, set()).add(address_of(topic))


def address_of(topic: Topic) -> str:
    """What the topic is called among those of all worlds."""
    return f"{current().name}/{topic.subject}/{topic.id}"


def listen(address: str, wake: Wake) -> None:
    """Call `wake` whenever the topic at this address changes. Any thread may call it, so it only passes the word on."""
    with _lock:
        _listeners.setdefault(address, set()).add(wake)


def stop(address: str, wake: Wake) -> None:
    """Do not call `wake` for this address any more."""
    with _lock:
        listeners = _listeners.get(address, set())
        listeners.discard(wake)
        if not listeners:
            _listeners.pop(address, None)


def wake(addresses: Collection[str]) -> None:
    """Call all who listen to one of these addresses, each once."""
    with _lock:
        woken = {listener for address in addresses for listener in _listeners.get(address, ())}
    for listener in woken:
        listener()


def wake_all() -> None:
    """Call every listener: some news may have been lost."""
    with _lock:
        everything = list(_listeners)
    wake(everything)


def tell(text: str) -> None:
    """Have every other worker hear `text`, in the order in which it is told. Text may be lost while Redis is away."""
    if _relay:
        _relay.tell(text)


def hear_with(hear: Hear) -> None:
    """Await `hear` with each text that another worker tells, and with "" when some may have been lost."""
    global _hear  # noqa: PLW0603 - one for each process
    _hear = hear


async def told(text: str) -> None:
    """Another worker has told `text`; "" when some may have been lost."""
    if _hear:
        await _hear(text)


def use_relay(relay: Relay | None) -> None:
    """Hand all news to `relay`, which brings them to every worker; with None, only this process hears of them."""
    global _relay  # noqa: PLW0603 - one for each process
    _relay = relay


@event.listens_for(Session, "after_commit")
def _announce(session: Session) -> None:
    # SQLAlchemy says this of a savepoint, too. What was published in one that is rolled back is announced all the same:
    # a page that loads once too often does no harm.
    if session.in_nested_transaction():
        return
    if addresses := session.info.pop(_QUEUED, None):
        (_relay.send if _relay else wake)(addresses)
