"""A browser for our HTTP: the routes around a small app, and pages as the frontend's build leaves them."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient

from rxconnect import db, logs
from rxconnect.api import wrap
from rxconnect.api.built_pages import serve_in_language
from rxconnect.services.accounts import accounts
from tests.api.html import built_page

PASSWORD = "walla walla washington 98"
ADDRESS = "http://127.0.0.1:8000"
PAGES = {
    "sign-in": ["email", "password", "next"],
    "sign-up": ["email", "name", "password"],
    "forgot-password": ["email"],
    "reset-password": ["new_password", "token"],
    "verify-email": ["token"],
    "confirm": ["password"],
    "sign-in/code": ["one_time_code"],
    "sign-in/reopen": [],
    "second-factor": ["one_time_code"],
    "recovery-codes": [],
    "staff/confirm": ["password", "one_time_code"],
    "invitation": ["name", "password", "token"],
    "change-password": ["current_password", "new_password"],
    "change-email": ["email", "password"],
    "confirm-email": ["token"],
    "email-changed": [],
    "help/cost": [],
    "kiosk": ["number", "pin"],
    "kiosk/device": ["device_code"],
    "kiosk/pin": ["new_pin", "pin_again"],
    "kiosk/inbox": [],
}


@pytest.fixture
def static_dir(tmp_path: Path) -> Path:
    """The built frontend."""
    folder = tmp_path / "client"
    (folder / "assets").mkdir(parents=True)
    (folder / "assets" / "x-abc123.js").write_text("1")
    for name, inputs in PAGES.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "index.html").write_text(built_page(name, inputs))
        (folder / f"{name}.html").write_text(built_page(name, inputs))
    for name in ("index", "404", "__spa-fallback"):
        (folder / f"{name}.html").write_text(built_page(name, []))
    return folder


async def _echo(socket):
    await socket.accept()
    await socket.send_text(await socket.receive_text())
    await socket.close()


async def _broken(_request):
    raise RuntimeError("the secret is juniper")


async def _token(_request):
    return JSONResponse({"token": "t"})


@pytest.fixture
def visitor(database: Path, static_dir: Path):
    """`visitor()` is a new visitor, with no cookies, on a page of ours unless `is_here` says otherwise."""
    app = Starlette(
        routes=[
            WebSocketRoute("/_event", _echo),
            Mount("/", serve_in_language(StaticFiles(directory=static_dir, html=True), static_dir)),
        ],
    )
    extra = [Route("/broken", _broken), Route("/extra", _token, methods=["POST"])]
    logs.configure_logging()
    wrapped = wrap(app, static_dir=static_dir, extra_routes=extra)

    def open_one(base_url: str = ADDRESS, *, is_here: bool = True, **options) -> TestClient:
        client = TestClient(
            wrapped, base_url=base_url, raise_server_exceptions=False, **{"follow_redirects": False} | options
        )
        if is_here:
            client.headers["origin"] = base_url
        return client

    return open_one


@pytest.fixture
def sam(database: Path) -> int:
    """An account, sam@example.com."""
    return db.write(accounts.create_account, email="sam@example.com", name="Sam Rivera", password=PASSWORD)
