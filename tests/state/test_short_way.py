"""The short way, handler by handler: one text to find the person, and a letter from the dashboard."""

import pytest

from rxconnect import db, routes
from rxconnect.domain.terms import VERSION
from rxconnect.services.directory import contacts, facilities
from rxconnect.services.messages import drafts, messages
from rxconnect.services.screening import submissions
from rxconnect.state.family.dashboard import DashboardState
from rxconnect.state.family.drafts import ComposeState, SendState
from rxconnect.state.family.facilities import ChooseFacilityState
from rxconnect.state.family.purchases import AmountState
from rxconnect.state.family.quick_letters import QuickLetterState
from rxconnect.state.session import SessionState
from tests.services.buying import buy
from tests.state.driver import sign_in


@pytest.fixture
def cedar(facility):
    return facility(name="Cedar Ridge", city="Walla Walla", state="WA")


@pytest.fixture
def marcus(cedar, inmate):
    return inmate(cedar, first_name="Marcus", last_name="Delgado", number="20418873")


def people(tab):
    return [person["id"] for person in tab.shown(ChooseFacilityState, "people")]


def select(tab):
    (person,) = tab.shown(ChooseFacilityState, "people")
    return tab.call(ChooseFacilityState.select_person(person["ticket"]))


def test_a_number_leads_from_get_started_straight_to_the_credits(server, actor, cedar, marcus):
    sam = actor()
    tab = server.tab(sign_in(sam)).open(routes.START).call(ChooseFacilityState.search("20418873"))
    assert people(tab) == [marcus]
    select(tab)
    assert tab.address == f"{routes.BUY_CREDITS}?facility={cedar}"
    assert tab.shown(AmountState, "facility_id") == str(cedar)
    assert tab.shown(AmountState, "recipient") == "Marcus Delgado"
    assert tab.shown(SessionState, "steps_done") == [True, True, False, False]
    assert [place.id for place in db.read(facilities.my_locations, sam)] == [cedar]


def test_who_only_adds_a_contact_is_not_led_to_buy(server, actor, marcus):
    tab = server.tab(sign_in(actor())).open(routes.FIND_FACILITY).call(ChooseFacilityState.search("20418873"))
    assert select(tab).address == routes.FOUND


def test_who_has_credits_there_goes_straight_to_the_letter(server, actor, cedar, marcus):
    sam = actor()
    db.write(facilities.add_location, sam, cedar)
    buy(sam, cedar)
    tab = server.tab(sign_in(sam)).open(routes.START).call(ChooseFacilityState.search("marcus delgado"))
    select(tab)
    assert tab.address.startswith("/compose/")
    assert tab.shown(ComposeState, "draft")["contact"] == "Marcus Delgado"
    assert "Marcus" in tab.shown(ComposeState, "beginnings")[0]["text"]


def test_enter_takes_the_only_match_and_leaves_a_choice_to_the_user(server, actor, cedar, marcus, inmate):
    tab = server.tab(sign_in(actor())).open(routes.START)
    tab.call(ChooseFacilityState.take({"recipient": "markus delgad"}))
    assert (tab.address, people(tab)) == (routes.FIND_FACILITY, [marcus])
    tab.call(ChooseFacilityState.take({"recipient": "20418873"}))
    assert tab.address.startswith(routes.BUY_CREDITS)


def test_a_facility_is_added_in_place_and_chosen(server, actor, cedar):
    sam = actor()
    tab = server.tab(sign_in(sam)).open(routes.START).call(ChooseFacilityState.search("cedar rige"))
    (place,) = tab.shown(ChooseFacilityState, "facilities")
    assert not place["is_my_location"]
    tab.call(ChooseFacilityState.choose(cedar))
    assert tab.address == routes.FIND_INMATE
    assert [place.id for place in db.read(facilities.my_locations, sam)] == [cedar]


def test_a_person_whom_nobody_was_shown_is_not_added(server, actor, cedar, marcus):
    sam = actor()
    tab = server.tab(sign_in(sam)).open(routes.START).call(ChooseFacilityState.select_person(f"{marcus}-1-{'0' * 64}"))
    assert tab.said(ChooseFacilityState)
    assert db.read(contacts.my_contacts, sam) == []


def test_a_text_that_is_too_long_is_said_at_its_field(server, actor):
    tab = server.tab(sign_in(actor())).open(routes.START).call(ChooseFacilityState.search("x" * 121))
    assert "120" in tab.shown(ChooseFacilityState, "problems")["recipient"]


