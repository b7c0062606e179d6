"""The tables in the sandbox's file. No column holds a card's number or a CVV."""

from __future__ import annotations

import sqlite3

_SCHEMA = """
CREATE TABLE IF NOT EXISTS card (
    token TEXT PRIMARY KEY, name TEXT NOT NULL, last_four TEXT NOT NULL,
    expiry_month INTEGER NOT NULL, expiry_year INTEGER NOT NULL, postcode TEXT NOT NULL,
    is_cvv_right INTEGER NOT NULL, stored_from TEXT UNIQUE
);
CREATE TABLE IF NOT EXISTS cvc (token TEXT PRIMARY KEY, is_right INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS customer (id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS intent (
    id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, amount_cents INTEGER NOT NULL, state TEXT NOT NULL, failure TEXT,
    charged_cents INTEGER, charged_at TEXT, action_url TEXT NOT NULL DEFAULT '', return_url TEXT NOT NULL DEFAULT '',
    refund_fails INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS confirmation (
    key TEXT PRIMARY KEY, state TEXT NOT NULL, failure TEXT, charged_cents INTEGER, action_url TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS refund (
    id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, intent_id TEXT NOT NULL, amount_cents INTEGER NOT NULL,
    state TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS refund_intent ON refund (intent_id);
CREATE TABLE IF NOT EXISTS dispute (
    id TEXT PRIMARY KEY, intent_id TEXT NOT NULL, amount_cents INTEGER NOT NULL, state TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS event (
    place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, about TEXT NOT NULL, object_id TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS fault (place INTEGER PRIMARY KEY AUTOINCREMENT, method TEXT NOT NULL, fault TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS secret (webhook TEXT NOT NULL);
"""

# Columns that later versions of RxConnect added.
_ADDED = {
    "intent": (
        "charged_cents INTEGER",
        "charged_at TEXT",
        "action_url TEXT NOT NULL DEFAULT ''",
        "return_url TEXT NOT NULL DEFAULT ''",
        "refund_fails INTEGER NOT NULL DEFAULT 0",
    ),
    "confirmation": ("charged_cents INTEGER", "action_url TEXT NOT NULL DEFAULT ''"),
}


def create_or_upgrade_tables(connection: sqlite3.Connection) -> None:
    """Create the tables, or upgrade older ones. Older intents were always charged the requested amount."""
    connection.executescript(_SCHEMA)
    for table, columns in _ADDED.items():
        there = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
        for column in columns:
            if column.split()[0] not in there:
                connection.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    connection.execute(
        """UPDATE intent SET charged_cents = amount_cents, charged_at = '1970-01-01T00:00:00+00:00'
           WHERE state = 'succeeded' AND charged_cents IS NULL"""
    )
    connection.execute(
        """UPDATE confirmation SET charged_cents =
             (SELECT i.charged_cents FROM intent i WHERE i.key = confirmation.key)
           WHERE state = 'succeeded' AND charged_cents IS NULL"""
    )
    connection.commit()
