"""The real app behind the real command, started once, with real browsers in front of it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Playwright, expect

from tests.browser import launch_arguments
from tests.worlds import installed

# The first start builds the pages and invents the demonstration's people.
START_SECONDS = 300
# Patience for a busy machine: a test asks what is shown in the end, never how fast.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def browser_type_launch_args(playwright: Playwright) -> dict[str, object]:
    """Overrides pytest-playwright's own: which Chromium, and how."""
    return launch_arguments(playwright)


@pytest.fixture(scope="session")
def app_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of the running app."""
    return tmp_path_factory.mktemp("app")


@pytest.fixture(scope="session")
def app_url(app_data: Path) -> Iterator[str]:
    """The address of the running app: `rxconnect run` in demo mode, on a free port."""
    port, log = free_port(), app_data / "server.log"
    server = start(app_data, port, log)
    try:
        wait_until_healthy(f"http://localhost:{port}", server, log)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(timeout=15)


@pytest.fixture(scope="session")
def impatient_url(app_data: Path, app_url: str) -> Iterator[str]:
    """The app once more, with the same data, where staff are idle after half a minute, and kiosks after twelve seconds."""
    port, log = free_port(), app_data / "impatient.log"
    server = start(app_data, port, log, RXCONNECT_STAFF_IDLE="0.5", RXCONNECT_KIOSK_IDLE="12")
    try:
        wait_until_healthy(f"http://localhost:{port}", server, log)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(timeout=15)


@pytest.fixture(autouse=True)
def _same_database(app_data: Path, app_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lets a test arrange what it needs through the services, in the app's own database."""
    monkeypatch.setenv("RXCONNECT_DATA_DIR", str(app_data))
    with installed():
        yield


@pytest.fixture
def desktop(new_context: Callable[..., BrowserContext], app_url: str) -> Iterator[Page]:
    """A page in a browser of its own, on a desk."""
    yield from _watched(new_context(base_url=app_url, viewport={"width": 1280, "height": 800}))


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext], app_url: str, playwright: Playwright) -> Iterator[Page]:
    """A page in a browser of its own, on a phone that is touched."""
    iphone = playwright.devices["iPhone 13"]
    yield from _watched(
        new_context(
            base_url=app_url,
            viewport={"width": 390, "height": 844},
            user_agent=iphone["user_agent"],
            device_scale_factor=2,
            has_touch=True,
            is_mobile=True,
        )
    )


def _watched(context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test when a script of ours fails, or asks for what our own security policy forbids."""
    wrong: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            wrong.append(message.text)

    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("console", listen)
    yield context.new_page()
    assert not wrong


def free_port() -> int:
    """A port on which nobody listens just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(data: Path, port: int, log: Path, **more: str) -> subprocess.Popen[bytes]:
    """`rxconnect run` in a process of its own, writing what it says to `log`."""
    settings = {"RXCONNECT_DATA_DIR": str(data), "RXCONNECT_PORT": str(port)} | more
    with log.open("w") as output:
        command = [sys.executable, "-m", "rxconnect", "run"]
        return subprocess.Popen(command, env=os.environ | settings, stdout=output, stderr=subprocess.STDOUT)


def wait_until_healthy(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return once the app answers; fail the test with its log when it ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(f"{url}/health", timeout=5):
                return
        except OSError:  # refused, or accepted by a port whose worker is still loading
            time.sleep(0.1)
    pytest.fail(f"The app did not start:\n{log.read_text()}")
