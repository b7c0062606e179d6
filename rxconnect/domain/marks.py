"""Marks in a letter: which passages of its subject and body a rule of screening found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise


class Part(StrEnum):
    """Where in a letter a rule found something. `WHOLE` is the letter as such: its sender, its length, its language.

    `CAPTIONS` are those of its photos, a line each.
    """

    SUBJECT = "subject"
    BODY = "body"
    CAPTIONS = "captions"
    WHOLE = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule found the characters from `start` up to `stop` of a part. Both are 0 for the letter as a whole."""

    rule_id: int
    part: Part = Part.WHOLE
    start: int = 0
    stop: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """A passage to mark, and what to say about it."""

    start: int
    stop: int
    note: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text. `note` says why it is marked, "" if it is not."""

    text: str
    note: str = ""


def pieces(text: str, marks: Iterable[Mark]) -> list[Piece]:
    """`text` cut where a mark begins or ends. A piece below several marks has all their notes, each once."""
    inside = [mark for mark in marks if 0 <= mark.start < mark.stop <= len(text)]
    cuts = sorted({0, len(text), *(mark.start for mark in inside), *(mark.stop for mark in inside)})
    found: list[Piece] = []
    for start, stop in pairwise(cuts):
        notes = dict.fromkeys(mark.note for mark in inside if mark.start <= start and stop <= mark.stop)
        found.append(Piece(text[start:stop], ", ".join(notes)))
    return found
