"""RxConnect's own search, run through its commands on a separate database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from rxconnect.domain.errors import RxConnectError
from tests.bench.search.queries import Query
from tests.bench.search.scoring import Answer

_GLANCE = 0.02  # seconds between two samples of a running command


class CommandFailed(RxConnectError):
    """A command of RxConnect failed."""


@dataclass(frozen=True)
class Used:
    """A command's wall-clock and CPU seconds, and its peak memory in MB."""

    seconds: float
    cpu: float
    memory: float


@dataclass
class Engine:
    """RxConnect on one database. `settings` are its environment variables; `answers` are those so far."""

    settings: dict[str, str]
    folder: Path
    answers: dict[str, Answer] = field(default_factory=dict)

    def search(self, queries: Sequence[Query]) -> Used:
        """Run all queries in one new process, and store the answers. Without queries it only starts and ends."""
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder) / "answers.jsonl"
            lines = "".join(f"{query.line()}\n" for query in queries)
            used = self.run("search", "inmates", "--batch", given=lines, output=output)
            self.answers |= read_answers(output)
        return used

    def run(self, *words: str, given: str = "", output: Path | None = None) -> Used:
        """Run one command. Raises `CommandFailed` with its last line of output."""
        began = time.perf_counter()
        with tempfile.TemporaryFile("w+") as errors, tempfile.TemporaryFile("w+", encoding="utf-8") as asked:
            asked.write(given)
            asked.seek(0)
            with (output or Path(os.devnull)).open("w") as said:
                process = subprocess.Popen(
                    [sys.executable, "-m", "rxconnect", *words],
                    env=os.environ | self.settings | {"PYTHONIOENCODING": "utf-8"},
                    stdin=asked,
                    stdout=said,
                    stderr=errors,
                )
                cpu, memory = _watched(process)
            if process.returncode:
                errors.seek(0)
                last = (errors.read().strip().splitlines() or ["no reason given"])[-1]
                raise CommandFailed(f"rxconnect {' '.join(words)} failed: {last}")
        return Used(time.perf_counter() - began, cpu, memory)


def on_database(url: str, folder: Path) -> Engine:
    """RxConnect on the database at `url`, or for "" on an SQLite file in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    return Engine({"RXCONNECT_DATA_DIR": str(folder), "RXCONNECT_DATABASE_URL": url}, folder)


def read_answers(file: Path) -> dict[str, Answer]:
    """Parse the batch's lines. Raises `CommandFailed` if one is not an answer."""
    found = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        said = json.loads(line)
        if "results" not in said:
            raise CommandFailed(f"The search did not answer {said['id']}: {said.get('error', 'no reason given')}.")
        people = [(person["facility"], person["number"]) for person in said["results"]]
        found[said["id"]] = Answer(said["ms"], people)
    return found


def _watched(process: subprocess.Popen[bytes]) -> tuple[float, float]:
    """Wait for a process. Returns samples of its CPU seconds and its peak memory in MB.

    The kernel has sums for an ended child, but its peak memory would include *ours* at the time of the fork.
    """
    cpu = memory = 0.0
    looked_at = psutil.Process(process.pid)
    while process.poll() is None:
        try:
            with looked_at.oneshot():
                times = looked_at.cpu_times()
                memory = max(memory, looked_at.memory_info().rss / 1024 / 1024)
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            break
        cpu = times.user + times.system
        time.sleep(_GLANCE)
    process.wait()
    return cpu, memory
