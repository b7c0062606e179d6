"""Makes a tab's States when they are first asked for. A tab uses a few of our seventy, and each costs memory and, at a page
load, time. With Redis, the framework itself loads only those that an event needs.
"""

from __future__ import annotations

from typing import Any

from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex.state import BaseState, State


def make_all(root: BaseState) -> None:
    """Make the States that are missing, before all of them are sent. A browser may hold other values than their defaults."""
    if isinstance(root.substates, _Substates):
        root.substates.make_all()


class StatesOnDemand(StateManagerMemory):
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
