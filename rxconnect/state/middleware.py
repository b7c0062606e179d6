"""Runs before every event: refuses a handler without a guard, and binds the sender's world for any other.

An event of a seat in a demo session runs in the session's world. The seat is read from the database at every event: it may
be gone, the session may have been reset to another world, and another seat may drive now.
"""

from typing import Any

import structlog
from reflex.middleware import Middleware
from reflex.state import FrontendEventExceptionState, OnLoadInternalState, State, StateUpdate
from reflex_base.constants import RouteVar
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext
from reflex_base.utils.format import format_event_handler

from rxconnect import i18n, logs, routes
from rxconnect.domain.demo import Seat
from rxconnect.domain.visitors import Visitor
from rxconnect.state import guard, seats, visitors
from rxconnect.state.demo.room import RoomState
from rxconnect.state.on_demand import make_for_page
from rxconnect.state.session import SessionState
from rxconnect.world import own, world_of

log = structlog.get_logger()

# The framework's own handlers that a page needs. They write only the router's data and browser-storage vars, and we
# have no such vars. Notably absent: `setvar`, which would reach every var of every State.
_HYDRATIONS = {"hydrate", "hydrate_and_load"}
_FRAMEWORK = _HYDRATIONS | {"set_is_hydrated", "on_load_internal"}
_FRAMEWORK_STATES = {State, OnLoadInternalState}
_ROOM_LOADS = {format_event_handler(handler) for handler in (RoomState.load, RoomState.reload)}


class Gate(Middleware):
    """Deny by default. `state/sockets.py` already keeps the state of each sign-in apart."""

    async def preprocess(self, app: Any, state: Any, event: Any) -> StateUpdate | None:
        """Return None to let the event through, or an update to send instead. An empty update drops the event."""
        visitor = visitors.current()
        logs.begin_event(EventContext.get().txid, address=visitor.address)
        (own() if visitor.seat else world_of(visitor.world)).bind()
        i18n.bind_language(visitor.language)
        registered = RegistrationContext.get().event_handlers[event.name]
        handler = registered.handler.fn
        is_framework = registered.states[0] in _FRAMEWORK_STATES and event.name.rpartition(".")[2] in _FRAMEWORK
        if registered.states[0] is FrontendEventExceptionState:
            # Drop it before the framework's own handler searches it: a browser may send a text of any length.
            log.warning("a browser failed", report=event.payload.get("info"))
            return StateUpdate()
        if not is_framework and not hasattr(handler, "__guard__"):
            log.warning("event refused", event_name=event.name)
            return StateUpdate()
        seat, is_of_room = await seats.find_seat(visitor), guard.is_room_handler(handler)
        if seat:
            await app.event_namespace.note_seat(EventContext.get().router_data[RouteVar.SESSION_ID], seat)
        # What the frame says, and the room itself, also work for who follows.
        works_always = is_framework or is_of_room or registered.states[0] is SessionState
        if visitor.watches:
            # A frame of the split view only shows, whatever its seat may do elsewhere.
            works_always = is_framework or event.name in _ROOM_LOADS
        if visitor.seat and (
            instead := await _answer_for_seat(app, visitor, seat, is_framework=is_framework, works_always=works_always)
        ):
            return instead
        if seat and not is_of_room:
            is_load = guard.is_page_load(handler)
            may_write = seat.may_write and not visitor.watches
            world_of(seat.world).bind(may_write=may_write, driver=seat.writer, is_load=is_load)
            # Its accounts have the same numbers as the installation's own.
            logs.add_facts(world=seat.world)
        if event.name.rpartition(".")[2] in _HYDRATIONS:
            make_for_page(state, event.payload.get("hashes"))
            (await state.get_state(SessionState))._start_full_load()
        return None


async def _answer_for_seat(
    app: Any, visitor: Visitor, seat: Seat | None, *, is_framework: bool, works_always: bool
) -> StateUpdate | None:
    """What an event gets in place of its handler, because of the seat that it comes from; None lets it through."""
    is_in_room = routes.is_of_demo(EventContext.get().router_data.get(RouteVar.PATH, ""))
    if seat is None:
        # Removed, or the session has ended. The pages of demo sessions load, and do nothing.
        return None if is_framework and is_in_room else await _tell(app, "seat_gone")
    if seat.world != visitor.world and not is_in_room:
        # The session was reset: the socket, and the state behind it, belong to a world that is gone.
        return await _tell(app, "reopen_socket")
    return StateUpdate() if (seat.follows or visitor.watches) and not works_always else None


async def _tell(app: Any, message: str) -> StateUpdate:
    """Send the browser a message of ours (`components/connection.js`) in place of an update."""
    await app.event_namespace.emit(message, to=EventContext.get().router_data[RouteVar.SESSION_ID])
    return StateUpdate()
