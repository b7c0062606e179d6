"""A database that an older RxConnect made, brought up to date with all that is in it."""

from datetime import timedelta

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.inmates import InmateQuery
from rxconnect.models import Contact, Inmate, Walkthrough
from rxconnect.services.accounts import sign_in_views, sign_ins
from rxconnect.services.directory import lookups
from tests.services.older import OLDER_PEOPLE, bring_up_to_date, found_everywhere, make_older
from tests.worlds import installed


@pytest.fixture
def older(tmp_path):
    """A database of the first migration alone, with a facility, its people, a family and its contact."""
    with installed(data_dir=tmp_path, database_url=""):
        make_older()
        yield


def found_at_cedar(first, last):
    """The numbers of those found at the facility."""
    return [match.number for match in db.read(lookups.find_inmates, InmateQuery("", first, last), "cedar")]


def test_nobody_and_nothing_is_lost(older):
    bring_up_to_date()

    with db.reading() as session:
        people = {row.number: (row.full_name, row.custody) for row in session.exec(select(Inmate))}
        contact, walkthrough = session.get_one(Contact, 1), session.get_one(Walkthrough, 1)
    assert people == OLDER_PEOPLE
    assert (contact.account_id, contact.inmate_id) == (1, 1)
    assert (walkthrough.first_name, walkthrough.is_everywhere, walkthrough.state) == ("Marcus", False, "")


def test_people_are_found_by_search_once_they_are_listed(older):
    db.upgrade()
    assert found_everywhere("Shaun", "Oneill") == []

    bring_up_to_date()

    assert found_everywhere("Shaun", "Oneill") == ["H-55210"]
    assert found_everywhere("Chuy", "de la Cruz") == ["30000002"]
    assert found_everywhere(number="h55210") == ["H-55210"]


def test_tables_still_point_at_what_is_there(older):
    bring_up_to_date()

    with db.write_engine().connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        for table, column in (("contact", "inmate_id"), ("inmate", "facility_id"), ("roster_sheet", "facility_id")):
            keys = connection.exec_driver_sql(f"PRAGMA foreign_key_list({table})").mappings()
            assert column in {key["from"] for key in keys}


def test_two_people_of_one_facility_still_cannot_share_a_number(older):
    bring_up_to_date()

    with pytest.raises(IntegrityError), db.transaction() as session:
        session.add(Inmate(facility_id=1, number="H 55210", number_key="h55210", first_name="Ann", last_name="Lee"))
        session.flush()


def test_doing_it_twice_changes_nothing(older):
    assert bring_up_to_date()
    assert not bring_up_to_date()

    assert found_everywhere("Shaun", "Oneill") == ["H-55210"]


def test_what_was_stopped_halfway_is_done_by_the_next_start(older):
    """The tables are new, but the process was killed before it listed the people."""
    db.upgrade()

    assert bring_up_to_date()
    assert found_everywhere("Marcus", "Delgado") == ["20418873"]


def test_a_directory_and_evidence_of_the_fifth_version_are_taken_along(tmp_path):
    with installed(data_dir=tmp_path, database_url=""):
        make_older("0005")

        assert bring_up_to_date()

        assert found_everywhere(last="Kruz") == ["30000002"]
        with db.write_engine().begin() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM journal").scalar() == 1
            connection.exec_driver_sql(
                "REPLACE INTO journal SELECT id, kind, 'another', reverses, subject, created_at FROM journal"
            )
            assert connection.exec_driver_sql("SELECT idempotency_key FROM journal").scalar() == "gift:1"
            assert not inspect(connection).has_table("name_word_key")


def test_what_a_migration_has_emptied_is_made_anew(older):
    """Sheets and pages that are packed in another way than before are emptied by their migration."""
    bring_up_to_date()
    with db.transaction() as session:
        session.connection().exec_driver_sql("UPDATE roster_sheet SET body = ''")
        session.connection().exec_driver_sql("DELETE FROM name_key_page")
    assert found_at_cedar("Shaun", "Oneill") == []
    assert found_everywhere(last="Kruz") == []

    assert bring_up_to_date()

    assert found_at_cedar("Shaun", "Oneill") == ["H-55210"]
    assert found_everywhere("Shaun", "Oneill") == ["H-55210"]
    assert found_everywhere(last="Kruz") == ["30000002"]
    assert not bring_up_to_date()


def test_who_is_signed_in_stays_so_and_is_known_to_have_been_seen(older):
    """The new columns are filled from what was known of a sign-in, and its account can be told of a new device."""
    now = clock.now()
    with db.write_engine().begin() as connection:
        row = {"hash": sign_ins._hashed("token"), "began": now - timedelta(days=1), "ends": now + timedelta(days=29)}
        connection.execute(
            text(
                "INSERT INTO sign_in (token_hash, account_id, created_at, expires_at) VALUES (:hash, 1, :began, :ends)"
            ),
            {name: str(value) for name, value in row.items()},
        )
    bring_up_to_date()

    actor = db.read(sign_ins.actor_for, "token")
    assert (actor.account_id, actor.is_fresh) == (1, False)
    (view,) = db.read(sign_in_views.mine, actor)
    assert (view.device, view.first, view.is_this) == ("A browser", "1 day ago", True)
