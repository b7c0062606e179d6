"""The audit chain: how a row becomes a hash, and how a chain is verified. Pure, so that another program can do the same.

Each facility has one chain. The hash of a row covers all of the row and the hash of the row before it, so nobody can change,
remove or move a row without changing every hash after it. A head (`SEQUENCE:HASH`) that lies outside of the database then
proves everything up to it. docs/decisions/0060-the-audit-chain.md describes the encoding.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

# The first field of every encoded row. A change to the encoding takes another one.
VERSION = "rxconnect-audit-1"
# A row that was moved is looked for in this many places beyond the end of the chain,
_BEYOND = 1_000
# but no farther from its own place than this: whoever forges a head with a huge sequence would have `verify` look for ever.
_FARTHEST = 300_000


class ChainRow(NamedTuple):
    """A row of a chain, as it is stored. `details` is the stored text, and `previous` and `hash` are in hexadecimal."""

    sequence: int
    at: datetime
    account_id: int | None
    role: str
    kind: str
    message_id: int | None
    subject: str
    details: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last row of a chain at some time. Its sequence is also the number of rows."""

    sequence: int
    hash: str

    def __str__(self) -> str:
        """The head as it is mailed, printed and typed."""
        return f"{self.sequence}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> Head | None:
        """The head that somebody typed; None if it is not one."""
        found = re.fullmatch(r"(\d{1,15}):([0-9a-f]{64})", re.sub(r"\s", "", text).lower())
        return cls(int(found[1]), found[2]) if found else None


class Flaw(StrEnum):
    """What is wrong with a chain at its first broken row."""

    CHANGED = "changed"
    MISSING = "missing"
    INSERTED = "inserted"
    REORDERED = "reordered"
    CUT_OFF = "cut off"
    REWRITTEN = "rewritten"
    NO_END = "no end"


@dataclass(frozen=True, slots=True)
class Break:
    """The first broken row. For `CUT_OFF` and `REWRITTEN`, `until` is the sequence of the head that shows it.

    A chain that somebody computed anew from a row on is sound in itself, and only leads to another head. Then the first
    changed row is known only to lie from `sequence` to `until`. For `NO_END`, the database lacks the record of the chain's end,
    which would tell whether there was a row `sequence`.
    """

    sequence: int
    flaw: Flaw
    until: int = 0


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of a verification. `proven` rows lie before the head that was given, and `rows` were read in all."""

    rows: int
    last: Head
    proven: int = 0
    first_broken: Break | None = None

    @property
    def not_yet_anchored(self) -> int:
        """The number of sound rows after the head that was given; all of them without one."""
        return self.rows - self.proven


def genesis(facility_id: int) -> str:
    """The `previous` of a chain's first row. It differs for each facility, so no row fits into another's chain."""
    return sha256(_encode(VERSION, str(facility_id))).hexdigest()


def canonical_details(details: Mapping[str, object]) -> str:
    """The details of an act as the text that is stored and hashed: JSON in ASCII with sorted keys; "" without any."""
    return json.dumps(details, sort_keys=True, separators=(",", ":")) if details else ""


def row_hash(facility_id: int, row: ChainRow, *, sequence: int | None = None) -> str:
    """The hash that a row of a facility must have, at its own place or at another."""
    return sha256(
        _encode(
            VERSION,
            str(facility_id),
            str(row.sequence if sequence is None else sequence),
            row.at.isoformat(timespec="microseconds"),
            "" if row.account_id is None else str(row.account_id),
            row.role,
            row.kind,
            "" if row.message_id is None else str(row.message_id),
            row.subject,
            row.details,
            row.previous,
        )
    ).hexdigest()


def is_sound(facility_id: int, row: ChainRow, *, sequence: int | None = None) -> bool:
    """Whether a row has the hash that it must have, at its own place or at another.

    In SQLite, somebody may have stored a value of another type in any column. Such a row is not sound.
    """
    try:
        return row_hash(facility_id, row, sequence=sequence) == row.hash
    except (AttributeError, TypeError):
        return False


def verify(
    facility_id: int, rows: Iterable[ChainRow], *, head: Head | None = None, kept: Iterable[Head] = ()
) -> Verification:
    """Verify a chain whose `rows` come sorted by sequence, one at a time, up to its first broken row.

    `head` is one that lay outside of the database. `kept` are those in the database: they narrow down where a chain was
    rewritten, but prove nothing, since somebody who rewrites the chain may rewrite them too.
    """
    anchors: dict[int, set[str]] = {}
    for one in (*kept, *([head] if head else [])):
        anchors.setdefault(one.sequence, set()).add(one.hash)
    last, sound = genesis(facility_id), 0
    last_anchor = 0
    for row, following in _with_next(rows):
        place = sound + 1
        if row.sequence != place or row.previous != last or not is_sound(facility_id, row):
            most = max([place, *anchors]) + _BEYOND
            return Verification(sound, Head(sound, last), 0, _diagnose(facility_id, row, following, place, last, most))
        sound, last = place, row.hash
        if place in anchors:
            if anchors[place] != {last}:
                return Verification(sound, Head(sound, last), 0, Break(last_anchor + 1, Flaw.REWRITTEN, place))
            last_anchor = place
    if missing := [one for one in anchors if one > sound]:
        return Verification(sound, Head(sound, last), 0, Break(sound + 1, Flaw.CUT_OFF, max(missing)))
    return Verification(sound, Head(sound, last), head.sequence if head else 0)


def _with_next(rows: Iterable[ChainRow]) -> Iterator[tuple[ChainRow, ChainRow | None]]:
    """Each row with the one after it."""
    iterator = iter(rows)
    row = next(iterator, None)
    while row is not None:
        following = next(iterator, None)
        yield row, following
        row = following


def _diagnose(facility_id: int, row: ChainRow, following: ChainRow | None, place: int, last: str, most: int) -> Break:
    """What happened at `place`, where `row` is, after a sound row with the hash `last`."""
    if row.sequence != place:
        return Break(place, Flaw.MISSING if row.sequence > place else Flaw.INSERTED)
    if is_sound(facility_id, row):
        # It continues another row. The row after it tells which of the two was computed anew.
        is_followed = following is None or following.previous == row.hash
        return Break(max(1, place - 1) if is_followed else place, Flaw.CHANGED)
    original = _original_place(facility_id, row, place, most)
    if original is None:
        is_squeezed_in = following is not None and following.previous == last
        return Break(place, Flaw.INSERTED if is_squeezed_in else Flaw.CHANGED)
    if original < place:
        # It was moved down to make room for what was inserted.
        return Break(original, Flaw.INSERTED)
    is_gap = following is None or is_sound(facility_id, following, sequence=original + 1)
    return Break(place, Flaw.MISSING if is_gap else Flaw.REORDERED)


def _original_place(facility_id: int, row: ChainRow, place: int, most: int) -> int | None:
    """The sequence up to `most` for which a row's hash is right, the nearest to `place` first; None if it is right for none."""
    away = range(min(_FARTHEST, max(place, most - place) + 1))
    places = (one for distance in away for one in (place + distance, place - distance) if 0 < one <= most)
    return next((one for one in places if is_sound(facility_id, row, sequence=one)), None)


def _encode(*fields: str) -> bytes:
    """The fields one after another, each as its length in bytes, a colon, and its bytes in UTF-8."""
    parts = [field.encode() for field in fields]
    return b"".join(b"%d:%b" % (len(part), part) for part in parts)
