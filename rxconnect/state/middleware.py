"""What happens before every event: a handler without a guard is refused, and any other works in its sender's world."""

from typing import Any

import structlog
from reflex.middleware import Middleware
from reflex.state import FrontendEventExceptionState, OnLoadInternalState, State, StateUpdate
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext

from rxconnect import logs
from rxconnect.state import visitors
from rxconnect.state.session import SessionState
from rxconnect.world import world_of

log = structlog.get_logger()

# The framework's own handlers that a page cannot do without. None of them writes anything but the router's data and
# browser-storage vars, of which we have none. Notably absent: `setvar`, which would reach every var of every State.
_HYDRATIONS = {"hydrate", "hydrate_and_load"}
_FRAMEWORK = _HYDRATIONS | {"set_is_hydrated", "on_load_internal"}
_FRAMEWORK_STATES = {State, OnLoadInternalState}


class Gate(Middleware):
    """Deny by default. Whose state it is was settled before: `state/sockets.py` keeps each sign-in's apart."""

    async def preprocess(self, app: Any, state: Any, event: Any) -> StateUpdate | None:
        """Answer None to let the event through, or an empty update to drop it."""
        visitor = visitors.current()
        logs.begin_event(EventContext.get().txid, address=visitor.address)
        world_of(visitor.world).bind()
        if visitor.world:
            # Its accounts have the same numbers as the installation's own.
            logs.know(world=visitor.world)
        registered = RegistrationContext.get().event_handlers[event.name]
        is_framework = registered.states[0] in _FRAMEWORK_STATES and event.name.rpartition(".")[2] in _FRAMEWORK
        if registered.states[0] is FrontendEventExceptionState:
            # Not even searched for what the framework looks for in it: a browser may send any length of anything.
            log.warning("a browser failed", said=event.payload.get("info"))
            return StateUpdate()
        if is_framework or hasattr(registered.handler.fn, "__guard__"):
            if event.name.rpartition(".")[2] in _HYDRATIONS:
                (await state.get_state(SessionState))._begin_page()
            return None
        log.warning("event refused", event_name=event.name)
        return StateUpdate()
