"""Guards: every public method of a State is an endpoint that anyone may call with anything.

A handler declares who may call it (`@family`, `@staff`, `@kiosk`, `@seat`, `@public`). On every event the guard then
finds the caller from the cookie, parses the arguments by their annotations, and turns our own errors into sentences.
`state/middleware.py` refuses a handler without a guard.
"""

import functools
import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any, get_origin, get_type_hints

import reflex as rx
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, create_model
from reflex.istate.proxy import StateProxy
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext
from reflex_base.utils.format import format_event_handler

from rxconnect import routes
from rxconnect.domain.accounts import ActorKind
from rxconnect.domain.errors import (
    Busy,
    NotDriving,
    NotFound,
    NotSignedIn,
    PageLoadedAgain,
    PasswordNeeded,
    RxConnectError,
    Unavailable,
)
from rxconnect.domain.removals import RemovalKind
from rxconnect.domain.text import storable
from rxconnect.state import address, listening, seats, visitors, words
from rxconnect.state.caller import Caller, WrongDoor

# The longest argument in characters: a field's text, or a whole message. The length is checked before any other work on
# a text. Fields have their own, shorter limits, with their own sentences. `storable` removes characters that no
# database stores, and more combining marks than any language has.
_LONGEST, _LONGEST_LETTER = 10_000, 100_000


def _to_storable(longest: int, given: Any) -> Any:
    return storable(given) if isinstance(given, str) and len(given) <= longest else given


Text = Annotated[
    str, StringConstraints(max_length=_LONGEST), BeforeValidator(functools.partial(_to_storable, _LONGEST))
]
LongText = Annotated[
    str,
    StringConstraints(max_length=_LONGEST_LETTER),
    BeforeValidator(functools.partial(_to_storable, _LONGEST_LETTER)),
]
Id = Annotated[int, Field(ge=1, lt=2**31, strict=True)]


