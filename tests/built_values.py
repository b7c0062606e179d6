"""The values that every page is built with. A page that loads sends their hashes, and is told only what differs."""

from __future__ import annotations

from reflex.state import State, state_snapshot_hashes
from reflex_base.utils.format import json_dumps

# Importing the app makes every State known.
from rxconnect import rxconnect  # noqa: F401

# At the import, in the context in which the States are known: a thread has another.
_SNAPSHOT = State(_reflex_internal_init=True).dict(initial=True)  # type: ignore[call-arg]
_BUILT = json_dumps(_SNAPSHOT), state_snapshot_hashes(_SNAPSHOT)


def built_values() -> tuple[str, list[str]]:
    """The vars of all States as JSON, and their hashes."""
    return _BUILT
