"""Searching one's own messages: which of them, and what is found, with the matching letters marked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from rxconnect.domain.messages import MessageStatus
from rxconnect.domain.text import fold


class MessageFilter(StrEnum):
    """Which messages a search looks through."""

    ALL = "all"
    UNREAD = "unread"
    IN_REVIEW = "in review"
    NOT_DELIVERED = "not delivered"

    @property
    def statuses(self) -> list[MessageStatus]:
        """The statuses of the sent messages it keeps; none if it does not go by status."""
        return {
            MessageFilter.IN_REVIEW: [status for status in MessageStatus if status.is_undecided],
            MessageFilter.NOT_DELIVERED: [status for status in MessageStatus if status.returns_credits],
        }.get(self, [])


# A text as (part, whether it matches what was typed).
Highlighted = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class FoundMessageView:
    """A message found by search, with the words around the first match. `status_label` is "" for an incoming one."""

    id: int
    subject: Highlighted
    snippet: Highlighted
    at: str
    is_unread: bool
    status_label: str
    status_tone: str


@dataclass(frozen=True, slots=True)
class FoundPersonView:
    """The messages found with one contact, the newest first."""

    contact_id: int
    name: str
    facility: str
    messages: list[FoundMessageView]


@dataclass(frozen=True, slots=True)
class FoundMessages:
    """What a search found: all of it counted, and the newest shown, by person."""

    count: int = 0
    shown: int = 0
    people: list[FoundPersonView] = field(default_factory=list)


def highlight(text: str, words: list[str]) -> Highlighted:
    """`text` with every place of the folded `words` marked: `jose` in `José’s`. Blanks are never part of a word."""
    folded = [" " if letter.isspace() else fold(letter) for letter in text]
    owners = [place for place, letters in enumerate(folded) for _letter in letters]
    line = "".join(folded)
    found: set[int] = set()
    for word in words:
        for match in re.finditer(re.escape(word), line):
            found.update(range(owners[match.start()], owners[match.end() - 1] + 1))
    parts = groupby(enumerate(text), key=lambda place: place[0] in found)
    return [("".join(letter for _place, letter in letters), is_found) for is_found, letters in parts]