def while_typing(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a handler that runs while the user types (below a guard).

    Its event is debounced and may arrive after a button's answer, so the guard does not clear the problems: the handler
    does, when the text is new (`Screen._update_field`). A refusal leaves the focus, as the user may still be typing.
    """
    handler.__is_typing__ = True  # type: ignore[attr-defined]
    return handler


def undoable(kind: RemovalKind) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a handler that removes something and offers to undo it (below a guard). Others ask first (decision 0073)."""

    def mark(handler: Callable[..., Any]) -> Callable[..., Any]:
        handler.__undoes__ = kind  # type: ignore[attr-defined]
        return handler

    return mark


def passive(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a handler that the page calls by itself (below a guard), so it does not make a sign-in last longer."""
    handler.__is_passive__ = True  # type: ignore[attr-defined]
    return handler


def mark_page_loads(*handlers: Any) -> None:
    """Mark handlers that load pages. The browser retries them by itself when the database did not answer."""
    for handler in handlers:
        handler.fn.__is_load__ = True


def is_page_load(handler: Callable[..., Any]) -> bool:
    """Whether a handler loads a page."""
    return hasattr(handler, "__is_load__")


def _is_typing(handler: Callable[..., Any]) -> bool:
    return hasattr(handler, "__is_typing__")


# This guard is not a kind of actor, since the seat's account belongs to the session's world.
_SEAT = "seat"

Refusal = RxConnectError | WrongDoor | ValidationError


def family(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Guard: a signed-in family account. The handler gets the `Actor`, or the `Caller`, before its own arguments."""
    return _guarded(handler, ActorKind.FAMILY)


def staff(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Guard: a signed-in member of a facility's staff. The handler gets the `Actor` before its own arguments."""
    return _guarded(handler, ActorKind.STAFF)


def kiosk(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Guard: a person in custody who is signed in at a kiosk. The handler gets the `Actor` before its own arguments."""
    return _guarded(handler, ActorKind.KIOSK)


def seat(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Guard: a seat in a demo session. The handler gets the `Seat` before its own arguments, in the installation's own world.

    Such a handler belongs to the room. It also runs for a seat that follows, whose other events are dropped
    (`state/middleware.py`).
    """
    return _guarded(handler, _SEAT)


def is_room_handler(handler: Callable[..., Any]) -> bool:
    """Whether a handler belongs to the room (`@seat`)."""
    return getattr(handler, "__guard__", "") == _SEAT


def public(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Guard: everyone. The handler gets no actor; its arguments are still parsed."""
    return _guarded(handler, None)


def _guarded(handler: Callable[..., Any], kind: ActorKind | str | None) -> Callable[..., Any]:
    state_parameter, *others = inspect.signature(handler).parameters.values()
    own = others[1:] if kind else others
    takes_caller = isinstance(kind, ActorKind) and get_type_hints(handler).get(others[0].name) is Caller
    arguments = _arguments_model(handler, own)

    async def prepared(state: Any, caller: Caller | None, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Parse the arguments, look up the `Actor` if the handler takes one, and call the handler."""
        _clear_problems(state, guarded)
        parsed = arguments.model_validate(_by_name(own, args, kwargs))
        values = {p.name: getattr(parsed, p.name) for p in own}
        return handler(state, *await _leading_arguments(kind, caller, takes_caller=takes_caller), **values)

    if inspect.isasyncgenfunction(handler):

        async def guarded(self: Any, /, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            if _comes_before_load(guarded, self):
                yield await _wait_for_load(guarded, self, _by_name(own, args, kwargs))
                return
            caller, last = _create_caller(guarded, self, kind), None
            try:
                async for event in await prepared(self, caller, args, kwargs):
                    yield event
                await _ensure_looked_up(caller)
            except (RxConnectError, WrongDoor, ValidationError) as error:
                last = await _show_refusal(guarded, self, await _error_to_show(caller, error))
            yield _after_arrival_event(caller, last)
    else:

        async def guarded(self: Any, /, *args: Any, **kwargs: Any) -> Any:
            if _comes_before_load(guarded, self):
                return await _wait_for_load(guarded, self, _by_name(own, args, kwargs))
            caller = _create_caller(guarded, self, kind)
            try:
                event = await (await prepared(self, caller, args, kwargs))
                await _ensure_looked_up(caller)
            except (RxConnectError, WrongDoor, ValidationError) as error:
                event = await _show_refusal(guarded, self, await _error_to_show(caller, error))
            return _after_arrival_event(caller, event)

    functools.update_wrapper(guarded, handler)
    del guarded.__wrapped__  # type: ignore[attr-defined]
    guarded.__guard__ = kind or "public"  # type: ignore[attr-defined]
    # Reflex reads these to learn which arguments a browser sends: all except the actor.
    guarded.__signature__ = inspect.Signature([state_parameter, *own])  # type: ignore[attr-defined]
    guarded.__annotations__ = {p.name: p.annotation for p in own}
    return guarded


def _by_name(own: list[inspect.Parameter], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The handler's own arguments, as an event has them."""
    return dict(zip((p.name for p in own), args, strict=False)) | kwargs


def _create_caller(handler: Any, state: Any, kind: ActorKind | str | None) -> Caller | None:
    if not isinstance(kind, ActorKind):
        return None
    # A page that reloads by itself stays where it is: it moves no focus, and keeps the notice.
    is_load = is_page_load(handler) and not listening.is_started_by_topic()
    return Caller(state, kind, is_load=is_load, is_passive=hasattr(handler, "__is_passive__"))


async def _leading_arguments(
    kind: ActorKind | str | None, caller: Caller | None, *, takes_caller: bool
) -> tuple[Any, ...]:
    """The arguments that a handler gets before its own."""
    if kind == _SEAT:
        if (found := seats.current()) is None:
            raise WrongDoor(routes.DEMO)
        return (found,)
    if caller is None:
        return ()
    return (caller if takes_caller else await caller.require_actor(),)


async def _ensure_looked_up(caller: Caller | None) -> None:
    """Check the caller of a handler that ended without running a service."""
    if caller is not None:
        await caller.require_actor()


async def _error_to_show(caller: Caller | None, error: Refusal) -> Refusal:
    """The error to show. A service's refusal is only shown to an account that may call the handler."""
    if isinstance(error, Busy | Unavailable | ValidationError):
        return error
    try:
        await _ensure_looked_up(caller)
    except (RxConnectError, WrongDoor) as earlier:
        return earlier
    return error


def _after_arrival_event(caller: Caller | None, event: Any) -> Any:
    """A handler's events, after the browser's event for a loaded page."""
    if caller is None or not caller.arrival_event:
        return event
    return [caller.arrival_event, *(event if isinstance(event, list) else [event] * (event is not None))]


def _arguments_model(handler: Callable[..., Any], own: list[inspect.Parameter]) -> type[BaseModel]:
    """A Pydantic model of the handler's arguments, made from its annotations."""
    hints = get_type_hints(handler, include_extras=True)
    hints = {
        name: Annotated[kind, BeforeValidator(_present_fields)] if _is_form(kind) else kind
        for name, kind in hints.items()
    }
    fields: Any = {p.name: (hints[p.name], ... if p.default is p.empty else p.default) for p in own}
    config = ConfigDict(extra="forbid", str_strip_whitespace=False)
    return create_model(f"{handler.__qualname__} arguments", __config__=config, **fields)


def _is_form(kind: Any) -> bool:
    return get_origin(kind) is dict


def _present_fields(form: Any) -> Any:
    """A form without the fields that the page does not show now: Reflex sends null for each that it showed before."""
    return {name: value for name, value in form.items() if value is not None} if isinstance(form, dict) else form


def _clear_problems(state: Any, handler: Any) -> None:
    """Clear the problems of the last call. A handler that runs while the user types, or in the background, does so itself."""
    if _is_typing(handler) or isinstance(state, StateProxy) or listening.is_started_by_topic():
        return
    if state.problem or state.problems:
        state.problem, state.problems, state.is_missing = "", {}, False


# How often an event has waited for its page's load, by the id of the event that queued it again.
_waited: dict[str, int] = {}
_MOST_WAITED = 1000
# The load is at most two events behind: a full load queues the page's loads, which queue the load of this State.
_EVENTS_BEFORE_LOAD = 2


def _comes_before_load(handler: Any, state: Any) -> bool:
    """Whether the page's load, which fills `state`, has not run yet.

    The framework runs what a browser pressed before it loads the page again: after the server was restarted or has evicted
    the tab's state, or when a follower in a demo session takes the wheel.
    """
    if is_page_load(handler) or listening.is_started_by_topic() or (state.ready and state.is_hydrated):
        return False
    return _load_event(state) is not None


def _load_event(state: Any) -> Any:
    """The load of the current page that fills `state`; None if another page's does."""
    loader = state._loaded_by or state.__class__.__name__
    loads = RegistrationContext.get().app.get_load_events(state.router.url.path)
    return next((load for load in loads if load.state.__name__ == loader), None)


async def _wait_for_load(handler: Any, state: Any, given: dict[str, Any]) -> Any:
    """Queue the event again, behind the page's load. No sentence about an empty `state` would be true."""
    context = EventContext.get()
    times = _waited.pop(context.parent_txid or "", 0)
    if times > _EVENTS_BEFORE_LOAD:
        # The load leads to another page, or could not be done.
        async with _locked(state):
            await state._drop_press()
        return None
    _waited[context.txid] = times + 1
    if len(_waited) > _MOST_WAITED:
        del _waited[next(iter(_waited))]
    again = Event(name=format_event_handler(state.__class__.event_handlers[handler.__name__]), payload=given)
    # A tab that has followed another seat has not loaded its own State, and nothing has queued its load.
    is_load_missing = times == _EVENTS_BEFORE_LOAD and not state.ready
    return [_load_event(state), again] if is_load_missing else [again]


def _may_miss_what_was_open(handler: Any) -> bool:
    """Whether a press that has waited for its page is about something that was only open on the page before."""
    has_waited = EventContext.get().parent_txid in _waited
    is_press = not (_is_typing(handler) or is_page_load(handler))
    return has_waited and is_press and all(map(_is_form, handler.__annotations__.values()))


async def _show_refusal(handler: Any, state: Any, error: Refusal) -> Any:
    """Show a refusal on the page and focus it, or redirect. The fields keep their text."""
    if isinstance(error, NotSignedIn):
        return await _lead_to_sign_in(handler, state)
    if isinstance(error, WrongDoor):
        return rx.redirect(error.address, replace=True)
    if isinstance(error, PasswordNeeded):
        async with _locked(state):
            state._await_password()
        form = routes.STAFF_CONFIRM if handler.__guard__ == ActorKind.STAFF else routes.CONFIRM
        return rx.redirect(routes.with_query(form, next=address.current(state)))
    if isinstance(error, Busy | Unavailable) and (is_page_load(handler) or listening.is_started_by_topic()):
        async with _locked(state):
            return await state._retry_later()
    if isinstance(error, NotDriving) and is_page_load(handler):
        # A page may write while it loads. Nobody has pressed anything that could be refused.
        async with _locked(state):
            state.ready = True
        return None
    if isinstance(error, NotFound) and _may_miss_what_was_open(handler):
        error = PageLoadedAgain()
    async with _locked(state):
        state.problem, state.problems = words.refusal_sentences(error)
        state.is_missing = isinstance(error, NotFound) and is_page_load(handler)
        state.ready = True
        place = _id_of_first_problem(state)
    # Only move the focus after a press: a background handler may answer when the user is elsewhere.
    is_pressed = not _is_typing(handler) and not isinstance(state, StateProxy) and not listening.is_started_by_topic()
    return rx.set_focus(place) if place and is_pressed else None


async def _lead_to_sign_in(handler: Any, state: Any) -> Any:
    """Lead to the sign-in and back. A kiosk's page is left without a trace in the history, for somebody else.

    Only a tablet on which somebody was signed in says that this has ended. A seat in a demo session never signs in: it goes to
    its own first page, or to its room if its account is gone.
    """
    if mine := seats.current():
        kind = mine.kind.acts_as
        return rx.redirect(routes.DEMO_ROOM if handler.__guard__ == kind else routes.home_of(kind), replace=True)
    if handler.__guard__ == ActorKind.KIOSK:
        has_ended = bool(visitors.current().kiosk)
        ended = routes.with_query(routes.KIOSK, done="ended")
        return rx.redirect(ended if has_ended else routes.KIOSK, replace=True)
    async with _locked(state):
        await state._explain_sign_in()
    return rx.redirect(routes.with_query(routes.SIGN_IN, next=state.router.url.path))


def _id_of_first_problem(state: Any) -> str:
    """The id of the element to focus: the first field with a problem (a field's id is its name)."""
    return next(iter(state.problems), state._problem_place if state.problem else "")


@asynccontextmanager
async def _locked(state: Any) -> AsyncIterator[None]:
    """Lock `state` for changes. Only a background handler needs to; any other already holds the lock."""
    if isinstance(state, StateProxy) and not state._is_mutable():
        async with state:
            yield
    else:
        yield
