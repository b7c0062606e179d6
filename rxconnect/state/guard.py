"""Guards: every public method of a State is an endpoint that anyone may call with anything.

A handler declares who may call it (`@family`, `@staff`, `@kiosk`, `@public`). The guard then, on every single event, works
out who is calling from the cookie, parses the arguments by their annotations, and puts our own errors into words. What
has no guard is refused by `state/middleware.py`.
"""

import functools
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any, get_type_hints

import anyio
import anyio.to_thread
import reflex as rx
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, create_model
from reflex.istate.proxy import StateProxy

from rxconnect import db, logs, routes
from rxconnect.config import settings
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.errors import Busy, NotAllowed, NotSignedIn, PasswordNeeded, RxConnectError, Unavailable
from rxconnect.domain.text import storable
from rxconnect.services.accounts import sign_ins
from rxconnect.state import address, listening, visitors, words
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


async def write_unsynced(service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """As `write`, without waiting until the disk has it (`db.write_unsynced`)."""
    run = functools.partial(db.write_unsynced, service, *args, **kwargs)
    return await anyio.to_thread.run_sync(run, limiter=_writers())


async def read(service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run a service in one reading transaction, in a worker thread."""
    return await anyio.to_thread.run_sync(functools.partial(db.read, service, *args, **kwargs))


async def in_turn(service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """As `read`, for a service that computes for milliseconds: one after another is sooner done than all at once."""
    return await anyio.to_thread.run_sync(functools.partial(db.read, service, *args, **kwargs), limiter=_searchers)


async def in_thread(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run something that opens its own transactions, in a worker thread."""
    return await anyio.to_thread.run_sync(functools.partial(function, *args, **kwargs))


class Caller:
    """The account that calls a handler, looked up in the transaction of the first service that the handler runs.

    A handler that begins with a service takes a `Caller` where others take an `Actor`, and saves a transaction. It cannot
    run a service for anybody before that: until then there is no `actor`. When a page loads (`loads`), what every page
    shows is read in the same transaction.
    """

    def __init__(self, state: Any, kind: ActorKind, *, is_load: bool):
        self._state, self._kind, self._is_load = state, kind, is_load
        self._sign_in, self._is_used = visitors.current().sign_in, not listening.is_woken()
        self._actor: Actor | None = None
        self._met: Any = None
        # What the browser does on arrival, besides what the handler asks for.
        self.on_arrival: Any = None

    @property
    def actor(self) -> Actor:
        """The account. Only known once a service has run."""
        if self._actor is None:
            raise NotSignedIn
        return self._actor

    async def look_up(self) -> Actor:
        """The account, looked up in a transaction of its own unless it is known."""
        if self._actor is None and self._kind is ActorKind.FAMILY and not self._is_load:
            self._require_sign_in()
            self._actor = self._let_in(await in_thread(sign_ins.find_family, self._sign_in, is_used=self._is_used))
        elif self._actor is None:
            await self.read(_nothing)
        return self.actor

    async def read(self, service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run `service(session, actor, …)` as the function `read` does, and look the account up first."""
        return await self._run(read, service, *args, **kwargs)

    async def in_turn(self, service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run `service(session, actor, …)` as the function `in_turn` does, and look the account up first."""
        return await self._run(in_turn, service, *args, **kwargs)

    async def write(self, service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run `service(session, actor, …)` as the function `write` does, and look the account up first."""
        return await self._run(write, service, *args, **kwargs)

    async def write_unsynced(self, service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run `service(session, actor, …)` as the function `write_unsynced` does, and look the account up first."""
        return await self._run(write_unsynced, service, *args, **kwargs)

    async def _run(self, run: Callable[..., Awaitable[Any]], service: Callable[..., Any], *args: Any, **kw: Any) -> Any:
        if self._actor is not None:
            return await run(service, self._actor, *args, **kw)
        self._require_sign_in()
        try:
            return await run(self._admitted, service, *args, **kw)
        finally:
            # Also when the service refuses: the page then says so in the frame of a page that has arrived.
            if self._is_load and self._actor is not None:
                self.on_arrival = await self._state._arrive(self._actor, self._met)

    def _admitted(self, session: Any, service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        actor = self._let_in(sign_ins.actor_for_alias(session, self._sign_in, is_used=self._is_used))
        if self._is_load:
            self._met = self._state._meet(session, actor)
        self._actor = actor
        return service(session, actor, *args, **kwargs)

    def _require_sign_in(self) -> None:
        """Ask the database nothing for visitors."""
        if not self._sign_in:
            raise NotSignedIn

    def _let_in(self, found: Actor | None) -> Actor:
        if found is None:
            raise NotSignedIn
        logs.know(account=found.account_id)
        if found.kind is not self._kind:
            home = routes.home_of(found.kind)
            raise WrongDoor(home) if home else NotAllowed
        return found


def _nothing(_session: Any, _actor: Actor) -> None:
    pass


class WrongDoor(Exception):
    """The actor is of another kind than the handler is for; `address` is the first page of its own kind."""

    def __init__(self, address: str):
        super().__init__(address)
        self.address = address


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


def public(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Guard: everyone. The handler gets no actor; its arguments are parsed all the same."""
    return _guarded(handler, None)


def _guarded(handler: Callable[..., Any], kind: ActorKind | None) -> Callable[..., Any]:
    state_parameter, *others = inspect.signature(handler).parameters.values()
    own = others[1:] if kind else others
    takes_caller = bool(kind) and get_type_hints(handler).get(others[0].name) is Caller
    arguments = _arguments(handler, own)

    async def prepared(state: Any, caller: Caller | None, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The handler's call, once its arguments are what they should be and, for an `Actor`, it is known who asks."""
        if not _is_typing(handler) and not listening.is_woken():
            _forget_problems(state, is_load=hasattr(guarded, "__is_load__"))
        given = dict(zip((p.name for p in own), args, strict=False)) | kwargs
        parsed = arguments.model_validate(given)
        values = {p.name: getattr(parsed, p.name) for p in own}
        if caller is None:
            return handler(state, **values)
        return handler(state, caller if takes_caller else await caller.look_up(), **values)

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


def _caller(handler: Any, state: Any, kind: ActorKind | None) -> Caller | None:
    return Caller(state, kind, is_load=hasattr(handler, "__is_load__")) if kind else None


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
