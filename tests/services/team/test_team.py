"""The team: who may see it, what administrators change, and that a facility always keeps one."""

from datetime import timedelta

import pytest

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import FRESH_FOR, PERMISSIONS, ActorKind, Permission, Role
from rxconnect.domain.errors import Invalid, LastAdministrator, NotAllowed, NotFound, PasswordNeeded
from rxconnect.services.accounts import sign_ins, staff
from rxconnect.services.team import team

CHANGES = {
    "role": lambda *who: db.write(team.change_role, *who, "trainer"),
    "suspend": lambda *who: db.write(team.suspend, *who),
    "reinstate": lambda *who: db.write(team.reinstate, *who),
    "remove": lambda *who: db.write(team.remove, *who),
}


@pytest.fixture
def place(facility):
    return facility(name="Alder County Jail")


@pytest.fixture
def administrator(actor, place):
    return actor(role=Role.ADMINISTRATOR, facility_id=place, name="Paul Lindgren")


@pytest.fixture
def reviewer(actor, place):
    return actor(role=Role.REVIEWER, facility_id=place, name="Denise Walker")


def now_of(member):
    """The member as an actor who has just signed in, or None."""
    return db.read(sign_ins.actor_for, db.write(sign_ins.create_sign_in, member.account_id))


def test_an_administrator_sees_who_works_there(administrator, reviewer, place):
    view = db.read(team.team, administrator)
    assert (view.facility_id, view.facility) == (place, "Alder County Jail")
    assert [(one.name, one.role_label, one.is_me, one.second_factor) for one in view.members] == [
        ("Denise Walker", "Mail-room reviewer", False, "No second step yet"),
        ("Paul Lindgren", "Administrator", True, "No second step yet"),
    ]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_sees_or_changes_a_team(actor, place, administrator, role):
    other = actor(role=role, facility_id=place)
    with pytest.raises(NotAllowed):
        db.read(team.team, other)
    for change in CHANGES.values():
        with pytest.raises(NotAllowed):
            change(other, place, administrator.account_id)


def test_an_administrator_of_another_facility_sees_and_changes_nothing_here(actor, facility, place, reviewer):
    stranger = actor(role=Role.ADMINISTRATOR, facility_id=facility())
    with pytest.raises(NotAllowed):
        db.read(team.team, stranger, place)
    for change in CHANGES.values():
        with pytest.raises(NotAllowed):
            change(stranger, place, reviewer.account_id)


def test_somebody_who_does_not_work_here_is_not_found(actor, facility, place, administrator):
    stranger = actor(role=Role.REVIEWER, facility_id=facility())
    for change in CHANGES.values():
        for account_id in (stranger.account_id, actor().account_id, 999_999):
            with pytest.raises(NotFound):
                change(administrator, place, account_id)


def test_a_change_needs_a_password_that_was_given_lately(administrator, place, reviewer):
    with clock.at(clock.now() + FRESH_FOR + timedelta(seconds=1)):
        for change in CHANGES.values():
            with pytest.raises(PasswordNeeded):
                change(administrator, place, reviewer.account_id)


def test_a_new_role_holds_from_the_next_event_on(administrator, place, reviewer):
    db.write(team.change_role, administrator, place, reviewer.account_id, "auditor")
    assert now_of(reviewer).facilities(Permission.SEE_FINANCE) == (place,)
    with pytest.raises(Invalid):
        db.write(team.change_role, administrator, place, reviewer.account_id, "warden")


def test_who_is_suspended_is_signed_out_at_the_next_event_and_comes_back(administrator, place, reviewer):
    token = db.write(sign_ins.create_sign_in, reviewer.account_id)
    db.write(team.suspend, administrator, place, reviewer.account_id)
    assert db.read(sign_ins.actor_for, token) is None
    assert [one.is_suspended for one in db.read(team.team, administrator).members] == [False, True]
    db.write(team.reinstate, administrator, place, reviewer.account_id)
    assert now_of(reviewer).facilities(Permission.REVIEW_MESSAGES) == (place,)


def test_a_new_role_does_not_end_a_suspension(administrator, place, reviewer):
    db.write(team.suspend, administrator, place, reviewer.account_id)
    db.write(team.change_role, administrator, place, reviewer.account_id, "trainer")
    assert now_of(reviewer) is None


def test_who_works_elsewhere_too_is_suspended_here_only(administrator, place, reviewer, facility):
    elsewhere = facility()
    db.write(staff.assign, reviewer.account_id, elsewhere, Role.REVIEWER)
    db.write(team.suspend, administrator, place, reviewer.account_id)
    assert now_of(reviewer).facilities(Permission.REVIEW_MESSAGES) == (elsewhere,)


def test_who_is_removed_has_no_post_and_stays_staff(administrator, place, reviewer):
    db.write(team.remove, administrator, place, reviewer.account_id)
    assert (now_of(reviewer).kind, now_of(reviewer).posts) == (ActorKind.STAFF, ())


@pytest.mark.parametrize("change", ["role", "suspend", "remove"])
def test_the_last_administrator_cannot_lock_themselves_out(administrator, place, actor, change):
    with pytest.raises(LastAdministrator):
        CHANGES[change](administrator, place, administrator.account_id)
    assert now_of(administrator).facilities(Permission.MANAGE_STAFF) == (place,)
    other = actor(role=Role.ADMINISTRATOR, facility_id=place)
    CHANGES[change](administrator, place, administrator.account_id)
    with pytest.raises(LastAdministrator):
        CHANGES[change](other, place, other.account_id)


def test_a_suspended_administrator_does_not_count(administrator, place, actor):
    other = actor(role=Role.ADMINISTRATOR, facility_id=place)
    db.write(team.suspend, administrator, place, other.account_id)
    with pytest.raises(LastAdministrator):
        db.write(team.suspend, administrator, place, administrator.account_id)


def test_who_was_demoted_meanwhile_changes_nothing_any_more(administrator, place, actor, reviewer):
    other = actor(role=Role.ADMINISTRATOR, facility_id=place)
    db.write(team.change_role, administrator, place, other.account_id, "reviewer")
    with pytest.raises(NotAllowed):
        db.write(team.remove, other, place, administrator.account_id)


def test_every_role_says_in_words_what_it_may_do(database):
    roles = {role.value: role.may for role in team.roles()}
    assert {role: len(may) for role, may in roles.items()} == {role: len(PERMISSIONS[role]) for role in Role}
    assert "Refunds unused credits to a family's card" in roles[Role.ADMINISTRATOR]
