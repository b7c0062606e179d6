"""Contacts: the tie between an account and an inmate."""

from __future__ import annotations

from dataclasses import dataclass


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
    credits: int
    is_reachable: bool
    custody_label: str
