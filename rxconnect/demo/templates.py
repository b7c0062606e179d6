"""The template of sessions: the demonstration's world, made once for each version and copied for each session."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from sqlmodel import Session, col, update

from rxconnect import db, world
from rxconnect.demo import preparations, progress, seat_accounts
from rxconnect.demo import world as people
from rxconnect.demo.scenarios import Scenario
from rxconnect.domain import clock
from rxconnect.domain.demo import SeatKind
from rxconnect.models import Account
from rxconnect.services.scheduling.batches import Batch
from rxconnect.world import World

# Seconds after the start of a server.
_QUIET = 20.0


def open_world(scenario: Scenario, language: str) -> World:
    """Create a world with the scenario's preparations. Its two accounts get this language."""
    folder = get_or_make_template()
    made_at = datetime.fromtimestamp(int(folder.name.rpartition("-")[2]), UTC)
    made = world.open_copy(folder, behind=clock.now() - made_at)
    try:
        with made.bound():
            preparations.run_preparations(scenario.family, scenario.prepare)
            db.write(_set_language_of_accounts, scenario, language)
            progress.save_checkpoint({1, *progress.numbers(scenario)})
    except BaseException:
        world.close(made)
        raise
    return made


def get_or_make_template() -> Path:
    """The folder to copy. It is made if this version has none yet. Its name ends with the time of that, in Unix seconds."""
    home = world.own().folder / "templates"
    if made := _find_template(home):
        return made
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / "lock").open("wb") as lock:
        # Only one process makes it, and others wait. The lock ends with its process.
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _find_template(home) or _make_in_subprocess(home)


async def make_template_early(_after: int = 0) -> Batch:
    """A job: make the template before the first session needs it. It waits first, since a server that starts is busy."""
    await asyncio.sleep(_QUIET)
    await asyncio.to_thread(get_or_make_template)
    return Batch()


def _find_template(home: Path) -> Path | None:
    return next(home.glob(f"{_source_hash()}-*"), None)


def _make_in_subprocess(home: Path) -> Path:
    # Folders of older versions, and of processes that were killed.
    for left in home.glob("*/"):
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(dir=home) as folder:
        # This takes seconds of CPU time, so another process does it, and does not block this one.
        command = [sys.executable, "-m", __name__, folder]
        subprocess.run(command, check=True)  # noqa: S603 - our own module, in a folder of ours
        (packed,) = Path(folder).glob("packed-*")
        return packed.rename(home / packed.name.replace("packed", _source_hash()))


def _make_packed_world(folder: Path) -> None:
    """Create a world with the demonstration's data, and pack it. The data ends with the present moment."""
    made = World("template", f"sqlite:///{folder / world.DATABASE}", folder)
    with made.bound():
        made_at = int(clock.now().timestamp())
        db.upgrade()
        people.seed(lambda _done, _total: None)
        progress.pack_world(folder / f"packed-{made_at}")
    made.end()


@cache
def _source_hash() -> str:
    """A hash of the sources of the template: the migrations and this package."""
    sources = sorted([*Path(__file__).parent.glob("*.py"), *db.MIGRATIONS.rglob("*.py")])
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()[:16]


def _set_language_of_accounts(session: Session, scenario: Scenario, language: str) -> None:
    ids = {seat_accounts.account_id(session, scenario, kind) for kind in SeatKind}
    session.exec(update(Account).where(col(Account.id).in_(ids)).values(language=language))


if __name__ == "__main__":
    os.nice(5)
    _make_packed_world(Path(sys.argv[1]))
