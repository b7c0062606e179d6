"""Drafts: messages being written, kept on the server from the first keystroke."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft with everything the compose page shows beside it."""

    id: int
    contact_id: int | None
    contact: str
    contact_first_name: str
    facility_id: int | None
    facility: str
    subject: str
    body: str
    characters: int
    character_limit: int
    characters_per_credit: int
    cost: int
    credits_before: int
    price: str
    rules: list[str]
    review_time: str
    saved: str


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft as a line in a list."""

    id: int
    contact: str
    subject: str
    snippet: str
    saved: str
