"""Invitations: a link that works once, for seven days, and makes an account of staff or adds a post to one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import FRESH_FOR, ActorKind, Post, Role
from rxconnect.domain.browsers import Browser
from rxconnect.domain.errors import (
    Invalid,
    LinkExpired,
    NotAllowed,
    NotForStaff,
    NotFound,
    PasswordNeeded,
    SecondStepNeeded,
    WrongCredentials,
)
from rxconnect.domain.problems import Problem
from rxconnect.services.accounts import accounts, pending_sign_ins, staff
from rxconnect.services.notices import emails
from rxconnect.services.team import invitations, team
from tests.staff import PASSWORD, new_member

HERE = Browser("192.0.2.7", "Firefox on Linux", device="d" * 43)
NEW = {"email": "kim@example.com", "name": "Kim Novak", "role": "reviewer"}


@pytest.fixture
def place(facility):
    return facility(name="Alder County Jail")


@pytest.fixture
def administrator(actor, place):
    return actor(role=Role.ADMINISTRATOR, facility_id=place)


@pytest.fixture
def invite(administrator, place):
    """`invite(…)` sends an invitation, and returns the token in its link."""

    def send(**fields):
        db.write(invitations.invite, administrator, place, **NEW | fields)
        return db.read(emails.outbox)[0].link.partition("token=")[2]

    return send


def accept(token, name="Kim Novak", password=PASSWORD):
    """Accept, up to the second step. Returns the account that waits there."""
    with pytest.raises(SecondStepNeeded) as step:
        invitations.accept(token, name, password, HERE)
    return db.read(pending_sign_ins.account_of, step.value.token)


def test_who_is_invited_becomes_staff_with_the_post_and_goes_on_to_the_second_step(invite, place):
    account = accept(invite())
    assert (account.email, account.name, account.kind) == ("kim@example.com", "Kim Novak", ActorKind.STAFF)
    assert account.email_verified_at is not None
    assert db.read(staff.posts, account.id) == (Post(place, Role.REVIEWER),)


def test_the_email_says_who_invites_to_what(invite):
    invite()
    email = db.read(emails.outbox)[0]
    assert email.subject == "Work with RxConnect at Alder County Jail"
    assert "Mail-room reviewer" in email.body


def test_a_link_works_once_also_for_two_at_the_same_moment(invite):
    token = invite()

    def press(_):
        try:
            invitations.accept(token, "Kim Novak", PASSWORD, HERE)
        except SecondStepNeeded:
            return True
        except (LinkExpired, WrongCredentials, Invalid, RuntimeError):
            return False

    with ThreadPoolExecutor(2) as pool:
        assert any(pool.map(press, range(2)))
    with pytest.raises(LinkExpired):
        invitations.accept(token, "Kim Novak", PASSWORD, HERE)


def test_a_link_works_for_seven_days(invite):
    token = invite()
    with clock.at(clock.now() + invitations.LASTS), pytest.raises(LinkExpired):
        invitations.accept(token, "Kim Novak", PASSWORD, HERE)


def test_a_withdrawn_or_repeated_invitation_ends_the_earlier_link(invite, administrator, place):
    first, second = invite(), invite(role="auditor")
    with pytest.raises(LinkExpired):
        invitations.accept(first, "Kim Novak", PASSWORD, HERE)
    (waiting,) = db.read(team.team, administrator).invitations
    assert waiting.role_label == "Auditor"
    db.write(invitations.withdraw, administrator, place, waiting.id)
    with pytest.raises(LinkExpired):
        invitations.accept(second, "Kim Novak", PASSWORD, HERE)
    assert db.read(team.team, administrator).invitations == []


@pytest.mark.parametrize("token", ["", "nonsense", "\0"])
def test_a_link_that_was_never_sent_is_refused(invite, token):
    invite()
    with pytest.raises(LinkExpired):
        invitations.accept(token, "Kim Novak", PASSWORD, HERE)
    assert db.read(invitations.name_of, token) == ""


def test_a_weak_password_or_no_name_is_refused_and_the_link_still_works(invite):
    token = invite()
    for name, password in (("Kim Novak", "short"), ("", PASSWORD)):
        with pytest.raises(Invalid):
            invitations.accept(token, name, password, HERE)
    assert accept(token)


def test_staff_of_another_facility_join_with_their_own_password(invite, facility, place):
    elsewhere = facility()
    kim = new_member("kim@example.com", elsewhere)
    token = invite(role="auditor")
    with pytest.raises(WrongCredentials):
        invitations.accept(token, "Kim", "wrong wrong", HERE)
    assert accept(token).id == kim.account_id
    posts = {Post(elsewhere, Role.REVIEWER), Post(place, Role.AUDITOR)}
    assert set(db.read(staff.posts, kim.account_id)) == posts


def test_an_administrator_cannot_tell_who_has_an_account(invite, actor, administrator):
    before = administrator
    for email in (actor().email, new_member("lee@example.com").email, "nobody@example.com"):
        invite(email=email)
    assert len(db.read(team.team, before).invitations) == 3


def test_a_family_hears_that_it_cannot_become_staff(invite):
    fields = {"email": "kim@example.com", "name": "Kim", "password": PASSWORD}
    db.write(accounts.create_account, **fields)
    with pytest.raises(NotForStaff):
        invitations.accept(invite(), "Kim", PASSWORD, HERE)


def test_who_works_here_already_is_not_invited(invite, place):
    new_member("kim@example.com", place)
    with pytest.raises(Invalid) as refused:
        invite()
    assert refused.value.fields == {"email": Problem.ALREADY_ON_THE_TEAM()}


@pytest.mark.parametrize("wrong", [{"email": "no"}, {"name": ""}, {"role": "warden"}, {"role": ""}])
def test_a_wrong_field_is_refused(invite, wrong):
    with pytest.raises(Invalid):
        invite(**wrong)


def test_only_administrators_of_the_facility_invite_and_withdraw(invite, actor, facility, place, administrator):
    invite()
    (waiting,) = db.read(team.team, administrator).invitations
    for other in (
        actor(role=Role.REVIEWER, facility_id=place),
        actor(role=Role.ADMINISTRATOR, facility_id=facility()),
        actor(),
    ):
        with pytest.raises(NotAllowed):
            db.write(invitations.invite, other, place, **NEW)
        with pytest.raises(NotAllowed):
            db.write(invitations.withdraw, other, place, waiting.id)


def test_an_invitation_of_another_facility_is_not_found(invite, actor, facility, administrator):
    invite()
    elsewhere = facility()
    stranger = actor(role=Role.ADMINISTRATOR, facility_id=elsewhere)
    (waiting,) = db.read(team.team, administrator).invitations
    with pytest.raises(NotFound):
        db.write(invitations.withdraw, stranger, elsewhere, waiting.id)


def test_it_needs_a_password_that_was_given_lately(administrator, place):
    with clock.at(clock.now() + FRESH_FOR + timedelta(seconds=1)), pytest.raises(PasswordNeeded):
        db.write(invitations.invite, administrator, place, **NEW)
