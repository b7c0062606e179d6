"""What happens before every event: a handler without a guard is refused, another person's data is forgotten."""

import json
from typing import Any

import structlog
from reflex.middleware import Middleware
from reflex.state import FrontendEventExceptionState, OnLoadInternalState, State, StateUpdate
from reflex_base.registry import RegistrationContext

from rxconnect.state.guard import actor_of
from rxconnect.state.session import SessionState

log = structlog.get_logger()

# The framework's own handlers that a page cannot do without. None of them writes anything but the router's data and
# browser-storage vars, of which we have none. Notably absent: `setvar`, which would reach every var of every State.
_HYDRATIONS = {"hydrate", "hydrate_and_load"}
_FRAMEWORK = _HYDRATIONS | {"set_is_hydrated", "on_load_internal", "handle_frontend_exception"}
_FRAMEWORK_STATES = {State, OnLoadInternalState, FrontendEventExceptionState}


class Gate(Middleware):
    """Deny by default, and never tell a browser what an earlier person saw in it."""

    async def preprocess(self, app: Any, state: Any, event: Any) -> StateUpdate | None:
        """Answer None to let the event through, or an empty update to drop it."""
        registered = RegistrationContext.get().event_handlers[event.name]
        name = event.name.rpartition(".")[2]
        is_framework = registered.states[0] in _FRAMEWORK_STATES
        is_known = (is_framework and name in _FRAMEWORK) or hasattr(registered.handler.fn, "__guard__")
        if not _is_text(event.router_data):
            # The framework has kept it already, and would now send it back.
            state._get_root_state()._clean()
        elif is_known and await _is_owner(state._get_root_state(), loads=is_framework and name in _HYDRATIONS):
            return None
        log.warning("event refused", event_name=event.name)
        return StateUpdate()


def _is_text(router_data: dict[str, Any]) -> bool:
    """Whether an address is one that a browser can have: halves of characters can be written as JSON, and never sent."""
    try:
        json.dumps(router_data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


async def _is_owner(root: Any, *, loads: bool) -> bool:
    """Whether the event comes from whom this tab's page was loaded for. Every new socket of a browser loads first."""
    session = await root.get_state(SessionState)
    cookie = root.router.headers.cookie
    if loads:
        await _forget_another_person(root)
    if loads or session._cookie is None:
        session._cookie = cookie
    return session._cookie == cookie


async def _forget_another_person(root: Any) -> None:
    """Reset everything that this browser tab holds when it is not its owner who comes back.

    A browser keeps its token over a sign-out, and hydration sends all that the server still holds under the token.
    """
    session = await root.get_state(SessionState)
    session._has_arrived, session.turned_away = False, ""
    actor = await actor_of(root)
    account_id = actor.account_id if actor else None
    if session._account_id != account_id:
        root.reset()
        session._account_id = account_id
