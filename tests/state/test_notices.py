"""The page of notices: choices that are kept, for their own account alone."""

from __future__ import annotations

from rxconnect import db, routes
from rxconnect.services.notices import dead_addresses, emails
from rxconnect.services.push import push_keys
from rxconnect.state.family.notices import NoticesState
from rxconnect.state.family.profile import ProfileState
from tests.state.driver import name_of, sign_in


def test_a_choice_is_kept_and_shown(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.NOTICES)
    assert tab.shown(NoticesState, "paces")["reply"] == "now"
    tab.send(name_of(NoticesState, "choose"), {"kind": "reply", "pace": "daily"})
    assert tab.shown(NoticesState, "paces")["reply"] == "daily"
    other = server.tab(sign_in(own.actor)).open(routes.NOTICES)
    assert other.shown(NoticesState, "paces")["reply"] == "daily"


def test_what_must_be_sent_and_what_is_no_kind_cannot_be_chosen(server, life):
    tab = server.tab(sign_in(life().actor)).open(routes.NOTICES)
    for kind, pace in (("refund", "off"), ("sign-in", "off"), ("nonsense", "off"), ("reply", "hourly")):
        tab.send(name_of(NoticesState, "choose"), {"kind": kind, "pace": pace})
        assert tab.said(NoticesState)
    assert set(tab.shown(NoticesState, "paces").values()) == {"now", "off"}


def test_a_level_is_kept_for_an_own_wallet_alone(server, life):
    own, other = life("Xanthippe"), life("Balthazar")
    tab = server.tab(sign_in(own.actor)).open(routes.NOTICES)
    tab.send(name_of(NoticesState, "choose_level"), {"facility_id": own.facility_id, "level": "10"})
    assert [one["level"] for one in tab.shown(NoticesState, "levels")] == ["10"]
    tab.send(name_of(NoticesState, "choose_level"), {"facility_id": other.facility_id, "level": "10"})
    assert tab.said(NoticesState)
    assert "Balthazar" not in tab.heard


def test_an_address_that_emails_come_back_from_is_said_to_and_tried_again(server, life):
    own = life()
    db.write(dead_addresses.record, own.actor.email, "550")
    tab = server.tab(sign_in(own.actor)).open(routes.NOTICES)
    assert tab.shown(NoticesState, "comes_back") is True
    tab.send(name_of(NoticesState, "send_link"))
    assert tab.shown(NoticesState, "link_was_sent") is True
    assert "token=" in db.read(emails.outbox)[0].link
    tab.go(routes.PROFILE)
    assert tab.shown(ProfileState, "comes_back") is True


def test_pushes_are_offered_once_there_is_a_key_and_the_private_one_stays(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.NOTICES)
    assert tab.shown(NoticesState, "push_key") == ""
    push_keys.make()
    tab.open(routes.NOTICES)
    assert tab.shown(NoticesState, "push_key") == push_keys.public_key() != ""
    assert push_keys.secret() not in tab.heard
