"""Roles, what each role may do, and the actor that every service is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from rxconnect.domain import clock
from rxconnect.domain.errors import NotAllowed, PasswordNeeded

PASSWORD_MIN = 10
PASSWORD_MAX = 256
NAME_MAX = 80
EMAIL_MAX = 254  # RFC 5321, section 4.5.3.1.3


class Role(StrEnum):
    """An account's role. Family members write messages; all others work for one facility."""

    FAMILY = "family"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    TRAINER = "trainer"

    @property
    def label(self) -> str:
        """The role as shown to people."""
        return {"family": "Family", "reviewer": "Mail-room reviewer"}.get(self.value, self.value.capitalize())

    @property
    def is_staff(self) -> bool:
        """Whether the role belongs to a facility's staff."""
        return self is not Role.FAMILY


class Permission(StrEnum):
    """Something an actor may be allowed to do."""

    WRITE_MESSAGES = "write messages"
    BUY_CREDITS = "buy credits"
    FIND_PEOPLE = "find people"
    REVIEW_MESSAGES = "review messages"
    IMPORT_ROSTERS = "import rosters"
    SEE_FINANCE = "see finance"
    REFUND = "refund"
    SET_AUTO_RELOAD = "set auto-reload"


# These permissions need a password that was given within this time, so that an open browser is not enough to move money.
# The forms for a new password and for closing the account always ask for the present password.
FRESH_FOR = timedelta(minutes=15)
NEEDS_PASSWORD = frozenset({Permission.REFUND, Permission.SET_AUTO_RELOAD})

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.FAMILY: frozenset(
        {Permission.WRITE_MESSAGES, Permission.BUY_CREDITS, Permission.FIND_PEOPLE, Permission.SET_AUTO_RELOAD}
    ),
    Role.REVIEWER: frozenset({Permission.REVIEW_MESSAGES}),
    Role.ADMINISTRATOR: frozenset(
        {Permission.REVIEW_MESSAGES, Permission.IMPORT_ROSTERS, Permission.SEE_FINANCE, Permission.REFUND}
    ),
    Role.AUDITOR: frozenset({Permission.SEE_FINANCE}),
    Role.TRAINER: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """The signed-in account on whose behalf a service runs.

    `sign_in_id` is the sign-in that it came with, and `password_at` when its password was last given. An actor without a
    browser, as in commands and tests, counts as one that has just given its password.
    """

    account_id: int
    name: str
    email: str
    role: Role
    email_verified: bool = True
    facility_id: int | None = None
    sign_in_id: int | None = None
    password_at: datetime = field(default_factory=clock.now)

    def may(self, permission: Permission) -> bool:
        """Whether this actor's role includes `permission`."""
        return permission in ROLE_PERMISSIONS[self.role]

    def must(self, permission: Permission) -> None:
        """Refuse what needs `permission`. Raises `NotAllowed`, or `PasswordNeeded` when the password was given too long ago."""
        if not self.may(permission):
            raise NotAllowed
        if permission in NEEDS_PASSWORD and not self.is_fresh:
            raise PasswordNeeded

    @property
    def is_fresh(self) -> bool:
        """Whether the password was given within `FRESH_FOR`."""
        return clock.now() - self.password_at <= FRESH_FOR


@dataclass(frozen=True, slots=True)
class SignInView:
    """One browser in which the account is signed in, as its owner sees it: `first` and `last` say when it was used."""

    id: int
    device: str
    first: str
    last: str
    is_this: bool
