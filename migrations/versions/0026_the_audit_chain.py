"""the audit chain of each facility, and the heads that are kept of it

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

# Evidence: rows are added, never updated or deleted. The key of each table is after its name.
APPEND_ONLY = {"audit_row": "sequence", "audit_head": "day"}
_ABOUT_LETTER = sa.text("message_id IS NOT NULL")


def upgrade() -> None:
    """Create the tables. A chain begins with its facility's first act."""
    op.create_table(
        "audit_row",
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer()),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("message_id", sa.Integer()),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("details", sa.String(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "sequence"),
    )
    op.create_index("ix_audit_row_at", "audit_row", ["facility_id", "at"])
    op.create_index("ix_audit_row_account", "audit_row", ["facility_id", "account_id", "sequence"])
    op.create_index("ix_audit_row_kind", "audit_row", ["facility_id", "kind", "sequence"])
    op.create_index(
        "ix_audit_row_message",
        "audit_row",
        ["message_id"],
        sqlite_where=_ABOUT_LETTER,
        postgresql_where=_ABOUT_LETTER,
    )
    op.create_table(
        "audit_chain",
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), primary_key=True),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("headed_on", sa.Date(), nullable=False),
        sa.Column("headed_sequence", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "audit_head",
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("facility_id", "day"),
    )
    for table, key in APPEND_ONLY.items():
        forbid_changes(table, key)


def forbid_changes(table: str, key: str) -> None:
    """Make the database itself refuse UPDATE, DELETE, and what replaces or empties."""
    sentence = f"{table} is append-only"
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            )
        # INSERT OR REPLACE deletes a conflicting row without firing the DELETE trigger.
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 - all of it stands here
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE facility_id = NEW.facility_id AND {key} = NEW.{key}) "
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{sentence}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()"
    )
