"""Connections to PostgreSQL that never wait for ever: for a server that is gone, frozen, or has too much to do.

The server itself ends a statement that takes too long. A frozen one ends nothing, and its system still acknowledges what
we send, so the same is watched from our side too.
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

# Seconds for the question whether a connection still lives, and for the server's own answer that it took too long.
_PING, _MARGIN = 1.0, 1.0


class Connection(psycopg.Connection[Any]):
    """A connection that gives up a server that does not answer."""

    # For commands such as an import, whose statements may take as long as they need.
    is_of_a_command = False
    patience: float | None = None

    def wait(self, gen: PQGen[Any], interval: float = 0.1, timeout: float | None = None) -> Any:
        """As psycopg's own, which would wait for ever. A connection that was given up is closed."""
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.errors._WaitTimeout as error:
            self.close()
            raise OperationalError("the server does not answer") from error

    @contextmanager
    def waiting(self, seconds: float) -> Iterator[None]:
        """Wait for the server no longer than this, inside the block."""
        before, self.patience = self.patience, seconds
        try:
            yield
        finally:
            self.patience = before


def watched(engine: Engine, statement_timeout: float) -> Engine:
    """`engine`, whose connections are ours, and are asked before each use whether they still live."""

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
