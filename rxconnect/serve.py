"""Building the frontend when it needs it, and becoming the server. Never imports Reflex: a start takes no detour."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rxconnect.config import Settings, SettingsError, settings
from rxconnect.connections import HEAD_BYTES, HEAD_WITHIN, HTTP_VERSION, connections

ROOT = Path(__file__).parent.parent
WEB = ROOT / ".web"
STAMP = WEB / "built-from.sha256"

# What no page can depend on, by the import contracts: a change there needs no new frontend.
_UNSEEN = {"api", "demo", "models", "payments", "search", "services"} | {
    name + ".py" for name in ("__main__", "cli", "connections", "db", "jobs", "logs", "searching", "serve", "terminal")
}
_BUILDING = {
    "REFLEX_USE_NPM": "1",
    "REFLEX_CHECK_LATEST_VERSION": "false",
    # Keeps the address of whichever package registry was used out of the committed lock file.
    "npm_config_omit_lockfile_registry_resolved": "true",
}
_SERVING = {
    "REFLEX_ENV_MODE": "prod",
    "__REFLEX_SKIP_COMPILE": "true",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
}


class CannotStart(Exception):
    """The server cannot be built or started. The message is one clear sentence for whoever runs it."""


def is_built(settings: Settings) -> bool:
    """Whether the built frontend was made from the present files, completely."""
    return STAMP.exists() and STAMP.read_text() == _fingerprint(settings)


def build(settings: Settings) -> None:
    """Build the frontend, unless another process has just done so.

    Takes about 20 s the first time and 6 s later. Raises `CannotStart` with the builder's own last lines.
    """
    with _one_build_at_a_time():
        if is_built(settings):
            return
        # Removed first and written last: a build that is killed half-way is never taken for a whole one.
        STAMP.unlink(missing_ok=True)
        fingerprint = _fingerprint(settings)
        result = subprocess.run(
            [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"],
            cwd=ROOT,
            env=_environment(settings) | _BUILDING,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if result.returncode:
            raise CannotStart(f"The pages could not be built. The builder's last words:\n{_tail(result.stdout)}")
        _tidy(ROOT / "reflex.lock" / "package.json")
        STAMP.write_text(fingerprint)


def migrate() -> None:
    """Bring the database's tables and the directory up to date. Raises `CannotStart` or `SettingsError`."""
    from sqlalchemy.exc import DatabaseError

    from rxconnect import db
    from rxconnect.services import lookups

    check_data_dir(settings())
    try:
        db.upgrade()
        lookups.complete()
    except DatabaseError as error:
        raise CannotStart(f"The database does not answer as it should: {error.orig}") from None


def check_port(settings: Settings) -> None:
    """Raise `CannotStart` when the server could not listen. Granian itself would silently share a busy port."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as listener:
            # A connection that has just ended may linger on the port; only a listening server makes it busy.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except OSError as error:
        raise CannotStart(
            f"Cannot listen on {settings.host}, port {settings.port}: {(error.strerror or str(error)).lower()}. "
            "Set RXCONNECT_PORT to another port (or RXCONNECT_HOST to another address)."
        ) from None


def check_redis() -> None:
    """Raise `CannotStart` when processes are to share what a session is in a Redis that does not answer."""
    from rxconnect import shared_state

    if problem := shared_state.problem():
        raise CannotStart(f"Redis does not answer as it should: {problem}. See RXCONNECT_REDIS_URL.")


def check_data_dir(settings: Settings) -> None:
    """Make the data directory if it is missing, and see that it can hold files. Raises `SettingsError`."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        # Tried, since permissions alone do not say it: root has every one, even where nobody can write.
        with tempfile.TemporaryFile(dir=settings.data_dir):
            pass
    except OSError as error:
        raise SettingsError(
            f"RXCONNECT_DATA_DIR is wrong: {settings.data_dir} must be a folder in which files can be made, "
            f"and here it is: {(error.strerror or str(error)).lower()}."
        ) from None


def serve(settings: Settings) -> None:
    """Become the server: this process is replaced, and does not return."""
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "rxconnect.rxconnect:app"]
    options = {
        "host": settings.host,
        "port": settings.port,
        "workers": workers(settings),
        "backpressure": connections(),
        "workers-kill-timeout": 5,
        "http": HTTP_VERSION,
        "http1-header-read-timeout": HEAD_WITHIN,
        "http1-buffer-size": HEAD_BYTES,
        "log-level": "warning",
    }
    # No access log: the address of a socket holds a secret of its browser.
    arguments = [f"--{name}={value}" for name, value in options.items()] + ["--no-access-log"]
    os.chdir(ROOT)
    os.execve(sys.executable, command + arguments, _environment(settings) | _SERVING)  # noqa: S606


def workers(settings: Settings) -> int:
    """How many processes serve: several only when Redis lets them share what a session is."""
    return min(2 * (os.cpu_count() or 1) + 1, 8) if settings.redis_url else 1


def _environment(settings: Settings) -> dict[str, str]:
    """Ours, with the virtual environment's node and npm first, and right from whichever folder we were started."""
    return os.environ | {
        "PATH": f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ.get('PATH', '')}",
        "RXCONNECT_DATA_DIR": str(settings.data_dir),
        "REFLEX_TELEMETRY_ENABLED": "false",
    }


def _fingerprint(settings: Settings) -> str:
    """A hash over everything that the built frontend is made from."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {settings.mode} {settings.processor}".encode())
    for path in _inputs():
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _inputs() -> Iterator[Path]:
    package = ROOT / "rxconnect"
    for path in sorted(package.rglob("*")):
        if path.is_file() and path.suffix != ".pyc" and path.relative_to(package).parts[0] not in _UNSEEN:
            yield path
    for path in sorted((ROOT / "assets").rglob("*")):
        # Reflex links the package's own shared assets into `external` while it builds.
        if path.is_file() and "external" not in path.parts:
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


def _tidy(path: Path) -> None:
    """Reflex writes this committed file anew with every build, each time in another order: keep it in one."""
    path.write_text(json.dumps(json.loads(path.read_text()), indent=2, sort_keys=True) + "\n")


def _tail(output: str, lines: int = 25) -> str:
    return "\n".join(output.rstrip().splitlines()[-lines:])
