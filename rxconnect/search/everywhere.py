"""Gather the people of the whole country who may be meant by a name, through the words that may be meant."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import NamedTuple

from sqlalchemy import text
from sqlmodel import Session

from rxconnect.search import vocabulary
from rxconnect.search.likeness import TOO_FAR
from rxconnect.search.names import ANOTHER_FIRST_NAME, SWAPPED, Typed
from rxconnect.search.normalise import Name
from rxconnect.search.vocabulary import Meant, Word

Rough = dict[int, int]

# How much the costs of two words may add up to in one question after another, until enough people are found.
_TIERS = (12, 30, TOO_FAR)
_MOST, _RARE = 400, 300
_STRONG, _STRONG_WORDS, _BEGINNING, _BEGINNING_LETTERS = 16, 6, 8, 2
_ONE_SLIP = 18  # the cost of a word with one slip in it, at most

_IN_STATE = "JOIN inmate i ON i.id = n.inmate_id JOIN facility f ON f.id = i.facility_id AND f.state = :state"


class _Reading(NamedTuple):
    """One way to read what was typed: these words for a first name, these for a last; None for one not typed.

    `begins` is the beginning of a name too short for words to be sought: (the column of the other name, the letters).
    """

    firsts: list[Word] | None
    lasts: list[Word] | None
    begins: tuple[str, str] | None
    extra: int


def gather(session: Session, typed: Typed, state: str, enough: int) -> Rough:
    """The ids of people, `enough` of them if there are so many, each with a cost that is near the real one."""
    search = _Search(session, state, enough)
    meant = vocabulary.meant(session, [typed.first, typed.last])
    search.by(_readings(typed, *meant))
    if min(search.found.values(), default=TOO_FAR) > _ONE_SLIP:
        strange = vocabulary.meant_with_two_slips(session, [typed.first, typed.last])
        merged = [
            Meant(_merged(a.firsts, b.firsts), _merged(a.lasts, b.lasts)) for a, b in zip(meant, strange, strict=True)
        ]
        search.by(_readings(typed, *merged))
    return search.found


def _merged(one: list[Word], other: list[Word]) -> list[Word]:
    """The words of both, the nearest first."""
    return sorted({*one, *other}, key=lambda word: (word.cost, -word.people, word.id))


def _readings(typed: Typed, first: Meant, last: Meant) -> list[_Reading]:
    has_first, has_last = bool(typed.first.whole), bool(typed.last.whole)
    straight = _Reading(
        first.firsts if has_first else None,
        last.lasts if has_last else None,
        _begins("last_id", typed.first) or _begins("first_id", typed.last),
        0,
    )
    swapped = _Reading(
        last.firsts if has_last else None,
        first.lasts if has_first else None,
        _begins("last_id", typed.last) or _begins("first_id", typed.first),
        SWAPPED,
    )
    return [straight, swapped]


def _begins(other: str, name: Name) -> tuple[str, str] | None:
    return (other, name.whole) if 0 < len(name.whole) <= _BEGINNING_LETTERS else None


class _Search:
    """Asks one question after another and notes the cheapest way in which it came to each person."""

    def __init__(self, session: Session, state: str, enough: int) -> None:
        self.found: Rough = {}
        self._connection, self._state, self._enough = session.connection(), state, enough

    def by(self, readings: list[_Reading]) -> None:
        """By what was typed: two names, or one."""
        if any(reading.firsts is None or reading.lasts is None for reading in readings):
            self._by_one(readings)
        else:
            self._by_both(readings)

    def _by_both(self, readings: list[_Reading]) -> None:
        """By pairs of words, the best pairs first."""
        pairs = _pairs(readings)
        before = -1
        for tier in _TIERS:
            self._by_pairs({pair: cost for pair, cost in pairs.items() if before < cost <= tier})
            if before < 0:
                self._by_beginnings(readings)
            if len(self.found) >= self._enough:
                return
            before = tier
        self._by_rare_last_names(readings[0])

    def _by_one(self, readings: list[_Reading]) -> None:
        """By each word that it may be, as a first and as a last name."""
        words = [
            (word.cost + reading.extra, column, word)
            for reading in readings
            for column, of_name in (("first_id", reading.firsts), ("last_id", reading.lasts))
            for word in of_name or ()
        ]
        for cost, column, word in sorted(words):
            if len(self.found) >= self._enough:
                return
            self._note(self._with_word(column, word.id), cost)

    def _by_pairs(self, pairs: dict[tuple[int, int], int]) -> None:
        if not pairs:
            return
        listed = ", ".join(f"({last}, {first}, {cost})" for (last, first), cost in pairs.items())
        rows = self._ask(
            f"WITH p (last_id, first_id, cost) AS (VALUES {listed}) SELECT n.inmate_id, p.cost "
            f"FROM p CROSS JOIN inmate_name n {_IN_STATE if self._state else ''} "
            f"WHERE n.last_id = p.last_id AND n.first_id = p.first_id ORDER BY p.cost, n.inmate_id LIMIT {_MOST}"
        )
        for inmate_id, cost in rows:
            self._note([inmate_id], cost)

    def _by_beginnings(self, readings: list[_Reading]) -> None:
        for reading in readings:
            if reading.begins:
                column, letters = reading.begins
                words = (reading.lasts if column == "last_id" else reading.firsts) or []
                for word in words[:_STRONG_WORDS]:
                    if word.cost <= _STRONG:
                        self._note(
                            self._with_word(column, word.id, begins=letters), word.cost + _BEGINNING + reading.extra
                        )

    def _by_rare_last_names(self, reading: _Reading) -> None:
        """Nobody can know every nickname: with a rare last name, that alone is enough to be looked at."""
        for word in reading.lasts or ():
            if word.cost == 0 and word.people <= _RARE:
                self._note(self._with_word("last_id", word.id), ANOTHER_FIRST_NAME)

    def _with_word(self, column: str, word_id: int, begins: str = "") -> list[int]:
        other = "first_id" if column == "last_id" else "last_id"
        join = f"JOIN name_word w ON w.id = n.{other} AND {vocabulary.BEGINS}" if begins else ""
        rows = self._ask(
            f"SELECT n.inmate_id FROM inmate_name n {join} {_IN_STATE if self._state else ''} "
            f"WHERE n.{column} = :word_id ORDER BY n.{other}, n.inmate_id LIMIT {_MOST}",
            word_id=word_id,
            **vocabulary.begins(begins),
        )
        return [inmate_id for (inmate_id,) in rows]

    def _ask(self, question: str, **values: object) -> Iterable[tuple]:
        if self._state:
            values["state"] = self._state
        return self._connection.execute(text(question), values)

    def _note(self, inmate_ids: Iterable[int], cost: int) -> None:
        for inmate_id in inmate_ids:
            if cost < self.found.get(inmate_id, TOO_FAR + SWAPPED):
                self.found[inmate_id] = cost


def _pairs(readings: list[_Reading]) -> dict[tuple[int, int], int]:
    """(last word's id, first word's id) of everything that may be meant, with what speaks against it."""
    pairs: dict[tuple[int, int], int] = {}
    for reading in readings:
        for last, first in product(reading.lasts or (), reading.firsts or ()):
            cost = last.cost + first.cost + reading.extra
            if cost < pairs.get((last.id, first.id), TOO_FAR + SWAPPED):
                pairs[last.id, first.id] = cost
    return pairs
