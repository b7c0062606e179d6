"""A facility's sheet: all names on its roster, packed so that one read loads them and C code compares them.

A roster has at most a few thousand people, so a search compares the typed name with every name on it. A sheet is
rebuilt in the same transaction whenever its roster changes.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain, pairwise
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rxconnect.search import likeness, nicknames
from rxconnect.search.likeness import TOO_FAR
from rxconnect.search.names import Booked
from rxconnect.search.normalise import Name, first_name, last_name, sound_of, sounds_of

# Sorts after every letter, so that `word < typed + _END` holds for every word that begins with `typed`.
_END = "\U0010ffff"
_ALIAS = "a"
_LENGTHS = struct.Struct("<19I")  # of the blocks that a sheet is made of


class Section(NamedTuple):
    """The sorted words of first or of last names, a hash of each word's sound, and the entries that have each word."""

    words: list[str]
    sounds: bytes
    starts: Sequence[int]
    entries: Sequence[int]


class Column(NamedTuple):
    """One field of all names: the texts that occur in it, and for each entry the index of its text."""

    texts: list[str]
    indexes: Sequence[int]

    def of(self, entry: int) -> str:
        """An entry's text."""
        return self.texts[self.indexes[entry]]


class Sheet(NamedTuple):
    """An entry is one name of a person. Entries of people still held come first; each group is in alphabetical order."""

    inmate_ids: Sequence[int]
    firsts: Section
    lasts: Section
    names: list[Column]

    def name(self, entry: int) -> Booked:
        """An entry's name."""
        first, middle, last, suffix, kind = (column.of(entry) for column in self.names)
        return Booked(first, middle, last, suffix, is_alias=kind == _ALIAS)


EMPTY = Sheet((), Section([], b"", (0,), ()), Section([], b"", (0,), ()), [])


def pack_sheet(entries: Sequence[tuple[int, Booked]]) -> bytes:
    """Pack a sheet of (inmate id, name) pairs, sorted in the order in which equal matches are shown."""
    entries_of_first, entries_of_last = defaultdict(list), defaultdict(list)
    names = [name for _, name in entries]
    for number, name in enumerate(names):
        for word in first_name(name.first).forms | first_name(name.middle).forms:
            entries_of_first[word].append(number)
        for word in last_name(name.last).forms:
            entries_of_last[word].append(number)
    firsts, lasts = sorted(entries_of_first), sorted(entries_of_last)
    blocks = [
        array("I", [inmate_id for inmate_id, _ in entries]).tobytes(),
        *_pack_section(firsts, entries_of_first),
        *_pack_section(lasts, entries_of_last),
        *_pack_column([name.first for name in names], firsts),
        *_pack_column([name.middle for name in names], firsts),
        *_pack_column([name.last for name in names], lasts),
        *_pack_column([name.suffix for name in names], ()),
        *_pack_column([_ALIAS if name.is_alias else "" for name in names], ()),
    ]
    return zlib.compress(_LENGTHS.pack(*map(len, blocks)) + b"".join(blocks), 6)


def unpack_sheet(body: bytes) -> Sheet:
    """The reverse of `pack_sheet`."""
    data = zlib.decompress(body)
    ends = list(accumulate(_LENGTHS.unpack_from(data), initial=_LENGTHS.size))
    blocks = [data[start:end] for start, end in pairwise(ends)]
    firsts, lasts = _unpack_section(blocks[1:5]), _unpack_section(blocks[5:9])
    words: tuple[list[str], ...] = (firsts.words, firsts.words, lasts.words, [], [])
    names = [_unpack_column(blocks[9 + 2 * kind : 11 + 2 * kind], known) for kind, known in enumerate(words)]
    return Sheet(array("I", blocks[0]), firsts, lasts, names)


class Lookup:
    """Looks up typed names in a section. It keeps what it has found, since the ways to read a whole name share words."""

    def __init__(self, section: Section, *, is_first: bool) -> None:
        self._section, self._is_first = section, is_first
        self._found: dict[frozenset[str], dict[int, int]] = {}

    def entries_like(self, typed: Name) -> dict[int, int]:
        """The entries with a similar name, each with an approximate cost that is never far above the real one."""
        costs = self._entries_with(frozenset([typed.whole]))
        if len(typed.parts) == 1 and typed.parts[0].core == typed.whole:
            return costs
        costs = costs.copy()
        # When several names were typed, an entry without one of them costs more.
        by_part = [self._entries_with(frozenset(part)) for part in typed.parts]
        for entry in set().union(*by_part):
            had = [found[entry] for found in by_part if entry in found]
            cost = sum(had) + likeness.PART + likeness.MORE_THAN_BOOKED * (len(by_part) - len(had))
            costs[entry] = min(cost, costs.get(entry, TOO_FAR))
        return costs

    def _entries_with(self, forms: frozenset[str]) -> dict[int, int]:
        if forms in self._found:
            return self._found[forms]
        costs = self._found[forms] = {}
        words, starts, entries = self._section.words, self._section.starts, self._section.entries
        for word in forms:
            spoken = set(_positions_sounding_like(self._section, sound_of(word)))
            relatives = nicknames.relatives(word) if self._is_first else {}
            for position in spoken | _positions_like(words, word, relatives):
                cost = likeness.rough_cost(word, words[position], sounds_alike=position in spoken)
                if words[position] in relatives:
                    cost = min(cost, likeness.compare_relatives(word, words[position]).cost)
                if cost < TOO_FAR:
                    for entry in entries[starts[position] : starts[position + 1]]:
                        if cost < costs.get(entry, TOO_FAR):
                            costs[entry] = cost
        return costs


