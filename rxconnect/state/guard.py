"""Guards: every public method of a State is an endpoint that anyone may call with anything.

A handler declares who may call it (`@family`, `@staff`, `@kiosk`, `@seat`, `@public`). The guard then, on every single event, works
out who is calling from the cookie, parses the arguments by their annotations, and puts our own errors into words. What
has no guard is refused by `state/middleware.py`.
"""

import functools
import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any, get_type_hints

import reflex as rx
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, create_model
from reflex.istate.proxy import StateProxy

from rxconnect import routes
from rxconnect.domain.accounts import ActorKind
from rxconnect.domain.errors import Busy, NotSignedIn, PasswordNeeded, RxConnectError, Unavailable
from rxconnect.domain.text import storable
from rxconnect.state import address, listening, seats, words
from rxconnect.state.caller import Caller, WrongDoor

# What a browser may put into one argument: a field's text, or a whole letter. The length is looked at before anything else
# is done with a text. Fields have their own, shorter limits, with their own sentences. What no database takes, and more
# combining marks than any language has, never gets further than here.
_LONGEST, _LONGEST_LETTER = 10_000, 100_000


def _storable(longest: int, given: Any) -> Any:
    return storable(given) if isinstance(given, str) and len(given) <= longest else given


Text = Annotated[str, StringConstraints(max_length=_LONGEST), BeforeValidator(functools.partial(_storable, _LONGEST))]
LongText = Annotated[
    str, StringConstraints(max_length=_LONGEST_LETTER), BeforeValidator(functools.partial(_storable, _LONGEST_LETTER))
]
Id = Annotated[int, Field(ge=1, lt=2**31, strict=True)]


