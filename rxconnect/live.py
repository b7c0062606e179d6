"""Live pages: a service publishes a topic, and its listeners are called after the transaction has committed.

Without a relay, the listeners of this process are called directly. With several workers, every topic goes through Redis
(`relay.py`), also to this process. A command of the command line calls no listeners.

A worker can also send a text to the other workers, without a transaction (`tell`).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from typing import Protocol

from sqlalchemy import event
from sqlalchemy.orm import Session

from rxconnect.domain.topics import Topic
from rxconnect.world import current

Wake = Callable[[], None]
Hear = Callable[[str], Awaitable[None]]


class Relay(Protocol):
    """The relay: sends topics to every worker, and texts to all others."""

    def send(self, addresses: Collection[str]) -> None:
        """Call the listeners of these addresses in every worker. The thread that has committed calls this."""

    def tell(self, text: str) -> None:
        """Send `text` to every other worker. Called on the event loop."""


_QUEUED = "live addresses"

# The lock is needed because worker threads publish while the event loop adds listeners.
_lock = threading.Lock()
_listeners: dict[str, set[Wake]] = {}
# The addresses of the last changes, the newest last, and the number of all: for pages that read before they listen.
_recent: deque[str] = deque(maxlen=1_000)
_changes = 0
_relay: Relay | None = None
_hear: Hear | None = None


def publish(session: Session, topic: Topic) -> None:
    """Call the topic's listeners when this transaction commits. A rollback calls none."""
    session.info.setdefault(_QUEUED, set()).add(address_of(topic))


def address_of(topic: Topic) -> str:
    """The topic's address, which is unique among all worlds."""
    return f"{current().name}/{topic.subject}/{topic.id}"


def mark() -> int:
    """The present moment, for `listen`."""
    return _changes


def listen(address: str, wake: Wake, since: int | None = None) -> None:
    """Call `wake` when the topic at this address changes. Any thread may call it, so it must be thread-safe.

    It is called at once if the topic has changed, or may have, since the moment that `mark` returned.
    """
    with _lock:
        _listeners.setdefault(address, set()).add(wake)
        new = 0 if since is None else _changes - since
        has_changed = new > len(_recent) or address in list(_recent)[len(_recent) - new :]
    if has_changed:
        wake()


def stop_listening(address: str, wake: Wake) -> None:
    """Stop calling `wake` for this address."""
    with _lock:
        listeners = _listeners.get(address, set())
        listeners.discard(wake)
        if not listeners:
            _listeners.pop(address, None)


def wake_listeners(addresses: Collection[str]) -> None:
    """Call the listeners to these addresses, each of them once."""
    global _changes  # noqa: PLW0603 - one for each process
    with _lock:
        _recent.extend(addresses)
        _changes += len(addresses)
        woken = {listener for address in addresses for listener in _listeners.get(address, ())}
    for listener in woken:
        listener()


def wake_all_listeners() -> None:
    """Call every listener, after notifications may have been lost."""
    global _changes  # noqa: PLW0603 - one for each process
    with _lock:
        everything = list(_listeners)
        # Nobody knows what has changed, so that every earlier moment is too long ago.
        _recent.clear()
        _changes += 1
    wake_listeners(everything)


def has_other_workers() -> bool:
    """Whether there may be other workers to `tell`."""
    return _relay is not None


def tell(text: str) -> None:
    """Send `text` to every other worker. The order of texts is kept, but some may be lost while Redis is gone."""
    if _relay:
        _relay.tell(text)


def hear_with(hear: Hear) -> None:
    """Await `hear` with each text from another worker, and with "" after texts may have been lost."""
    global _hear  # noqa: PLW0603 - one for each process
    _hear = hear


async def told(text: str) -> None:
    """Handle a text from another worker, or "" after texts may have been lost."""
    if _hear:
        await _hear(text)


def use_relay(relay: Relay | None) -> None:
    """Send all notifications through `relay` to every worker. With None, only this process gets them."""
    global _relay  # noqa: PLW0603 - one for each process
    _relay = relay


@event.listens_for(Session, "after_commit")
def _after_commit(session: Session) -> None:
    # SQLAlchemy also fires this event for a savepoint. A topic that was published in a savepoint that is rolled back is
    # announced anyway, since an extra reload of a page does no harm.
    if session.in_nested_transaction():
        return
    if addresses := session.info.pop(_QUEUED, None):
        (_relay.send if _relay else wake_listeners)(addresses)
