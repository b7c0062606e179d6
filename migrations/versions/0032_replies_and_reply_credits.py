"""replies written on kiosks, reply credits, and what a person in custody does about letters

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
# SQLite has no name for a constraint that was made without one, so it is found by this convention.
NAMES = {"uq": "uq_%(table_name)s_%(column_0_name)s"}


def upgrade() -> None:
    """Facilities go on with paper, and show nobody when a letter was opened, until an administrator decides otherwise."""
    for name in ("reads_on_kiosks", "shows_opened"):
        op.add_column("facility", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("facility", sa.Column("free_replies", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("facility", sa.Column("free_replies_per", sa.String(length=8), nullable=False, server_default="week"))
    op.add_column("draft", sa.Column("pays_for_answer", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("contact", sa.Column("blocked_at", MOMENT))
    op.add_column("notice", sa.Column("read_at", MOMENT))
    change_messages()
    change_appeals()


def change_messages() -> None:
    # In this form SQLite adds the reference without copying the table.
    op.execute("ALTER TABLE message ADD COLUMN writer_account_id INTEGER REFERENCES account(id)")
    op.add_column("message", sa.Column("on_kiosk_at", MOMENT))
    op.add_column("message", sa.Column("print_asked_at", MOMENT))
    op.create_index("ix_message_writer_account_id", "message", ["writer_account_id"])
    op.execute("ALTER TABLE item ADD COLUMN answer_id INTEGER REFERENCES message(id)")
    op.add_column("item", sa.Column("valid_until", MOMENT))
    op.create_index("ix_item_answer_id", "item", ["answer_id"])
    op.create_index("ix_item_valid_until", "item", ["valid_until"])


def change_appeals() -> None:
    """The person in custody may protest beside the family's appeal."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("appeal", naming_convention=NAMES) as appeal:
        appeal.drop_constraint("uq_appeal_message_id" if is_sqlite else "appeal_message_id_key", type_="unique")
        appeal.create_unique_constraint("uq_appeal_message_account", ["message_id", "account_id"])
