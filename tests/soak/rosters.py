"""Imports every hostile file: each must be refused in one sentence, in little memory, and change nothing.

Run as a program it is the importing process: it imports the files whose paths it reads, and writes how each ended.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from sqlmodel import select

from rxconnect import db
from rxconnect.config import settings
from rxconnect.domain.errors import BadFile
from rxconnect.models import Email, Facility, Inmate, InmateMove
from rxconnect.services.directory import facilities
from rxconnect.services.imports import imports
from tests.soak import hostile_files, worlds

_KEY = "alder-county"
_ROSTER = "number,first_name,last_name\n" + "".join(f"A{n},Ann,Lee{'abcde'[n]}\n" for n in range(5))
# Megabytes of the importing process together with the one that reads the file.
MOST_MEMORY = 300
_LONGEST = 300.0  # seconds


def soak(folder: Path, names: Collection[str], size: int) -> tuple[list[str], float, float]:
    """Import these files. Returns the violations, the most memory in megabytes, and the longest time in seconds."""
    every = hostile_files.files()
    found, most, longest = [], 0.0, 0.0
    before = _prepare(folder)
    with _importing() as process:
        for name in names:
            path = folder / "hostile.csv"
            every[name](path, size)
            began = time.monotonic()
            ended = _import_in(process, path)
            longest = max(longest, time.monotonic() - began)
            most = max(most, ended.get("memory", 0))
            found += [f"{name}: {sentence}" for sentence in _violations(ended, time.monotonic() - began)]
            path.unlink()
    return [*found, *(["Something was changed."] if _everything() != before else [])], most, longest


def in_a_world(names: Collection[str], size: int) -> tuple[list[str], float, float]:
    """`soak` in a database and a folder of its own."""
    with worlds.database(""), tempfile.TemporaryDirectory() as folder:
        return soak(Path(folder), names, size)


def _prepare(folder: Path) -> list[str]:
    db.write(facilities.create_facility, key=_KEY, name="Alder County Jail", opening="open", state="OR")
    (folder / "good.csv").write_text(_ROSTER)
    with imports.open_rosters(folder / "good.csv", facility=_KEY) as roster:
        imports.import_rosters(roster)
    return _everything()


def _everything() -> list[str]:
    with db.reading() as session:
        return [repr(row) for table in (Inmate, Facility, InmateMove, Email) for row in session.exec(select(table))]


def _violations(ended: dict, seconds: float) -> Iterator[str]:
    sentence = ended.get("refused")
    if sentence is None:
        yield f"it was not refused, but {ended}"
    elif not sentence.endswith(".") or "\n" in sentence or len(sentence) > 600 or "Traceback" in sentence:
        yield f"this is no sentence: {sentence[:200]!r}"
    if ended.get("memory", 0) > MOST_MEMORY:
        yield f"it took {ended['memory']:.0f} MB"
    if seconds > _LONGEST:
        yield f"it took {seconds:.0f} s"


@contextmanager
def _importing() -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "RXCONNECT_DATA_DIR": str(settings().data_dir), "RXCONNECT_DATABASE_URL": ""}
    command = [sys.executable, "-m", "tests.soak.rosters"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        yield process
        process.communicate()


def _import_in(process: subprocess.Popen[str], path: Path) -> dict:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{path}\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline() or '{"ended": true}')


def _import_in_fork(path: Path) -> dict:
    """Import in a fork, whose memory and that of its own children is added up many times a second."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.write(writing, json.dumps(_import(path)).encode()[:4_000])
        os._exit(0)
    os.close(writing)
    most = 0.0
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        most = max(most, _memory(child))
        time.sleep(0.01)
    with open(reading, "rb") as answer:
        return {**json.loads(answer.read() or b"{}"), "memory": most}


def _memory(process: int) -> float:
    """The megabytes that a process and its children use now."""
    try:
        every = [process, *map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())]
        return sum(psutil.Process(one).memory_info().rss for one in every) / 1024**2
    except (psutil.Error, OSError):
        return 0.0


def _import(path: Path) -> dict:
    try:
        with imports.open_rosters(path, facility=_KEY) as roster:
            plan = imports.import_rosters(roster)
        return {"imported": plan.total}
    except BadFile as refusal:
        return {"refused": str(refusal)}
    except Exception as fault:  # reported as a violation
        return {"fault": repr(fault)}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(_import_in_fork(Path(line.rstrip("\n")))), flush=True)
