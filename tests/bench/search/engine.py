"""RxConnect's own search, driven as anyone would: by its commands, on a database of their own."""

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

_GLANCE = 0.02  # seconds between two looks at a running command


class CommandFailed(RxConnectError):
    """A command of RxConnect's ended with an error."""


@dataclass(frozen=True)
class Used:
    """What a command used: seconds by the clock and of processors, and the most memory it held, in MB."""

    seconds: float
    cpu: float
    memory: float


@dataclass
class Engine:
    """RxConnect on one database. `settings` are its environment variables; `answers` what it has answered so far."""

    settings: dict[str, str]
    folder: Path
    answers: dict[str, Answer] = field(default_factory=dict)

    def search(self, queries: Sequence[Query]) -> Used:
        """Ask all queries of one new process, and keep the answers. Without queries it only starts and ends."""
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder) / "answers.jsonl"
            lines = "".join(f"{query.line()}\n" for query in queries)
            used = self.run("search", "inmates", "--batch", given=lines, output=output)
            self.answers |= read_answers(output)
        return used

    def run(self, *words: str, given: str = "", output: Path | None = None) -> Used:
        """Run one command to its end. Raises `CommandFailed` with the last line it said."""
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
    """RxConnect on the database at `url`; when that is "", on an SQLite file in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    return Engine({"RXCONNECT_DATA_DIR": str(folder), "RXCONNECT_DATABASE_URL": url}, folder)


def read_answers(file: Path) -> dict[str, Answer]:
    """The lines that the batch wrote. Raises `CommandFailed` when one is no answer."""
    found = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        said = json.loads(line)
        if "results" not in said:
            raise CommandFailed(f"The search did not answer {said['id']}: {said.get('error', 'no reason given')}.")
        people = [(person["facility"], person["number"]) for person in said["results"]]
        found[said["id"]] = Answer(said["ms"], people)
    return found


def _watched(process: subprocess.Popen[bytes]) -> tuple[float, float]:
    """Wait for a process, looking now and then at its seconds of processor and its memory, in MB.

    The kernel's own sums for an ended child would do, but its greatest memory includes what *we* held when it began.
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
