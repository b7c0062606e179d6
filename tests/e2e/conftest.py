"""The real app behind the real command, started once, with real browsers in front of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Playwright, expect

from rxconnect import i18n
from rxconnect.demo import templates
from tests.browser import launch_arguments
from tests.e2e.servers import MortalServer, free_port, start, wait_until_healthy
from tests.once import made_once
from tests.worlds import installed

# Patience for a busy machine: a test asks what is shown in the end, never how fast.
expect.set_options(timeout=15_000)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share the server to be killed go to the same process (`--dist=loadgroup`): it starts only there."""
    for item in items:
        if "mortal" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("mortal"))


@pytest.fixture(scope="session")
def quick_hashes() -> None:
    """Overrides the one for all tests: the server would hash a password again that was hashed quickly."""


@pytest.fixture(scope="session")
def browser_type_launch_args(playwright: Playwright) -> dict[str, object]:
    """Overrides pytest-playwright's own: which Chromium, and how."""
    return launch_arguments(playwright, is_shell=True)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the demonstration's people, and the template of its sessions."""
    return made_once(tmp_path_factory, "demonstration", _invent)


def _invent(folder: Path) -> None:
    settings = os.environ | {"RXCONNECT_DATA_DIR": str(folder)}
    with ExitStack() as stack:
        # The pages are built meanwhile, so that no server that is started later has to wait for them.
        tasks = [
            stack.enter_context(subprocess.Popen([sys.executable, "-m", "rxconnect", task], env=settings))
            for task in ("seed", "build")
        ]
        stack.enter_context(installed(data_dir=folder, database_url=""))
        templates.get_or_make_template()
    assert [task.returncode for task in tasks] == [0, 0]


def copied(demonstration: Path, into: Path) -> Path:
    """Fill a new data directory with the demonstration. Its sessions are copies of the same template."""
    shutil.copytree(demonstration, into, ignore=shutil.ignore_patterns("templates"), dirs_exist_ok=True)
    (into / "templates").symlink_to(demonstration / "templates")
    return into


@pytest.fixture(scope="session")
def app_data(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of the running app."""
    return copied(demonstration, tmp_path_factory.mktemp("app"))


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


@pytest.fixture
def impatient_url(app_data: Path, app_url: str) -> Iterator[str]:
    """The app once more, with the same data, where staff and kiosks are idle after twelve seconds.

    It ends with its test. Without Redis, two servers on the same data do not tell each other's pages what their jobs do.
    """
    port, log = free_port(), app_data / "impatient.log"
    server = start(app_data, port, log, RXCONNECT_STAFF_IDLE="0.2", RXCONNECT_KIOSK_IDLE="12")
    try:
        wait_until_healthy(f"http://localhost:{port}", server, log)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(timeout=15)


@pytest.fixture(scope="session")
def _mortal_server(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MortalServer]:
    server = MortalServer(copied(demonstration, tmp_path_factory.mktemp("mortal")))
    yield server
    with suppress(psutil.NoSuchProcess):
        server.kill()


@pytest.fixture
def mortal(
    _same_database: None, _mortal_server: MortalServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MortalServer]:
    """A server to be killed, on a copy of the demonstration's data; this test's services work on the same copy.

    Tests share it, because a start takes longer than most of them: it is started again if the one before left it dead.
    """
    if not _mortal_server.process.is_running():
        _mortal_server.start()
    monkeypatch.setenv("RXCONNECT_DATA_DIR", str(_mortal_server.data))
    with installed():
        yield _mortal_server


@pytest.fixture(autouse=True)
def _same_database(app_data: Path, app_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lets a test arrange what it needs through the services, in the app's own database."""
    monkeypatch.setenv("RXCONNECT_DATA_DIR", str(app_data))
    with installed():
        yield


@pytest.fixture(params=i18n.available_languages())
def spoken(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each language that we have. A browser that is opened after this speaks it, and `_` looks its sentences up."""
    with i18n.using_language(request.param):
        yield request.param


@pytest.fixture
def desktop(new_context: Callable[..., BrowserContext], app_url: str) -> Iterator[Page]:
    """A page in a browser of its own, on a desk."""
    yield from _watched(new_context(base_url=app_url, locale=_locale(), viewport={"width": 1280, "height": 800}))


@pytest.fixture
def desktop_with_windows(playwright: Playwright, app_url: str) -> Iterator[Page]:
    """A page on a desk in Chromium with windows. The one without them shows no notifications."""
    browser = playwright.chromium.launch(**launch_arguments(playwright))  # type: ignore[arg-type]
    yield from _watched(browser.new_context(base_url=app_url, locale=_locale()))
    browser.close()


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext], app_url: str, playwright: Playwright) -> Iterator[Page]:
    """A page in a browser of its own, on a phone that is touched."""
    iphone = playwright.devices["iPhone 13"]
    yield from _watched(
        new_context(
            base_url=app_url,
            locale=_locale(),
            viewport={"width": 390, "height": 844},
            user_agent=iphone["user_agent"],
            device_scale_factor=2,
            has_touch=True,
            is_mobile=True,
        )
    )


def _locale() -> str:
    """How a browser calls the bound language."""
    return i18n.language() if "-" in i18n.language() else f"{i18n.language()}-US"


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
