"""Contacts: a star that is on or off, and what became of people."""

from rxconnect import db, routes
from rxconnect.domain import clock
from rxconnect.models import Inmate, InmateAbsence
from rxconnect.services.accounts import accounts, email_changes, sign_ins
from rxconnect.state.family.contacts import ContactsState
from rxconnect.state.family.dashboard import DashboardState
from rxconnect.state.family.messages import ThreadState
from rxconnect.state.family.profile import ProfileState
from tests.state.driver import sign_in


def stars(tab):
    return [one["is_favourite"] for one in tab.shown(ContactsState, "contacts")]


def test_a_star_stays_where_it_was_pressed_and_pressing_twice_is_once(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.CONTACTS)
    for is_favourite in (True, True, False):
        tab.call(ContactsState.mark_favourite(own.contact_id, is_favourite))
        assert stars(tab) == [is_favourite]
        assert tab.said(ContactsState) == ""
    tab.call(ContactsState.mark_favourite(own.contact_id, True))
    assert stars(tab.open(routes.CONTACTS)) == [True]


def test_a_contact_of_another_gets_no_star(server, life):
    own, other = life("Xanthippe"), life("Balthazar")
    tab = server.tab(sign_in(own.actor)).open(routes.CONTACTS)
    tab.call(ContactsState.mark_favourite(other.contact_id, True))
    assert tab.said(ContactsState) != ""
    assert stars(server.tab(sign_in(other.actor)).open(routes.CONTACTS)) == [False]


def test_what_became_of_somebody_is_told_on_contacts_conversation_and_dashboard(server, life):
    own = life()
    with db.transaction() as session:
        session.get_one(Inmate, own.inmate_id).custody = "released"
        about = {"inmate_id": own.inmate_id, "names": "x", "due_at": clock.now()}
        session.add(InmateAbsence(**about, since=clock.now(), released_at=clock.now()))
    tab = server.tab(sign_in(own.actor)).open(routes.CONTACTS)
    assert tab.shown(ContactsState, "contacts")[0]["fate_label"] == "Released"
    tab.open(routes.DASHBOARD)
    (news,) = tab.shown(DashboardState, "fates")
    assert "Your letters stay here." in news["note"]
    tab.open(routes.fill(routes.THREAD, own.contact_id))
    assert tab.shown(ThreadState, "contact")["fate_note"] == news["note"]
    assert not tab.shown(ThreadState, "contact")["is_reachable"]


def test_a_change_of_address_that_waits_is_shown_in_the_profile_and_stopped_there(server, database):
    account = {"email": "sam@example.com", "name": "Sam Rivera", "password": "walla walla washington 98"}
    token = db.write(sign_ins.create_sign_in, db.write(accounts.create_account, **account, verified=True))
    email_changes.request(db.read(sign_ins.actor_for, token), "sam@example.org", account["password"])
    tab = server.tab(token).open(routes.PROFILE)
    assert tab.shown(ProfileState, "email_change")["new_email"] == "sam@example.org"
    tab.call(ProfileState.cancel_email_change)
    assert tab.shown(ProfileState, "email_change") is None
    assert tab.open(routes.PROFILE).shown(ProfileState, "email_change") is None
