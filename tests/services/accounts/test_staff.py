"""Posts: a member of staff works for several facilities, as something else at each, and for no other."""

import pytest

from rxconnect import db
from rxconnect.domain.accounts import SYSTEM, ActorKind, Permission, Role
from rxconnect.domain.errors import BadCommand, NotAllowed, NotFound
from rxconnect.domain.finance import Period
from rxconnect.services.accounts import sign_ins, staff
from rxconnect.services.books import finance
from rxconnect.services.review import review


@pytest.fixture
def robin(actor):
    """`robin(…)`: the actor that Robin is now, of a new sign-in."""
    account_id = actor(kind=ActorKind.STAFF).account_id

    def now():
        return db.read(sign_ins.actor_for, db.write(sign_ins.create_sign_in, account_id))

    return now


def give(actor, facility_id, role):
    db.write(staff.assign, actor.account_id, facility_id, role)


def test_staff_without_a_post_may_do_nothing(robin):
    assert not any(robin().may(permission) or robin().facilities(permission) for permission in Permission)


def test_the_system_has_no_permission_that_a_service_would_ask_for():
    assert not any(SYSTEM.may(permission) or SYSTEM.facilities(permission) for permission in Permission)


def test_a_reviewer_at_two_facilities_decides_at_both_and_at_no_third(pair, robin):
    one, two, third = pair(), pair(), pair()
    for writer in (one, two):
        give(robin(), writer.facility_id, Role.REVIEWER)
    for writer in (one, two):
        db.write(review.approve, robin(), writer.send().id)
    with pytest.raises(NotFound):
        db.write(review.approve, robin(), third.send().id)


def test_a_role_holds_at_its_own_facility_only(pair, facility, robin):
    writer, elsewhere = pair(), facility(name="Birch County Jail")
    give(robin(), writer.facility_id, Role.REVIEWER)
    give(robin(), elsewhere, Role.AUDITOR)
    assert db.read(finance.overview, robin(), Period.THIS_MONTH).facility == "Birch County Jail"
    with pytest.raises(NotAllowed):
        db.read(finance.overview, robin(), Period.THIS_MONTH, writer.facility_id)


def test_a_timeline_names_the_role_at_the_facility_of_the_message(pair, facility, robin):
    writer = pair()
    give(robin(), facility(), Role.REVIEWER)
    give(robin(), writer.facility_id, Role.ADMINISTRATOR)
    assert robin().acts_as(writer.facility_id) is Role.ADMINISTRATOR


def test_posts_are_shown_by_the_names_of_their_facilities(facility, robin):
    for name, role in (("Dogwood Prison", Role.ADMINISTRATOR), ("Alder County Jail", Role.TRAINER)):
        give(robin(), facility(name=name), role)
    shown = db.read(staff.my_posts, robin())
    assert [(post.facility, post.role) for post in shown] == [
        ("Alder County Jail", "Trainer"),
        ("Dogwood Prison", "Administrator"),
    ]


def test_a_new_role_takes_the_place_of_the_old_one(facility, robin):
    place = facility()
    give(robin(), place, Role.ADMINISTRATOR)
    give(robin(), place, Role.TRAINER)
    assert robin().facilities(Permission.REFUND) == ()
    assert [post.role for post in robin().posts] == [Role.TRAINER]


def test_who_is_dismissed_may_do_nothing_there_and_stays_staff(pair, robin):
    writer = pair()
    give(robin(), writer.facility_id, Role.REVIEWER)
    message_id = writer.send().id
    db.write(staff.dismiss, robin().account_id, writer.facility_id)
    with pytest.raises(NotAllowed):
        db.write(review.approve, robin(), message_id)
    assert robin().kind is ActorKind.STAFF
    with pytest.raises(NotFound):
        db.write(staff.dismiss, robin().account_id, writer.facility_id)


def test_a_family_is_never_given_a_post_by_its_address(actor):
    with pytest.raises(BadCommand):
        db.read(staff.staff_id_by_email, actor().email)
