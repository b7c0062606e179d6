"""A facility's team as its administrators see it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """A role or a facility to choose from."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role in plain words: what it is for, and what it may do."""

    value: str
    label: str
    purpose: str
    may: list[str]


@dataclass(frozen=True, slots=True)
class MemberView:
    """Somebody who works at the facility. `second_factor` says in words how they prove who they are."""

    account_id: int
    name: str
    email: str
    role: str
    role_label: str
    is_suspended: bool
    is_me: bool
    second_factor: str
    last_seen: str


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation that nobody has accepted yet."""

    id: int
    name: str
    email: str
    role_label: str
    sent: str
    is_expired: bool


@dataclass(frozen=True, slots=True)
class TeamView:
    """The staff of one facility, and the facilities of the administrator who looks."""

    facility_id: int
    facility: str
    facilities: list[Choice]
    members: list[MemberView]
    invitations: list[InvitationView]
