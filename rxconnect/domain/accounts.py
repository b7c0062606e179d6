"""Actors: their kinds and roles, what each may do, and the `Actor` that every service is given."""

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


class ActorKind(StrEnum):
    """The kind of an actor. Each has a guard of its own (`state/guard.py`) and reaches nothing of another kind's.

    `KIOSK` is a tablet that people in custody share. `SYSTEM` is RxConnect itself, in its jobs and commands: it has no
    account, so it cannot be signed in to.
    """

    FAMILY = "family"
    STAFF = "staff"
    KIOSK = "kiosk"
    SYSTEM = "system"


class Role(StrEnum):
    """The role of a member of staff at one facility."""

    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    TRAINER = "trainer"

    @property
    def label(self) -> str:
        """The role as shown to people."""
        return _(_ROLES[self])

    @property
    def purpose(self) -> str:
        """What the role is for, in one sentence."""
        return _(_PURPOSES[self])


@dataclass(frozen=True, slots=True)
class Post:
    """A role at a facility. A member of staff has one at each facility that they work for."""

    facility_id: int
    role: Role


_ROLES = {
    Role.REVIEWER: N_("Mail-room reviewer"),
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.AUDITOR: N_("Auditor"),
    Role.TRAINER: N_("Trainer"),
}


_PURPOSES = {
    Role.REVIEWER: N_("For the people who read the mail."),
    Role.ADMINISTRATOR: N_("For the people who are responsible for the facility's mail and its staff."),
    Role.AUDITOR: N_("For the people who check, and change nothing."),
    Role.TRAINER: N_("For the people who show RxConnect to others, with invented people."),
}


class Permission(StrEnum):
    """Something an actor may be allowed to do."""

    WRITE_MESSAGES = "write messages"
    BUY_CREDITS = "buy credits"
    FIND_PEOPLE = "find people"
    REVIEW_MESSAGES = "review messages"
    DECIDE_ESCALATED = "decide escalated"
    BLOCK_CONTACTS = "block contacts"
    SEE_RULES = "see rules"
    IMPORT_ROSTERS = "import rosters"
    SEE_FINANCE = "see finance"
    REFUND = "refund"
    SET_AUTO_RELOAD = "set auto-reload"
    SHOW_DEMOS = "show demos"
    SEE_SETTINGS = "see settings"
    ADMINISTER = "administer"
    MANAGE_STAFF = "manage staff"
    SEE_QUALITY = "see quality"
    SEE_AUDIT = "see audit"
    SEE_REPORTS = "see reports"
    VERIFY_LAWYERS = "verify lawyers"
    SEAL_LETTERS = "seal letters"
    BREAK_GLASS = "break glass"
    MANAGE_KIOSKS = "manage kiosks"
    SET_PINS = "set pins"
    USE_KIOSK = "use kiosk"

    @property
    def label(self) -> str:
        """What a member of staff with this permission may do, in words. The permissions of families and of kiosks have none."""
        return _(_STAFF_PERMISSIONS[self])


_STAFF_PERMISSIONS = {
    Permission.REVIEW_MESSAGES: N_("Reads messages that wait, and decides them"),
    Permission.DECIDE_ESCALATED: N_("Decides what reviewers escalated"),
    Permission.BLOCK_CONTACTS: N_("Blocks letters between two people"),
    Permission.SEE_SETTINGS: N_("Sees the facility's settings, and which rosters were imported"),
    Permission.SEE_RULES: N_("Reads the rules by which letters are held, and what they have held"),
    Permission.ADMINISTER: N_("Sets the facility's rules, reasons, prices, opening and promised time"),
    Permission.MANAGE_STAFF: N_("Invites staff, changes their roles, and suspends them"),
    Permission.IMPORT_ROSTERS: N_("Imports the roster of people in custody"),
    Permission.SEE_FINANCE: N_("Sees what families paid and what went back"),
    Permission.REFUND: N_("Refunds unused credits to a family's card"),
    Permission.SEE_QUALITY: N_("Sees how well second readings agree; reviewers see their own letters alone"),
    Permission.SEE_AUDIT: N_("Sees who did what, and when"),
    Permission.SEE_REPORTS: N_("Sees reports about letters and decisions, and exports them"),
    Permission.VERIFY_LAWYERS: N_("Verifies lawyers, whose letters staff cannot read"),
    Permission.SEAL_LETTERS: N_("Prints letters of lawyers to be handed over sealed"),
    Permission.BREAK_GLASS: N_("Opens one letter of a lawyer, together with another administrator"),
    Permission.MANAGE_KIOSKS: N_("Sets up kiosks and takes them out of use"),
    Permission.SET_PINS: N_("Gives people in custody a new PIN for the kiosk"),
    Permission.SHOW_DEMOS: N_("Starts demo sessions and leads them"),
}

