"""A nightly roster of one facility, with most people as yesterday."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random
from threading import Event, Thread

from tests.bench.search import roster
from tests.bench.search.engine import Engine, Used
from tests.bench.search.queries import Query

_PEOPLE = 2_000
_GONE, _NEW, _MOVED_BED = 0.02, 0.02, 0.2


def write(files: Path, file: Path, seed: int) -> tuple[str, int]:
    """Write the roster of the facility nearest to two thousand people. Returns its key and the number of rows."""
    sizes: dict[str, int] = {}
    for row in roster.read(files):
        sizes[row[0]] = sizes.get(row[0], 0) + 1
    key = min(sizes, key=lambda facility: abs(sizes[facility] - _PEOPLE))
    rng = Random(f"{seed} nightly")
    rows, others = [], []
    for row in roster.read(files):
        if row[0] == key and rng.random() > _GONE:
            housing = f"New {rng.randrange(99)}" if rng.random() < _MOVED_BED else row[8]
            rows.append((*row[:8], housing, *row[9:]))
        elif row[0] != key and len(others) < sizes[key] * _NEW:
            others.append((key, f"N-{len(others):05}", *row[2:]))
    with file.open("w", newline="", encoding="utf-8") as output:
        writer = csv.writer(output)
        writer.writerow(roster.COLUMNS[1:])
        writer.writerows(row[1:] for row in rows + others)
    return key, len(rows) + len(others)


def bring(engine: Engine, key: str, file: Path, queries: list[Query]) -> Used:
    """Import the roster while another process searches continuously."""
    searching, done = Event(), Event()

    def search() -> None:
        while not done.is_set():
            searching.set()
            engine.search(queries)

    searcher = Thread(target=search)
    searcher.start()
    try:
        searching.wait()
        return engine.run("import", "roster", "--facility", key, str(file))
    finally:
        done.set()
        searcher.join()
