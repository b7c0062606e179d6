"""The page of rules, and the check before SEND: what each person's browser is told."""

import pytest

from rxconnect import db, routes
from rxconnect.domain.accounts import Role
from rxconnect.services.messages import drafts
from rxconnect.state.family.drafts import SendState
from rxconnect.state.staff.desk import DeskState
from rxconnect.state.staff.profile import StaffProfileState
from rxconnect.state.staff.rules import RulesState
from tests.services.screening.ruling import pattern, switch_on, words, write
from tests.state.driver import sign_in

PHONE = "This looks like a telephone number of another person."


@pytest.fixture
def place(facility):
    return facility(name="Alder County Jail")


@pytest.fixture
def administrator(actor, place):
    return actor(role=Role.ADMINISTRATOR, facility_id=place, name="Paul Lindgren")


@pytest.fixture
def tab(server, administrator):
    """The administrator's tab."""
    return server.tab(sign_in(administrator)).open(routes.RULES)


def shown_rules(tab):
    return {rule["name"]: rule for group in tab.shown(RulesState, "view")["groups"] for rule in group["rules"]}


def test_a_rule_is_written_tried_and_switched_on(tab):
    tab.call(RulesState.open_form).call(RulesState.choose_kind("pattern"))
    tab.call(
        RulesState.add_rule({"name": "Numbers", "pattern": "[0-9]{3}", "is_published": "on", "published_text": PHONE})
    )
    rule = shown_rules(tab)["Numbers"]
    assert (rule["state"], rule["may_switch_on"], rule["published_text"]) == ("off", False, PHONE)
    assert tab.shown(RulesState, "is_writing") is False
    rule = shown_rules(tab.call(RulesState.try_rule(rule["id"])))["Numbers"]
    assert "would have held 0 of 0 letters" in rule["trial"]
    assert shown_rules(tab.call(RulesState.switch_on(rule["id"])))["Numbers"]["state"] == "on"
    assert shown_rules(tab.call(RulesState.switch_off(rule["id"])))["Numbers"]["state"] == "off"


def test_a_broken_pattern_says_so_beside_it_and_the_form_stays_open(tab):
    tab.call(RulesState.open_form).call(RulesState.choose_kind("pattern"))
    tab.call(RulesState.add_rule({"name": "Numbers", "pattern": "([0-9]"}))
    assert "is not closed" in tab.shown(RulesState, "problems")["pattern"]
    assert (tab.shown(RulesState, "is_writing"), tab.focused[-1]) == (True, "pattern")


def test_a_wrong_ceiling_says_so_and_a_right_one_is_kept(tab):
    tab.call(RulesState.change_settings({"ceiling": "lots"}))
    assert list(tab.shown(RulesState, "problems")) == ["ceiling"]
    tab.call(RulesState.change_settings({"ceiling": "30", "releases_clean": "yes"}))
    view = tab.shown(RulesState, "view")
    assert (view["ceiling"], view["releases_clean"]) == (30, True)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR])
def test_reviewers_and_auditors_read(server, actor, place, administrator, role):
    switch_on(administrator, place, words("cash"))
    tab = server.tab(sign_in(actor(role=role, facility_id=place))).open(routes.RULES)
    assert tab.shown(RulesState, "view")["may_change"] is False
    assert list(shown_rules(tab)) == ["Words"]


def test_others_see_nothing_of_them(server, actor, facility, place, administrator):
    rule_id = switch_on(administrator, place, words("cash", name="Xanthippe"))
    stranger = actor(role=Role.ADMINISTRATOR, facility_id=facility())
    for who in (actor(role=Role.TRAINER, facility_id=place), stranger):
        tab = server.tab(sign_in(who)).open(f"{routes.RULES}?facility={place}")
        assert (tab.shown(RulesState, "view"), tab.shown(RulesState, "is_refused")) == (None, True)
        for handler in (RulesState.try_rule, RulesState.switch_on, RulesState.switch_off):
            tab.call(handler(rule_id))
        assert "Xanthippe" not in tab.heard


def test_a_family_is_told_of_published_rules_alone(server, life, actor):
    own = life()
    draft = db.read(drafts.get, own.actor, own.draft_id)
    administrator = actor(role=Role.ADMINISTRATOR, facility_id=draft.facility_id)
    switch_on(administrator, draft.facility_id, words("cash", name="Aristophanes"))
    switch_on(administrator, draft.facility_id, pattern("[0-9]{3}-[0-9]{4}", name="Numbers", published=PHONE))
    write(administrator, draft.facility_id, words("bring", name="Euripides", published="Not yet in force."))
    db.write(drafts.save, own.actor, own.draft_id, subject="Hello", body="Call 555-0142, and bring cash.")
    tab = server.tab(sign_in(own.actor)).open(routes.fill(routes.SEND, own.draft_id))
    check = tab.shown(SendState, "check")
    assert check["notes"] == [PHONE]
    assert [piece["text"] for piece in check["body"] if piece["note"]] == ["555-0142"]
    for secret in ("Aristophanes", "Euripides", "Numbers", "Not yet in force"):
        assert secret not in tab.heard
    tab.call(SendState.accept_terms(True)).call(SendState.send)
    assert "/messages/" in tab.address


def test_a_reviewer_lists_languages_and_filters_by_them(server, actor, place):
    tab = server.tab(sign_in(actor(role=Role.REVIEWER, facility_id=place))).open(routes.STAFF_PROFILE)
    tab.call(StaffProfileState.add_language({"language": "es"}))
    assert tab.shown(StaffProfileState, "languages") == [["es", "Spanish"]]
    tab.call(StaffProfileState.add_language({"language": "elvish"}))
    assert list(tab.shown(StaffProfileState, "problems")) == ["language"]
    tab.call(StaffProfileState.remove_language("es"))
    assert tab.shown(StaffProfileState, "languages") == []
    tab.open(routes.STAFF).call(DeskState.filter({"language": "mine"}))
    assert tab.shown(DeskState, "shown")["is_readable"] is True
