"""What a facility says of itself: administrators change it, other staff read it."""

from __future__ import annotations

import pytest

from rxconnect import db
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import Invalid, NotAllowed
from rxconnect.domain.problems import Problem
from rxconnect.services.directory import facility_profiles, facility_settings

GIVEN = {"name": "Pine Hall", "city": "Ames", "state": "IA", "rules": "No stickers."}


def test_an_administrator_changes_it_and_only_what_is_different_is_kept(facility, actor):
    place = facility(name="Pine Hall", city="Ames", state="IA")
    paul = actor(role=Role.ADMINISTRATOR, facility_id=place)
    assert db.write(facility_profiles.save_profile, paul, place, GIVEN) == 1
    assert db.write(facility_profiles.save_profile, paul, place, GIVEN) == 0
    assert db.read(facility_profiles.profile, paul, place) == GIVEN
    (change,) = db.read(facility_settings.settings, paul).changes
    assert (change.label, change.before, change.after) == ("Published rules", "", "No stickers.")


def test_what_is_wrong_is_told_by_field(facility, actor):
    place = facility()
    paul = actor(role=Role.ADMINISTRATOR, facility_id=place)
    with pytest.raises(Invalid) as refused:
        db.write(facility_profiles.save_profile, paul, place, GIVEN | {"name": "x" * 161, "city": "y" * 81})
    assert refused.value.fields == {
        "name": Problem.TOO_LONG(most=160, length=161),
        "city": Problem.TOO_LONG(most=80, length=81),
    }


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR, Role.TRAINER])
def test_nobody_else_changes_it(facility, actor, role):
    place = facility()
    with pytest.raises(NotAllowed):
        db.write(facility_profiles.save_profile, actor(role=role, facility_id=place), place, GIVEN)
    elsewhere = actor(role=Role.ADMINISTRATOR, facility_id=facility())
    for service, *given in ((facility_profiles.save_profile, place, GIVEN), (facility_profiles.profile, place)):
        with pytest.raises(NotAllowed):
            db.write(service, elsewhere, *given)
