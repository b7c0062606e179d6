"""Builds of the frontend. Each has its own folder, which appears atomically and never changes afterwards.

Reflex builds in `.web`. The served files are copied from there, so a server continues to serve its own build while the
next one is made. This module never imports Reflex, which takes a second.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rxconnect.config import Settings
from rxconnect.i18n import OF_PROCESS

ROOT = Path(__file__).parent.parent
WEB = ROOT / ".web"

# The files that a server needs from `.web`.
_SERVED = ("build/client", "backend", "routes.json", "reflex.json", "env.json")
_ASSETS = Path("build") / "client" / "assets"
# The file with the names of a build's own assets. The other assets are copies from the build before.
_OWN_ASSETS = "own-assets.json"
# The number of unused builds to keep: the newest, the one before, and one of another mode.
_KEPT = 3

# Modules that no page imports (import-linter checks it), so a change there needs no new frontend.
_NOT_IN_PAGES = {"api", "demo", "models", "payments", "search", "services"} | {
    f"{name}.py"
    for name in (
        *(
            "__main__",
            "builds",
            "cli",
            "connections",
            "db",
            "db_errors",
            "jobs",
            "logs",
            "postgres_client",
            "searching",
            "serve",
        ),
        *("supervisor", "terminal", "worker"),
    )
}
_BUILDING = {
    "REFLEX_USE_NPM": "1",
    "REFLEX_CHECK_LATEST_VERSION": "false",
    # Keeps the URL of the package registry out of the committed lock file.
    "npm_config_omit_lockfile_registry_resolved": "true",
}


class CannotStart(Exception):
    """The server cannot be built or started. The message is one clear sentence for the operator."""


def build_folder(settings: Settings) -> Path:
    """The folder of the build for the present source files, which may not exist yet."""
    return WEB / "builds" / _fingerprint(settings)[:16]


def is_built(settings: Settings) -> bool:
    """Whether the frontend was built from the present source files."""
    return build_folder(settings).exists()


def build(settings: Settings) -> None:
    """Build the frontend, unless another process has just done so.

    This takes about 20 s the first time and 6 s later, and the same again for each further language. Raises
    `CannotStart` with the last lines of the builder's output.
    """
    with _one_build_at_a_time():
        # The fingerprint is taken before the build, so that a file that changes meanwhile causes another build.
        made = build_folder(settings)
        if made.exists():
            return
        new = made.with_name(f"{made.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        first, *others = settings.spoken
        _export(settings, first)
        _copy_served(new)
        for language in others:
            _export(settings, language)
            _copy_language(language, new)
        _sort_keys(ROOT / "reflex.lock" / "package.json")
        _publish(new, made)


def _export(settings: Settings, language: str) -> None:
    """Build the pages in one language, with Reflex."""
    speaking = {"REFLEX_WEB_WORKDIR": WEB.name, OF_PROCESS: language}
    result = subprocess.run(
        [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"],
        cwd=ROOT,
        env=environment(settings) | _BUILDING | speaking,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if result.returncode:
        raise CannotStart(f"The pages could not be built. The builder's last words:\n{_last_lines(result.stdout)}")


def lock_newest_build(settings: Settings) -> Path:
    """Lock and return the folder of the present build, else of the newest. It stays while this process lives.

    Raises `CannotStart` when nothing was built.
    """
    held = next((found for found in (build_folder(settings), *_newest_first()) if found.exists()), None)
    if held is None:
        raise CannotStart("The pages have not been built yet: rxconnect build does it.")
    # We lock the folder itself, because a lock file in it could not be created if another user owns it, as in an image.
    lock = os.open(held, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_SH)
    os.set_inheritable(lock, True)
    return held


def _copy_served(new: Path) -> None:
    """Copy the served files from `.web` into the new build."""
    for name in _SERVED:
        source, target = WEB / name, new / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        elif source.exists():
            shutil.copy2(source, target)
    (new / _ASSETS).mkdir(exist_ok=True)


def _copy_language(language: str, new: Path) -> None:
    """Copy the files that differ in another language. Scripts share one folder, since their names contain a hash."""
    source = WEB / "build" / "client"
    for file in (file for file in source.rglob("*") if file.is_file()):
        name = file.relative_to(source)
        is_asset, known = name.parts[0] == "assets", new / "build" / "client" / name
        target = known if is_asset else new / "build" / language / name
        if not (known.exists() and (is_asset or known.read_bytes() == file.read_bytes())):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, target)


def _publish(new: Path, made: Path) -> None:
    """Publish the new build atomically. It includes the assets of the build before, which open tabs still request."""
    before, assets = _newest_first(), new / _ASSETS
    own = sorted(file.name for file in assets.iterdir())
    (new / _OWN_ASSETS).write_text(json.dumps(own))
    if before:
        for name in set(json.loads((before[0] / _OWN_ASSETS).read_text())) - set(own):
            shutil.copy2(before[0] / _ASSETS / name, assets / name)
    new.rename(made)
    for old in _newest_first()[_KEPT:]:
        delete_unused(old)


def _newest_first() -> list[Path]:
    found = [file.parent for file in (WEB / "builds").glob(f"*/{_OWN_ASSETS}") if file.parent.suffix != ".new"]
    return sorted(found, key=lambda folder: (folder / _OWN_ASSETS).stat().st_mtime_ns, reverse=True)


def delete_unused(old: Path) -> None:
    """Delete a build, unless a server uses it."""
    if not old.exists():
        return
    lock = os.open(old, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(old)
    except BlockingIOError:
        pass
    finally:
        os.close(lock)


def environment(settings: Settings) -> dict[str, str]:
    """The environment for child processes: ours, with the virtual environment's node and npm first in the PATH."""
    return os.environ | {
        "PATH": f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ.get('PATH', '')}",
        "RXCONNECT_DATA_DIR": str(settings.data_dir),
        "REFLEX_TELEMETRY_ENABLED": "false",
    }


def _fingerprint(settings: Settings) -> str:
    """A hash of all inputs of the frontend."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {settings.mode} {settings.processor} {settings.spoken}".encode())
    for path in _input_files():
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _input_files() -> Iterator[Path]:
    package = ROOT / "rxconnect"
    for path in sorted(package.rglob("*")):
        if path.is_file() and path.suffix != ".pyc" and path.relative_to(package).parts[0] not in _NOT_IN_PAGES:
            yield path
    for path in sorted((ROOT / "assets").rglob("*")):
        if path.is_file():
            yield path
    yield ROOT / "rxconfig.py"
    yield ROOT / "requirements.lock"
    yield ROOT / "reflex.lock" / "package-lock.json"


@contextmanager
def _one_build_at_a_time() -> Iterator[None]:
    WEB.mkdir(exist_ok=True)
    with (WEB / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sort_keys(path: Path) -> None:
    """Sort the keys of this committed file, since Reflex rewrites it in a different order with every build."""
    path.write_text(json.dumps(json.loads(path.read_text()), indent=2, sort_keys=True) + "\n")


def _last_lines(output: str, lines: int = 25) -> str:
    return "\n".join(output.rstrip().splitlines()[-lines:])
