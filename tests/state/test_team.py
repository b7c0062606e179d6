"""The team's page: an administrator keeps it, and what changes holds for everyone at the next event."""

from datetime import timedelta

import pytest

from rxconnect import db, routes
from rxconnect.domain.accounts import FRESH_FOR, Role
from rxconnect.services.notices import emails
from rxconnect.state.session import SessionState
from rxconnect.state.staff.desk import DeskState
from rxconnect.state.staff.team import TeamState
from tests.state.driver import let_pass, name_of, sign_in


@pytest.fixture
def place(facility):
    return facility(name="Alder County Jail")


@pytest.fixture
def administrator(actor, place):
    return actor(role=Role.ADMINISTRATOR, facility_id=place, name="Paul Lindgren")


@pytest.fixture
def reviewer(actor, place):
    return actor(role=Role.REVIEWER, facility_id=place, name="Denise Walker")


@pytest.fixture
def tab(server, administrator):
    """The administrator's tab."""
    return server.tab(sign_in(administrator))


def members(tab):
    return {one["name"]: one for one in tab.shown(TeamState, "view")["members"]}


def test_the_page_shows_the_team_and_what_each_role_may_do(tab, reviewer):
    tab.open(routes.TEAM)
    assert list(members(tab)) == ["Denise Walker", "Paul Lindgren"]
    assert [role["label"] for role in tab.shown(TeamState, "roles")] == [role.label for role in Role]


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR, Role.TRAINER])
def test_others_learn_for_whom_the_page_is_and_nothing_else(server, actor, place, administrator, role):
    tab = server.tab(sign_in(actor(role=role, facility_id=place))).open(routes.TEAM)
    assert (tab.shown(TeamState, "view"), tab.shown(TeamState, "is_refused")) == (None, True)
    assert "Lindgren" not in tab.heard


def test_a_facility_of_others_in_the_address_shows_nothing(tab, facility):
    for query in (f"?facility={facility(name='Birch House')}", "?facility=999999", "?facility=x"):
        tab.open(f"{routes.TEAM}{query}")
        assert tab.shown(TeamState, "view") is None
    assert "Birch" not in tab.heard


def test_somebody_is_invited_and_the_invitation_withdrawn(tab):
    form = {"name": "Kim Novak", "email": "kim@example.com", "role": "auditor"}
    tab.open(routes.TEAM).call(TeamState.invite(form))
    (waiting,) = tab.shown(TeamState, "view")["invitations"]
    assert (waiting["name"], waiting["role_label"]) == ("Kim Novak", "Auditor")
    assert routes.INVITATION in db.read(emails.outbox)[0].link
    tab.call(TeamState.withdraw(waiting["id"]))
    assert tab.shown(TeamState, "view")["invitations"] == []


def test_a_wrong_address_keeps_the_form_and_says_so_beside_it(tab):
    tab.open(routes.TEAM).call(TeamState.invite({"name": "Kim Novak", "email": "kim", "role": "auditor"}))
    assert list(tab.shown(TeamState, "problems")) == ["email"]
    assert tab.shown(TeamState, "name") == "Kim Novak"
    assert tab.focused[-1] == "email"


def test_a_role_is_changed_and_access_suspended_and_given_back(tab, reviewer):
    tab.open(routes.TEAM).call(TeamState.edit(reviewer.account_id))
    assert tab.shown(TeamState, "editing") == reviewer.account_id
    tab.call(TeamState.change_role(reviewer.account_id, "trainer"))
    assert (members(tab)["Denise Walker"]["role_label"], tab.shown(TeamState, "editing")) == ("Trainer", 0)
    tab.call(TeamState.suspend(reviewer.account_id))
    assert members(tab)["Denise Walker"]["is_suspended"]
    tab.call(TeamState.reinstate(reviewer.account_id))
    assert not members(tab)["Denise Walker"]["is_suspended"]
    tab.call(TeamState.remove(reviewer.account_id))
    assert list(members(tab)) == ["Paul Lindgren"]


def test_who_is_suspended_is_led_to_the_sign_in_at_the_next_press(server, tab, reviewer):
    theirs = server.tab(sign_in(reviewer)).open(routes.STAFF)
    assert theirs.shown(DeskState, "ready")
    tab.open(routes.TEAM).call(TeamState.suspend(reviewer.account_id))
    theirs.forget_frames().send(name_of(DeskState, "load"))
    assert theirs.redirects == [f"{routes.SIGN_IN}?next={routes.STAFF}"]
    assert theirs.shown(SessionState, "turned_away")


def test_the_last_administrator_is_told_why_nothing_was_changed(tab, administrator):
    tab.open(routes.TEAM).call(TeamState.change_role(administrator.account_id, "reviewer"))
    assert "without an administrator" in tab.said(TeamState)
    assert members(tab)["Paul Lindgren"]["role_label"] == "Administrator"


def test_an_administrator_who_steps_down_leaves_the_page(tab, administrator, actor, place):
    actor(role=Role.ADMINISTRATOR, facility_id=place)
    tab.open(routes.TEAM).call(TeamState.change_role(administrator.account_id, "reviewer"))
    assert tab.address == routes.STAFF
    assert "manage staff" not in tab.shown(SessionState, "permissions")


def test_a_while_after_the_password_both_are_asked_for_and_the_form_is_kept(tab):
    tab.open(routes.TEAM)
    let_pass(FRESH_FOR + timedelta(seconds=1))
    form = {"name": "Kim Novak", "email": "kim@example.com", "role": "auditor"}
    tab.forget_frames().send(name_of(TeamState, "invite"), {"form": form})
    assert tab.redirects == [f"{routes.STAFF_CONFIRM}?next={routes.TEAM}"]
    tab.redirects = []
    tab.open(routes.TEAM)
    assert tab.shown(TeamState, "email") == "kim@example.com"
