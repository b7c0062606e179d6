"""A build is made only when needed, appears whole, and disturbs nobody who serves or shows the one before."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rxconnect import builds
from rxconnect.config import Mode, Settings


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A little checkout: a page, a service, a picture, the configuration."""
    for name in (
        "rxconnect/pages/inbox.py",
        "rxconnect/services/messages/messages.py",
        "assets/app.css",
        "rxconfig.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("# first\n")
    (tmp_path / "requirements.lock").write_text("reflex==0\n")
    (tmp_path / "reflex.lock").mkdir()
    (tmp_path / "reflex.lock/package-lock.json").write_text("{}")
    (tmp_path / "reflex.lock/package.json").write_text('{"type": "module", "name": "reflex"}')
    monkeypatch.setattr(builds, "ROOT", tmp_path)
    monkeypatch.setattr(builds, "WEB", tmp_path / ".web")
    return tmp_path


@pytest.fixture
def builder(checkout: Path) -> Path:
    """Stands where Reflex stands: a module named `reflex` in the checkout that counts its builds."""
    (checkout / "reflex.py").write_text(
        "import pathlib, shutil, sys\n"
        "log = pathlib.Path('builds')\n"
        "log.write_text((log.read_text() if log.exists() else '') + 'built ')\n"
        "if pathlib.Path('broken').exists(): sys.exit('there is a brick in the works')\n"
        "client = pathlib.Path('.web/build/client')\n"
        "shutil.rmtree(client, ignore_errors=True)\n"
        "(client / 'assets').mkdir(parents=True)\n"
        "number = log.read_text().count('built')\n"
        "(client / f'index.html').write_text(f'<script src=/assets/app-{number}.js></script>')\n"
        "(client / 'icon.svg').write_text('one for all')\n"
        "(client / f'assets/app-{number}.js').write_text(str(number))\n"
    )
    return checkout / "builds"


def test_a_second_build_of_the_same_files_builds_nothing(checkout, builder):
    builds.build(Settings(languages="en"))
    builds.build(Settings(languages="en"))
    assert builder.read_text() == "built "


@pytest.mark.parametrize(
    "name",
    ["rxconnect/pages/inbox.py", "assets/app.css", "rxconfig.py", "requirements.lock", "reflex.lock/package-lock.json"],
)
def test_a_changed_input_asks_for_a_new_build(checkout, builder, name):
    builds.build(Settings(languages="en"))
    (checkout / name).write_text("# second\n")
    assert not builds.is_built(Settings(languages="en"))


def test_a_build_leaves_the_committed_package_list_in_one_order(checkout, builder):
    builds.build(Settings(languages="en"))
    assert (checkout / "reflex.lock/package.json").read_text() == '{\n  "name": "reflex",\n  "type": "module"\n}\n'


def test_a_changed_service_asks_for_no_new_build(checkout, builder):
    builds.build(Settings(languages="en"))
    (checkout / "rxconnect/services/messages/messages.py").write_text("# second\n")
    assert builds.is_built(Settings(languages="en"))


def test_the_other_mode_asks_for_a_new_build(checkout, builder):
    builds.build(Settings(languages="en"))
    assert not builds.is_built(Settings(languages="en").model_copy(update={"mode": Mode.PRODUCTION}))


def test_a_failed_build_says_why_and_is_not_taken_for_a_good_one(checkout, builder):
    builds.build(Settings(languages="en"))
    (checkout / "rxconfig.py").write_text("# second\n")
    (checkout / "broken").touch()
    with pytest.raises(builds.CannotStart, match="there is a brick in the works"):
        builds.build(Settings(languages="en"))
    assert not builds.is_built(Settings(languages="en"))
    (checkout / "rxconfig.py").write_text("# first\n")
    assert builds.is_built(Settings(languages="en"))


def build_another(checkout: Path, number: int) -> Path:
    (checkout / "rxconfig.py").write_text(f"# {number}\n")
    builds.build(Settings(languages="en"))
    return builds.build_folder(Settings(languages="en")) / "build" / "client"


def test_a_build_changes_nothing_of_the_one_before(checkout, builder):
    first = build_another(checkout, 1)
    before = {file.name: file.read_bytes() for file in first.rglob("*") if file.is_file()}
    second = build_another(checkout, 2)
    assert second != first
    assert {file.name: file.read_bytes() for file in first.rglob("*") if file.is_file()} == before


def test_a_tab_of_the_build_before_still_gets_its_assets_and_older_ones_are_gone(checkout, builder):
    for number in (1, 2, 3):
        client = build_another(checkout, number)
    assert sorted(file.name for file in (client / "assets").iterdir()) == ["app-2.js", "app-3.js"]


def test_old_builds_go_unless_a_server_still_uses_them(checkout, builder):
    used = build_another(checkout, 1)
    hold = "import sys; from rxconnect import builds; from pathlib import Path; from rxconnect.config import Settings"
    hold += f"; builds.ROOT = Path({str(checkout)!r}); builds.WEB = builds.ROOT / '.web'; builds.lock_newest_build(Settings(languages='en'))"
    # It becomes another program, as `serve` becomes the supervisor.
    hold += "; import os; os.execv('/bin/sh', ['sh', '-c', 'echo held; read done'])"
    command = [sys.executable, "-c", hold]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    ) as server:
        assert server.stdout.readline() == b"held\n"
        unused = build_another(checkout, 2)
        for number in range(3, 8):
            build_another(checkout, number)
        assert used.exists()
        assert not unused.exists()
    build_another(checkout, 8)
    assert not used.exists()


def test_a_build_that_was_cut_off_is_made_again(checkout, builder):
    cut_off = builds.build_folder(Settings(languages="en")).with_suffix(".new") / "build"
    cut_off.mkdir(parents=True)
    assert not builds.is_built(Settings(languages="en"))
    builds.build(Settings(languages="en"))
    assert builds.is_built(Settings(languages="en"))
    assert os.listdir(builds.WEB / "builds") == [builds.build_folder(Settings(languages="en")).name]


def test_without_any_build_nothing_can_be_served(checkout):
    with pytest.raises(builds.CannotStart, match="rxconnect build"):
        builds.lock_newest_build(Settings(languages="en"))


def test_each_language_has_a_build_of_its_own_and_scripts_lie_together(checkout, builder):
    two = Settings(languages="en,en-XA")
    assert not builds.is_built(two)
    builds.build(two)
    build = builds.build_folder(two) / "build"
    assert builder.read_text() == "built built "
    assert sorted(file.name for file in (build / "client" / "assets").iterdir()) == ["app-1.js", "app-2.js"]
    assert "app-1.js" in (build / "client" / "index.html").read_text()
    assert [file.name for file in (build / "en-XA").rglob("*")] == ["index.html"]
    assert "app-2.js" in (build / "en-XA" / "index.html").read_text()


def test_another_language_asks_for_a_new_build(checkout, builder):
    builds.build(Settings(languages="en"))
    assert not builds.is_built(Settings(languages="en,en-XA"))
