"""Find a Chromium for the browser tests, or install one, or say clearly what to do.

`python -m tests.browser` runs before the tests, so that a missing browser is one sentence and not fifty failures.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_CHROME = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")

# Chromium's own traffic would only disturb the tests, and fails where there is no network.
ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)

INSTALLERS = {
    "apt-get": ("apt-get update --quiet", "apt-get install --quiet --yes --no-install-recommends chromium"),
    "dnf": ("dnf install --assumeyes chromium",),
    "apk": ("apk add chromium",),
    "brew": ("brew install --cask google-chrome",),
}


class NoBrowser(Exception):
    """There is no Chromium and none could be installed. The message says what to do."""


def find(playwright: Playwright) -> Path | None:
    """Playwright's own Chromium when it is installed, or else the system's."""
    installed = (shutil.which(name) for name in NAMES)
    candidates = [Path(playwright.chromium.executable_path), *map(Path, filter(None, installed)), MAC_CHROME]
    return next((path for path in candidates if path.exists()), None)


def find_or_install(playwright: Playwright) -> Path:
    """A Chromium, installed now if there was none. Raises `NoBrowser`."""
    for install in (_with_playwright, _with_the_system):
        if found := find(playwright):
            return found
        install()
    if found := find(playwright):
        return found
    raise NoBrowser(
        "The browser tests need Chromium, and none could be installed. Please install the package `chromium` of your "
        "system, or run `.venv/bin/playwright install --with-deps chromium`, and try again."
    )


def launch_arguments(playwright: Playwright) -> dict[str, object]:
    """What Playwright's `launch` is given."""
    # Chromium's sandbox refuses to run as root, as it often is in a container.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": str(find_or_install(playwright)), "args": [*ARGUMENTS, *sandbox]}


def _with_playwright() -> None:
    print("No Chromium found; asking Playwright for one…", flush=True)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def _with_the_system() -> None:
    print("Playwright could not; asking the system's packages…", flush=True)
    tool = next((tool for tool in INSTALLERS if shutil.which(tool)), None)
    for command in INSTALLERS.get(tool or "", ()):
        as_root = [] if tool == "brew" or os.geteuid() == 0 else ["sudo", "--non-interactive"]
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run([*as_root, *command.split()], stdin=subprocess.DEVNULL, env=environment, check=False)


if __name__ == "__main__":
    with sync_playwright() as running:
        try:
            print(f"Testing with {find_or_install(running)}")
        except NoBrowser as error:
            sys.exit(str(error))
