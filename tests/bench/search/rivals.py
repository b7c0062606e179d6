"""Other search engines, in SQLite or as a Python package, each used as its authors advise.

They get the cheap features: folded names, an index on the facility, numbers without separators. They have no nicknames,
no aliases, and no tolerance for wrong digits.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Protocol

from rapidfuzz.distance import JaroWinkler

from tests.bench.search.directory import Directory, bare, fold
from tests.bench.search.packages import NoPackage, borrow, cache_folder
from tests.bench.search.queries import LIMIT, Query
from tests.bench.search.scoring import Answer

_POOL = 60  # how many candidates are compared in full

Rows = list[tuple[str, str]]


class Rival(Protocol):
    """A search engine for people, built from a directory."""

    name: str

    def find(self, query: Query) -> Rows:
        """The matches as (facility, number), best first."""


def available(directory: Directory) -> tuple[list[Rival], list[str]]:
    """The rivals, and a note on each whose package cannot be fetched."""
    built: list[Rival] = [Like(directory), Fts5(directory)]
    missing = []
    for package, rival in (("jellyfish==1.2.1", Metaphone), ("tantivy==0.25.1", Tantivy)):
        try:
            borrow(cache_folder(), package)
            built.append(rival(directory))
        except NoPackage as reason:
            missing.append(f"{rival.name}: {reason}")
    return built, missing


def ask(rival: Rival, queries: Sequence[Query]) -> dict[str, Answer]:
    """Run the queries, each timed."""
    found = {}
    for query in queries:
        began = time.perf_counter()
        people = rival.find(query)
        found[query.id] = Answer((time.perf_counter() - began) * 1000, people)
    return found


class Like:
    """`LIKE 'beginning%'` on folded names."""

    name = "LIKE"

    def __init__(self, directory: Directory) -> None:
        self.database = _database(directory)
        self.database.execute("CREATE INDEX like_facility ON person (facility)")

    def find(self, query: Query) -> Rows:
        wanted = {"number": bare(query.number), "first": fold(query.first), "last": fold(query.last)}
        typed = {column: f"{text}%" for column, text in wanted.items() if text}
        where = " AND ".join(f"{column} LIKE ?" for column in typed)
        return self.database.execute(
            f"SELECT facility, shown FROM person WHERE {where} {_within(query)} LIMIT {LIMIT}",
            [*typed.values(), *filter(None, [query.facility])],
        ).fetchall()


class Fts5:
    """SQLite's full text search: words by prefix, and if too few match, by trigrams."""

    name = "FTS5 prefix + trigram"

    def __init__(self, directory: Directory) -> None:
        self.database = _database(directory)
        for table, tokens in (("words", "prefix='2 3 4'"), ("trigrams", "tokenize='trigram'")):
            self.database.execute(
                f"CREATE VIRTUAL TABLE {table} USING fts5(first, last, number, content='person', {tokens})"
            )
            self.database.execute(
                f"INSERT INTO {table} (rowid, first, last, number) SELECT id, first, last, number FROM person"
            )

    def find(self, query: Query) -> Rows:
        words = [*fold(query.first).split(), *fold(query.last).split(), *filter(None, [bare(query.number)])]
        found = self._match("words", " ".join(f'"{word}"*' for word in words), query)
        if len(found) < LIMIT:
            pieces = sorted({word[at : at + 3] for word in words for at in range(len(word) - 2)})
            more = self._match("trigrams", " OR ".join(f'"{piece}"' for piece in pieces), query) if pieces else []
            found += _ranked(query, [row for row in more if row not in found])
        return [(facility, shown) for facility, shown, *_ in found[:LIMIT]]

    def _match(self, table: str, expression: str, query: Query) -> list[Any]:
        # Without an order, as ranking would compare everyone in the country.
        with suppress(sqlite3.OperationalError):
            return self.database.execute(
                f"SELECT facility, shown, person.first, person.last FROM {table} JOIN person ON person.id = {table}.rowid "
                f"WHERE {table} MATCH ? {_within(query)} LIMIT {_POOL}",
                [expression, *filter(None, [query.facility])],
            ).fetchall()
        return []


