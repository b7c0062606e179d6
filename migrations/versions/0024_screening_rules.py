"""rules of screening, what they found, and the languages that staff read

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """No facility has a rule yet, so staff go on reading every letter."""
    op.create_table(
        "screening_setting",
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), primary_key=True, autoincrement=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("releases_clean", sa.Boolean(), nullable=False),
        sa.Column("ceiling", sa.Integer(), nullable=False),
    )
    create_rules()
    op.create_table(
        "screening_hit",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("message.id"), nullable=False),
        sa.Column("rule_id", sa.Integer(), sa.ForeignKey("screening_rule.id"), nullable=False),
        sa.Column("part", sa.String(length=8), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("stop", sa.Integer(), nullable=False),
    )
    op.create_table(
        "screening_event",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("rule_id", sa.Integer(), sa.ForeignKey("screening_rule.id")),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "staff_language",
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), primary_key=True, autoincrement=False),
        sa.Column("language", sa.String(length=12), primary_key=True),
    )
    op.create_index("ix_screening_rule_facility", "screening_rule", ["facility_id", "state"])
    for table, column in (
        ("screening_hit", "message_id"),
        ("screening_hit", "rule_id"),
        ("screening_event", "facility_id"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])


def create_rules() -> None:
    op.create_table(
        "screening_rule",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("facility_id", sa.Integer(), sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("pattern", sa.String(length=500), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id")),
        sa.Column("inmate_id", sa.Integer(), sa.ForeignKey("inmate.id")),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("until", MOMENT),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("published_text", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_by", sa.Integer(), sa.ForeignKey("account.id")),
        sa.Column("written_by", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("tried_at", MOMENT),
        sa.Column("trial_letters", sa.Integer(), nullable=False),
        sa.Column("trial_held", sa.Integer(), nullable=False),
        sa.Column("trial_approved", sa.Integer(), nullable=False),
        sa.Column("trial_rejected", sa.Integer(), nullable=False),
    )
