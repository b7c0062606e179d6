"""A refusal leads to what is to be mended, and never takes the focus from somebody who types."""

import pytest

from rxconnect import db, routes
from rxconnect.domain.accounts import Role
from rxconnect.models import Facility
from rxconnect.services.dashboard import walkthrough
from rxconnect.services.directory import contacts
from rxconnect.services.messages import drafts
from rxconnect.state.family.auto_reloads import AutoReloadState
from rxconnect.state.family.cards import CardsState
from rxconnect.state.family.drafts import ComposeState, SendState
from rxconnect.state.family.facilities import LocationsState
from rxconnect.state.family.inmates import FindInmateState
from rxconnect.state.family.profile import ProfileState
from rxconnect.state.family.purchases import AmountState, ReviewState
from rxconnect.state.family.wallets import CreditsState
from rxconnect.state.staff.finance import FinanceState
from tests.services.buying import buy
from tests.state.driver import sign_in

LONG = "x" * 99_000


@pytest.fixture
def own(life):
    return life()


@pytest.fixture
def tab(server, own):
    return server.tab(sign_in(own.actor))


def focus_after(tab, *events):
    """What got the focus while `events` were answered."""
    tab.focused.clear()
    for event in events:
        tab.call(event)
    return tab.focused


def typed(own, **words):
    """What the browser saves of a draft as it is typed."""
    db.write(drafts.save, own.actor, own.draft_id, **words)


def pause(own):
    with db.transaction() as session:
        session.get_one(Facility, own.facility_id).opening = "paused"


@pytest.mark.parametrize(
    ("form", "first"),
    [
        ({"subject": "s" * 300, "body": "x" * 7_500}, "subject"),
        ({"subject": "", "body": "x" * 7_500}, "body"),
        ({"subject": "x", "body": ""}, "body"),
    ],
)
def test_continue_leads_to_the_first_field_that_is_to_be_mended(tab, own, form, first):
    tab.open(routes.fill(routes.COMPOSE, own.draft_id))
    typed(own, **form)
    assert focus_after(tab, ComposeState.check_and_preview) == [first]


def test_continue_without_a_contact_leads_to_the_contact_whatever_else_is_wrong(tab, own):
    db.write(contacts.remove, own.actor, own.contact_id)
    tab.open(routes.COMPOSE_NEW)
    assert focus_after(tab, ComposeState.check_and_preview) == ["contact"]


def test_what_is_wrong_with_a_letter_as_a_whole_leads_to_the_top_of_its_page_where_it_stands(tab, own):
    tab.open(routes.fill(routes.COMPOSE, own.draft_id))
    pause(own)
    assert focus_after(tab, ComposeState.check_and_preview) == ["page_title"]
    assert "does not take messages" in tab.shown(ComposeState, "problem")


def test_send_without_the_terms_leads_to_their_box_and_says_so_beside_it(tab, own):
    tab.open(routes.fill(routes.SEND, own.draft_id))
    assert focus_after(tab, SendState.send) == ["accepts"]
    assert "accept the Terms" in tab.shown(SendState, "problems")["accepts"]
    assert tab.shown(SendState, "problem") == ""
    assert tab.call(SendState.accept_terms(True)).said(SendState) == ""


def test_every_form_leads_to_the_field_that_is_to_be_mended(tab, own):
    tab.open(routes.BUY_CREDITS)
    assert focus_after(tab, AmountState.continue_to_payment({"credits": "1"})) == ["credits"]
    tab.open(routes.PROFILE)
    assert focus_after(tab, ProfileState.change_name({"name": ""})) == ["name"]
    tab.open(routes.CARDS).call(CardsState.edit_card(own.card_id))
    assert focus_after(tab, CardsState.save_edit({"expiry": "13/99", "postcode": "1"})) == ["expiry"]
    assert focus_after(tab, CardsState.save_edit({"expiry": "12/39", "postcode": "1"})) == ["postcode"]
    tab.open(routes.CREDITS).call(CreditsState.open_refund(own.facility_id))
    assert focus_after(tab, CreditsState.request_refund({"credits": "500"})) == ["credits"]
    tab.open(routes.fill(routes.AUTO_RELOAD, own.facility_id))
    assert focus_after(tab, AutoReloadState.turn_on({"level": "x", "cap": "x"})) == ["level"]
    tab.open(routes.FIND_INMATE)
    assert focus_after(tab, FindInmateState.search({"last_name": "x" * 200})) == ["last_name"]


def test_a_refund_by_staff_leads_to_what_is_missing(server, actor, facility):
    place = facility()
    number = buy(actor(name="Ada Young"), place).receipt_number
    tab = server.tab(sign_in(actor(role=Role.ADMINISTRATOR, facility_id=place))).open(routes.FINANCE)
    assert focus_after(tab, FinanceState.look_up_receipt({"number": "RX-"})) == ["number"]
    tab.call(FinanceState.look_up_receipt({"number": number}))
    assert focus_after(tab, FinanceState.refund({"credits": "500", "reason": ""})) == ["credits"]
    assert focus_after(tab, FinanceState.refund({"credits": "1", "reason": ""})) == ["reason"]


def test_search_leads_to_who_matches_and_typing_does_not(tab, own):
    tab.open(routes.FIND_INMATE)
    assert focus_after(tab, FindInmateState.type_first_name("Xanth"), FindInmateState.type_last_name("Rivera")) == []
    assert focus_after(tab, FindInmateState.search({"first_name": "Xanthippe"})) == ["matches"]
    assert focus_after(tab, FindInmateState.search({"first_name": "X"})) == []


def test_nothing_that_is_typed_moves_the_focus_even_if_it_is_too_long(tab, own):
    db.write(walkthrough.choose_facility, own.actor, own.facility_id)
    tab.open(routes.FIND_INMATE)
    assert focus_after(tab, FindInmateState.type_number(LONG)) == []
    tab.open(routes.PROFILE)
    assert focus_after(tab, LocationsState.search(LONG)) == []
    tab.open(routes.CREDITS).call(CreditsState.open_refund(own.facility_id))
    assert focus_after(tab, CreditsState.type_credits("500")) == []
    tab.open(routes.fill(routes.COMPOSE, own.draft_id))
    db.write(drafts.discard, own.actor, own.draft_id)
    assert focus_after(tab, ComposeState.reload) == []


def test_what_comes_in_the_background_leaves_the_focus_where_it_is(tab, own, monkeypatch):
    monkeypatch.setattr(ReviewState, "_problem_place", "page-title")
    tab.open(routes.fill(routes.REVIEW, own.purchase_id)).forget_frames()
    tab.address = routes.fill(routes.REVIEW, "nonsense")
    assert focus_after(tab, ReviewState.submit) == []
    assert "could not find this purchase" in tab.said(ReviewState)
