"""Guards: every public method of a State is an endpoint that anyone may call with anything.

A handler declares who may call it (`@family`, `@staff`, `@public`). The guard then, on every single event, works
out who is calling from the cookie, parses the arguments by their annotations, and puts our own errors into words. What
has no guard is refused by `state/middleware.py`.
"""

import functools
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any, get_type_hints
from urllib.parse import quote

import anyio
import anyio.to_thread
import reflex as rx
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, create_model
from reflex.istate.proxy import StateProxy

from rxconnect import db, logs, routes
from rxconnect.config import settings
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import Busy, NotSignedIn, PasswordNeeded, RxConnectError, Unavailable
from rxconnect.domain.text import storable
from rxconnect.services.accounts import sign_ins
from rxconnect.state import address, visitors, words
from rxconnect.world import PerWorld, current

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

# SQLite writes one thing at a time. The others wait here, in order and without a thread that somebody could read with;
# SQLite itself would have them sleep and try again, some of them for seconds.
# On PostgreSQL they leave half of the connections to those who read.
_writers = PerWorld(lambda: anyio.CapacityLimiter(1 if current().is_sqlite else settings().pool_size // 2))
# Threads take turns at one interpreter, milliseconds each: several that compute at once keep every other event waiting.
_searchers = anyio.CapacityLimiter(1)


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


async def write(service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run a service in one writing transaction, in a worker thread."""
    return await anyio.to_thread.run_sync(functools.partial(db.write, service, *args, **kwargs), limiter=_writers())


async def read(service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run a service in one reading transaction, in a worker thread."""
    return await anyio.to_thread.run_sync(functools.partial(db.read, service, *args, **kwargs))


async def in_turn(service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """As `read`, for a service that computes for milliseconds: one after another is sooner done than all at once."""
    return await anyio.to_thread.run_sync(functools.partial(db.read, service, *args, **kwargs), limiter=_searchers)


async def in_thread(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run something that opens its own transactions, in a worker thread."""
    return await anyio.to_thread.run_sync(functools.partial(function, *args, **kwargs))


async def actor() -> Actor | None:
    """The account whose sign-in the event's socket was opened with, if it still lives."""
    visitor = visitors.current()
    return None if visitor.is_anonymous else await read(sign_ins.actor_for_alias, visitor.sign_in)


class WrongDoor(Exception):
    """The account is of the other kind, staff or family; `address` is the first page of its own kind."""

    def __init__(self, address: str):
        super().__init__(address)
        self.address = address


def family(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Guard: a signed-in family account. The handler gets the `Actor` before its own arguments."""
    return _guarded(handler, "family", _family_actor)


def staff(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Guard: a signed-in member of a facility's staff. The handler gets the `Actor` before its own arguments."""
    return _guarded(handler, "staff", _staff_actor)


def public(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Guard: everyone. The handler gets no actor; its arguments are parsed all the same."""
    return _guarded(handler, "public", None)


def _guarded(
    handler: Callable[..., Any], name: str, admit: Callable[[], Awaitable[Actor]] | None
) -> Callable[..., Any]:
    state_parameter, *own = inspect.signature(handler).parameters.values()
    if admit is not None:
        own = own[1:]
    arguments = _arguments(handler, own)

    async def prepared(state: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The handler's call, once it is known who asks and that the arguments are what they should be."""
        if not _is_typing(handler):
            _forget_problems(state)
        given = dict(zip((p.name for p in own), args, strict=False)) | kwargs
        parsed = arguments.model_validate(given)
        values = {p.name: getattr(parsed, p.name) for p in own}
        return handler(state, **values) if admit is None else handler(state, await admit(), **values)

    if inspect.isasyncgenfunction(handler):

        async def guarded(self: Any, /, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            try:
                async for event in await prepared(self, args, kwargs):
                    yield event
            except (RxConnectError, WrongDoor, ValidationError) as error:
                yield await _refuse(guarded, self, error)
    else:

        async def guarded(self: Any, /, *args: Any, **kwargs: Any) -> Any:
            try:
                return await (await prepared(self, args, kwargs))
            except (RxConnectError, WrongDoor, ValidationError) as error:
                return await _refuse(guarded, self, error)

    functools.update_wrapper(guarded, handler)
    del guarded.__wrapped__  # type: ignore[attr-defined]
    guarded.__guard__ = name  # type: ignore[attr-defined]
    # Reflex reads these to learn which arguments a browser sends: all but the actor.
    guarded.__signature__ = inspect.Signature([state_parameter, *own])  # type: ignore[attr-defined]
    guarded.__annotations__ = {p.name: p.annotation for p in own}
    return guarded


async def _family_actor() -> Actor:
    actor = await _signed_in_actor()
    if actor.role.is_staff:
        raise WrongDoor(routes.STAFF)
    return actor


async def _staff_actor() -> Actor:
    actor = await _signed_in_actor()
    if not actor.role.is_staff:
        raise WrongDoor(routes.DASHBOARD)
    return actor


async def _signed_in_actor() -> Actor:
    found = await actor()
    if found is None:
        raise NotSignedIn
    logs.know(account=found.account_id)
    return found


def _arguments(handler: Callable[..., Any], own: list[inspect.Parameter]) -> type[BaseModel]:
    """A strict-enough Pydantic model of the handler's arguments, made from its annotations."""
    hints = get_type_hints(handler, include_extras=True)
    fields: Any = {p.name: (hints[p.name], ... if p.default is p.empty else p.default) for p in own}
    config = ConfigDict(extra="forbid", str_strip_whitespace=False)
    return create_model(f"{handler.__qualname__} arguments", __config__=config, **fields)


def _forget_problems(state: Any) -> None:
    """A new try begins without the old one's sentences; a background handler says its own."""
    if not isinstance(state, StateProxy) and (state.problem or state.problems):
        state.problem, state.problems = "", {}


async def _refuse(handler: Any, state: Any, error: RxConnectError | WrongDoor | ValidationError) -> Any:
    """Put a refusal where the person sees it, and lead them there; what was typed stays as it is."""
    if isinstance(error, NotSignedIn):
        async with _changing(state):
            await state._turn_away()
        return rx.redirect(f"{routes.SIGN_IN}?next={quote(state.router.url.path, safe='/')}")
    if isinstance(error, WrongDoor):
        return rx.redirect(error.address, replace=True)
    if isinstance(error, PasswordNeeded):
        async with _changing(state):
            state._await_password()
        return rx.redirect(f"{routes.CONFIRM}?next={quote(address.current(state), safe='/')}")
    if isinstance(error, Busy | Unavailable) and hasattr(handler, "__is_load__"):
        async with _changing(state):
            return await state._come_again()
    async with _changing(state):
        state.problem, state.problems = words.refusal(error)
        state.ready = True
        place = _place_of_problem(state)
    # Only who has just pressed something waits for its answer: a background handler's may come when they are elsewhere.
    return rx.set_focus(place) if place and not _is_typing(handler) and not isinstance(state, StateProxy) else None


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
