"""Trials of RxConnect on a directory: the database, the time to load, the size, and the answers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.search import databases, directory, names, queries, roster, scoring
from tests.bench.search.databases import Sizes
from tests.bench.search.directory import Directory
from tests.bench.search.engine import Engine, Used, on_database
from tests.bench.search.oracle import Oracle
from tests.bench.search.queries import Query
from tests.bench.search.scoring import Outcome

_QUERIES = 2_670


@dataclass(frozen=True)
class World:
    """A directory, in files and in memory, with its queries and its oracle."""

    files: Path
    directory: Directory
    queries: list[Query]
    oracle: Oracle

    @property
    def size(self) -> int:
        return len(self.directory.people)


def invent(files: Path, people: int, seed: int, known: names.Names) -> World:
    """Write a directory of so many people into `files`, with the queries."""
    say(f"Inventing {people:,} people")
    roster.write(people, seed, known, files)
    everyone = directory.read(files)
    asked = queries.generate(everyone, known.nicknames, _QUERIES, seed)
    queries.write(asked, files)
    return World(files, everyone, asked, Oracle(everyone, known.nicknames))


@dataclass
class Trial:
    """One database with one world. `cpu` is the CPU seconds of its searches, including the database server's. `memory`
    is the MB by which a searching process exceeds an idle one.
    """

    name: str
    world: World
    engine: Engine
    sizes_of: Callable[[], Sizes]
    server_cpu: Callable[[], float]
    load_seconds: float = 0.0
    sizes: Sizes = field(default_factory=dict)
    memory_of_empty: float = 0.0
    memory: float = 0.0
    cpu: float = 0.0

    def load(self) -> None:
        """Import the world. Sizes count as the difference from an empty database."""
        say(f"Loading {self.world.size:,} people into {self.name}")
        self.engine.run("migrate")
        empty = self.sizes_of()["everything"]
        self.memory_of_empty = self._search([]).memory
        facilities = self.engine.run("import", "facilities", str(self.world.files / "facilities.csv"))
        people = self.engine.run("import", "roster", str(self.world.files / "roster.csv"))
        self.load_seconds = facilities.seconds + people.seconds
        self.sizes = self.sizes_of()
        self.sizes["everything"] -= empty

    def ask(self, part: Sequence[Query]) -> None:
        """Run some of the queries in a new process, without counting its start."""
        started, used = self._search([]), self._search(part)
        self.cpu += used.cpu - started.cpu
        self.memory = max(self.memory, used.memory - self.memory_of_empty)

    def outcomes(self) -> list[Outcome]:
        return scoring.outcomes(self.world.queries, self.engine.answers, self.world.oracle.is_ambiguous)

    @property
    def per_second(self) -> float:
        """Queries for each CPU second."""
        return len(self.engine.answers) / self.cpu

    def _search(self, part: Sequence[Query]) -> Used:
        before = self.server_cpu()
        used = self.engine.search(part)
        return Used(used.seconds, used.cpu + self.server_cpu() - before, used.memory)


def on_sqlite(world: World, folder: Path) -> Trial:
    """A trial in a new SQLite file in `folder`."""
    engine = on_database("", folder)
    return Trial("SQLite", world, engine, lambda: databases.sqlite_sizes(folder), lambda: 0.0)


def on_postgres(world: World, folder: Path, url: str) -> Trial:
    """A trial in a new database of a running PostgreSQL."""
    server = databases.postgres_server(url)
    engine = on_database(url, folder)
    return Trial(
        "PostgreSQL", world, engine, lambda: databases.postgres_sizes(url), lambda: databases.cpu_of_all(server)
    )


def say(what: str) -> None:
    """Print progress to stderr."""
    print(f"  {what}…", file=sys.stderr, flush=True)
