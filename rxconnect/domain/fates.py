"""What became of a person: released, moved, or missing from the list, as their family reads it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FateView:
    """Something new about one of an account's contacts. `note` says what it means, what happens to the credits, and what to do."""

    contact_id: int
    name: str
    label: str
    note: str