def test_nobody_without_letters_is_offered_one_on_the_dashboard(server, actor):
    tab = server.tab(sign_in(actor())).open(routes.DASHBOARD)
    assert tab.shown(QuickLetterState, "letter") is None
    tab.call(QuickLetterState.keep("Hello"))
    assert tab.said(QuickLetterState)


def test_a_letter_from_the_dashboard_is_a_draft_from_its_first_words_and_is_sent_as_any_other(server, life):
    own = life()
    db.write(drafts.discard, own.actor, own.draft_id)
    tab = server.tab(sign_in(own.actor)).open(routes.DASHBOARD)
    assert tab.shown(QuickLetterState, "letter")["contact_id"] == own.contact_id
    tab.call(QuickLetterState.keep("Good night"))
    (kept,) = db.read(drafts.my_drafts, own.actor)
    assert kept.subject == "Good night"
    assert tab.shown(QuickLetterState, "figures")["cost"] == "1 credit"
    # Another device goes on with it.
    other = server.tab(sign_in(own.actor)).open(routes.DASHBOARD)
    assert other.shown(QuickLetterState, "body") == "Good night"
    tab.call(QuickLetterState.go_on({"body": "Good night, sleep well."}))
    assert tab.address == routes.fill(routes.SEND, kept.id)
    tab.call(SendState.send)
    assert "accept the Terms and Conditions" in tab.said(SendState)
    tab.call(SendState.accept_terms(True)).call(SendState.send)
    assert db.read(messages.thread, own.actor, own.contact_id)[-1].body == "Good night, sleep well."
    assert tab.go(routes.DASHBOARD).shown(QuickLetterState, "body") == ""


def test_an_empty_letter_from_the_dashboard_goes_nowhere_and_says_why(server, life):
    own = life()
    db.write(drafts.discard, own.actor, own.draft_id)
    tab = server.tab(sign_in(own.actor)).open(routes.DASHBOARD).call(QuickLetterState.go_on({"body": " "}))
    assert tab.address == routes.DASHBOARD
    assert "nothing to send" in tab.said(QuickLetterState)


def test_news_about_somebody_else_take_no_letter_away_that_is_being_written(server, life, inmate):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.DASHBOARD).call(QuickLetterState.keep("Good night"))
    shawn = db.write(contacts.add_at_my_location, own.actor, inmate(own.facility_id, first_name="Shawn"))
    to_shawn = db.write(drafts.get_or_create_empty, own.actor, shawn.id)
    db.write(drafts.save, own.actor, to_shawn, body="Hello, Shawn")
    db.write(submissions.send, own.actor, to_shawn, accepted_terms=VERSION)
    tab.call(DashboardState.load)
    assert tab.shown(QuickLetterState, "letter")["contact_id"] == own.contact_id
    assert tab.shown(QuickLetterState, "body") == "Good night"


def test_an_answer_has_the_letter_in_view_on_every_device_and_nobody_elses(server, life):
    own, stranger = life(), life("Balthazar")
    address = f"{routes.COMPOSE_NEW}?contact={own.contact_id}&answers={own.answer_id}"
    tab = server.tab(sign_in(own.actor)).open(routes.DASHBOARD).go(address)
    draft = tab.shown(ComposeState, "draft")
    assert "misses you too" in draft["answered"]["body"]
    assert draft["contact_number"] == db.read(contacts.get, own.actor, own.contact_id).number
    again = server.tab(sign_in(own.actor)).open(tab.address)
    assert again.shown(ComposeState, "draft")["answered"]["id"] == own.answer_id
    theirs = f"{routes.COMPOSE_NEW}?contact={own.contact_id}&answers={stranger.answer_id}"
    assert tab.forget_frames().go(theirs).redirects == []


def test_the_news_on_the_dashboard_lead_to_the_only_conversation_that_has_any(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.DASHBOARD)
    assert tab.shown(DashboardState, "lead_href") == routes.fill(routes.THREAD, own.contact_id)
    db.write(messages.mark_thread_read, own.actor, own.contact_id)
    assert tab.go(routes.DASHBOARD).shown(DashboardState, "lead_href") == routes.INBOX


def test_the_letter_on_the_dashboard_says_in_full_to_whom_it_goes(server, life):
    own = life()
    letter = server.tab(sign_in(own.actor)).open(routes.DASHBOARD).shown(QuickLetterState, "letter")
    person = db.read(contacts.get, own.actor, own.contact_id)
    assert (letter["name"], letter["number"]) == (person.name, person.number)
