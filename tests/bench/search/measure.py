"""Measures the search for people by queries with known answers: on SQLite, on PostgreSQL, and beside other engines.

A second directory of 20,000 people shows how the time grows with size. The contenders alternate on parts of the
queries, so that a busy moment affects all of them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from tests import postgres
from tests.bench.report import Report, Row, answered, measured, percentile, table
from tests.bench.search import databases, keystrokes, names, nightly, rivals, scoring, trials
from tests.bench.search.rivals import Rival
from tests.bench.search.scoring import SCOPES, Answer, Outcome
from tests.bench.search.trials import Trial, World, say

PEOPLE = 200_000
_FEW = 20_000
_ROUNDS = 3
_RIVALS_SHARE = 3  # rivals get every third query, as some take a second for one
_LARGEST_PARTS = 8
_SOME = 12


@dataclass(frozen=True)
class Targets:
    """The targets of the search at 2,000,000 people. Pairs are for one facility, and everywhere."""

    p50: tuple[float, float]
    p99: tuple[float, float]
    per_second: float
    bytes_a_person: float
    memory: float


TARGETS = {
    "SQLite": Targets(p50=(2, 4), p99=(10, 20), per_second=350, bytes_a_person=210, memory=60),
    "PostgreSQL": Targets(p50=(4, 10), p99=(12, 60), per_second=150, bytes_a_person=400, memory=30),
}
_RECALL = (0.995, 0.96)
_KIND_RECALL = 0.97
_GROWTH = {50: 3.0, 99: 4.0}
_NIGHTLY_SECONDS = 5
_LOAD_SECONDS_A_PERSON = 600 / 2_000_000


def measure(report: Report, people: int = PEOPLE, seed: int = 1) -> None:
    """Measure everything into the report. Raises `NoPackage` if the names cannot be fetched."""
    known = names.load()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rxconnect-search-")))
        many = trials.invent(folder / "many", people, seed, known)
        few = trials.invent(folder / "few", _FEW, seed, known)
        pairs = [(trials.on_sqlite(many, folder / "sqlite-many"), trials.on_sqlite(few, folder / "sqlite-few"))]
        try:
            pairs.append(_on_postgres(stack.enter_context(postgres.running(durable=True)), many, few, folder))
        except postgres.NoPostgres as reason:
            report.details.append(str(reason))
        for trial in (trial for pair in pairs for trial in pair):
            trial.load()
        others, missing = rivals.available(many.directory, known.nicknames)
        report.details += missing
        took = _take_turns([trial for pair in pairs for trial in pair], others, many)
        _tell(report, pairs, took)
        key, size = nightly.write(many.files, folder / "nightly.csv", seed)
        for trial, _ in pairs:
            report.rows.append(_nightly(trial, key, size, folder / "nightly.csv"))
        say("Typing")
        report.rows += keystrokes.measure(pairs[0][0].engine.folder, many.queries)


def _on_postgres(url: str, many: World, few: World, folder: Path) -> tuple[Trial, Trial]:
    another = databases.another_database(url, "few")
    return trials.on_postgres(many, folder / "postgres", url), trials.on_postgres(few, folder / "postgres", another)


def _take_turns(contenders: list[Trial], others: list[Rival], world: World) -> dict[str, dict[str, Answer]]:
    """Run all queries on all contenders, a part at a time. Returns the rivals' answers."""
    answers: dict[str, dict[str, Answer]] = {rival.name: {} for rival in others}
    for turn in range(_ROUNDS):
        say(f"Searching, part {turn + 1} of {_ROUNDS}")
        for trial in contenders:
            trial.ask(trial.world.queries[turn::_ROUNDS])
        for rival in others:
            part = world.queries[turn :: _ROUNDS * _RIVALS_SHARE]
            answers[rival.name] |= rivals.ask(rival, [query.in_fields or query for query in part])
    return answers


def _tell(report: Report, pairs: list[tuple[Trial, Trial]], took: dict[str, dict[str, Answer]]) -> None:
    say("Asking the oracle about what was not found")
    lines = []
    for many, few in pairs:
        found = many.outcomes()
        report.rows += [*_quality(many, found), *_speed(many, found), *_growth(many.name, found, few.outcomes())]
        report.details += [scoring.kinds_table(many.name, found), _largest_parts(many), _some_misses(many.name, found)]
        lines.append((f"**RxConnect, {many.name}**", *scoring.summary(found), f"{many.per_second:,.0f}"))
    if len(pairs) > 1:
        report.rows.append(_same_answers(*(many for many, _ in pairs)))
    for name, answers in took.items():
        found = scoring.outcomes(pairs[0][0].world.queries, answers)
        lines.append((name, *scoring.summary(found), f"{1000 / mean(scoring.milliseconds(found)):,.0f}"))
    report.details.append(table((*scoring.SUMMARY_HEADINGS, "Queries/s"), lines))


