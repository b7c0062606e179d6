"""Other search engines, in SQLite or as a Python package, each used as its authors advise.

They get the cheap features: folded names, an index on the facility, numbers without separators. Only tantivy, the best of
them, also gets nicknames, aliases, and tolerance for a wrong digit.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from string import ascii_lowercase
from typing import Any, Protocol

from rapidfuzz.distance import OSA, JaroWinkler

from tests.bench.search.directory import Directory, Person, bare, fold
from tests.bench.search.packages import NoPackage, borrow, cache_folder
from tests.bench.search.queries import LIMIT, Query
from tests.bench.search.scoring import Answer

_POOL = 60  # how many candidates are compared in full
_COMPARED = 200  # the same for tantivy
_NEAR = 1.8  # the likeness of both names, from 0 to 2, from which on tantivy is not asked for people with one of them
_SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}

Rows = list[tuple[str, str]]


class Rival(Protocol):
    """A search engine for people, built from a directory."""

    name: str

    def find(self, query: Query) -> Rows:
        """The matches as (facility, number), best first."""


def available(directory: Directory, nicknames: dict[str, list[str]]) -> tuple[list[Rival], list[str]]:
    """The rivals, and a note on each whose package cannot be fetched. `nicknames` are those of each formal name."""
    built: list[Rival] = [Like(directory), Fts5(directory)]
    others: list[tuple[type[Metaphone | Tantivy], Callable[[], Rival]]] = [
        (Metaphone, lambda: Metaphone(directory)),
        (Tantivy, lambda: Tantivy(directory, nicknames)),
    ]
    missing = []
    for rival, build in others:
        try:
            for package in rival.packages:
                borrow(cache_folder(), package)
            built.append(build())
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
    packages = ("jellyfish==1.2.1",)

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
    """The search engine tantivy, set up as well as we can.

    Its fields are the words of first and last names and how they sound. A typed word may be exact, a beginning or have
    one error (two from nine letters on), sound alike, or be a nickname. Both orders of the names are searched, if need
    be for one of them alone, and the best 200 are compared in full.
    """

    name = "tantivy"
    packages = ("tantivy==0.25.1", "doublemetaphone==1.2")

    def __init__(self, directory: Directory, nicknames: dict[str, list[str]]) -> None:
        import tantivy
        from doublemetaphone import doublemetaphone

        self.tantivy = tantivy
        self.sounds = lru_cache(100_000)(lambda word: frozenset(filter(None, doublemetaphone(word))))
        self.relatives: dict[str, set[str]] = {}
        for name, others in nicknames.items():
            for one, other in ((name, other) for other in map(fold, others)):
                self.relatives.setdefault(one, set()).add(other)
                self.relatives.setdefault(other, set()).add(one)
        self.folder = tempfile.TemporaryDirectory(prefix="rxconnect-tantivy-")
        self.schema = self._schema()
        self.index = tantivy.Index(self.schema, path=self.folder.name)
        writer = self.index.writer(200_000_000, 1)
        for person in directory.people:
            aliases = (alias.partition(" ") for alias in filter(None, person.aliases.split("; ")))
            for first, last in ((person.first, person.last), *((first, last) for first, _, last in aliases)):
                writer.add_document(self._document(person, fold(first), fold(last)))
        writer.commit()
        self.index.reload()
        self.searcher = self.index.searcher()

    def find(self, query: Query) -> Rows:
        first, last = _without_suffix(query.first), _without_suffix(query.last)
        occur, number = self.tantivy.Occur, bare(query.number)
        found: dict[tuple[str, str], float] = {}
        # People with both names are quick to find. Only if none of them is near is one of the names enough.
        for each in (occur.Must, occur.Should) if first and last else (occur.Must,):
            hits = self.searcher.search(self._asked(query, first, last, number, each), _COMPARED, count=False).hits
            for _score, address in hits:
                document = self.searcher.doc(address)
                row = tuple(document[field][0] for field in ("facility", "shown", "first", "last", "number"))
                near = self._likeness(first, last, row[2], row[3]) + _of_numbers(number, row[4])
                found[row[:2]] = max(near, found.get(row[:2], near))
            if found and max(found.values()) >= _NEAR:
                break
        return sorted(found, key=lambda row: -found[row])[:LIMIT]

    def _asked(self, query: Query, first: str, last: str, number: str, each: Any) -> Any:
        kinds, occur = self.tantivy.Query, self.tantivy.Occur
        parts = [(occur.Must, self._names(first, last, each))] if first or last else []
        if number:
            near = kinds.fuzzy_term_query(self.schema, "number", number, distance=1, prefix=True)
            parts.append((occur.Must, kinds.boolean_query([self._exact("number", number), (occur.Should, near)])))
        if query.facility:
            within = kinds.term_query(self.schema, "facility", query.facility)
            parts.append((occur.Must, kinds.const_score_query(within, 0.0)))
        return kinds.boolean_query(parts)

    def _schema(self) -> Any:
        builder = self.tantivy.SchemaBuilder()
        for field in ("first", "last", "first_sound", "last_sound"):
            builder.add_text_field(field, stored=field in ("first", "last"), tokenizer_name="whitespace")
        builder.add_text_field("number", stored=True, tokenizer_name="whitespace")
        for field in ("facility", "shown"):
            builder.add_text_field(field, stored=True, tokenizer_name="raw")
        return builder.build()

    def _document(self, person: Person, first: str, last: str) -> Any:
        sounds = {
            f"{field}_sound": " ".join(sorted(sound for word in text.split() for sound in self.sounds(word)))
            for field, text in (("first", first), ("last", last))
        }
        whole = {"first": _with_joined(first), "last": _with_joined(last)}
        return self.tantivy.Document(
            facility=person.facility, number=_with_digits(person.number), shown=person.number, **whole, **sounds
        )

    def _names(self, first: str, last: str, each: Any) -> Any:
        """The names in both orders. Of each, at least one word must be found."""
        kinds, occur = self.tantivy.Query, self.tantivy.Occur
        orders = []
        for fields in (("first", "last"), ("last", "first")):
            names = [
                (each, kinds.boolean_query([self._near(field, word) for word in text.split()]))
                for field, text in zip(fields, (first, last), strict=True)
                if text
            ]
            orders.append((occur.Should, kinds.boolean_query(names)))
        return kinds.boolean_query(orders)

    def _near(self, field: str, word: str) -> Any:
        kinds, occur = self.tantivy.Query, self.tantivy.Occur
        edits = 0 if len(word) < 3 else 1 if len(word) < 9 else 2
        near = [kinds.fuzzy_term_query(self.schema, field, word, distance=edits, prefix=True)]
        near += [kinds.term_query(self.schema, f"{field}_sound", sound) for sound in self.sounds(word)]
        for other in self.relatives.get(word, ()) if field == "first" else ():
            near.append(kinds.boost_query(kinds.term_query(self.schema, field, other), 0.9))
        parts = [self._exact(field, word), *((occur.Should, one) for one in near)]
        return occur.Should, kinds.boolean_query(parts)

    def _exact(self, field: str, text: str) -> Any:
        kinds = self.tantivy.Query
        return self.tantivy.Occur.Should, kinds.boost_query(kinds.term_query(self.schema, field, text), 3.0)

    def _likeness(self, typed_first: str, typed_last: str, first: str, last: str) -> float:
        typed = typed_first, typed_last
        straight = self._of_names(typed[0], first) + self._of_names(typed[1], last)
        return max(straight, self._of_names(typed[0], last) + self._of_names(typed[1], first) - 0.1)

    def _of_names(self, typed: str, booked: str) -> float:
        """How alike two names are: each typed word with the nearest booked one, from 0 to 1."""
        words = typed.split()
        nearest = [max((self._of_words(word, other) for other in booked.split()), default=0.0) for word in words]
        # Of two names that have the typed words, the shorter one is nearer.
        return sum(nearest) / len(words) - 0.01 * len(booked.split()) if words else 0.0

    def _of_words(self, typed: str, booked: str) -> float:
        if typed == booked:
            return 1.0
        if booked.startswith(typed):
            return 0.96
        similarity = JaroWinkler.similarity(typed, booked)
        is_related = booked in self.relatives.get(typed, ()) or not self.sounds(typed).isdisjoint(self.sounds(booked))
        return max(similarity, 0.9) if is_related else similarity


def _without_suffix(name: str) -> str:
    return " ".join(word for word in fold(name).replace(",", " ").split() if word not in _SUFFIXES)


def _with_digits(number: str) -> str:
    """The number, and the number without the letters in front, which families leave out."""
    key = bare(number)
    digits = key.lstrip(ascii_lowercase)
    return key if digits == key else f"{key} {digits}"


def _of_numbers(typed: str, booked: str) -> float:
    """How alike two numbers are: the typed one, and either form of `_with_digits`."""
    forms = booked.split() if typed else []
    return max(
        (
            2.0 if form == typed else 1.5 if form.startswith(typed) else 1 - OSA.distance(typed, form) / 20
            for form in forms
        ),
        default=0.0,
    )


def _with_joined(name: str) -> str:
    """The words of a name, and all of them as one word."""
    words = name.split()
    return " ".join([*words, "".join(words)] if len(words) > 1 else words)


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
