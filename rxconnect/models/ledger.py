"""The double-entry ledger: accounts, journals and their postings. Append-only, by trigger (see the migration)."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, UniqueConstraint
from sqlmodel import Field, SQLModel

from rxconnect.domain import clock
from rxconnect.models.types import UtcDateTime


class LedgerAccount(SQLModel, table=True):
    """An account that holds cents or credits. `balance` may not fall below `floor`, unless `floor` is NULL.

    `owner_id` is an account's id for wallets and holds and 0 otherwise; `facility_id` is 0 for accounts of no facility.
    """

    __tablename__ = "ledger_account"
    __table_args__ = (
        UniqueConstraint("kind", "owner_id", "facility_id", "unit"),
        CheckConstraint("balance >= floor", name="ck_balance_floor"),
        CheckConstraint("unit IN ('cent', 'credit')", name="ck_unit"),
        Index("ix_ledger_account_owner", "owner_id", "kind"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=20)
    owner_id: int = 0
    facility_id: int = 0
    unit: str = Field(max_length=6)
    floor: int | None = 0
    # 32 bits would overflow at 21 million dollars.
    balance: int = Field(default=0, sa_type=BigInteger)


class Journal(SQLModel, table=True):
    """One balanced movement. Its postings sum to zero in each unit; its idempotency key is unique, so it happens once."""

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=20)
    idempotency_key: str = Field(unique=True, max_length=80)
    reverses: int | None = Field(
        default=None, sa_column=Column(Integer, ForeignKey("journal.id"), unique=True, nullable=True)
    )
    subject: str = Field(default="", max_length=60, index=True)
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)


class Posting(SQLModel, table=True):
    """One line of a journal: `amount` (never zero) into or out of an account, and the balance after it."""

    __table_args__ = (CheckConstraint("amount <> 0", name="ck_amount"),)

    id: int | None = Field(default=None, primary_key=True)
    journal_id: int = Field(foreign_key="journal.id", index=True)
    account_id: int = Field(foreign_key="ledger_account.id", index=True)
    unit: str = Field(max_length=6)
    amount: int = Field(sa_type=BigInteger)
    balance_after: int = Field(sa_type=BigInteger)
