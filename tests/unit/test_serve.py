"""Listening only where nobody else does."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rxconnect import serve
from rxconnect.config import Settings


@pytest.fixture
def busy() -> Iterator[int]:
    """A port on which somebody listens, sharing it as Granian would."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_free_port_is_accepted(busy):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    serve.check_port(Settings(port=free))


def test_a_busy_port_is_refused_even_when_its_owner_would_share_it(busy):
    with pytest.raises(serve.CannotStart, match=rf"port {busy}.*RXCONNECT_PORT"):
        serve.check_port(Settings(port=busy))


def test_an_address_that_is_not_ours_is_refused_with_a_sentence():
    with pytest.raises(serve.CannotStart, match="RXCONNECT_HOST"):
        serve.check_port(Settings(host="192.0.2.1"))


def modes(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_mode & 0o777 for path in (folder, *folder.rglob("*"))}


def test_nobody_else_on_the_machine_may_read_the_data(tmp_path, monkeypatch):
    data = tmp_path / "data"
    # As an earlier version has left it.
    (data / "outbox").mkdir(parents=True)
    for name in ("rxconnect.db", "rxconnect.db-turn", "sandbox.db", "outbox/1.txt"):
        (data / name).touch()
        (data / name).chmod(0o644)
    monkeypatch.setenv("RXCONNECT_DATA_DIR", str(data))
    # In a process of its own, whose umask is its own.
    program = """
from rxconnect import db, serve
from rxconnect.config import settings
from rxconnect.payments.sandbox import sandbox_here
serve.migrate()
(settings().data_dir / "outbox" / "2.txt").touch()
sandbox_here()
with db.transaction() as session:
    session.connection().exec_driver_sql("CREATE TABLE x (y)")
    print(sorted(path.name for path in settings().data_dir.rglob("*")), flush=True)
    import os; os._exit(0)
"""
    command = [sys.executable, "-c", "import os; os.umask(0o022)\n" + program]
    made = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]).stdout
    assert "rxconnect.db-wal" in made
    assert "rxconnect.db-shm" in made
    found = modes(data)
    assert found == {name: 0o700 if (data / name).is_dir() else 0o600 for name in found}


def test_a_folder_that_everybody_uses_stays_open(tmp_path, monkeypatch):
    tmp_path.chmod(0o1777)
    previous = os.umask(0o022)
    try:
        serve.make_private(Settings(data_dir=tmp_path))
    finally:
        os.umask(previous)
    assert tmp_path.stat().st_mode & 0o777 == 0o777
