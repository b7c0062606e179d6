"""Makes a tab's States when they are first asked for. A tab uses a few of our seventy, and each costs memory and, at a page
load, time. With Redis, the framework itself loads only those that an event needs.
"""

from __future__ import annotations

import functools
from typing import Any

from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex.state import BaseState, State, state_snapshot_hashes


def states_on_demand() -> StateManagerMemory:
    """A manager that keeps States in memory, and makes each when it is first asked for."""
    manager: Any = _StatesOnDemand
    return manager()


def make_all(root: BaseState) -> None:
    """Make the States that are missing, before all of them are sent. A browser may hold other values than their defaults."""
    if isinstance(root.substates, _Substates):
        root.substates.make_all()


def make_for_page(root: BaseState, hashes: Any) -> None:
    """Make the States of which a page that loads holds other values than our defaults. `hashes` are those of its values.

    The pages may have been built with other settings, such as another card processor. A page that was here before sends no
    hashes, and gets every State.
    """
    names, ours = _defaults()
    if not isinstance(hashes, list) or len(hashes) != len(ours):
        make_all(root)
        return
    for name, own, other in zip(names, ours[1:], hashes[1:], strict=True):
        if own != other and name != root.get_full_name():
            root.substates[name.rpartition(".")[2]]


@functools.cache
def _defaults() -> tuple[list[str], list[str]]:
    """The full names of all States in order, and the hashes of their defaults behind that of the names."""
    snapshot = State(_reflex_internal_init=True).dict(initial=True)  # type: ignore[call-arg]
    return sorted(snapshot), state_snapshot_hashes(snapshot)


class _StatesOnDemand(StateManagerMemory):
    """Keeps States in memory as the framework does, but begins with the root alone."""

    def _get_or_create_state(self, token: Any) -> Any:
        if isinstance(token, BaseStateToken) and token.cache_key not in self.states:
            root = State(init_substates=False, _reflex_internal_init=True)  # type: ignore[call-arg]
            root.substates = _Substates(root)
            self.states[token.cache_key] = root
        return super()._get_or_create_state(token)


class _Substates(dict[str, BaseState]):
    """The States of a tab by name. Asking for one makes it; going through them finds those that were made."""

    def __init__(self, root: BaseState):
        super().__init__()
        self._root = root

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or name in self._classes()

    def __missing__(self, name: str) -> BaseState:
        made = self[name] = self._classes()[name](parent_state=self._root, _reflex_internal_init=True)
        return made

    def make_all(self) -> None:
        """Make those that are missing."""
        for name in self._classes().keys() - self.keys():
            self[name]

    def _classes(self) -> dict[str, type[BaseState]]:
        return {state.get_name(): state for state in self._root.get_substates()}
