"""A database as the first migration made it, with rows in it: what upgrades are tried on."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from rxconnect import db
from rxconnect.domain.inmates import InmateQuery
from rxconnect.services.directory import lookups

# What is to be there after an upgrade: (full name, custody) by number.
OLDER_PEOPLE = {
    "20418873": ("Marcus Delgado", "held"),
    "H-55210": ("Shawn O'Neill Jr.", "held"),
    "30000002": ("Jesús De La Cruz", "released"),
}
_MOMENT = "2026-01-02 03:04:05+00:00"
_ROWS = (
    "INSERT INTO facility (id, key, name, kind, address, city, state, zip_code, county, time_zone, opening, price_cents, "
    "min_credits, max_credits, character_limit, characters_per_credit, rules, search_text) VALUES (1, 'cedar', 'Cedar Ridge', "
    "'', '', '', 'OR', '', '', 'America/Los_Angeles', 'open', 25, 5, 200, 6000, 6000, '[]', 'cedar ridge')",
    "INSERT INTO inmate (id, facility_id, number, first_name, middle_name, last_name, suffix, housing, custody, moved_to_id, "
    "number_key, first_key, last_key) VALUES "
    "(1, 1, '20418873', 'Marcus', '', 'Delgado', '', 'Unit C', 'held', NULL, '20418873', 'marcus', 'delgado'), "
    "(2, 1, 'H-55210', 'Shawn', '', 'O''Neill', 'Jr.', '', 'held', NULL, 'h55210', 'shawn', 'oneill'), "
    "(3, 1, '30000002', 'Jesús', '', 'De La Cruz', '', '', 'released', NULL, '30000002', 'jesus', 'de la cruz')",
    "INSERT INTO account (id, email, name, password_hash, role, is_demo, created_at) "
    f"VALUES (1, 'sam@example.org', 'Sam', 'none', 'family', false, '{_MOMENT}')",
    f"INSERT INTO location (id, account_id, facility_id, created_at) VALUES (1, 1, 1, '{_MOMENT}')",
    f"INSERT INTO contact (id, account_id, inmate_id, created_at) VALUES (1, 1, 1, '{_MOMENT}')",
    "INSERT INTO walkthrough (account_id, step, is_active, facility_id, number, first_name, last_name, updated_at) "
    f"VALUES (1, 'find', true, 1, '', 'Marcus', '', '{_MOMENT}')",
)


# What version five has more: words with keys of their own, and a journal.
_LATER_ROWS = (
    "INSERT INTO name_word (id, text, people) VALUES (1, 'cruz', 1)",
    "INSERT INTO name_word_key (key, word_id) VALUES (1, 1)",
    f"INSERT INTO journal (kind, idempotency_key, subject, created_at) VALUES ('gift', 'gift:1', '', '{_MOMENT}')",
)


# Sent before messages had items: one waits, one was handed on, one was held back, and one came in. The journals of the
# first three have the message's own keys.
_MESSAGES = (
    *(
        "INSERT INTO message (id, account_id, contact_id, facility_id, direction, subject, body, search_text, status, "
        "cost_credits, draft_id, terms_version, reason, created_at) VALUES "
        f"({id_}, 1, 1, 1, '{direction}', 'Hi', 'Hi', 'hi hi', '{status}', {credits}, {draft}, '', '{reason}', '{_MOMENT}')"
        for id_, direction, status, credits, draft, reason in (
            (1, "outgoing", "in review", 2, 7, ""),
            (2, "outgoing", "delivered", 1, 8, ""),
            (3, "outgoing", "rejected", 1, 9, "threat"),
            (4, "incoming", "delivered", 0, "NULL", ""),
        )
    ),
    *(
        f"INSERT INTO message_event (message_id, status, by_role, note, at) VALUES (1, '{status}', '', '', '{_MOMENT}')"
        for status in ("submitted", "in review")
    ),
    *(
        "INSERT INTO ledger_account (id, kind, owner_id, facility_id, unit, floor, balance) "
        f"VALUES ({id_}, '{kind}', {owner}, 1, 'credit', {floor}, {balance})"
        for id_, kind, owner, floor, balance in (
            (1, "issued", 0, "NULL", -10),
            (2, "wallet", 1, 0, 7),
            (3, "hold", 1, 0, 2),
            (4, "earned", 0, 0, 1),
        )
    ),
    *(
        "INSERT INTO journal (id, kind, idempotency_key, subject, created_at) "
        f"VALUES ({id_}, '{kind}', '{key}', '{subject}', '{_MOMENT}')"
        for id_, kind, key, subject in (
            (1, "give back", "gift:1", "test"),
            (2, "hold", "message:7:hold", "message:1"),
            (3, "hold", "message:8:hold", "message:2"),
            (4, "spend", "message:2:settle", "message:2"),
            (5, "hold", "message:9:hold", "message:3"),
            (6, "give back", "message:3:settle", "message:3"),
        )
    ),
    *(
        "INSERT INTO posting (journal_id, account_id, unit, amount, balance_after) "
        f"VALUES ({journal}, {account}, 'credit', {amount}, {after})"
        for journal, account, amount, after in (
            (1, 1, -10, -10), (1, 2, 10, 10),
            (2, 2, -2, 8), (2, 3, 2, 2),
            (3, 2, -1, 7), (3, 3, 1, 3),
            (4, 3, -1, 2), (4, 4, 1, 1),
            (5, 2, -1, 6), (5, 3, 1, 3),
            (6, 3, -1, 2), (6, 2, 1, 7),
        )
    ),
)  # fmt: skip


def make_older(version: str = "0001") -> None:
    """Migrate the installation's database to the first version, and fill it; then perhaps on to a later one."""
    config = Config()
    config.set_main_option("script_location", str(db.MIGRATIONS))
    command.upgrade(config, "0001")
    with db.write_engine().begin() as connection:
        for row in _ROWS:
            connection.execute(text(row))
        _count_on(connection, "facility", "inmate", "account", "location", "contact")
    if version != "0001":
        command.upgrade(config, version)
        with db.write_engine().begin() as connection:
            for row in _LATER_ROWS:
                connection.execute(text(row))


def add_older_messages() -> None:
    """Messages as the first version kept them, with their credits."""
    with db.write_engine().begin() as connection:
        for row in _MESSAGES:
            connection.execute(text(row))
        _count_on(connection, "message", "journal", "ledger_account")


def _count_on(connection: Connection, *tables: str) -> None:
    """In PostgreSQL, where rows came with their ids, of which the counters know nothing."""
    if connection.dialect.name == "postgresql":
        for table in tables:
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 100)"))


def bring_up_to_date() -> bool:
    """What a start of the server does; returns whether anybody had to be listed."""
    db.upgrade()
    return lookups.complete_directory()


def found_everywhere(first: str = "", last: str = "", number: str = "") -> list[str]:
    """The numbers of those found."""
    matches = db.read(lookups.find_inmates, InmateQuery(number, first, last, is_everywhere=True))
    return [match.number for match in matches]