# These permissions need a password that was entered within this time, so that an open browser is not enough to move
# money, to let somebody in, or to decide what staff may read. Staff also give their second factor. The forms for a new
# password and for closing the account always ask for the present password.
FRESH_FOR = timedelta(minutes=15)
NEEDS_PASSWORD = frozenset(
    {
        Permission.REFUND,
        Permission.SET_AUTO_RELOAD,
        Permission.MANAGE_STAFF,
        Permission.VERIFY_LAWYERS,
        Permission.SEAL_LETTERS,
        Permission.BREAK_GLASS,
        Permission.MANAGE_KIOSKS,
        Permission.SET_PINS,
    }
)

# The permissions of a kind of actor everywhere, and of a role at its own facility. Staff have none without a post. The
# services that the system calls require no permission.
PERMISSIONS: dict[ActorKind | Role, frozenset[Permission]] = {
    ActorKind.FAMILY: frozenset(
        {Permission.WRITE_MESSAGES, Permission.BUY_CREDITS, Permission.FIND_PEOPLE, Permission.SET_AUTO_RELOAD}
    ),
    ActorKind.STAFF: frozenset(),
    ActorKind.KIOSK: frozenset({Permission.USE_KIOSK}),
    ActorKind.SYSTEM: frozenset(),
    Role.REVIEWER: frozenset(
        {
            Permission.REVIEW_MESSAGES,
            Permission.BLOCK_CONTACTS,
            Permission.SEE_SETTINGS,
            Permission.SEE_RULES,
            Permission.SEE_QUALITY,
            Permission.SET_PINS,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.REVIEW_MESSAGES,
            Permission.DECIDE_ESCALATED,
            Permission.BLOCK_CONTACTS,
            Permission.SEE_SETTINGS,
            Permission.SEE_RULES,
            Permission.ADMINISTER,
            Permission.MANAGE_STAFF,
            Permission.IMPORT_ROSTERS,
            Permission.SEE_FINANCE,
            Permission.REFUND,
            Permission.SEE_QUALITY,
            Permission.SEE_AUDIT,
            Permission.SEE_REPORTS,
            Permission.VERIFY_LAWYERS,
            Permission.SEAL_LETTERS,
            Permission.BREAK_GLASS,
            Permission.MANAGE_KIOSKS,
            Permission.SET_PINS,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            Permission.SEE_SETTINGS,
            Permission.SEE_FINANCE,
            Permission.SEE_RULES,
            Permission.SEE_QUALITY,
            Permission.SEE_AUDIT,
            Permission.SEE_REPORTS,
        }
    ),
    Role.TRAINER: frozenset({Permission.SHOW_DEMOS}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """The signed-in account on whose behalf a service runs, or `SYSTEM`.

    Only staff have `posts`. At a kiosk, `inmate_id` is the person in custody who signed in, and `account_id` their account,
    which only a kiosk can be signed in to. `language` is the language of its emails and documents, `sign_in_id` its current sign-in,
    and `password_at` the time when its password was last entered. An actor without a browser, as in commands and tests,
    counts as having just entered it.
    """

    account_id: int
    name: str
    email: str
    kind: ActorKind
    posts: tuple[Post, ...] = ()
    email_verified: bool = True
    language: str = ""
    sign_in_id: int | None = None
    inmate_id: int | None = None
    password_at: datetime = field(default_factory=clock.now)

    def may(self, permission: Permission) -> bool:
        """Whether this kind of actor has `permission` everywhere. Never true for staff: see `facilities`."""
        return permission in PERMISSIONS[self.kind]

    def facilities(self, permission: Permission) -> tuple[int, ...]:
        """The ids of the facilities at which the actor's role includes `permission`. Services filter queries by it."""
        return tuple(post.facility_id for post in self.posts if permission in PERMISSIONS[post.role])

    def must(self, permission: Permission) -> tuple[int, ...]:
        """Require `permission`, and return the ids of the facilities at which the actor has it.

        Raises `NotAllowed` when the actor does not have it, and `PasswordNeeded` when the last password check is too
        old.
        """
        facility_ids = self.facilities(permission)
        if not facility_ids and not self.may(permission):
            raise NotAllowed
        if permission in NEEDS_PASSWORD:
            self.must_be_fresh()
        return facility_ids

    def must_be_fresh(self) -> None:
        """Require a recent password check. Raises `PasswordNeeded`."""
        if not self.is_fresh:
            raise PasswordNeeded

    def acts_as(self, facility_id: int) -> ActorKind | Role:
        """The role of a staff actor at a facility, or the kind of another actor, as a message's events store it."""
        return next((post.role for post in self.posts if post.facility_id == facility_id), self.kind)

    @property
    def is_fresh(self) -> bool:
        """Whether the password was entered within `FRESH_FOR`."""
        return clock.now() - self.password_at <= FRESH_FOR


# Acts in jobs and commands. No row has the id 0.
SYSTEM = Actor(0, "RxConnect", "", ActorKind.SYSTEM)


@dataclass(frozen=True, slots=True)
class PostView:
    """A post as its holder sees it."""

    facility_id: int
    facility: str
    role: str


@dataclass(frozen=True, slots=True)
class SignInView:
    """One browser in which the account is signed in, as its owner sees it: `first` and `last` say when it was used."""

    id: int
    device: str
    first: str
    last: str
    is_this: bool
