"""What happens before every event: a handler without a guard is refused, and any other works in its sender's world.

For somebody with a seat in a demo session that is the session's world, as the database says at this event: the seat may be
gone, the session may have been reset to another world, and who drives may have changed.
"""

from typing import Any

import reflex as rx
import structlog
from reflex.middleware import Middleware
from reflex.state import FrontendEventExceptionState, OnLoadInternalState, State, StateUpdate
from reflex_base.constants import RouteVar
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext

from rxconnect import i18n, logs, routes
from rxconnect.domain.demo import Seat
from rxconnect.domain.visitors import Visitor
from rxconnect.state import guard, seats, visitors
from rxconnect.state.session import SessionState
from rxconnect.world import own, world_of

log = structlog.get_logger()

# The framework's own handlers that a page cannot do without. None of them writes anything but the router's data and
# browser-storage vars, of which we have none. Notably absent: `setvar`, which would reach every var of every State.
_HYDRATIONS = {"hydrate", "hydrate_and_load"}
_FRAMEWORK = _HYDRATIONS | {"set_is_hydrated", "on_load_internal"}
_FRAMEWORK_STATES = {State, OnLoadInternalState}


class Gate(Middleware):
    """Deny by default. Whose state it is was settled before: `state/sockets.py` keeps each sign-in's apart."""

    async def preprocess(self, app: Any, state: Any, event: Any) -> StateUpdate | None:
        """Answer None to let the event through, or an update in its place; an empty one drops it."""
        visitor = visitors.current()
        logs.begin_event(EventContext.get().txid, address=visitor.address)
        (own() if visitor.seat else world_of(visitor.world)).bind()
        i18n.speak(visitor.language)
        registered = RegistrationContext.get().event_handlers[event.name]
        handler = registered.handler.fn
        is_framework = registered.states[0] in _FRAMEWORK_STATES and event.name.rpartition(".")[2] in _FRAMEWORK
        if registered.states[0] is FrontendEventExceptionState:
            # Not even searched for what the framework looks for in it: a browser may send any length of anything.
            log.warning("a browser failed", said=event.payload.get("info"))
            return StateUpdate()
        if not is_framework and not hasattr(handler, "__guard__"):
            log.warning("event refused", event_name=event.name)
            return StateUpdate()
        seat, is_of_room = await seats.look_up(visitor), guard.is_of_room(handler)
        # What the frame says, and the room itself, also work for who follows.
        works_always = is_framework or is_of_room or registered.states[0] is SessionState
        if visitor.seat and (
            instead := await _of_seat(app, visitor, seat, is_framework=is_framework, works_always=works_always)
        ):
            return instead
        if seat and not is_of_room:
            world_of(seat.world).bind(may_write=seat.may_write, driver=seat.writer)
            # Its accounts have the same numbers as the installation's own.
            logs.know(world=seat.world)
        if event.name.rpartition(".")[2] in _HYDRATIONS:
            (await state.get_state(SessionState))._begin_page()
        return None


async def _of_seat(
    app: Any, visitor: Visitor, seat: Seat | None, *, is_framework: bool, works_always: bool
) -> StateUpdate | None:
    """What an event gets in place of its handler, because of the seat that it comes from; None lets it through."""
    is_in_room = routes.is_of_demo(EventContext.get().router_data.get(RouteVar.PATH, ""))
    if seat is None:
        # Removed, or the session has ended. The pages of demo sessions load, and do nothing.
        return None if is_framework and is_in_room else _lead_to(routes.DEMO_OVER)
    if seat.world != visitor.world and not is_in_room:
        # The session was reset: the socket, and the state behind it, belong to a world that is gone.
        await app.event_namespace.emit("come_back", to=EventContext.get().router_data[RouteVar.SESSION_ID])
        return StateUpdate()
    return StateUpdate() if seat.follows and not works_always else None


def _lead_to(address: str) -> StateUpdate:
    return StateUpdate(events=Event.from_event_type(rx.redirect(address)))
