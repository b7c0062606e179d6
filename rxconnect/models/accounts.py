"""Accounts, staff posts, sign-ins, and emailed links."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class Account(SQLModel, table=True):
    """Someone who signs in. `email` is in lower case; `is_demo` marks the people of the demonstration.

    `kind` never changes: staff whose last post has ended do not become a family. `customer_token` is the processor's
    customer id, to which stored cards belong; "" until the first card is stored. `language` is the language of its
    emails and documents; "" until the first sign-in. The account of a person in custody (`models.kiosk`) has no password, and
    no email: what stands there is no address.
    """

    # The system has no account, so it is impossible to sign in as the system.
    __table_args__ = (CheckConstraint("kind IN ('family', 'staff', 'kiosk')", name="ck_account_kind"),)

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True, max_length=254)
    name: str = Field(max_length=80)
    password_hash: str
    kind: str = Field(default="family", max_length=10)
    is_demo: bool = False
    language: str = Field(default="", max_length=20)
    email_verified_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    customer_token: str = Field(default="", max_length=80)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)


class StaffPost(SQLModel, table=True):
    """The role of a member of staff at one facility. While it is suspended, it gives no rights there."""

    __tablename__ = "staff_post"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    facility_id: int = Field(primary_key=True, foreign_key="facility.id", index=True)
    role: str = Field(max_length=20)
    suspended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Invitation(SQLModel, table=True):
    """An emailed invitation to join a facility's staff. It works once, until it expires or is withdrawn."""

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True, max_length=64)
    facility_id: int = Field(foreign_key="facility.id", index=True)
    email: str = Field(max_length=254)
    name: str = Field(max_length=80)
    role: str = Field(max_length=20)
    invited_by: int = Field(foreign_key="account.id")
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PendingSignIn(SQLModel, table=True):
    """A browser whose password was right and whose second factor is still to come. It gives no access to anything."""

    __tablename__ = "pending_sign_in"

    token_hash: str = Field(primary_key=True, max_length=64)
    account_id: int = Field(foreign_key="account.id", index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class SignIn(SQLModel, table=True):
    """One signed-in browser. Its cookie and its device cookie are stored as hashes only.

    `device` describes the browser. `seen_at`, the last use, is up to a minute late (`services.accounts.seen`);
    `password_at` is the time when the password was last entered. A sign-in at a kiosk has its own cookie and names the kiosk.
    """

    __tablename__ = "sign_in"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True, max_length=64)
    account_id: int = Field(foreign_key="account.id", index=True)
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    device: str = Field(default="A browser", max_length=60)
    device_hash: str = Field(default="", max_length=64, index=True)
    seen_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    password_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    kiosk_device_id: int | None = Field(default=None, foreign_key="kiosk_device.id", index=True)


class EmailLink(SQLModel, table=True):
    """An emailed link, which proves that its user owns the address. `purpose` is `verify` or `reset`."""

    __tablename__ = "email_link"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True, max_length=64)
    account_id: int = Field(foreign_key="account.id", index=True)
    purpose: str = Field(max_length=10)
    email: str = Field(max_length=254)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
