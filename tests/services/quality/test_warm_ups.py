"""Warm-ups: offered once a shift where a facility has them, and no decisions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import func, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import NotAllowed
from rxconnect.models import Decision, WarmUp
from rxconnect.services.quality import warm_ups
from tests.services.quality.desks import set_shares


@pytest.fixture
def reviewer(facility, actor):
    place = facility()
    set_shares(place, has_warm_up=True)
    return actor(role=Role.REVIEWER, facility_id=place)


@pytest.mark.parametrize("end", [(warm_ups.end, 6, 5), (warm_ups.skip,)])
def test_it_is_offered_until_it_has_ended_or_was_skipped_and_again_at_the_next_shift(reviewer, end):
    service, *args = end
    assert db.read(warm_ups.is_offered, reviewer)
    assert len(db.write(warm_ups.begin, reviewer)) == 6
    assert db.read(warm_ups.is_offered, reviewer)
    db.write(service, reviewer, *args)
    assert not db.read(warm_ups.is_offered, reviewer)
    with clock.at(clock.now() + timedelta(hours=11)):
        assert db.read(warm_ups.is_offered, reviewer)
    with db.reading() as session:
        row = session.exec(select(WarmUp)).one()
        assert (row.correct, row.is_skipped) == ((0, True) if service is warm_ups.skip else (5, False))
        assert session.exec(select(func.count()).select_from(Decision)).one() == 0


def test_where_it_is_off_or_for_who_does_not_review_there_is_none(reviewer, actor, facility):
    place = facility()
    for who in (
        actor(role=Role.REVIEWER, facility_id=place),
        actor(role=Role.AUDITOR, facility_id=reviewer.posts[0].facility_id),
    ):
        assert not db.read(warm_ups.is_offered, who)
        for service in (warm_ups.show, warm_ups.begin, warm_ups.skip):
            with pytest.raises(NotAllowed):
                db.write(service, who)
