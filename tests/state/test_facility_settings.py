"""The page of a facility's settings: administrators change them, reviewers and auditors read, nobody sees another facility."""

import pytest

from rxconnect import routes
from rxconnect.domain.accounts import Role
from rxconnect.domain.messages import Reason
from rxconnect.state.session import SessionState
from rxconnect.state.staff.facility_settings import REASON_FIELDS, FacilitySettingsState
from tests.state.driver import name_of, sign_in
from tests.state.lives import everything


@pytest.fixture
def place(facility):
    return facility(name="Alder County Jail")


@pytest.fixture
def tab(server, actor, place):
    """The administrator's tab, at the page."""
    chief = actor(role=Role.ADMINISTRATOR, facility_id=place, name="Paul Lindgren")
    return server.tab(sign_in(chief)).open(routes.FACILITY_SETTINGS)


def view(tab):
    return tab.shown(FacilitySettingsState, "view")


def test_a_setting_is_saved_and_the_change_listed_with_its_account(tab):
    tab.call(FacilitySettingsState.save({"promised_hours": "24"}))
    assert view(tab)["values"]["promised_hours"] == "24"
    (change,) = view(tab)["changes"]
    assert (change["by"], change["before"], change["after"]) == ("Paul Lindgren", "48 hours", "24 hours")
    assert "Saved" in tab.shown(SessionState, "notice")


def test_a_wrong_value_keeps_what_was_typed_and_says_so_beside_it(tab):
    tab.call(FacilitySettingsState.save({"promised_hours": "soon", "price_cents": "30"}))
    assert list(tab.shown(FacilitySettingsState, "problems")) == ["promised_hours"]
    assert tab.shown(FacilitySettingsState, "given")["promised_hours"] == "soon"
    assert tab.focused[-1] == "promised_hours"
    assert view(tab)["changes"] == []


def test_the_text_of_a_reason_is_saved_and_a_long_one_refused_in_its_field(tab):
    tab.call(FacilitySettingsState.save_reasons({"rule_1": "No telephone numbers.", "rule_2": "x" * 401}))
    assert list(tab.shown(FacilitySettingsState, "problems")) == ["rule_2"]
    tab.call(FacilitySettingsState.save_reasons({"rule_1": "No telephone numbers."}))
    assert view(tab)["reasons"][0]["text"] == "No telephone numbers."
    assert view(tab)["reasons"][1]["own"] == ""


def test_each_reason_has_a_field():
    assert list(REASON_FIELDS.values()) == list(Reason)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR])
def test_reviewers_and_auditors_read_the_page_and_change_nothing(server, actor, place, role):
    tab = server.tab(sign_in(actor(role=role, facility_id=place))).open(routes.FACILITY_SETTINGS)
    assert (view(tab)["facility"], view(tab)["may_change"]) == ("Alder County Jail", False)
    before = everything()
    for event in (
        FacilitySettingsState.save({"opening": "paused"}),
        FacilitySettingsState.save_reasons({"rule_1": "x"}),
    ):
        tab.call(event)
        assert "may not" in tab.said(FacilitySettingsState)
    assert everything() == before


def test_a_trainer_learns_for_whom_the_page_is(server, actor, place):
    tab = server.tab(sign_in(actor(role=Role.TRAINER, facility_id=place))).open(routes.FACILITY_SETTINGS)
    assert (view(tab), tab.shown(FacilitySettingsState, "is_refused")) == (None, True)
    assert "Alder" not in tab.heard


def test_a_facility_of_others_shows_nothing_and_cannot_be_changed(tab, facility):
    other = facility(name="Birch House")
    for query in (f"?facility={other}", "?facility=999999", "?facility=x"):
        tab.open(f"{routes.FACILITY_SETTINGS}{query}")
        assert view(tab) is None
        before = everything()
        tab.send(name_of(FacilitySettingsState, "save"), {"form": {"opening": "paused"}})
        assert everything() == before
    assert "Birch" not in tab.heard
