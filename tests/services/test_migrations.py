"""A database that an older RxConnect made, brought up to date with all that is in it."""

from datetime import date, timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, ActorKind, Role
from rxconnect.domain.explanations import Verdict
from rxconnect.domain.inmates import InmateQuery
from rxconnect.domain.notices import NoticeKind, Pace
from rxconnect.models import (
    Account,
    Contact,
    Inmate,
    Item,
    MessageEvent,
    NoticeChoice,
    RosterUpload,
    StaffPost,
    Walkthrough,
)
from rxconnect.services.accounts import sign_in_views, sign_ins
from rxconnect.services.books import explanations
from rxconnect.services.directory import lookups
from rxconnect.services.messages import expiries, messages
from rxconnect.services.money import ledger, wallets
from rxconnect.services.notices import choices
from rxconnect.services.review import review
from tests.services.moneyed import account
from tests.services.older import OLDER_PEOPLE, add_older_messages, bring_up_to_date, found_everywhere, make_older
from tests.worlds import installed


@pytest.fixture
def older(tmp_path):
    """A database of the first migration alone, with a facility, its people, a family and its contact."""
    with installed(data_dir=tmp_path, database_url=""):
        make_older()
        yield


@pytest.fixture(params=["sqlite", "postgresql"])
def older_anywhere(request, use):
    """The same in each of the databases."""
    use(request.param, is_migrated=False)
    make_older()


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


def test_each_member_of_staff_has_a_post_at_the_one_facility_of_before(older):
    with db.write_engine().begin() as connection:
        for place, email, role in ((1, "robin@example.org", "reviewer"), ("NULL", "ash@example.org", "trainer")):
            connection.exec_driver_sql(
                "INSERT INTO account (email, name, password_hash, role, facility_id, is_demo, created_at) "
                f"VALUES ('{email}', 'Robin', 'none', '{role}', {place}, false, '2026-01-02 03:04:05+00:00')"
            )
    bring_up_to_date()

    with db.reading() as session:
        kinds = {row.email: row.kind for row in session.exec(select(Account))}
        posts = [(row.facility_id, row.role) for row in session.exec(select(StaffPost))]
    assert kinds == {"sam@example.org": "family", "robin@example.org": "staff", "ash@example.org": "staff"}
    assert posts == [(1, "reviewer")]


def test_people_are_found_by_search_once_they_are_listed(older):
    db.upgrade()
    assert found_everywhere("Shaun", "Oneill") == []

    bring_up_to_date()

    assert found_everywhere("Shaun", "Oneill") == ["H-55210"]
    assert found_everywhere("Chuy", "de la Cruz") == ["30000002"]
    assert found_everywhere(number="h55210") == ["H-55210"]


def test_an_upload_that_was_refused_stays_and_forgets_its_english_reason(older_anywhere):
    config = Config()
    config.set_main_option("script_location", str(db.MIGRATIONS))
    command.upgrade(config, "0047")
    with db.write_engine().begin() as connection:
        connection.execute(
            text(
                "INSERT INTO roster_upload (facility_id, by_account_id, file_name, place, digest, given, at, refusal) "
                "VALUES (1, 1, 'May.csv', 'here', 'ab', '{}', '2026-01-02 03:04:05+00:00', 'May.csv is empty.')"
            )
        )
    db.upgrade()
    with db.reading() as session:
        (upload,) = session.exec(select(RosterUpload)).all()
    assert (upload.file_name, upload.refusal) == ("May.csv", None)


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
    """Sheets and blocks of keys that are packed in another way than before are emptied by their migration."""
    bring_up_to_date()
    with db.transaction() as session:
        session.connection().exec_driver_sql("UPDATE roster_sheet SET body = ''")
        session.connection().exec_driver_sql("DELETE FROM name_key_block")
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
        row = {"hash": sign_ins.hash_token("token"), "began": now - timedelta(days=1), "ends": now + timedelta(days=29)}
        connection.execute(
            text(
                "INSERT INTO sign_in (token_hash, account_id, created_at, expires_at) VALUES (:hash, 1, :began, :ends)"
            ),
            {name: str(value) for name, value in row.items()},
        )
    bring_up_to_date()

    actor = db.read(sign_ins.actor_for, "token")
    assert (actor.account_id, actor.is_fresh) == (1, False)
    (view,) = db.read(sign_in_views.my_sign_ins, actor)
    assert (view.device, view.first, view.is_this) == ("A browser", "1 day ago", True)


