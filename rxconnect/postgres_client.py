"""Connections to PostgreSQL with timeouts, for a server that is gone, frozen or overloaded.

The server itself ends a statement that takes too long. But a frozen server ends nothing, while its system still
acknowledges our packets, so the client has a timeout too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.abc import PQGen
from psycopg.errors import OperationalError
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

# Seconds to wait for a ping, and to wait longer than the server's own timeout.
_PING, _MARGIN = 1.0, 1.0


class Connection(psycopg.Connection[Any]):
    """A connection with a client-side timeout for every statement."""

    # Set for commands such as an import, whose statements have no timeout.
    is_of_a_command = False
    patience: float | None = None

    def wait(self, gen: PQGen[Any], interval: float = 0.1, timeout: float | None = None) -> Any:
        """Like psycopg's own method, but with a timeout. A connection that times out is closed."""
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.errors._WaitTimeout as error:
            self.close()
            raise OperationalError("the server does not answer") from error

    @contextmanager
    def waiting(self, seconds: float) -> Iterator[None]:
        """Set the timeout inside the block."""
        before, self.patience = self.patience, seconds
        try:
            yield
        finally:
            self.patience = before


def watched(engine: Engine, statement_timeout: float) -> Engine:
    """Make `engine` use our `Connection`, and ping each connection before it is used."""

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, arguments: list[Any], options: dict[str, Any]) -> Connection:
        connection = Connection.connect(*arguments, **options, autocommit=True)
        if not Connection.is_of_a_command:
            connection.patience = statement_timeout + _MARGIN
            connection.execute(f"SET statement_timeout = {int(statement_timeout * 1000)}")
        connection.autocommit = False
        return connection

    @event.listens_for(engine, "checkout")
    def _ping(connection: Any, _record: Any, _proxy: Any) -> None:
        try:
            with connection.waiting(_PING):
                engine.dialect.do_ping(connection)
        except psycopg.Error as error:
            raise DisconnectionError from error

    return engine
