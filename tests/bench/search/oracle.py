"""An oracle that compares everyone: how many people fit a query as well as its answer, or better?

If ten others do, the query is ambiguous, and no search could have answered it; otherwise a miss is a real miss. Its
measure is the number of edits, with a small cost for half a name, a nickname or a sound-alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import inf

from rapidfuzz import process
from rapidfuzz.distance import OSA

from tests.bench.search import given, slips
from tests.bench.search.directory import Directory, Person, bare, fold
from tests.bench.search.queries import LIMIT, Query

_PART, _BEGINS, _RELATED, _SWAPPED, _ALIAS = 0.2, 0.5, 1.0, 0.5, 0.3
_MOST_EDITS_OF_A_SOUND = 3  # between two spellings of one sound, so that most need not be compared by sound
_SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}


class Oracle:
    """Measures how well each person in a directory fits a query."""

    def __init__(self, directory: Directory, nicknames: dict[str, list[str]]) -> None:
        self.directory = directory
        self.with_aliases = [index for index, person in enumerate(directory.people) if person.aliases]
        self.nicknames: dict[str, set[str]] = {}
        for table in (given.NICKNAMES, nicknames):
            for name, others in table.items():
                self.nicknames.setdefault(name, set()).update(fold(other) for other in others)
        self.name_cost = lru_cache(maxsize=1_000_000)(self._name_cost)

    def is_ambiguous(self, query: Query) -> bool:
        """Whether ten others in the query's scope fit as well as its answer, or better."""
        query = query.in_fields or query
        within = self.directory.at[query.facility] if query.facility else self.directory.everywhere()
        own = self.directory.at[query.answer[0]]
        answer = next(index for index in own if self.directory.people[index].number == query.answer[1])
        bound = self.cost(query, self.directory.people[answer])
        others = 0
        for index in self.near(query, bound) if not query.facility else within:
            others += index != answer and self.cost(query, self.directory.people[index], bound) <= bound
            if others == LIMIT:
                return True
        return False

    def cost(self, query: Query, person: Person, bound: float = inf) -> float:
        """The distance of a person from the query; 0 is exact. Beyond the bound the result may be too low."""
        number = _number_cost(bare(query.number), bare(person.number)) if query.number else 0.0
        if not query.first and not query.last:
            return number
        return number + min(
            self._names_cost(query, first, last, bound) + extra for first, last, extra in _booked_as(person)
        )

    def _names_cost(self, query: Query, first: str, last: str, bound: float) -> float:
        return min(
            self._pair_cost((query.last, last), (query.first, first), bound),
            self._pair_cost((query.first, last), (query.last, first), bound) + _SWAPPED,
        )

    def _pair_cost(self, one: tuple[str, str], other: tuple[str, str], bound: float) -> float:
        """The cost of both names, or of only the first if that exceeds the bound."""
        cost = self.name_cost(*one)
        return cost if cost > bound else cost + self.name_cost(*other)

    def _name_cost(self, typed: str, name: str) -> float:
        """The cost from a name to the typed text; an empty text fits every name."""
        text, words = _words(typed), _words(name)
        if not text or sorted(text) == sorted(words) or "".join(text) == "".join(words):
            return 0.0
        joined = " ".join(text)
        forms = [" ".join(words), "".join(words), *words]
        related = self.nicknames.get(joined, set())
        costs = [_PART] if joined in words or set(text) < set(words) or set(words) < set(text) else []
        for form in forms:
            edits = float(OSA.distance(joined, form))
            is_related = form in related or (1 < edits <= _MOST_EDITS_OF_A_SOUND and slips.sounds_alike(joined, form))
            costs += [_BEGINS if form.startswith(joined) else _RELATED if is_related else edits]
            costs += [_RELATED + OSA.distance(joined, nickname) for nickname in self.nicknames.get(form, ())]
        return min(costs)

    def near(self, query: Query, bound: float) -> Iterable[int]:
        """All people who can be within the bound, found by comparing every distinct name and number."""
        if not query.first and not query.last:
            return self._by_number(bare(query.number), bound)
        surnames = {form for typed in (query.first, query.last) for form in self._surnames_near(typed, bound)}
        return {index for form in surnames for index in self.directory.by_surname[form]}.union(self.with_aliases)

    def _surnames_near(self, typed: str, bound: float) -> Iterator[str]:
        """Surnames within the bound of the typed text, by edits, by prefix, by one word of it, or by sound."""
        text = " ".join(_words(typed))
        if not text:
            return
        edits = max(int(bound), _MOST_EDITS_OF_A_SOUND) if bound >= _RELATED else 0
        for word in {text, *text.split()}:
            yield from self.directory.beginning(word)
            found = process.extract_iter(word, self.directory.surnames, scorer=OSA.distance, score_cutoff=edits)
            yield from (form for form, distance, _ in found if distance <= bound or slips.sounds_alike(word, form))

    def _by_number(self, number: str, bound: float) -> Iterator[int]:
        for form, people in self.directory.by_number.items():
            if _number_cost(number, form) <= bound:
                yield from people


@lru_cache(maxsize=1_000_000)
def _words(name: str) -> list[str]:
    words = fold(name.replace(",", " ")).split()
    return [word for word in words if word not in _SUFFIXES] or words


def _booked_as(person: Person) -> Iterator[tuple[str, str, float]]:
    yield person.first, person.last, 0.0
    for alias in filter(None, person.aliases.split("; ")):
        first, _, last = alias.partition(" ")
        yield first, last, _ALIAS


def _number_cost(typed: str, number: str) -> float:
    if typed == number:
        return 0.0
    return _BEGINS if number.startswith(typed) or number.endswith(typed) else float(OSA.distance(typed, number))
