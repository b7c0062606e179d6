"""Sign-ins of staff are recorded wherever they work; what families do is not."""

import pytest
from sqlmodel import col, select

from rxconnect import db
from rxconnect.domain.accounts import Role
from rxconnect.domain.browsers import Browser
from rxconnect.domain.errors import NotFound
from rxconnect.models import Account, AuditRow
from rxconnect.services.accounts import sign_in_views, sign_ins, staff


def recorded(facility_id):
    """What was recorded at a facility after the posts were given: (account, kind)."""
    with db.reading() as session:
        rows = session.exec(
            select(AuditRow).where(AuditRow.facility_id == facility_id).order_by(col(AuditRow.sequence))
        )
        return [(row.account_id, row.kind) for row in rows if row.kind != "post given"]


def sign_in(actor):
    def complete(session):
        return sign_ins.complete_sign_in(session, session.get_one(Account, actor.account_id), Browser(""))

    return db.write(complete)


@pytest.fixture
def places(facility):
    return [facility(), facility()]


@pytest.fixture
def robin(actor, places):
    """A member of staff of both facilities."""
    made = actor(role=Role.REVIEWER, facility_id=places[0])
    db.write(staff.assign, made.account_id, places[1], Role.AUDITOR)
    return made


def test_signing_in_and_out_leaves_a_row_at_each_facility(robin, places):
    db.write(sign_ins.sign_out, sign_in(robin))
    for place in places:
        assert recorded(place) == [(robin.account_id, "signed in"), (robin.account_id, "signed out")]


def test_a_sign_in_that_has_ended_is_not_ended_again(robin, places):
    token = sign_in(robin)
    db.write(sign_ins.sign_out_everywhere, robin)
    db.write(sign_ins.sign_out, token)
    assert [kind for _who, kind in recorded(places[0])] == ["signed in", "signed out"]


def test_ending_the_sign_in_of_another_browser_is_recorded(robin, places):
    found = db.read(sign_ins.actor_for, sign_in(robin))
    db.write(sign_in_views.end_sign_in, robin, found.sign_in_id)
    assert recorded(places[0])[-1] == (robin.account_id, "signed out")
    with pytest.raises(NotFound):
        db.write(sign_in_views.end_sign_in, robin, found.sign_in_id)
    assert len(recorded(places[0])) == 2


def test_nothing_is_recorded_of_a_family(actor, places):
    sam = actor()
    db.write(sign_ins.sign_out, sign_in(sam))
    assert [recorded(place) for place in places] == [[], []]


def test_the_end_of_a_post_is_recorded_there_alone(robin, places):
    db.write(staff.dismiss, robin.account_id, places[1])
    assert [recorded(place) for place in places] == [[], [(None, "removed")]]
