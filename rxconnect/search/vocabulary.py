"""The words of all names, and the search for those that a typed word may mean.

Words are indexed by hashes (`word_keys`) and by their text, so that two short queries find those that look or sound
alike among all names of the country.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable
from itertools import chain
from typing import NamedTuple

from sqlmodel import Session

from rxconnect.search import likeness, nicknames, word_keys, wordlists
from rxconnect.search.likeness import TOO_FAR
from rxconnect.search.normalise import splits
from rxconnect.search.raw_sql import LAST, fetch_rows, quoted, quoted_list
from rxconnect.world import PerWorld

_WHOLE, BEGUN = 40, 40  # the most whole and unfinished words that are tried for a typed one
_CACHE_SIZE = 500  # typed words of a generation, of which each takes 4 KB at most

_WORDS = "SELECT w.text, w.id, w.people FROM name_word w WHERE"
# Words with their ids and people.
_Known = dict[str, tuple[int, int]]


class Word(NamedTuple):
    """A word that may be meant: its cost, its rarity and its id. They sort by cost, then by rarity."""

    cost: int
    rarity: int  # the negated number of people who have it
    id: int

    @property
    def people(self) -> int:
        """The number of people who have the word."""
        return -self.rarity


# Names that were typed as one.
Joined = dict[str, Word]


class Meant(NamedTuple):
    """The words that a typed one may mean, nearest first: as a first name, as a last name, and as two last names joined."""

    firsts: list[Word]
    lasts: list[Word]
    two: Joined


class _Packed(NamedTuple):
    """A `Meant` with its words as rows of numbers, because the garbage collector would have to visit thousands of tuples."""

    firsts: array[int]
    lasts: array[int]
    two: Joined


class _Cache:
    """The results for the words typed last, with the version of the rosters for which they are valid.

    There are two generations of words. When the first is full it becomes the second, whose words are forgotten unless
    they were typed again.
    """

    def __init__(self) -> None:
        self.found: tuple[int, dict[str, _Packed], dict[str, _Packed]] = (-1, {}, {})


_cache = PerWorld(_Cache)


def words_meant(session: Session, typed: Collection[str]) -> dict[str, Meant]:
    """The words on all rosters that each typed word may mean.

    While a family types a last name, every keystroke sends the first name again, and most people share a few hundred
    first names. So the results of the last words are cached until the rosters change.
    """
    recent, older = _cached(session)
    known = {word: packed for word in typed if (packed := recent.get(word) or older.get(word))}
    found = {word: _unpack(packed) for word, packed in known.items()}
    new = [word for word in typed if word not in known]
    if new:
        there, spoken, alike = _similar_words(session, new)
        found |= {word: _nearest(word, alike[word], spoken[word], _joined(there, splits(word, 2))) for word in new}
        known |= {word: _pack(found[word]) for word in new}
    recent.update(known)
    return found


def _cached(session: Session) -> tuple[dict[str, _Packed], dict[str, _Packed]]:
    """The cache for the present version of the rosters, empty if they have changed."""
    cache = _cache()
    ((version,),) = fetch_rows(session, "SELECT people FROM directory_version")
    known, recent, _ = cache.found
    if version != known:
        cache.found = (version, {}, {})
    elif len(recent) > _CACHE_SIZE:
        cache.found = (version, {}, recent)
    return cache.found[1:]


def _pack(meant: Meant) -> _Packed:
    firsts, lasts = (array("q", chain.from_iterable(words)) for words in (meant.firsts, meant.lasts))
    return _Packed(firsts, lasts, meant.two)


def _unpack(packed: _Packed) -> Meant:
    firsts, lasts = (
        [*map(Word._make, zip(*[iter(words)] * 3, strict=True))] for words in (packed.firsts, packed.lasts)
    )
    return Meant(firsts, lasts, packed.two)


def meant_with_two_slips(session: Session, typed: Collection[str]) -> dict[str, Meant]:
    """Like `words_meant`, but for words with two typing errors, which take longer to find."""
    near = {word: wordlists.words_two_slips_away(session, word) for word in typed}
    known = _by_text(session, set().union(*near.values()))
    return {
        word: _nearest(word, {other: known[other] for other in near[word] & known.keys()}, set(), {}) for word in typed
    }


def three_names_in(session: Session, typed: str) -> Joined:
    """The three names that were typed as one, if there are such names."""
    ways = list(splits(typed, 3))
    return _joined(_by_text(session, {name for way in ways for name in way}), ways)


def merge_meant(several: Iterable[Meant]) -> Meant:
    """The words that may be meant by a name with several spellings, nearest first."""
    several = list(several)
    return Meant(_merge_words([one.firsts for one in several]), _merge_words([one.lasts for one in several]), {})


def begins_with_sql(letters: str) -> str:
    """The SQL condition that a word `w` begins with these letters and digits."""
    return f"w.text >= {quoted(letters)} AND w.text < {quoted(letters)[:-1]}{LAST}'"


def _similar_words(session: Session, typed: Collection[str]) -> tuple[_Known, dict[str, set[str]], dict[str, _Known]]:
    """All words found, and for each typed word those that sound like it, and all similar, related or longer ones."""
    keys = {word: (word_keys.slip_keys(word), word_keys.sound_keys(word)) for word in typed}
    ids = word_keys.find_word_ids(session, set().union(*chain.from_iterable(keys.values())))
    others = {word: nicknames.relatives(word).keys() | word_keys.spellings(word) for word in typed}
    pieces = {name for word in typed for way in splits(word, 2) for name in way}
    asked = [_with_text_sql(pieces.union(*others.values())), *(_begun_sql(word) for word in typed if len(word) > 2)]
    if ids:
        asked.append(f"{_WORDS} w.id IN ({', '.join(map(str, sorted(set().union(*ids.values()))))})")
    known = _select_known(session, " UNION ALL ".join(asked))
    texts = {word_id: text for text, (word_id, _) in known.items()}
    spoken, alike = {}, {}
    for word, (by_slip, by_sound) in keys.items():
        spoken[word] = {texts[word_id] for key in by_sound for word_id in ids.get(key, ())}
        near = {texts[word_id] for key in by_slip for word_id in ids.get(key, ())} | spoken[word] | others[word]
        alike[word] = {
            other: found
            for other, found in known.items()
            if other in near or (other.startswith(word) and len(word) > 2)
        }
    return known, spoken, alike


def _joined(known: _Known, ways: Iterable[tuple[str, ...]]) -> Joined:
    """Of the ways to split what was typed into known names, the one whose rarest name is the most common."""
    found = (way for way in ways if known.keys() >= set(way))
    best = max(found, key=lambda way: min(known[name][1] for name in way), default=())
    return {name: Word(0, -known[name][1], known[name][0]) for name in best}


def _begun_sql(typed: str) -> str:
    """The most common words that begin like this."""
    return f"SELECT * FROM ({_WORDS} {begins_with_sql(typed)} ORDER BY w.people DESC, w.text LIMIT {BEGUN}) AS begun"


def _by_text(session: Session, words: Collection[str]) -> _Known:
    return _select_known(session, _with_text_sql(words)) if words else {}


def _with_text_sql(words: Collection[str]) -> str:
    return f"{_WORDS} w.text IN ({quoted_list(words)})"


def _select_known(session: Session, sql: str) -> _Known:
    return {word: (word_id, people) for word, word_id, people in fetch_rows(session, sql)}


def _nearest(typed: str, known: _Known, spoken: set[str], two: Joined) -> Meant:
    relatives = nicknames.relatives(typed)
    whole: list[tuple[Word, Word]] = []
    begun: list[tuple[Word, Word]] = []
    for word, (word_id, people) in known.items():
        cost = likeness.rough_cost(typed, word, sounds_alike=word in spoken)
        as_first = min(cost, likeness.compare_relatives(typed, word).cost) if word in relatives else cost
        if as_first < TOO_FAR:
            found = begun if word != typed and word.startswith(typed) else whole
            found.append((Word(cost, -people, word_id), Word(as_first, -people, word_id)))
    # The nearest whole names, and the most common unfinished ones. Each has its own limit, so neither crowds out the
    # other.
    common = sorted(begun, key=lambda one: one[0][1:])[:BEGUN]
    firsts = sorted(first for _, first in whole)[:_WHOLE] + [first for _, first in common]
    lasts = sorted(last for last, _ in whole if last.cost < TOO_FAR)[:_WHOLE] + [last for last, _ in common]
    return Meant(sorted(firsts), sorted(lasts), two)


def _merge_words(lists: list[list[Word]]) -> list[Word]:
    if len(lists) == 1:
        return lists[0]
    best: dict[int, Word] = {}
    for word in sorted(chain.from_iterable(lists)):
        best.setdefault(word.id, word)
    return list(best.values())
