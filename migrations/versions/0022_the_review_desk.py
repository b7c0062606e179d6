"""the review desk: its queue, decisions, appeals, notices, notes, views, print batches, and reviews of contacts

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PENDING = sa.text("state = 'pending'")
CLAIMED = sa.text("claimed_by IS NOT NULL")
WAITING = sa.text("handover = 'waiting'")
SET_ASIDE = sa.text("set_aside_until IS NOT NULL")


def upgrade() -> None:
    """Every message that waits for staff gets its entry in the queue."""
    add_columns()
    create_queue()
    create_decisions()
    create_notices_and_paper()
    create_notes_and_views()
    queue_what_waits()


def add_columns() -> None:
    # In plain SQL, since SQLite would otherwise copy a table that has triggers.
    for change in (
        "message ADD COLUMN lane VARCHAR(12) NOT NULL DEFAULT 'ordinary'",
        "message ADD COLUMN language VARCHAR(12) NOT NULL DEFAULT ''",
        "message ADD COLUMN paid_facility_id INTEGER REFERENCES facility (id)",
        "item ADD COLUMN waived_credits INTEGER NOT NULL DEFAULT 0",
        "facility ADD COLUMN asks_for_contacts BOOLEAN NOT NULL DEFAULT FALSE",
        "facility ADD COLUMN when_moved VARCHAR(12) NOT NULL DEFAULT 'give back'",
    ):
        op.execute(f"ALTER TABLE {change}")


def create_queue() -> None:
    op.create_table(
        "queue_entry",
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("message.id"), primary_key=True, autoincrement=False),
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("lane", sa.String(length=12), nullable=False),
        sa.Column("queue", sa.String(length=12), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("held_for", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("claimed_by", sa.Integer(), sa.ForeignKey("account.id")),
        sa.Column("claimed_sign_in_id", sa.Integer()),
        sa.Column("claimed_at", MOMENT),
        sa.Column("claimed_until", MOMENT),
        sa.Column("set_aside_until", MOMENT),
        sa.Column("is_escalated", sa.Boolean(), nullable=False),
        sa.Column("is_decided", sa.Boolean(), nullable=False),
    )
    order = ["facility_id", "lane", "queue", "is_escalated", "due_at", "message_id"]
    op.create_index("ix_queue_entry_order", "queue_entry", order)
    for name, column, where in (
        ("claimed", "claimed_until", CLAIMED),
        ("set_aside", "set_aside_until", SET_ASIDE),
    ):
        op.create_index(f"ix_queue_entry_{name}", "queue_entry", [column], sqlite_where=where, postgresql_where=where)


def create_decisions() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("message.id"), nullable=False, unique=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT),
        sa.Column("decided_by_role", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.String(length=400), nullable=False),
    )
    op.create_index("ix_appeal_facility_id", "appeal", ["facility_id"])
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("message.id"), nullable=False),
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("appeal_id", sa.Integer(), sa.ForeignKey("appeal.id")),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("by_account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("by_role", sa.String(length=20), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("commits_at", MOMENT, nullable=False),
        sa.Column("committed_at", MOMENT),
        sa.Column("queue", sa.String(length=12), nullable=False),
        sa.Column("held_for", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("waited_seconds", sa.Integer(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
    )
    only_pending = {"sqlite_where": PENDING, "postgresql_where": PENDING}
    op.create_index("ix_decision_message_id", "decision", ["message_id"])
    op.create_index("uq_decision_pending", "decision", ["message_id"], unique=True, **only_pending)
    op.create_index("ix_decision_due", "decision", ["commits_at"], **only_pending)
    op.create_index("ix_decision_committed", "decision", ["facility_id", "committed_at"])
    op.create_index("ix_decision_by", "decision", ["by_account_id", "made_at"])
    op.create_table(
        "decision_item",
        sa.Column("decision_id", sa.Integer(), sa.ForeignKey("decision.id"), primary_key=True, autoincrement=False),
        sa.Column("item_id", sa.Integer(), sa.ForeignKey("item.id"), primary_key=True, autoincrement=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("remark", sa.String(length=400), nullable=False),
    )


def create_notices_and_paper() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("inmate_id", sa.Integer(), sa.ForeignKey("inmate.id"), nullable=False),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("message.id"), nullable=False),
        sa.Column("decision_id", sa.Integer(), sa.ForeignKey("decision.id"), nullable=False, unique=True),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("is_partial", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cancelled_at", MOMENT),
    )
    op.create_table(
        "print_batch",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("made_by_account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("confirmed_by_account_id", sa.Integer(), sa.ForeignKey("account.id")),
        sa.Column("confirmed_at", MOMENT),
    )
    op.create_table(
        "print_page",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("batch_id", sa.Integer(), sa.ForeignKey("print_batch.id"), nullable=False),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("message.id")),
        sa.Column("notice_id", sa.Integer(), sa.ForeignKey("notice.id"), unique=True),
        sa.Column("handover", sa.String(length=20), nullable=False),
    )
    waits = {"sqlite_where": WAITING, "postgresql_where": WAITING}
    op.create_index("uq_print_page_letter", "print_page", ["message_id"], unique=True, **waits)
    for table, column in (
        ("notice", "facility_id"),
        ("notice", "message_id"),
        ("print_batch", "facility_id"),
        ("print_page", "batch_id"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])


def create_notes_and_views() -> None:
    op.create_table(
        "desk_note",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("message.id"), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "desk_filter",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.UniqueConstraint("account_id", "name"),
    )
    op.create_table(
        "staff_view",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("message.id"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("ix_desk_note_message_id", "desk_note", ["message_id"])
    op.create_index("ix_staff_view_message_id", "staff_view", ["message_id"])
    keys = (("account_id", "account"), ("inmate_id", "inmate"), ("facility_id", "facility"))
    op.create_table(
        "contact_review",
        *(
            sa.Column(name, sa.Integer(), sa.ForeignKey(f"{table}.id"), primary_key=True, autoincrement=False)
            for name, table in keys
        ),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT),
        sa.Column("decided_by_account_id", sa.Integer(), sa.ForeignKey("account.id")),
    )
    op.create_index("ix_contact_review_state", "contact_review", ["facility_id", "state", "asked_at"])


def queue_what_waits() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    due = (
        "strftime('%Y-%m-%d %H:%M:%f000', m.created_at, '+' || f.promised_hours || ' hours')"
        if is_sqlite
        else "m.created_at + f.promised_hours * interval '1 hour'"
    )
    op.execute(
        "INSERT INTO queue_entry (message_id, facility_id, lane, queue, since, due_at, held_for, language, is_escalated, "  # noqa: S608
        f"is_decided) SELECT m.id, m.facility_id, 'ordinary', 'letters', m.created_at, {due}, 'every letter', '', "
        "FALSE, FALSE FROM message m JOIN facility f ON f.id = m.facility_id "
        "WHERE m.direction = 'outgoing' AND m.status = 'in review'"
    )
