"""The world that sessions begin with: the demonstration's, made once for each version and copied for each session."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from sqlmodel import Session, col, update

from rxconnect import db, world
from rxconnect.demo import preparations, progress
from rxconnect.demo import world as people
from rxconnect.demo.scenarios import Scenario
from rxconnect.domain import clock
from rxconnect.models import Account
from rxconnect.services.scheduling.batches import Batch
from rxconnect.world import World


def open_world(scenario: Scenario, language: str) -> World:
    """A new world, prepared as the scenario asks, whose people speak this language."""
    folder = template()
    made_at = datetime.fromtimestamp(int(folder.name.rpartition("-")[2]), UTC)
    made = world.open_copy(folder, behind=clock.now() - made_at)
    try:
        with made.bound():
            preparations.carry_out(scenario.family, scenario.prepare)
            db.write(_speak, scenario, language)
            progress.keep(1)
    except BaseException:
        world.close(made)
        raise
    return made


def template() -> Path:
    """The folder to copy, which is made when this version has none yet. Its name ends with when that was, in seconds.

    Two processes may make it at once: one of both is used.
    """
    home = world.own().folder / "templates"
    if made := next(home.glob(f"{_version()}-*"), None):
        return made
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home) as folder:
        unfinished = Path(folder, "packed")
        made_at = _make(Path(folder), unfinished)
        for older in home.glob("*-*"):
            shutil.rmtree(older, ignore_errors=True)
        with suppress(OSError):
            unfinished.rename(home / f"{_version()}-{int(made_at.timestamp())}")
    return next(home.glob(f"{_version()}-*"))


def warm(_after: int = 0) -> Batch:
    """Make the template before the first session needs it: a job."""
    template()
    return Batch()


def _make(folder: Path, into: Path) -> datetime:
    """Invent the people and their year in a world of their own, and pack it. Returns the moment in which the year ends."""
    made = World("template", f"sqlite:///{folder / world.DATABASE}", folder)
    with made.bound():
        made_at = clock.now()
        db.upgrade()
        people.seed(lambda _done, _total: None)
        progress.pack(into)
    made.end()
    return made_at


@cache
def _version() -> str:
    """Changes with everything that the people are made from: the tables, and this package."""
    sources = sorted([*Path(__file__).parent.glob("*.py"), *db.MIGRATIONS.rglob("*.py")])
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()[:16]


def _speak(session: Session, scenario: Scenario, language: str) -> None:
    mine = col(Account.email).in_([scenario.family, scenario.staff])
    session.exec(update(Account).where(mine).values(language=language))
