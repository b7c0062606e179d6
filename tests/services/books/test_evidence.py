"""Evidence stays: journals, postings, receipts and what happened to letters, whatever SQL is tried on them."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from rxconnect import db
from rxconnect.config import settings
from tests.services.money.test_money_proof import moneyed

__all__ = ["moneyed"]


KEYS = {"journal": "id", "posting": "id", "message_event": "id", "receipt": "number"}
_ISSUED = "account_id, facility_id, issued_at, buyer, facility, facility_place, time_zone"
_PAID = "credits, price_cents, total_cents, card_brand, card_last_four"
RECEIPTS = {
    "number": f"number, purchase_id, {_ISSUED}, {_PAID}) SELECT number, 'other', {_ISSUED}, {_PAID}",
    "purchase": f"number, purchase_id, {_ISSUED}, {_PAID}) SELECT 'RX-' || rowid, purchase_id, {_ISSUED}, {_PAID}",
    "row": f"rowid, number, purchase_id, {_ISSUED}, {_PAID}) SELECT rowid, 'RX-' || rowid, rowid, {_ISSUED}, {_PAID}",
}
JOURNALS = {
    "id": "SELECT id, 'other', 'other:' || id, NULL, subject, created_at FROM journal",
    "key": "SELECT NULL, 'other', idempotency_key, NULL, subject, created_at FROM journal",
    "reversal": "SELECT NULL, 'other', 'other:' || id, reverses, subject, created_at FROM journal WHERE reverses > 0",
}

sqlite_alone = pytest.mark.parametrize("moneyed", ["sqlite"], indirect=True)


def beside_the_app(statement):
    """Run a statement as whoever holds the file may: without the foreign keys, which each program has to switch on."""
    with closing(sqlite3.connect(settings().data_dir / "rxconnect.db")) as file:
        file.execute(statement)
        file.commit()


def refused(statement):
    with pytest.raises(DBAPIError, match="append-only"), db.transaction() as session:
        session.connection().execute(text(statement))


@pytest.mark.parametrize(("table", "key"), KEYS.items())
def test_evidence_can_be_neither_changed_nor_removed(moneyed, table, key):
    refused(f"UPDATE {table} SET {key} = {key}")
    refused(f"DELETE FROM {table}")


@pytest.mark.parametrize("moneyed", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", KEYS)
def test_evidence_cannot_be_emptied_as_a_whole(moneyed, table):
    refused(f"TRUNCATE {table} CASCADE")


@sqlite_alone
@pytest.mark.parametrize("table", ["posting", "message_event", "receipt"])
def test_a_row_of_evidence_cannot_be_replaced(moneyed, table):
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        beside_the_app(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


@sqlite_alone
@pytest.mark.parametrize("same", RECEIPTS)
def test_a_receipt_cannot_be_replaced_by_what_shares_one_thing_with_it(moneyed, same):
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        beside_the_app(f"INSERT OR REPLACE INTO receipt ({RECEIPTS[same]} FROM receipt")


@sqlite_alone
@pytest.mark.parametrize("same", JOURNALS)
def test_a_journal_stays_when_another_would_replace_it(moneyed, same):
    beside_the_app(f"INSERT OR REPLACE INTO journal {JOURNALS[same]}")
    with db.reading() as session:
        assert session.connection().execute(text("SELECT * FROM journal WHERE kind = 'other'")).all() == []
