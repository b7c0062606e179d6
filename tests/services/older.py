"""A database as the first migration made it, with rows in it: what upgrades are tried on."""

from alembic import command
from alembic.config import Config
from sqlalchemy import text

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


def make_older(version: str = "0001") -> None:
    """Migrate the installation's database to the first version, and fill it; then perhaps on to a later one."""
    config = Config()
    config.set_main_option("script_location", str(db.MIGRATIONS))
    command.upgrade(config, "0001")
    with db.write_engine().begin() as connection:
        for row in _ROWS:
            connection.execute(text(row))
        if connection.dialect.name == "postgresql":
            # Rows came with their ids, of which the counters know nothing.
            for table in ("facility", "inmate", "account", "location", "contact"):
                connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 100)"))
    if version != "0001":
        command.upgrade(config, version)
        with db.write_engine().begin() as connection:
            for row in _LATER_ROWS:
                connection.execute(text(row))


def bring_up_to_date() -> bool:
    """What a start of the server does; returns whether anybody had to be listed."""
    db.upgrade()
    return lookups.complete()


def found_everywhere(first: str = "", last: str = "", number: str = "") -> list[str]:
    """The numbers of those found."""
    matches = db.read(lookups.find_inmates, InmateQuery(number, first, last, is_everywhere=True))
    return [match.number for match in matches]
