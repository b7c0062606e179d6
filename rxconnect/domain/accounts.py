"""Who acts: roles, what each may do, and the actor that every service is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from rxconnect.domain import clock
from rxconnect.domain.errors import NotAllowed, PasswordNeeded
from rxconnect.i18n import N_, _

PASSWORD_MIN = 10
PASSWORD_MAX = 256
NAME_MAX = 80
EMAIL_MAX = 254  # RFC 5321, section 4.5.3.1.3


class Role(StrEnum):
    """An account's role. Family writes letters; the others work for one facility."""

    FAMILY = "family"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    TRAINER = "trainer"

    @property
    def label(self) -> str:
        """The role as shown to people."""
        return _(_ROLES[self])

    @property
    def is_staff(self) -> bool:
        """Whether the role belongs to a facility's staff."""
        return self is not Role.FAMILY


_ROLES = {
    Role.FAMILY: N_("Family"),
    Role.REVIEWER: N_("Mail-room reviewer"),
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.AUDITOR: N_("Auditor"),
    Role.TRAINER: N_("Trainer"),
}


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


# For these a password must have been given within this time: a browser left open is not enough to move money. A new
# password and closing the account ask for the present one in their own forms, always.
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

    `language` is that of its emails and documents, `sign_in_id` the sign-in that it came with, `password_at` when its
    password was last given. An actor that no browser stands behind, as in commands and tests, has just proved who it is.
    """

    account_id: int
    name: str
    email: str
    role: Role
    email_verified: bool = True
    facility_id: int | None = None
    language: str = ""
    sign_in_id: int | None = None
    password_at: datetime = field(default_factory=clock.now)

    def may(self, permission: Permission) -> bool:
        """Whether this actor's role includes `permission`."""
        return permission in ROLE_PERMISSIONS[self.role]

    def must(self, permission: Permission) -> None:
        """Refuse to do what needs `permission`. Raises `NotAllowed`, or `PasswordNeeded` when that was too long ago."""
        if not self.may(permission):
            raise NotAllowed
        if permission in NEEDS_PASSWORD and not self.is_fresh:
            raise PasswordNeeded

    @property
    def is_fresh(self) -> bool:
        """Whether the password was given lately."""
        return clock.now() - self.password_at <= FRESH_FOR


@dataclass(frozen=True, slots=True)
class SignInView:
    """One browser in which the account is signed in, as its owner sees it: since when, and when it was last used."""

    id: int
    device: str
    first: str
    last: str
    is_this: bool
