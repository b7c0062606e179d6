"""Changes of an account's email address: how far one is, and its read model."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class EmailChangeStep(StrEnum):
    """What became of a change when somebody pressed a button behind one of its links. The values stand in an address."""

    WAITS_FOR_NEW = "new"
    WAITS_FOR_OLD = "old"
    DONE = "changed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class EmailChangeView:
    """A change that waits, as its account sees it. `until` is the time after which its links end."""

    new_email: str
    old_email: str
    new_is_confirmed: bool
    old_is_asked: bool
    old_is_confirmed: bool
    until: str
