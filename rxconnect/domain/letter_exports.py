"""Letters that a family takes along: one, or a conversation, as a PDF or as an archive."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from rxconnect.domain.messages import MessageView
from rxconnect.domain.photos import PrintedPhoto

# The letters of a PDF, whose photos take time to print. An archive has all of them.
MOST_IN_PDF = 100


@dataclass(frozen=True, slots=True)
class ExportedLetter:
    """A letter as its family sees it, with the photos whose files can be read."""

    message: MessageView
    photos: list[PrintedPhoto] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ExportedConversation:
    """The newest letters with one contact, the oldest first. `total` is the number of all of them."""

    contact_id: int
    name: str
    number: str
    facility: str
    total: int
    letters: list[ExportedLetter]


def file_name(what: str, person: str, date: str, ending: str) -> str:
    """`RxConnect-letter-Marcus-Delgado-2026-03-03.pdf`. Only letters, digits and hyphens of a name are kept."""
    words = "".join(one if one.isalnum() or unicodedata.combining(one) else " " for one in person).split()
    return "-".join(filter(None, ["RxConnect", what, *words, date])) + f".{ending}"
