"""Drafts: messages being written, kept on the server from the first keystroke."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft with everything the compose page shows beside it: the latter empty until a contact is chosen."""

    id: int
    subject: str
    body: str
    characters: int
    saved: str
    contact_id: int | None = None
    contact: str = ""
    contact_first_name: str = ""
    facility_id: int | None = None
    facility: str = ""
    character_limit: int = 0
    characters_per_credit: int = 0
    cost: int = 0
    credits_before: int = 0
    price: str = ""
    rules: list[str] = field(default_factory=list)
    review_time: str = ""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft as a line in a list."""

    id: int
    contact: str
    subject: str
    snippet: str
    saved: str
