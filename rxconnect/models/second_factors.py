"""Second factors of staff: passkeys, an app that makes one-time codes, and recovery codes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class Passkey(SQLModel, table=True):
    """A WebAuthn credential. `credential_id` and the COSE `public_key` are in base64url; neither is a secret.

    `sign_count` is the authenticator's own counter, which is 0 for most passkeys.
    """

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    # The specification allows 1,023 bytes.
    credential_id: str = Field(unique=True, max_length=1400)
    public_key: str = Field(max_length=4000)
    sign_count: int = Field(default=0, sa_type=BigInteger)
    name: str = Field(max_length=60)
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CodeApp(SQLModel, table=True):
    """The app that makes an account's one-time codes (TOTP). `secret` is encrypted (`services.second_factors.sealing`).

    `last_step` is the 30-second step of the last code that was used, so that no code works twice.
    """

    __tablename__ = "code_app"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    secret: str = Field(max_length=200)
    last_step: int = 0
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RecoveryCode(SQLModel, table=True):
    """One code that signs in once without the usual second factor. Only a keyed hash of it is stored."""

    __tablename__ = "recovery_code"

    code_hash: str = Field(primary_key=True, max_length=64)
    account_id: int = Field(foreign_key="account.id", index=True)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
