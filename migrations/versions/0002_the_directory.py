"""the directory that search reads: names on rosters, moves, aliases

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

# Text that both databases sort by code point.
SORTED_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The server fills in the names of existing people when it starts (`search.directory`)."""
    create_directory()
    create_moves()
    change_inmates()
    with op.batch_alter_table("facility") as facility:
        facility.drop_index("ix_facility_search_text")
        facility.drop_column("search_text")
    with op.batch_alter_table("walkthrough") as walkthrough:
        walkthrough.add_column(sa.Column("is_everywhere", sa.Boolean(), nullable=False, server_default=sa.false()))
        walkthrough.add_column(sa.Column("state", sa.String(length=2), nullable=False, server_default=""))


def create_directory() -> None:
    op.create_table(
        "name_word",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("text", SORTED_TEXT, nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("text"),
    )
    op.create_table(
        "name_word_key",
        sa.Column("key", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("word_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("key", "word_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "inmate_name",
        sa.Column("last_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("first_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("inmate_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("last_id", "first_id", "inmate_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_inmate_name_first", "inmate_name", ["first_id", "last_id"])
    op.create_table(
        "roster_sheet",
        sa.Column("facility_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"]),
        sa.PrimaryKeyConstraint("facility_id"),
    )
    version = op.create_table(
        "directory_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facilities", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.bulk_insert(version, [{"id": 1, "facilities": 0, "people": 0}])


def create_moves() -> None:
    op.create_table(
        "inmate_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inmate_id", sa.Integer(), nullable=False),
        sa.Column("from_facility_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["inmate_id"], ["inmate.id"]),
        sa.ForeignKeyConstraint(["from_facility_id"], ["facility.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_inmate_move_inmate_id", "inmate_move", ["inmate_id"])
    op.create_index("ix_inmate_move_from_facility_id", "inmate_move", ["from_facility_id"])


def change_inmates() -> None:
    op.drop_index("ix_inmate_facility_first", "inmate")
    op.drop_index("ix_inmate_facility_last", "inmate")
    # Alembic finds SQLite's unnamed constraints by the names that this convention gives them.
    naming = {"uq": "%(table_name)s_%(column_0_N_name)s_key", "fk": "%(table_name)s_%(column_0_name)s_fkey"}
    with op.batch_alter_table("inmate", naming_convention=naming) as inmate:
        inmate.drop_constraint("inmate_facility_id_number_key_key", type_="unique")
        inmate.drop_constraint("inmate_moved_to_id_fkey", type_="foreignkey")
        inmate.drop_column("moved_to_id")
        inmate.drop_column("first_key")
        inmate.drop_column("last_key")
        inmate.alter_column("number_key", type_=SORTED_TEXT, existing_type=sa.String(24), existing_nullable=False)
        inmate.add_column(sa.Column("aliases", sa.String(length=400), nullable=False, server_default=""))
        inmate.create_unique_constraint("inmate_number_key_facility_id_key", ["number_key", "facility_id"])
        inmate.create_index("ix_inmate_facility", ["facility_id"])
