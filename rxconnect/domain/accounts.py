"""Who acts: roles, what each may do, and the actor that every service is given."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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


ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.FAMILY: frozenset({Permission.WRITE_MESSAGES, Permission.BUY_CREDITS, Permission.FIND_PEOPLE}),
    Role.REVIEWER: frozenset({Permission.REVIEW_MESSAGES}),
    Role.ADMINISTRATOR: frozenset(
        {Permission.REVIEW_MESSAGES, Permission.IMPORT_ROSTERS, Permission.SEE_FINANCE, Permission.REFUND}
    ),
    Role.AUDITOR: frozenset({Permission.SEE_FINANCE}),
    Role.TRAINER: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """The signed-in account on whose behalf a service runs."""

    account_id: int
    name: str
    email: str
    role: Role
    email_verified: bool = True
    facility_id: int | None = None

    def may(self, permission: Permission) -> bool:
        """Whether this actor's role includes `permission`."""
        return permission in ROLE_PERMISSIONS[self.role]
