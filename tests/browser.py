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

# Chromium without its windows, which take most of the time that it needs to open a page. Debian has it as a package.
SHELL = "chromium-headless-shell"
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


def find(playwright: Playwright, *, is_shell: bool = False) -> Path | None:
    """Playwright's own Chromium when it is installed, or else the system's. If `is_shell`, rather one without windows."""
    own, installed = Path(playwright.chromium.executable_path), [shutil.which(name) for name in NAMES]
    shells, others = [*_own_shells(own), shutil.which(SHELL)], [own, *installed, MAC_CHROME]
    candidates = [*shells, *others] if is_shell else [*others, *shells]
    return next((path for path in map(Path, filter(None, candidates)) if path.exists()), None)


def _own_shells(own: Path) -> list[Path]:
    """Playwright's own Chromium without windows, which it installs beside the one with them."""
    revision = own.parents[1].name.rpartition("-")[2]
    return sorted(own.parents[2].glob(f"chromium_headless_shell-{revision}/*/*headless*shell"))


def find_or_install(playwright: Playwright, *, is_shell: bool = False) -> Path:
    """A Chromium, installed now if there was none. Raises `NoBrowser`."""
    for install in (_with_playwright, _with_the_system):
        if found := find(playwright, is_shell=is_shell):
            return found
        install()
    if found := find(playwright, is_shell=is_shell):
        return found
    raise NoBrowser(
        "The browser tests need Chromium, and none could be installed. Please install the package `chromium` of your "
        "system, or run `.venv/bin/playwright install --with-deps chromium`, and try again."
    )


def launch_arguments(playwright: Playwright, *, is_shell: bool = False) -> dict[str, object]:
    """What Playwright's `launch` is given. If `is_shell`, it starts a Chromium without windows, when there is one."""
    # Chromium's sandbox refuses to run as root, as it often is in a container.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": str(find_or_install(playwright, is_shell=is_shell)), "args": [*ARGUMENTS, *sandbox]}


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
            found = find_or_install(running, is_shell=True)
            print(f"Testing with {found}")
            if found == find(running):
                print(f"It opens many windows. The package {SHELL} has none, and takes half as long.")
        except NoBrowser as error:
            sys.exit(str(error))
