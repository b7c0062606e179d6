"""The account that calls a handler."""

from collections.abc import Awaitable, Callable
from typing import Any

from rxconnect import logs, routes
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.errors import NotAllowed, NotSignedIn
from rxconnect.services.accounts import sign_ins
from rxconnect.services.kiosk import sign_ins as kiosk_sign_ins
from rxconnect.state import listening, visitors
from rxconnect.state.transactions import in_thread, read, read_serially, write, write_unsynced


class WrongDoor(Exception):
    """The handler is for another kind of actor. `address` is the first page of the actor's own kind."""

    def __init__(self, address: str):
        super().__init__(address)
        self.address = address


class Caller:
    """The account that calls a handler, looked up in the transaction of the first service that the handler runs.

    A handler that starts with a service takes a `Caller`, not an `Actor`, which saves a transaction. `actor` is only
    known once that service has run. When a page loads (`mark_page_loads`), the frame's data is read in the same transaction.
    """

    def __init__(self, state: Any, kind: ActorKind, *, is_load: bool, is_passive: bool):
        self._state, self._kind, self._is_load = state, kind, is_load
        # Families and staff have another cookie than people at a kiosk, and neither opens anything of the other.
        self._is_at_kiosk = kind is ActorKind.KIOSK
        self._sign_in = visitors.current().kiosk if self._is_at_kiosk else visitors.current().sign_in
        # Whether a person did something, which makes the sign-in of staff last longer.
        self._is_used = not is_passive and not listening.is_started_by_topic()
        self._actor: Actor | None = None
        self._frame: Any = None
        # An event for the browser when a page loads, besides the handler's own.
        self.arrival_event: Any = None

    @property
    def actor(self) -> Actor:
        """The account. Raises `NotSignedIn` until a service has run."""
        if self._actor is None:
            raise NotSignedIn
        return self._actor

    async def require_actor(self) -> Actor:
        """Return the account. Looks it up in a transaction of its own unless it is already known."""
        if self._actor is None and self._kind is ActorKind.FAMILY and not self._is_load:
            self._require_sign_in()
            self._actor = self._require_kind(
                await in_thread(sign_ins.find_family_actor, self._sign_in, is_used=self._is_used)
            )
        elif self._actor is None:
            await self.read(_noop_service)
        return self.actor

    async def read(self, service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run `service(session, actor, …)` as the function `read` does, and look the account up first."""
        return await self._run_service(read, service, *args, **kwargs)

    async def read_serially(self, service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run `service(session, actor, …)` as the function `read_serially` does, and look the account up first."""
        return await self._run_service(read_serially, service, *args, **kwargs)

    async def write(self, service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run `service(session, actor, …)` as the function `write` does, and look the account up first."""
        return await self._run_service(write, service, *args, **kwargs)

    async def write_unsynced(self, service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run `service(session, actor, …)` as the function `write_unsynced` does, and look the account up first."""
        return await self._run_service(write_unsynced, service, *args, **kwargs)

    async def _run_service(
        self, run: Callable[..., Awaitable[Any]], service: Callable[..., Any], *args: Any, **kw: Any
    ) -> Any:
        if self._actor is not None:
            return await run(service, self._actor, *args, **kw)
        self._require_sign_in()
        if self._is_load and self._kind is not ActorKind.FAMILY and await self._state._is_whole_page():
            # A browser also loads its page again by itself, when it has been without a connection.
            self._is_used = False
        try:
            return await run(self._run_as_actor, service, *args, **kw)
        finally:
            # Also when the service refuses: the page then shows the refusal inside its usual frame.
            if self._is_load and self._actor is not None:
                self.arrival_event = await self._state._show_frame(self._actor, self._frame)

    def _run_as_actor(self, session: Any, service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        find = kiosk_sign_ins.actor_for_hash if self._is_at_kiosk else sign_ins.actor_for_hash
        actor = self._require_kind(find(session, self._sign_in, is_used=self._is_used))
        if self._is_load:
            self._frame = self._state._frame_data(session, actor)
        self._actor = actor
        return service(session, actor, *args, **kwargs)

    def _require_sign_in(self) -> None:
        """Refuse a visitor without a database query."""
        if not self._sign_in:
            raise NotSignedIn

    def _require_kind(self, found: Actor | None) -> Actor:
        if found is None:
            raise NotSignedIn
        logs.add_facts(account=found.account_id)
        if found.kind is not self._kind:
            home = routes.home_of(found.kind)
            raise WrongDoor(home) if home else NotAllowed
        return found


def _noop_service(_session: Any, _actor: Actor) -> None:
    pass
