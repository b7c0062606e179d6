"""The index that finds words despite one error: a hash of the word without each of its letters, and a hash of its sound.

Two words that differ by one letter, or by two swapped letters, are equal without one letter each. If one word has an
extra letter, it equals the other one without that letter.

Three million pairs of a hash and a word are packed into some thirty thousand blocks of ninety pairs. As single rows
they would take five times as much space in PostgreSQL, most of it for row headers.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import islice

from sqlalchemy import bindparam, insert, update
from sqlmodel import Session, col

from rxconnect.models import NameKeyBlock
from rxconnect.search.normalise import sound_of, words_less_a_letter
from rxconnect.search.raw_sql import fetch_rows

_LONGEST_KEYED = 20  # letters; further ones are not compared
_BLOCK_BITS = 16  # the low bits of a hash identify it within its block; the high bits are the number of the block
_MARK, _ID = 2, 4  # bytes of the low bits of a hash (its mark), and of a word's id
_AT_ONCE = 1_000  # blocks in one statement
# The marks of a block, and the same number of ids.
_Block = tuple[bytearray, bytearray]
_BLOCKS = "SELECT block, body FROM name_key_block WHERE block IN"
_REWRITE = update(NameKeyBlock).where(col(NameKeyBlock.block) == bindparam("known")).values(body=bindparam("new"))


def keys_of(word: str) -> set[int]:
    """The hashes under which a word is stored, without its own hash, since a query by text finds it."""
    return {_hash(spelling) for spelling in spellings(word) if spelling != word} | sound_keys(word)


def slip_keys(word: str) -> set[int]:
    """The hashes under which words that are one error away from this one are stored."""
    return {_hash(spelling) for spelling in spellings(word)}


def sound_keys(word: str) -> set[int]:
    """The hash under which words that sound like this one are stored; none for a word without a sound."""
    spoken = sound_of(word)
    return {_hash(f"~{spoken}")} if spoken else set()


def spellings(word: str) -> set[str]:
    """The word, and the word without each one of its letters."""
    short = word[:_LONGEST_KEYED]
    return {word, *(words_less_a_letter(short) if len(short) > 2 else ())}


def find_word_ids(session: Session, keys: Collection[int]) -> dict[int, list[int]]:
    """The ids of the words stored under each of these hashes. Hashes without words are left out."""
    wanted = defaultdict(list)
    for key in keys:
        wanted[key >> _BLOCK_BITS].append(key)
    blocks = _select_blocks(session, wanted)
    found = {key: _ids_in_block(body, key) for block, body in blocks.items() for key in wanted[block]}
    return {key: ids for key, ids in found.items() if ids}


def store_words(session: Session, words: Mapping[str, int]) -> None:
    """Store new words, each with its id, under their hashes. The caller holds the directory's lock."""
    # Packed as bytes to save memory, because an upgrade adds all three million pairs at once.
    new: dict[int, _Block] = defaultdict(lambda: (bytearray(), bytearray()))
    for word, word_id in words.items():
        for key in keys_of(word):
            marks, ids = new[key >> _BLOCK_BITS]
            marks += _mark(key)
            ids += word_id.to_bytes(_ID, "little")
    blocks = iter(sorted(new.items()))
    while some := dict(islice(blocks, _AT_ONCE)):
        _write_blocks(session, some)


def _select_blocks(session: Session, blocks: Collection[int]) -> dict[int, bytes]:
    listed = ", ".join(map(str, sorted(blocks)))
    return dict(fetch_rows(session, f"{_BLOCKS} ({listed})")) if blocks else {}


def _write_blocks(session: Session, new: dict[int, _Block]) -> None:
    connection = session.connection()
    known = _select_blocks(session, new)
    if known:
        connection.execute(
            _REWRITE, [{"known": block, "new": _block_with_pairs(body, new[block])} for block, body in known.items()]
        )
    if begun := [
        {"block": block, "body": _block_with_pairs(b"", more)} for block, more in new.items() if block not in known
    ]:
        connection.execute(insert(NameKeyBlock), begun)


def _block_with_pairs(body: bytes, more: _Block) -> bytes:
    """A block with pairs added: first all marks, then all ids."""
    marks, ids = _marks_and_ids(body)
    return b"".join((marks, more[0], ids, more[1]))


def _ids_in_block(body: bytes, key: int) -> list[int]:
    marks, ids = _marks_and_ids(body)
    return [int.from_bytes(ids[_ID * at : _ID * (at + 1)], "little") for at in _positions_of_mark(marks, _mark(key))]


def _positions_of_mark(marks: bytes, mark: bytes) -> Iterator[int]:
    at = marks.find(mark)
    while at >= 0:
        position, is_between = divmod(at, _MARK)
        if not is_between:
            yield position
        at = marks.find(mark, at + 1)


def _marks_and_ids(body: bytes) -> tuple[bytes, bytes]:
    ends = len(body) // (_MARK + _ID) * _MARK
    return body[:ends], body[ends:]


def _mark(key: int) -> bytes:
    return (key & (1 << _BLOCK_BITS) - 1).to_bytes(_MARK, "little")


def _hash(text: str) -> int:
    """A hash of 31 bits. A collision is rare, and costs only a comparison."""
    return zlib.crc32(text.encode()) & 0x7FFFFFFF
