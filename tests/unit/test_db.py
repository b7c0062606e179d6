"""The database: engines and migrations."""

from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from rxconnect import db
from rxconnect.models import Account, Facility
from tests.worlds import installed


def test_upgrading_an_up_to_date_database_changes_nothing(database, facility):
    facility_id = facility(name="Kept")
    db.upgrade()
    with db.reading() as session:
        assert session.get_one(Facility, facility_id).name == "Kept"


def test_upgrading_leaves_no_difference_between_tables_and_models(database):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlmodel import SQLModel

    with db.write_engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _is_for_sqlite})
        assert compare_metadata(context, SQLModel.metadata) == []


def _is_for_sqlite(table_or_index, *_more):
    condition = getattr(table_or_index, "_ddl_if", None)
    return condition is None or condition.dialect == "sqlite"


def test_a_transaction_that_raises_leaves_nothing_behind(database):
    with pytest.raises(RuntimeError), db.transaction() as session:
        session.add(Facility(key="k", name="Lost"))
        session.flush()
        raise RuntimeError
    with db.reading() as session:
        assert session.exec(select(Facility)).all() == []


def test_who_has_the_turn_to_write_does_not_wait_for_it(database):
    with db.transaction(), db.transaction() as session:
        session.add(Facility(key="k", name="Kept"))
    with db.reading() as session:
        assert session.exec(select(Facility.name)).one() == "Kept"


def test_a_reading_session_cannot_write(database):
    with pytest.raises(DBAPIError), db.reading() as session:
        session.add(Facility(key="k", name="Refused"))
        session.flush()


def test_a_path_with_a_percent_sign_can_hold_the_data(tmp_path: Path):
    with installed(data_dir=tmp_path / "100%"):
        db.upgrade()
        with db.reading() as session:
            assert session.exec(select(Account)).all() == []


def names():
    with db.reading() as session:
        return sorted(session.exec(select(Facility.name)))


def test_transactions_inside_all_or_nothing_are_undone_with_it(database, facility):
    with pytest.raises(RuntimeError), db.all_or_nothing():
        facility(name="Lost")
        assert names() == ["Lost"]
        raise RuntimeError
    assert names() == []


def test_one_failed_transaction_does_not_undo_the_others_inside_all_or_nothing(database, facility):
    with db.all_or_nothing():
        facility(name="Kept")
        with pytest.raises(RuntimeError), db.transaction() as session:
            session.add(Facility(key="k", name="Lost"))
            session.flush()
            raise RuntimeError
    assert names() == ["Kept"]
