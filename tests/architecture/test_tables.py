"""No table has a column that could hold a card's number or CVV."""

import pytest
from sqlmodel import SQLModel

import rxconnect.models  # noqa: F401 - registers every table

# What these tables number is a person on a roster, and a receipt.
NUMBERED = {"inmate", "inmate_move", "walkthrough", "receipt"}


@pytest.mark.parametrize("table", sorted(SQLModel.metadata.tables))
def test_no_column_is_named_like_a_cards_secret(table):
    names = {column.name for column in SQLModel.metadata.tables[table].columns}
    assert not names & {"cvv", "cvc", "pan", "card_number", "security_code"}
    assert "number" not in names or table in NUMBERED


def test_what_is_kept_of_a_card_is_too_short_to_be_its_number():
    columns = [
        column for table in SQLModel.metadata.tables.values() for column in table.columns if "last_four" in column.name
    ]
    assert columns
    assert {column.type.length for column in columns} == {4}
