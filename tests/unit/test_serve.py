"""Building only when needed, and listening only where nobody else does."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from rxconnect import serve
from rxconnect.config import Mode, Settings


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A little checkout: a page, a service, a picture, the configuration."""
    for name in ("rxconnect/pages/inbox.py", "rxconnect/services/messages.py", "assets/app.css", "rxconfig.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("# first\n")
    (tmp_path / "requirements.lock").write_text("reflex==0\n")
    (tmp_path / "reflex.lock").mkdir()
    (tmp_path / "reflex.lock/package-lock.json").write_text("{}")
    (tmp_path / "reflex.lock/package.json").write_text('{"type": "module", "name": "reflex"}')
    monkeypatch.setattr(serve, "ROOT", tmp_path)
    monkeypatch.setattr(serve, "WEB", tmp_path / ".web")
    monkeypatch.setattr(serve, "STAMP", tmp_path / ".web" / "built-from.sha256")
    return tmp_path


@pytest.fixture
def builder(checkout: Path) -> Path:
    """Stands where Reflex stands: a module named `reflex` in the checkout that counts its builds."""
    (checkout / "reflex.py").write_text(
        "import pathlib, sys\n"
        "log = pathlib.Path('builds')\n"
        "log.write_text((log.read_text() if log.exists() else '') + 'built ')\n"
        "if pathlib.Path('broken').exists(): sys.exit('there is a brick in the works')\n"
    )
    return checkout / "builds"


@pytest.fixture
def busy() -> Iterator[int]:
    """A port on which somebody listens, sharing it as Granian would."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_second_build_of_the_same_files_builds_nothing(checkout, builder):
    serve.build(Settings())
    serve.build(Settings())
    assert builder.read_text() == "built "


@pytest.mark.parametrize(
    "name",
    ["rxconnect/pages/inbox.py", "assets/app.css", "rxconfig.py", "requirements.lock", "reflex.lock/package-lock.json"],
)
def test_a_changed_input_asks_for_a_new_build(checkout, builder, name):
    serve.build(Settings())
    (checkout / name).write_text("# second\n")
    assert not serve.is_built(Settings())


def test_a_build_leaves_the_committed_package_list_in_one_order(checkout, builder):
    serve.build(Settings())
    assert (checkout / "reflex.lock/package.json").read_text() == '{\n  "name": "reflex",\n  "type": "module"\n}\n'


def test_a_changed_service_asks_for_no_new_build(checkout, builder):
    serve.build(Settings())
    (checkout / "rxconnect/services/messages.py").write_text("# second\n")
    assert serve.is_built(Settings())


def test_the_other_mode_asks_for_a_new_build(checkout, builder):
    serve.build(Settings())
    assert not serve.is_built(Settings().model_copy(update={"mode": Mode.PRODUCTION}))


def test_a_failed_build_says_why_and_is_not_taken_for_a_good_one(checkout, builder):
    serve.build(Settings())
    (checkout / "rxconfig.py").write_text("# second\n")
    (checkout / "broken").touch()
    with pytest.raises(serve.CannotStart, match="there is a brick in the works"):
        serve.build(Settings())
    (checkout / "rxconfig.py").write_text("# first\n")
    assert not serve.is_built(Settings())


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


def test_several_processes_serve_only_with_redis():
    assert serve.workers(Settings()) == 1
    assert serve.workers(Settings(redis_url="redis://localhost:6379")) > 1