def test_of_july_1_nobody_knows_whether_it_was_a_day_so_it_becomes_its_year(older_anywhere):
    with db.write_engine().begin() as connection:
        for number, born in (("20418873", "1990-07-01"), ("H-55210", "1990-07-11")):
            connection.execute(text(f"UPDATE inmate SET birth_date = '{born}' WHERE number = '{number}'"))

    bring_up_to_date()

    with db.reading() as session:
        people = {row.number: (row.birth_date, row.birth_year) for row in session.exec(select(Inmate))}
    assert people == {"20418873": (None, 1990), "H-55210": (date(1990, 7, 11), None), "30000002": (None, None)}


@pytest.mark.parametrize("is_demo", [False, True])
def test_what_waits_has_thirty_days_from_the_upgrade_on_and_in_the_demonstration_for_ever(older_anywhere, is_demo):
    add_older_messages()
    with db.write_engine().begin() as connection:
        connection.execute(text(f"UPDATE account SET is_demo = {is_demo}"))

    bring_up_to_date()

    with clock.at(clock.now() + timedelta(days=29)):
        assert expiries.expire_due().done == 0
    with clock.at(clock.now() + timedelta(days=30, minutes=1)):
        assert expiries.expire_due().done == (0 if is_demo else 1)
    assert db.read(ledger.check_ledger).differences == []


def test_every_message_becomes_one_item_and_its_credits_add_up_from_then_on(older_anywhere):
    add_older_messages()

    bring_up_to_date()

    with db.reading() as session:
        items = session.exec(select(Item.message_id, Item.kind, Item.status, Item.credits, Item.reason)).all()
        events = session.exec(select(MessageEvent.by_account_id, MessageEvent.item_id)).all()
    assert items == [
        (1, "text", "in review", 2, ""),
        (2, "text", "delivered", 1, ""),
        (3, "text", "rejected", 1, "threat"),
        (4, "text", "delivered", 0, ""),
    ]
    assert events == [(None, None)] * 2
    assert db.read(ledger.check_ledger).differences == []
    reviewer = account("Robin Reed", Role.REVIEWER, 1)
    db.write(review.approve, reviewer, 1)
    db.write(review.deliver, reviewer, 1)
    assert db.read(ledger.check_ledger).differences == []
    family = Actor(1, "Sam", "sam@example.org", ActorKind.FAMILY)
    assert [(wallet.credits, wallet.held) for wallet in db.read(wallets.balances, family)] == [(7, 0)]
    assert db.read(messages.get, family, 3).reason_label == "Threat"
    with db.reading() as session:
        for message_id in (1, 2, 3, 4):
            assert list(explanations.explain_message(session, message_id))[-1] == Verdict([])


def test_what_families_chose_about_deliveries_stays_chosen(older):
    config = Config()
    config.set_main_option("script_location", str(db.MIGRATIONS))
    command.upgrade(config, "0033")
    with db.write_engine().begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO account (email, name, password_hash, kind, is_demo, is_told_of_deliveries, created_at, customer_token, language)"
            " VALUES ('wants@example.org', 'W', 'none', 'family', false, true, '2026-01-02 03:04:05+00:00', '', '')"
        )
    bring_up_to_date()

    with db.reading() as session:
        chosen = session.exec(select(NoticeChoice)).all()
        (wants,) = session.exec(select(Account.id).where(Account.email == "wants@example.org"))
        others = [row for row in session.exec(select(Account)) if row.id != wants]
        assert [(row.account_id, row.kind, row.pace) for row in chosen] == [(wants, "delivered", "now")]
        assert others
        assert {choices.pace_of(session, row.id, NoticeKind.DELIVERED) for row in others} == {Pace.OFF}
