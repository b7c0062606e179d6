"""people who are missing from a list, changes of their numbers, and imports that can be taken back

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is missing yet: who was missing from a list before this migration counts as released."""
    op.add_column("facility", sa.Column("release_after_days", sa.Integer(), nullable=False, server_default="3"))
    op.create_table(
        "inmate_absence",
        sa.Column("inmate_id", sa.Integer(), sa.ForeignKey("inmate.id"), primary_key=True, autoincrement=False),
        sa.Column("names", sa.String(length=160), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lists", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True)),
        sa.Column("returned_at", sa.DateTime(timezone=True)),
        sa.Column("is_told", sa.Boolean(), nullable=False),
    )
    for column in ("names", "due_at", "returned_at"):
        op.create_index(f"ix_inmate_absence_{column}", "inmate_absence", [column])
    _create_imports()
    op.create_table(
        "inmate_merge",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("inmate_id", sa.Integer(), sa.ForeignKey("inmate.id"), nullable=False),
        sa.Column("import_id", sa.Integer(), sa.ForeignKey("roster_import.id")),
        sa.Column("from_facility_id", sa.Integer(), sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("from_number", sa.String(length=24), nullable=False),
        sa.Column("from_number_key", sa.String(length=40), nullable=False),
        sa.Column("to_facility_id", sa.Integer(), sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("to_number", sa.String(length=24), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("split_at", sa.DateTime(timezone=True)),
        sa.Column("other_id", sa.Integer(), sa.ForeignKey("inmate.id")),
    )
    for column in ("inmate_id", "import_id", "to_facility_id"):
        op.create_index(f"ix_inmate_merge_{column}", "inmate_merge", [column])
    op.create_index("ix_inmate_merge_from", "inmate_merge", ["from_facility_id", "from_number_key"])


def _create_imports() -> None:
    op.create_table(
        "roster_import",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_account_id", sa.Integer(), sa.ForeignKey("account.id")),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("newest_inmate_id", sa.Integer(), nullable=False),
        sa.Column("changes", sa.LargeBinary(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_roster_import_at", "roster_import", ["at"])
    op.create_index("ix_roster_import_facility", "roster_import", ["facility_id", "id"])
    op.create_table(
        "roster_upload",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("by_account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True)),
    )
    for column in ("facility_id", "digest", "at"):
        op.create_index(f"ix_roster_upload_{column}", "roster_upload", [column])
