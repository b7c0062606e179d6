"""The guided walkthrough (GET STARTED): its steps in order, and the read model."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class WalkthroughStep(StrEnum):
    """A step of the walkthrough, in order."""

    FACILITY = "facility"
    INMATE = "inmate"
    CREDITS = "credits"
    WRITE = "write"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class WalkthroughView:
    """The account's step, choices and typed query. Ids are None until chosen."""

    step: str
    facility_id: int | None
    facility: str
    facility_place: str
    number: str
    first_name: str
    last_name: str
    born: str
    is_everywhere: bool
    state: str
    contact_id: int | None
    purchase_id: str
    draft_id: int | None
    is_active: bool
