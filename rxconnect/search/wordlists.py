"""A cache of all words of the vocabulary, to find words with two typing errors, which its keys do not.

Words are never removed and their ids only grow, so the cache is updated by reading only the new words. The packed words
of two million people take about six megabytes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from threading import Lock

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlmodel import Session, col, select

from rxconnect.models import DirectoryVersion, NameWord
from rxconnect.world import PerWorld

_SLIPS, _LEAST_LETTERS = 2, 5
_AT_ONCE = 2_000  # words; more would not be faster, and take megabytes while they are read
_CHECKED = 50  # newest words, to check whether this is still the same vocabulary


class _Lists:
    """Words by (first letter, length) and by (last letter, length), one on each line."""

    def __init__(self) -> None:
        self.mark = -1
        self.newest: list[tuple[int, str]] = []
        self.by_first: dict[tuple[str, int], str] = {}
        self.by_last: dict[tuple[str, int], str] = {}

    def add(self, words: Iterable[str]) -> None:
        """Add words to the lists."""
        for lists, end in ((self.by_first, 0), (self.by_last, -1)):
            new = defaultdict(list)
            for word in words:
                new[word[end], len(word)].append(word)
            for key, more in new.items():
                lists[key] = "\n".join(filter(None, (lists.get(key), *more)))


class _Cache:
    """The cached lists of a world, and the lock for updating them."""

    def __init__(self) -> None:
        self.lists = _Lists()
        self.reading = Lock()


_cache = PerWorld(_Cache)


def words_two_slips_away(session: Session, typed: str) -> set[str]:
    """The words within two typing errors of `typed` that have the same first or last letter."""
    if len(typed) < _LEAST_LETTERS:
        return set()
    lists = _up_to_date(session)
    near: set[str] = set()
    for words in _with_the_first_or_last_letter(lists, typed):
        found = process.extract(typed, words.split("\n"), scorer=OSA.distance, score_cutoff=_SLIPS, limit=None)
        near.update(word for word, _, _ in found)
    return near


def _with_the_first_or_last_letter(lists: _Lists, typed: str) -> Iterator[str]:
    """The lists of words with a similar length and the same first or last letter."""
    for more in range(-_SLIPS, _SLIPS + 1):
        if words := lists.by_first.get((typed[0], len(typed) + more)):
            yield words
        if abs(more) < _SLIPS and (words := lists.by_last.get((typed[-1], len(typed) + more))):
            yield words


def fill_cache(session: Session) -> None:
    """Fill the cache now, so that the first search does not wait for it."""
    _up_to_date(session)


def _up_to_date(session: Session) -> _Lists:
    kept = _cache()
    mark = session.exec(select(DirectoryVersion.people)).one()
    if mark != kept.lists.mark:
        with kept.reading:
            if not _is_continued(session, kept.lists):
                kept.lists = _Lists()
            lists = kept.lists
            newest = lists.newest[-1][0] if lists.newest else 0
            new = select(NameWord.id, NameWord.text).where(col(NameWord.id) > newest, NameWord.text != "")
            rows = session.execute(new.order_by(col(NameWord.id)).execution_options(yield_per=_AT_ONCE))
            for some in rows.partitions(_AT_ONCE):
                lists.add([word for _, word in some])
                lists.newest = [*lists.newest, *map(tuple, some)][-_CHECKED:]
            lists.mark = mark
    return kept.lists


def _is_continued(session: Session, lists: _Lists) -> bool:
    """Whether the newest cached words are still there. Otherwise the database was replaced or restored."""
    ids = [word_id for word_id, _ in lists.newest]
    there = select(NameWord.id, NameWord.text).where(col(NameWord.id).in_(ids)).order_by(col(NameWord.id))
    return [tuple(row) for row in session.exec(there)] == lists.newest