def _positions_like(words: list[str], typed: str, relatives: Collection[str]) -> set[int]:
    found = set(_positions_beginning_with(words, typed))
    if len(typed) < 2:
        return found
    slips = likeness.slips_forgiven(len(typed))
    near = process.extract(typed, words, scorer=OSA.distance, score_cutoff=slips, limit=None)
    found.update(position for _, _, position in near)
    found.update(_positions_half_typed(words, typed))
    for relative in relatives:
        position = bisect_left(words, relative)
        if words[position : position + 1] == [relative]:
            found.add(position)
    return found


def _positions_beginning_with(words: list[str], beginning: str) -> range:
    """The positions of the words with this beginning. The word itself, if it exists, is the first."""
    start = bisect_left(words, beginning)
    return range(start, bisect_left(words, beginning + _END, start))


def _positions_half_typed(words: list[str], typed: str) -> Iterator[int]:
    """The positions of longer words whose beginning may have been typed with one error, but not in the first letter."""
    letters = len(typed)
    if letters >= likeness.HALF_TYPED:
        found = _positions_beginning_with(words, typed[0])
        # The beginning may be a letter longer or shorter than what was typed, and then it is two edits away if cut here.
        cut = [word[:letters] if len(word) > letters + 1 else None for word in words[found.start : found.stop]]
        for _, _, position in process.extract(typed, cut, scorer=OSA.distance, score_cutoff=2, limit=None):
            yield found[position]


def _positions_sounding_like(section: Section, spoken: str) -> Iterator[int]:
    """The positions of the words with this sound. Few others have the same hash."""
    mark = _sound_mark(spoken)
    at = section.sounds.find(mark) if spoken else -1
    while at >= 0:
        position, is_between = divmod(at, len(mark))
        if not is_between and sound_of(section.words[position]) == spoken:
            yield position
        at = section.sounds.find(mark, at + 1)


def _sound_mark(spoken: str) -> bytes:
    """A hash of the sound, of two bytes."""
    return zlib.crc32(spoken.encode()).to_bytes(4, "little")[:2]


def _pack_section(words: Sequence[str], entries_of: Mapping[str, Sequence[int]]) -> Iterator[bytes]:
    groups = [entries_of[word] for word in words]
    yield _pack_lines(words)
    yield b"".join(map(_sound_mark, sounds_of(words)))
    yield _pack_numbers(map(len, groups))
    yield _pack_numbers(chain.from_iterable(groups))


def _unpack_section(blocks: Sequence[bytes]) -> Section:
    starts = list(accumulate(_unpack_numbers(blocks[2]), initial=0))
    return Section(_unpack_lines(blocks[0]), blocks[1], starts, _unpack_numbers(blocks[3]))


def _pack_column(texts: Sequence[str], words: Sequence[str]) -> Iterator[bytes]:
    """Pack a column. Most texts are among the sheet's `words`, so only the others are stored."""
    others = sorted(set(texts).difference(words))
    indexes = {text: index for index, text in enumerate([*words, *others])}
    yield _pack_lines(others)
    yield _pack_numbers(indexes[text] for text in texts)


def _unpack_column(blocks: Sequence[bytes], words: list[str]) -> Column:
    return Column(words + _unpack_lines(blocks[0]), _unpack_numbers(blocks[1]))


def _pack_numbers(numbers: Iterable[int]) -> bytes:
    """Pack numbers in one, two or four bytes each, as needed; the last byte says which."""
    found = list(numbers)
    most = max(found, default=0)
    kind = "B" if most < 1 << 8 else "H" if most < 1 << 16 else "I"
    return array(kind, found).tobytes() + kind.encode()


def _unpack_numbers(block: bytes) -> Sequence[int]:
    return array(block[-1:].decode(), block[:-1])


def _pack_lines(texts: Iterable[str]) -> bytes:
    return "".join(f"{text}\n" for text in texts).encode()


def _unpack_lines(block: bytes) -> list[str]:
    return block.decode().split("\n")[:-1]


def entries_in_order(people: Iterable[tuple[bool, str, int, list[Booked]]]) -> list[tuple[int, Booked]]:
    """Turn (is held, number key, inmate id, names) into the ordered entries of a sheet."""
    entries = [
        (not held, name.last, name.first, number, inmate_id, name)
        for held, number, inmate_id, names in people
        for name in names
    ]
    return [(inmate_id, name) for *_, inmate_id, name in sorted(entries)]
