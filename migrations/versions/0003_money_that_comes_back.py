"""money that comes back: lots, refunds, transfers, disputes, auto-reload, the processor's books

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def text(name: str, length: int, **options: object) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=False, **options)


def number(name: str, **options: object) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False, **options)


def points_to(name: str, table: str, *, is_text: bool = False, nullable: bool = False) -> sa.Column:
    kind = sa.String() if is_text else sa.Integer()
    return sa.Column(name, kind, sa.ForeignKey(f"{table}.id"), nullable=nullable)


def index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{columns[0]}", table, list(columns))


def upgrade() -> None:
    """Each paid purchase gets one lot of credits, with no credits refunded or moved yet."""
    create_auto_reloads()
    change_accounts_and_purchases()
    create_transfers()
    create_lots()
    create_refunds()
    create_disputes()
    create_processor()
    op.execute(
        "INSERT INTO lot (account_id, facility_id, purchase_id, credits, cents, gone_credits, gone_cents, created_at) "
        "SELECT account_id, facility_id, id, credits, credits * price_cents, 0, 0, paid_at "
        "FROM purchase WHERE status = 'paid' ORDER BY paid_at, id"
    )


def change_accounts_and_purchases() -> None:
    with op.batch_alter_table("account") as account:
        account.add_column(text("customer_token", 80, server_default=""))
        account.add_column(sa.Column("closed_at", MOMENT, nullable=True))
    with op.batch_alter_table("purchase") as purchase:
        purchase.alter_column("status", type_=sa.String(length=20), existing_type=sa.String(length=12))
        purchase.add_column(text("action_url", 1000, server_default=""))
        purchase.add_column(number("refunded_cents", server_default="0"))
        purchase.add_column(sa.Column("auto_reload_id", sa.Integer(), nullable=True))
        purchase.create_foreign_key("fk_purchase_auto_reload", "auto_reload", ["auto_reload_id"], ["id"])
        purchase.create_check_constraint("ck_purchase_refunded", "refunded_cents BETWEEN 0 AND credits * price_cents")
    index("purchase", "intent_id")
    index("purchase", "auto_reload_id")


def create_auto_reloads() -> None:
    op.create_table(
        "auto_reload",
        number("id", primary_key=True),
        points_to("account_id", "account"),
        points_to("facility_id", "facility"),
        points_to("card_id", "card"),
        number("level"),
        number("credits"),
        number("price_cents"),
        number("cap_cents"),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        text("paused", 30),
        text("purchase_id", 32),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.UniqueConstraint("account_id", "facility_id"),
        sa.CheckConstraint("level > 0 AND credits > 0 AND cap_cents > 0", name="ck_auto_reload_positive"),
    )


def create_transfers() -> None:
    op.create_table(
        "transfer",
        number("id", primary_key=True),
        points_to("account_id", "account"),
        points_to("inmate_id", "inmate"),
        points_to("from_facility_id", "facility"),
        points_to("to_facility_id", "facility"),
        number("credits"),
        number("cents"),
        number("new_credits"),
        sa.Column("created_at", MOMENT, nullable=False),
    )
    index("transfer", "account_id")


def create_lots() -> None:
    op.create_table(
        "lot",
        number("id", primary_key=True),
        points_to("account_id", "account"),
        points_to("facility_id", "facility"),
        points_to("purchase_id", "purchase", is_text=True),
        points_to("transfer_id", "transfer", nullable=True),
        number("credits"),
        number("cents"),
        number("gone_credits"),
        number("gone_cents"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("credits > 0 AND gone_credits BETWEEN 0 AND credits", name="ck_lot_credits"),
        sa.CheckConstraint("cents >= 0 AND gone_cents BETWEEN 0 AND cents", name="ck_lot_cents"),
    )
    op.create_index("ix_lot_wallet", "lot", ["account_id", "facility_id"])
    index("lot", "purchase_id")


def create_refunds() -> None:
    op.create_table(
        "refund",
        text("id", 32, primary_key=True),
        points_to("purchase_id", "purchase", is_text=True),
        points_to("lot_id", "lot", nullable=True),
        points_to("account_id", "account"),
        points_to("facility_id", "facility"),
        number("credits"),
        number("cents"),
        text("intent_id", 80),
        text("cause", 20),
        text("reason", 200),
        points_to("by_account_id", "account", nullable=True),
        text("press", 40),
        text("status", 10),
        text("processor_id", 80),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("cents > 0 AND credits >= 0", name="ck_refund_positive"),
    )
    for column in ("purchase_id", "account_id", "facility_id", "status", "processor_id"):
        index("refund", column)


def create_disputes() -> None:
    op.create_table(
        "dispute",
        text("id", 80, primary_key=True),
        points_to("purchase_id", "purchase", is_text=True),
        number("cents"),
        text("status", 10),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
    )
    index("dispute", "purchase_id")
    op.create_table(
        "disputed_lot",
        sa.Column("dispute_id", sa.String(), sa.ForeignKey("dispute.id"), primary_key=True),
        sa.Column("lot_id", sa.Integer(), sa.ForeignKey("lot.id"), primary_key=True),
        number("credits"),
        number("cents"),
    )


def create_processor() -> None:
    op.create_table(
        "processor_event",
        text("id", 80, primary_key=True),
        sa.Column("received_at", MOMENT, nullable=False),
    )
    op.create_table(
        "discrepancy",
        number("id", primary_key=True),
        text("kind", 30),
        text("about", 80),
        points_to("facility_id", "facility", nullable=True),
        number("our_cents"),
        number("their_cents"),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("resolved_at", MOMENT, nullable=True),
        sa.UniqueConstraint("kind", "about"),
    )
    index("discrepancy", "facility_id")
