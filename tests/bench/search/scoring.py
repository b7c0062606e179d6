"""Scores the answers: recall among the first ten, and times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.report import percentile, table
from tests.bench.search.directory import bare
from tests.bench.search.queries import LIMIT, Query

SCOPES = ("facility", "everywhere")


@dataclass(frozen=True)
class Answer:
    """A search's answer: people as (facility, number), best first, and the milliseconds."""

    ms: float
    people: list[tuple[str, str]]


@dataclass(frozen=True)
class Outcome:
    """A query and its answer. `is_ambiguous` is the oracle's verdict on a miss."""

    query: Query
    answer: Answer
    is_ambiguous: bool = False

    @property
    def rank(self) -> int:
        """The rank of the right person, from 1; 0 if not among the first ten."""
        facility, number = self.query.answer
        for place, (found_at, found) in enumerate(self.answer.people[:LIMIT], start=1):
            if found_at == facility and bare(found) == bare(number):
                return place
        return 0


def outcomes(
    queries: Iterable[Query], answers: dict[str, Answer], is_ambiguous: Callable[[Query], bool] = lambda _query: False
) -> list[Outcome]:
    """Each query with its answer. Only misses go to the oracle, since it is slow."""
    found = [Outcome(query, answers[query.id]) for query in queries if query.id in answers]
    return [one if one.rank else Outcome(one.query, one.answer, is_ambiguous=is_ambiguous(one.query)) for one in found]


def of_scope(found: Iterable[Outcome], scope: str) -> list[Outcome]:
    return [one for one in found if one.query.scope == scope]


def recall(found: Sequence[Outcome], within: int = LIMIT) -> float:
    """The share of queries with the right person among the first `within`."""
    return sum(0 < one.rank <= within for one in found) / len(found) if found else 0.0


def fair_recall(found: Sequence[Outcome]) -> float:
    """The recall without ambiguous queries."""
    return recall([one for one in found if not one.is_ambiguous])


def milliseconds(found: Iterable[Outcome]) -> list[float]:
    return [one.answer.ms for one in found]


def by_kind(found: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    """The outcomes of each kind."""
    kinds: dict[str, list[Outcome]] = {}
    for one in found:
        kinds.setdefault(one.query.kind, []).append(one)
    return kinds


def worst_kind(found: Sequence[Outcome]) -> tuple[str, float]:
    """The kind with the least recall, and that recall."""
    return min(((kind, recall(some)) for kind, some in by_kind(found).items()), key=lambda pair: pair[1])


def kinds_table(name: str, found: Sequence[Outcome]) -> str:
    """Recall@10 by kind and scope, the worst first; in brackets without ambiguous queries."""
    lines = []
    for kind, some in sorted(by_kind(found).items(), key=lambda pair: recall(pair[1])):
        cells = [_recalls(of_scope(some, scope)) for scope in SCOPES]
        slowest = max(milliseconds(some))
        lines.append((kind, *cells, f"{recall(some, 1):.2f}", f"{median(milliseconds(some)):.1f}", f"{slowest:.0f}"))
    headings = (f"{name}: recall@10", "One facility", "Everywhere", "Recall@1", "Median, ms", "Slowest, ms")
    return table(headings, lines)


def misses(found: Sequence[Outcome]) -> list[str]:
    """The missed queries that are not ambiguous, for analysis."""
    return [
        f"{one.query.kind}, {one.query.scope}: {one.query.line()} for {' '.join(one.query.answer)}"
        for one in found
        if not one.rank and not one.is_ambiguous
    ]


SUMMARY_HEADINGS = ("One facility / everywhere", "Recall@10", "Of answerable", "Median, ms", "99th percentile, ms")


def summary(found: Sequence[Outcome]) -> tuple[str, ...]:
    """The cells for `SUMMARY_HEADINGS`, without the name."""
    scoped = [of_scope(found, scope) for scope in SCOPES]
    return (
        " / ".join(f"{recall(some):.3f}" for some in scoped),
        " / ".join(f"{fair_recall(some):.3f}" for some in scoped),
        " / ".join(f"{median(milliseconds(some)):.1f}" for some in scoped),
        " / ".join(f"{percentile(milliseconds(some), 99):.1f}" for some in scoped),
    )


def _recalls(some: Sequence[Outcome]) -> str:
    if not some:
        return ""
    return f"{recall(some):.3f} ({fair_recall(some):.3f}) of {len(some)}"