def typing(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Under a guard: what is typed arrives a moment late, and must not wipe out what a button's answer has just said.

    The handler takes that back by itself when the text is news (`Screen._retyped`). Its own refusal leaves the focus where
    somebody may be typing on.
    """
    handler.__is_typing__ = True  # type: ignore[attr-defined]
    return handler


def loads(*handlers: Any) -> None:
    """Mark handlers of States as those that load pages: what they could not get, the browser comes for again by itself."""
    for handler in handlers:
        handler.fn.__is_load__ = True


def _is_typing(handler: Callable[..., Any]) -> bool:
    return hasattr(handler, "__is_typing__")


# As a guard: no kind of actor, since the seat's account is one of the session's world.
_SEAT = "seat"

Refusal = RxConnectError | WrongDoor | ValidationError


def family(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Guard: a signed-in family account. The handler gets the `Actor`, or the `Caller`, before its own arguments."""
    return _guarded(handler, ActorKind.FAMILY)


def staff(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Guard: a signed-in member of a facility's staff. The handler gets the `Actor` before its own arguments."""
    return _guarded(handler, ActorKind.STAFF)


def kiosk(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Guard: a kiosk. The handler gets the `Actor` before its own arguments."""
    return _guarded(handler, ActorKind.KIOSK)


def seat(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Guard: a seat in a demo session. The handler gets the `Seat` before its own arguments, in the installation's own world.

    It is the room's own handler: it also runs for who follows, whose other events are dropped (`state/middleware.py`).
    """
    return _guarded(handler, _SEAT)


def is_of_room(handler: Callable[..., Any]) -> bool:
    """Whether a handler is the room's own."""
    return getattr(handler, "__guard__", "") == _SEAT


def public(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Guard: everyone. The handler gets no actor; its arguments are parsed all the same."""
    return _guarded(handler, None)


def _guarded(handler: Callable[..., Any], kind: ActorKind | str | None) -> Callable[..., Any]:
    state_parameter, *others = inspect.signature(handler).parameters.values()
    own = others[1:] if kind else others
    takes_caller = isinstance(kind, ActorKind) and get_type_hints(handler).get(others[0].name) is Caller
    arguments = _arguments(handler, own)

    async def prepared(state: Any, caller: Caller | None, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The handler's call, once its arguments are what they should be and, for an `Actor`, it is known who asks."""
        if not _is_typing(handler) and not listening.is_woken():
            _forget_problems(state, is_load=hasattr(guarded, "__is_load__"))
        given = dict(zip((p.name for p in own), args, strict=False)) | kwargs
        parsed = arguments.model_validate(given)
        values = {p.name: getattr(parsed, p.name) for p in own}
        return handler(state, *await _sender(kind, caller, takes_caller=takes_caller), **values)

    if inspect.isasyncgenfunction(handler):

        async def guarded(self: Any, /, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            caller, last = _caller(guarded, self, kind), None
            try:
                async for event in await prepared(self, caller, args, kwargs):
                    yield event
                await _require(caller)
            except (RxConnectError, WrongDoor, ValidationError) as error:
                last = await _refuse(guarded, self, await _first_reason(caller, error))
            yield _after_arrival(caller, last)
    else:

        async def guarded(self: Any, /, *args: Any, **kwargs: Any) -> Any:
            caller = _caller(guarded, self, kind)
            try:
                event = await (await prepared(self, caller, args, kwargs))
                await _require(caller)
            except (RxConnectError, WrongDoor, ValidationError) as error:
                event = await _refuse(guarded, self, await _first_reason(caller, error))
            return _after_arrival(caller, event)

    functools.update_wrapper(guarded, handler)
    del guarded.__wrapped__  # type: ignore[attr-defined]
    guarded.__guard__ = kind or "public"  # type: ignore[attr-defined]
    # Reflex reads these to learn which arguments a browser sends: all but the actor.
    guarded.__signature__ = inspect.Signature([state_parameter, *own])  # type: ignore[attr-defined]
    guarded.__annotations__ = {p.name: p.annotation for p in own}
    return guarded


def _caller(handler: Any, state: Any, kind: ActorKind | str | None) -> Caller | None:
    return Caller(state, kind, is_load=hasattr(handler, "__is_load__")) if isinstance(kind, ActorKind) else None


async def _sender(kind: ActorKind | str | None, caller: Caller | None, *, takes_caller: bool) -> tuple[Any, ...]:
    """What a handler gets before its own arguments."""
    if kind == _SEAT:
        if (found := seats.current()) is None:
            raise WrongDoor(routes.DEMO)
        return (found,)
    if caller is None:
        return ()
    return (caller if takes_caller else await caller.look_up(),)


async def _require(caller: Caller | None) -> None:
    """Refuse a handler that has ended without running a service, if its caller may not call it."""
    if caller is not None:
        await caller.look_up()


async def _first_reason(caller: Caller | None, error: Refusal) -> Refusal:
    """Why a call is refused. What a service refuses is only told to an account that may call the handler."""
    if isinstance(error, Busy | Unavailable | ValidationError):
        return error
    try:
        await _require(caller)
    except (RxConnectError, WrongDoor) as earlier:
        return earlier
    return error


def _after_arrival(caller: Caller | None, event: Any) -> Any:
    """What a handler answers, behind what the browser does on arrival at a page."""
    if caller is None or not caller.on_arrival:
        return event
    return [caller.on_arrival, *(event if isinstance(event, list) else [event] * (event is not None))]


def _arguments(handler: Callable[..., Any], own: list[inspect.Parameter]) -> type[BaseModel]:
    """A strict-enough Pydantic model of the handler's arguments, made from its annotations."""
    hints = get_type_hints(handler, include_extras=True)
    fields: Any = {p.name: (hints[p.name], ... if p.default is p.empty else p.default) for p in own}
    config = ConfigDict(extra="forbid", str_strip_whitespace=False)
    return create_model(f"{handler.__qualname__} arguments", __config__=config, **fields)


def _forget_problems(state: Any, *, is_load: bool) -> None:
    """A new try begins without the old one's sentences; a background handler says its own.

    When the server has forgotten a tab, the page's load follows its next event and must not take back what that said.
    """
    if isinstance(state, StateProxy):
        return
    is_kept = is_load and state._comes_before_load
    if (state.problem or state.problems) and not is_kept:
        state.problem, state.problems = "", {}
    if state._comes_before_load is (is_load or state.ready):
        state._comes_before_load = not state._comes_before_load


async def _refuse(handler: Any, state: Any, error: Refusal) -> Any:
    """Put a refusal where the person sees it, and lead them there; what was typed stays as it is."""
    if isinstance(error, NotSignedIn):
        async with _changing(state):
            await state._turn_away()
        return rx.redirect(routes.with_query(routes.SIGN_IN, next=state.router.url.path))
    if isinstance(error, WrongDoor):
        return rx.redirect(error.address, replace=True)
    if isinstance(error, PasswordNeeded):
        async with _changing(state):
            state._await_password()
        return rx.redirect(routes.with_query(routes.CONFIRM, next=address.current(state)))
    if isinstance(error, Busy | Unavailable) and (hasattr(handler, "__is_load__") or listening.is_woken()):
        async with _changing(state):
            return await state._come_again()
    async with _changing(state):
        state.problem, state.problems = words.refusal(error)
        state.ready = True
        place = _place_of_problem(state)
    # Only who has just pressed something waits for its answer: a background handler's may come when they are elsewhere.
    is_pressed = not _is_typing(handler) and not isinstance(state, StateProxy) and not listening.is_woken()
    return rx.set_focus(place) if place and is_pressed else None


def _place_of_problem(state: Any) -> str:
    """The id of what takes the focus: the first field with a problem, since a field's id is its name."""
    return next(iter(state.problems), state._problem_place if state.problem else "")


@asynccontextmanager
async def _changing(state: Any) -> AsyncIterator[None]:
    """The right to change `state`: a background handler has to ask for it, any other holds it already."""
    if isinstance(state, StateProxy) and not state._is_mutable():
        async with state:
            yield
    else:
        yield
