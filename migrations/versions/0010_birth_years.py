"""birth years: a year without a day is a year, and July 1 is a day like any other

Revision ID: 0010
Revises: 0009
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rows with July 1 become years.

    Until now July 1 stood for "only the year is known", so real July 1 birthdays cannot be told apart. All code read
    these dates as years, so they become years: that claims nothing we do not know. A person really born on July 1 gets
    the day back from the next roster that has it.
    """
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    # In one statement, as SQLite would rewrite the whole table to add the constraint separately.
    op.execute(
        "ALTER TABLE inmate ADD COLUMN birth_year INTEGER "
        "CONSTRAINT ck_inmate_birth CHECK (birth_date IS NULL OR birth_year IS NULL)"
    )
    year = "CAST(strftime('%Y', birth_date) AS INTEGER)" if is_sqlite else "EXTRACT(YEAR FROM birth_date)::integer"
    is_july_1 = "strftime('%m-%d', birth_date) = '07-01'" if is_sqlite else "to_char(birth_date, 'MM-DD') = '07-01'"
    op.execute(f"UPDATE inmate SET birth_year = {year}, birth_date = NULL WHERE {is_july_1}")  # noqa: S608 - all of it stands here