def _quality(trial: Trial, found: list[Outcome]) -> Iterator[Row]:
    """Recall in both scopes. Queries that the oracle calls ambiguous count as missed, and are reported beside it."""
    where = f"{trial.name}, {trial.world.size:,} people"
    for scope, target in zip(SCOPES, _RECALL, strict=True):
        some = scoring.of_scope(found, scope)
        reached, fair = scoring.recall(some), scoring.fair_recall(some)
        note = f"{fair:.4f} of what can be told apart, n = {len(some)}"
        yield answered(
            f"{where}: recall@10, {scope}", f"{reached:.4f}", target=f"≥ {target}", is_met=reached >= target, note=note
        )
    kind, least = scoring.worst_kind(scoring.of_scope(found, "facility"))
    yield answered(
        f"{where}: recall@10 of the worst kind, facility",
        f"{least:.3f}",
        target=f"≥ {_KIND_RECALL}",
        is_met=least >= _KIND_RECALL,
        note=kind,
    )


def _speed(trial: Trial, found: list[Outcome]) -> Iterator[Row]:
    where, targets = f"{trial.name}, {trial.world.size:,} people", TARGETS[trial.name]
    for scope, p50, p99 in zip(SCOPES, targets.p50, targets.p99, strict=True):
        ms = scoring.milliseconds(scoring.of_scope(found, scope))
        yield measured(f"{where}: a search, {scope}", ms, "ms", at_most=p50)
        yield _at_most(f"{where}: a search, {scope}, 99th percentile", percentile(ms, 99), p99, "ms")
    yield answered(
        f"{where}: queries a second of one core",
        f"{trial.per_second:,.0f}",
        target=f"≥ {targets.per_second:g}",
        is_met=trial.per_second >= targets.per_second,
        note=f"{1000 / mean(scoring.milliseconds(found)):,.0f} one after another by the clock",
    )
    on_disk = trial.sizes["everything"] / trial.world.size
    yield _at_most(f"{where}: on disk, a person", on_disk, targets.bytes_a_person, "bytes")
    yield _at_most(f"{where}: memory that searching adds", trial.memory, targets.memory, "MB")
    most = _LOAD_SECONDS_A_PERSON * trial.world.size
    yield _at_most(f"{where}: loading and indexing everyone", trial.load_seconds, most, "s")


def _growth(name: str, many: list[Outcome], few: list[Outcome]) -> Iterator[Row]:
    for percent, most in _GROWTH.items():
        for scope in SCOPES:
            of_many, of_few = (
                percentile(scoring.milliseconds(scoring.of_scope(found, scope)), percent) for found in (many, few)
            )
            measure = f"{name}: growth of the {percent}th percentile from {_FEW:,} people, {scope}"
            yield _at_most(measure, of_many / of_few, most, "×", note=f"from {of_few:.2f} ms")


def _same_answers(one: Trial, other: Trial) -> Row:
    """Whether both return the same people in the same order."""
    ours, theirs = one.engine.answers, other.engine.answers
    same = sum(answer.people == theirs[key].people for key, answer in ours.items())
    return answered(
        f"{other.name} answers as {one.name} does",
        f"{same / len(ours):.2%}",
        target="100 %",
        is_met=same == len(ours),
        note=f"n = {len(ours)}",
    )


def _nightly(trial: Trial, key: str, size: int, file: Path) -> Row:
    say(f"Bringing in a nightly roster, {trial.name}")
    used = nightly.bring(trial.engine, key, file, trial.world.queries)
    measure = f"{trial.name}, {trial.world.size:,} people: a nightly roster of {size:,} while searches go on"
    return _at_most(measure, used.seconds, _NIGHTLY_SECONDS, "s")


def _at_most(measure: str, value: float, most: float, unit: str, note: str = "") -> Row:
    return answered(measure, f"{value:,.1f} {unit}", target=f"≤ {most:g} {unit}", is_met=value <= most, note=note)


def _largest_parts(trial: Trial) -> str:
    """A table of the largest tables and indexes."""
    parts = sorted(((size, name) for name, size in trial.sizes.items() if name != "everything"), reverse=True)
    lines = [(name, f"{size / trial.world.size:.1f}") for size, name in parts[:_LARGEST_PARTS]]
    return table((f"{trial.name}: table or index", "Bytes a person"), lines)


def _some_misses(name: str, found: list[Outcome]) -> str:
    """Some of the missed queries that are not ambiguous."""
    missed = scoring.misses(found)
    return "\n".join([f"{name}: {len(missed)} missed that the oracle calls answerable.", *missed[:_SOME]])
