"""SIGKILL at the steps of taking a roster from a folder: each roster is stored once, and the report is sent once.

A step is before or after one SQL statement, one commit, or one change of a file's name. A rehearsal counts them.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from rxconnect import config, db
from rxconnect.config import settings
from rxconnect.domain import clock
from rxconnect.models import Email, Inmate, TakenFile
from rxconnect.services.directory import facilities
from rxconnect.services.imports import folders, imports
from rxconnect.terminal import roster_report
from tests.soak.kills import _fork, _wait, _watch

_FACILITIES = ("oak", "elm", "ash")
_REPORT = "10 rows: 9 new, 0 changed, 0 moved, 0 released, 0 unchanged, 1 left out."


def soak(folder: Path, *, every: int) -> tuple[int, list[str]]:
    """Kill at each `every`-th step, and finish with another command. Returns the number of kills, and the violations."""
    with _installed(folder) as inbox:
        start = folder / "start.db"
        db.pack_file(settings().data_dir / "rxconnect.db", start)
        steps = _killed_at(inbox, 0)
        found, kills = [], range(1, steps + 1, every)
        for step in kills:
            _restore(start)
            _killed_at(inbox, step)
            assert _wait(_fork(lambda: _take(inbox))) == 0
            found += [f"killed at step {step}: {sentence}" for sentence in _violations()]
    return len(kills), found


@contextmanager
def _installed(folder: Path) -> Iterator[Path]:
    for key in _FACILITIES:
        db.write(facilities.create_facility, key=key, name=f"{key.title()} County Jail", opening="open", state="OR")
    inbox = folder / "inbox"
    inbox.mkdir()
    rows = [f"{number},Ann,Lee{'abcdefghi'[number - 1]},{_FACILITIES[number % 3]}" for number in range(1, 10)]
    (inbox / "monday.csv").write_text("\n".join(["number,first_name,last_name,facility", *rows, "x,Bob,,oak", ""]))
    changed = config.read_settings(**settings().model_dump() | {"operator_email": "operator@example.org"})
    with config.using(changed), pytest.MonkeyPatch.context() as patch:
        patch.setattr(imports, "_AT_ONCE", 1)
        yield inbox


def _take(inbox: Path) -> None:
    with clock.at(clock.now() + timedelta(minutes=5)):
        list(folders.import_folder(inbox, render=roster_report))


def _killed_at(inbox: Path, step: int) -> int:
    """Take the file in a child that is killed at this step, or never at step 0. Returns how many steps it passed."""
    counted = settings().data_dir / "steps.json"

    def work() -> None:
        passed: list[str] = []

        def here(name: str) -> None:
            passed.append(name)
            if len(passed) == step:
                os.kill(os.getpid(), signal.SIGKILL)

        _watch(db.write_engine(), here)
        for name in ("replace", "mkdir", "unlink"):
            _tell(name, here)
        _take(inbox)
        counted.write_text(json.dumps(len(passed)))

    ended = _wait(_fork(work))
    assert os.WIFSIGNALED(ended) == bool(step), "the step was not reached"
    return 0 if step else json.loads(counted.read_text())


def _tell(name: str, here: Callable[[str], None]) -> None:
    """Call `here` before and after each call of this method of `Path`, in this process from now on."""
    act = getattr(Path, name)

    def told(path: Path, *given: object, **options: object) -> object:
        here(f"before {name}")
        done = act(path, *given, **options)
        here(f"after {name}")
        return done

    setattr(Path, name, told)


def _restore(start: Path) -> None:
    data = settings().data_dir
    for engine in (db.write_engine(), db.read_engine()):
        engine.dispose()
    for file in data.glob("rxconnect.db*"):
        file.unlink()
    shutil.copy(start, data / "rxconnect.db")
    shutil.rmtree(data / "rosters")


def _violations() -> Iterator[str]:
    with db.reading() as session:
        files, letters = session.exec(select(TakenFile)).all(), session.exec(select(Email)).all()
        people = len(session.exec(select(Inmate)).all())
    if len(files) != 1 or files[0].ended_at is None or _REPORT not in files[0].report:
        yield f"the files are {files}"
    if people != 9:
        yield f"{people} people are stored"
    if [letter.subject for letter in letters] != ["The list monday.csv was imported, but look at it"]:
        yield f"{len(letters)} emails are queued"
    kept = [path for path in (settings().data_dir / "rosters").glob("*/*") if path.is_file()]
    if sorted(path.name for path in kept) != ["monday.csv", "report-all-1.txt"]:
        yield f"these files are kept: {kept}"
    if list((settings().data_dir / "rosters").glob(".copy-*")):
        yield "a copy was left behind"
