"""Every act adds one row to its facility's chain, in the act's own transaction."""

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import col, select

from rxconnect import db
from rxconnect.domain.accounts import SYSTEM, Role
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.audit_chain import ChainRow, verify
from rxconnect.engines import write_engine
from rxconnect.models import AuditChain, AuditRow, Facility
from rxconnect.services.audit.recording import Act, record, record_acts, record_at, record_for_account


def rows_of(facility_id):
    with db.reading() as session:
        found = session.exec(
            select(AuditRow).where(AuditRow.facility_id == facility_id).order_by(col(AuditRow.sequence))
        ).all()
    return [ChainRow(**{name: getattr(row, name) for name in ChainRow._fields}) for row in found]


def test_rows_follow_one_another_in_each_facilitys_own_chain(facility, actor):
    here, there = facility(), facility()
    robin = actor(role=Role.REVIEWER)
    for message_id in (1, 2):
        db.write(record, robin, here, AuditKind.LETTER_OPENED, message_id=message_id)
    db.write(record, robin, there, AuditKind.DECIDED, message_id=3, outcome="approved", decision=8)
    assert [(row.sequence, row.message_id) for row in rows_of(here)] == [(1, 1), (2, 2)]
    (row,) = rows_of(there)
    assert (row.sequence, row.role, row.details) == (1, "staff", '{"decision":8,"outcome":"approved"}')
    for place in (here, there):
        assert verify(place, rows_of(place)).first_broken is None
        with db.reading() as session:
            chain = session.get_one(AuditChain, place)
        assert (chain.sequence, chain.hash) == (len(rows_of(place)), rows_of(place)[-1].hash)


def test_an_act_that_is_rolled_back_leaves_no_row_and_no_gap(facility, actor):
    here = facility()
    robin = actor(role=Role.REVIEWER)
    db.write(record, robin, here, AuditKind.QUEUE_SHOWN)

    def fails(session):
        record(session, robin, here, AuditKind.DECIDED)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        db.write(fails)
    db.write(record, robin, here, AuditKind.SIGNED_OUT)
    assert [(row.sequence, row.kind) for row in rows_of(here)] == [(1, "queue shown"), (2, "signed out")]


def test_a_savepoint_that_is_rolled_back_takes_its_own_acts_with_it(facility, actor):
    here = facility()
    robin = actor(role=Role.REVIEWER)
    with db.transaction() as session:
        record(session, robin, here, AuditKind.QUEUE_SHOWN)
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            record(session, robin, here, AuditKind.DECIDED)
            raise ZeroDivisionError
        with session.begin_nested():
            record(session, robin, here, AuditKind.SET_ASIDE)
        record(session, robin, here, AuditKind.SIGNED_OUT)
    assert [row.kind for row in rows_of(here)] == ["queue shown", "set aside", "signed out"]


def test_a_savepoint_that_meets_a_conflict_takes_nothing_with_it(facility, actor):
    here = facility()
    robin = actor(role=Role.REVIEWER)
    with db.transaction() as session:
        record(session, robin, here, AuditKind.QUEUE_SHOWN)
        key = session.get_one(Facility, here).key
        assert not db.add_once(session, Facility(key=key, name="The same again"))
        record(session, robin, here, AuditKind.SIGNED_OUT)
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            with session.begin_nested():
                record(session, robin, here, AuditKind.DECIDED)
            raise ZeroDivisionError
    assert [row.kind for row in rows_of(here)] == ["queue shown", "signed out"]


def test_a_record_reads_the_end_of_the_chain_and_writes_two_statements(facility, actor):
    here = facility()
    robin = actor(role=Role.REVIEWER)
    db.write(record, robin, here, AuditKind.QUEUE_SHOWN)
    statements = []
    event.listen(write_engine(), "before_cursor_execute", lambda *args: statements.append(args[2].split()[0]))
    acts = [Act(here, AuditKind.LETTER_OPENED, message_id) for message_id in range(5)]
    db.write(record_acts, robin, acts)
    assert [word for word in statements if word in ("SELECT", "INSERT", "UPDATE")] == ["SELECT", "INSERT", "UPDATE"]
    assert [row.message_id for row in rows_of(here)] == [None, 0, 1, 2, 3, 4]


def test_what_somebody_does_with_their_account_is_recorded_wherever_they_work(facility, actor):
    here, elsewhere = facility(), facility()
    robin = actor(role=Role.AUDITOR, facility_id=here)
    db.write(record_for_account, robin.account_id, AuditKind.SIGNED_IN)
    assert [(row.account_id, row.role, row.kind) for row in rows_of(here)] == [
        (None, "system", "post given"),
        (robin.account_id, "auditor", "signed in"),
    ]
    assert rows_of(elsewhere) == []


def test_a_family_leaves_no_row(facility, actor):
    here = facility()
    db.write(record_for_account, actor().account_id, AuditKind.SIGNED_IN)
    assert rows_of(here) == []


def test_a_search_everywhere_leaves_a_row_at_each_facility_and_the_system_has_no_account(facility):
    here, there = facility(), facility()
    db.write(record_at, SYSTEM, [there, here], AuditKind.SEARCHED, shelf="waiting")
    assert [[row.account_id, row.role] for place in (here, there) for row in rows_of(place)] == [[None, "system"]] * 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_row SET details = ''",
        "DELETE FROM audit_row",
        "INSERT OR REPLACE INTO audit_row SELECT * FROM audit_row",
        "UPDATE audit_head SET sequence = 9",
        "DELETE FROM audit_head",
    ],
)
def test_the_database_refuses_to_change_what_is_recorded(facility, actor, statement):
    here = facility()
    db.write(record, actor(role=Role.REVIEWER, facility_id=here), here, AuditKind.QUEUE_SHOWN)
    with db.transaction() as session:
        head = "INSERT INTO audit_head VALUES (:place, '2026-03-04', 1, 'a')"
        session.connection().execute(text(head), {"place": here})
    with pytest.raises(DatabaseError, match="append-only"), write_engine().begin() as connection:
        connection.execute(text(statement))
