"""The profile of a member of staff: second factors and sign-ins, nobody else's."""

from datetime import timedelta

import pytest

from rxconnect import db, routes
from rxconnect.domain.accounts import FRESH_FOR
from rxconnect.models import Passkey
from rxconnect.services.accounts import sign_ins
from rxconnect.state.staff.profile import StaffProfileState
from tests.staff import SECRET, new_member
from tests.state.driver import let_pass, name_of


@pytest.fixture
def robin(facility):
    return new_member(facility_id=facility())


@pytest.fixture
def tab(server, robin):
    return server.tab(db.write(sign_ins.create_sign_in, robin.account_id)).open(routes.STAFF_PROFILE)


def add_passkey(member):
    with db.transaction() as session:
        row = Passkey(account_id=member.account_id, credential_id=member.email, public_key="x", name="Firefox on Linux")
        session.add(row)
        session.flush()
        return row.id


def factors(tab):
    return tab.shown(StaffProfileState, "factors")


def test_it_shows_the_second_factors_and_never_a_secret(tab, robin):
    add_passkey(robin)
    tab.open(routes.STAFF_PROFILE)
    assert [one["name"] for one in factors(tab)["passkeys"]] == ["Firefox on Linux"]
    assert (factors(tab)["app_added"] != "", factors(tab)["codes_left"], factors(tab)["is_needed"]) == (True, 0, True)
    assert SECRET not in tab.heard
    assert "public_key" not in tab.heard


def test_the_last_second_factor_stays_and_another_is_removed(tab, robin):
    tab.call(StaffProfileState.remove_app())
    assert "only second step" in tab.said(StaffProfileState)
    passkey_id = add_passkey(robin)
    tab.call(StaffProfileState.remove_app())
    assert factors(tab)["app_added"] == ""
    tab.call(StaffProfileState.remove_passkey(passkey_id))
    assert "only second step" in tab.said(StaffProfileState)


def test_a_passkey_of_somebody_else_is_not_found(tab, facility):
    other = add_passkey(new_member("kim@example.com", facility()))
    tab.call(StaffProfileState.remove_passkey(other))
    assert "could not find this passkey" in tab.said(StaffProfileState)


def test_a_while_after_the_password_both_are_asked_for(tab):
    let_pass(FRESH_FOR + timedelta(seconds=1))
    tab.forget_frames().send(name_of(StaffProfileState, "remove_app"))
    assert tab.redirects == [f"{routes.STAFF_CONFIRM}?next={routes.STAFF_PROFILE}"]


def test_another_browser_is_signed_out(tab, robin):
    other = db.write(sign_ins.create_sign_in, robin.account_id)
    tab.open(routes.STAFF_PROFILE)
    there = next(one for one in tab.shown(StaffProfileState, "sign_ins") if not one["is_this"])
    tab.call(StaffProfileState.end_sign_in(there["id"]))
    assert db.read(sign_ins.actor_for, other) is None
