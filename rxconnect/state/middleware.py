"""Runs before every event: refuses a handler without a guard, and binds the sender's world for any other."""

from typing import Any

import structlog
from reflex.middleware import Middleware
from reflex.state import FrontendEventExceptionState, OnLoadInternalState, State, StateUpdate
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext

from rxconnect import i18n, logs
from rxconnect.state import visitors
from rxconnect.state.session import SessionState
from rxconnect.world import world_of

log = structlog.get_logger()

# The framework's own handlers that a page needs. They write only the router's data and browser-storage vars, and we
# have no such vars. Notably absent: `setvar`, which would reach every var of every State.
_HYDRATIONS = {"hydrate", "hydrate_and_load"}
_FRAMEWORK = _HYDRATIONS | {"set_is_hydrated", "on_load_internal"}
_FRAMEWORK_STATES = {State, OnLoadInternalState}


class Gate(Middleware):
    """Deny by default. `state/sockets.py` already keeps the state of each sign-in apart."""

    async def preprocess(self, app: Any, state: Any, event: Any) -> StateUpdate | None:
        """Return None to let the event through, or an empty update to drop it."""
        visitor = visitors.current()
        logs.begin_event(EventContext.get().txid, address=visitor.address)
        world_of(visitor.world).bind()
        if visitor.world:
            # Account ids repeat across worlds, so the log names the world.
            logs.know(world=visitor.world)
        i18n.speak(visitor.language)
        registered = RegistrationContext.get().event_handlers[event.name]
        is_framework = registered.states[0] in _FRAMEWORK_STATES and event.name.rpartition(".")[2] in _FRAMEWORK
        if registered.states[0] is FrontendEventExceptionState:
            # Drop it before the framework's own handler searches it: a browser may send a text of any length.
            log.warning("a browser failed", report=event.payload.get("info"))
            return StateUpdate()
        if is_framework or hasattr(registered.handler.fn, "__guard__"):
            if event.name.rpartition(".")[2] in _HYDRATIONS:
                (await state.get_state(SessionState))._begin_page()
            return None
        log.warning("event refused", event_name=event.name)
        return StateUpdate()
