"""A database that is busy or gone: every route of ours says so in a sentence, with 503, and when to come again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.routing import Route

from rxconnect import db
from rxconnect.api.words import http_status
from rxconnect.domain import refusals
from rxconnect.domain.errors import Busy, Unavailable
from tests.api.conftest import PASSWORD
from tests.worlds import disconnect


@contextmanager
def busy(database: Path) -> Iterator[str]:
    """Somebody else writes, for longer than anybody waits."""
    with db.write_engine().connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=10")
    with sqlite3.connect(database / "rxconnect.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        yield refusals.sentence(Busy())
        other.execute("ROLLBACK")


@contextmanager
def gone(database: Path) -> Iterator[str]:
    """The file of the database cannot be opened."""
    disconnect()
    (database / "rxconnect.db").rename(database / "elsewhere")
    (database / "rxconnect.db").mkdir()
    yield refusals.sentence(Unavailable())
    (database / "rxconnect.db").rmdir()
    (database / "elsewhere").rename(database / "rxconnect.db")
    disconnect()


SIGN_IN = {"email": "sam@example.com", "password": PASSWORD}


@pytest.mark.parametrize("outage", [busy, gone])
def test_a_sign_in_says_so_and_is_not_counted_as_a_wrong_password(visitor, sam, database, outage):
    with outage(database) as sentence:
        for _ in range(20):
            answer = visitor().post("/sign-in", data=SIGN_IN)
            assert answer.status_code == 503
            assert answer.headers["retry-after"].isdigit()
            assert sentence in answer.text
    assert visitor().post("/sign-in", data=SIGN_IN, follow_redirects=False).status_code == 303


def test_every_route_of_ours_says_so(visitor, sam, database):
    client = visitor()
    client.post("/sign-in", data=SIGN_IN)
    with gone(database):
        for route in _routes(client.app):
            for method in sorted((route.methods or {"GET"}) - {"HEAD"}):
                path = route.path.replace("{", "").replace("}", "")
                answer = client.request(method, path, data=SIGN_IN, follow_redirects=False)
                assert answer.status_code < 500 or answer.status_code == 503, (method, path, answer.text)


def _routes(app) -> list[Route]:
    """The routes within our own walls, wherever these are by now."""
    while not hasattr(app, "routes"):
        app = next(part for part in vars(app).values() if callable(part) and not isinstance(part, type | str))
    return [route for route in app.routes if isinstance(route, Route) and route.path != "/broken"]


def test_every_form_refuses_both_with_503():
    assert http_status(Busy()) == http_status(Unavailable()) == 503