class Metaphone:
    """B-tree indexes on names and their sounds, with the best of their candidates."""

    name = "B-tree + metaphone"

    def __init__(self, directory: Directory) -> None:
        from jellyfish import metaphone

        self.sound: Callable[[str], str] = metaphone
        self.database = _database(directory)
        self.database.create_function("sound", 1, self._sound, deterministic=True)
        self.database.execute(
            "CREATE TABLE heard AS SELECT *, sound(first) AS s_first, sound(last) AS s_last FROM person"
        )
        for columns in (
            "s_last, s_first", "facility, s_last, s_first", "facility, s_first", "last, first", "facility, last",
            "facility, first", "number", "facility, number",
        ):  # fmt: skip
            self.database.execute(f"CREATE INDEX heard_{columns.replace(', ', '_')} ON heard ({columns})")

    def find(self, query: Query) -> Rows:
        found: list[Any] = []
        for where, values in self._tiers(query):
            found += self.database.execute(
                f"SELECT facility, shown, first, last FROM heard WHERE {where} {_within(query)} LIMIT {_POOL}",
                [*values, *filter(None, [query.facility])],
            ).fetchall()
            if len(found) >= LIMIT:
                break
        return [(facility, shown) for facility, shown, *_ in _ranked(query, list(dict.fromkeys(found)))[:LIMIT]]

    def _tiers(self, query: Query) -> Iterator[tuple[str, list[str]]]:
        first, last, number = fold(query.first), fold(query.last), bare(query.number)
        if number:
            yield "number BETWEEN ? AND ?", [number, f"{number}~"]
        for one, other in ((first, last), (last, first)):
            if one and other:
                yield "s_last = ? AND s_first = ?", [self._sound(other), self._sound(one)]
                yield "last BETWEEN ? AND ? AND first BETWEEN ? AND ?", [other, f"{other}~", one, f"{one}~"]
        if last:
            yield "s_last = ?", [self._sound(last)]
        if first and query.facility:
            yield "s_first = ?", [self._sound(first)]

    def _sound(self, text: str) -> str:
        return self.sound(text).replace(" ", "")


class Tantivy:
    """The search engine tantivy: each word with two edits or by prefix, anywhere in a name; exact matches first."""

    name = "tantivy fuzzy"

    def __init__(self, directory: Directory) -> None:
        import tantivy

        self.tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("words", tokenizer_name="whitespace")
        for field in ("facility", "number", "shown"):
            builder.add_text_field(field, stored=field in ("facility", "shown"), tokenizer_name="raw")
        self.schema = builder.build()
        self.folder = tempfile.TemporaryDirectory(prefix="rxconnect-tantivy-")
        self.index = tantivy.Index(self.schema, path=self.folder.name)
        writer = self.index.writer(200_000_000, 1)
        for person in directory.people:
            words, number = fold(f"{person.first} {person.last}"), bare(person.number)
            writer.add_document(
                tantivy.Document(words=words, facility=person.facility, number=number, shown=person.number)
            )
        writer.commit()
        self.index.reload()
        self.searcher = self.index.searcher()

    def find(self, query: Query) -> Rows:
        kinds, occur = self.tantivy.Query, self.tantivy.Occur
        words = [("words", word) for word in fold(f"{query.first} {query.last}").split()]
        terms = [*words, *(("number", number) for number in filter(None, [bare(query.number)]))]
        parts = [(occur.Must, kinds.boolean_query([(occur.Should, self._near(*term)) for term in terms]))]
        if query.facility:
            parts.append((occur.Must, kinds.term_query(self.schema, "facility", query.facility)))
        hits = self.searcher.search(kinds.boolean_query(parts), LIMIT).hits
        documents = (self.searcher.doc(address) for _score, address in hits)
        return [(document["facility"][0], document["shown"][0]) for document in documents]

    def _near(self, field: str, word: str) -> Any:
        kinds, occur = self.tantivy.Query, self.tantivy.Occur
        edits = 0 if len(word) < 3 else 1 if len(word) < 6 or field == "number" else 2
        near = kinds.fuzzy_term_query(self.schema, field, word, distance=edits, prefix=True)
        closer = kinds.fuzzy_term_query(self.schema, field, word, distance=min(edits, 1))
        exact = kinds.const_score_query(kinds.term_query(self.schema, field, word), 1.0)
        return kinds.boolean_query([(occur.Should, part) for part in (near, closer, exact)])


def _database(directory: Directory) -> sqlite3.Connection:
    """All people in a temporary SQLite database."""
    database = sqlite3.connect("")
    database.execute(
        "CREATE TABLE person (id INTEGER PRIMARY KEY, facility TEXT, shown TEXT, number TEXT, first TEXT, last TEXT)"
    )
    database.executemany(
        "INSERT INTO person (facility, shown, number, first, last) VALUES (?, ?, ?, ?, ?)",
        (
            (person.facility, person.number, bare(person.number), fold(person.first), fold(person.last))
            for person in directory.people
        ),
    )
    return database


def _within(query: Query) -> str:
    return "AND facility = ?" if query.facility else ""


def _ranked(query: Query, rows: list[Any]) -> list[Any]:
    """Sort rows of (facility, number, first, last) by similarity to the query."""
    first, last = fold(query.first), fold(query.last)

    def likeness(row: Any) -> float:
        straight = JaroWinkler.similarity(first, row[2]) + JaroWinkler.similarity(last, row[3])
        return max(straight, JaroWinkler.similarity(first, row[3]) + JaroWinkler.similarity(last, row[2]) - 0.1)

    return sorted(rows, key=likeness, reverse=True)
