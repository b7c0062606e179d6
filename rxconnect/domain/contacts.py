"""Contacts: the tie between an account and an inmate."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

REASON_MAX = 400


class ContactState(StrEnum):
    """Whether a facility's staff allow letters from an account to a person."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class ContactReviewView:
    """A contact that waits for staff, or a blocked pair, as staff see it. `reason` is the one given for a block.

    `key` identifies it among all of them.
    """

    key: str
    account_id: int
    inmate_id: int
    facility_id: int
    facility: str
    family: str
    person: str
    number: str
    asked: str
    reason: str


@dataclass(frozen=True, slots=True)
class ContactView:
    """A person whom an account may write to, with the facility and the credits available there."""

    id: int
    name: str
    first_name: str
    initials: str
    number: str
    facility_id: int
    facility_key: str
    facility: str
    # The name for narrow places.
    facility_short: str
    credits: int
    is_reachable: bool
    # The account has removed this contact. Its conversation is kept.
    is_removed: bool
    custody_label: str
    # What became of somebody who was released, moved, is missing from the list, or back on it; "" if there is nothing to say.
    fate_label: str = ""
    fate_note: str = ""
    is_favourite: bool = False
    # Why staff do not allow a letter now, or the person wants none, although they are reachable; "" if it can be written.
    blocked_by_staff: str = ""
