"""The journey that must never break, from a fresh account to a letter in review, handler by handler."""

import pytest

from rxconnect import db, routes
from rxconnect.services.accounts import sign_ins
from rxconnect.services.directory import facilities
from rxconnect.services.messages import drafts, messages
from rxconnect.services.money import wallets
from rxconnect.services.purchases import purchases
from rxconnect.state.family.cards import PaymentState
from rxconnect.state.family.contacts import FoundState
from rxconnect.state.family.dashboard import DashboardState
from rxconnect.state.family.drafts import ComposeState, DraftsState, SendState
from rxconnect.state.family.facilities import ChooseFacilityState, LocationsState
from rxconnect.state.family.inmates import FindInmateState
from rxconnect.state.family.messages import InboxState, MessageState
from rxconnect.state.family.purchases import AmountState, ReviewState
from rxconnect.state.family.receipts import ReceiptState
from rxconnect.state.family.undo import UndoState
from rxconnect.state.family.wallets import CreditsState
from rxconnect.state.session import SessionState
from tests.services.buying import DECLINED, buy, charged_cents, new_card, order
from tests.state.driver import sign_in
from tests.state.test_finding import select
from tests.state.test_listening import settle


def test_a_fresh_account_gets_from_get_started_to_a_letter_in_review(server, actor, facility, inmate):
    sam, place = actor(name="Sam Rivera"), facility(name="Cedar Ridge", price_cents=25)
    marcus = inmate(place, first_name="Marcus", last_name="Delgado")
    tab = server.tab(sign_in(sam)).open(routes.DASHBOARD)

    tab.go(routes.START)
    assert tab.address == routes.FIND_FACILITY
    assert tab.shown(ChooseFacilityState, "locations") == []
    tab.go(f"{routes.PROFILE}?for=find").call(LocationsState.search("cedar"))
    assert [found["name"] for found in tab.shown(LocationsState, "results")] == ["Cedar Ridge"]
    tab.call(LocationsState.add(place))
    assert tab.shown(LocationsState, "added_name") == "Cedar Ridge"
    assert tab.shown(SessionState, "notice") == ""
    assert tab.shown(LocationsState, "way_back") == routes.FIND_FACILITY
    tab.go(routes.FIND_FACILITY).call(ChooseFacilityState.choose(place))

    assert tab.address == routes.FIND_INMATE
    tab.call(FindInmateState.type_first_name("m")).call(FindInmateState.type_last_name("delgdo"))
    assert [found["id"] for found in tab.shown(FindInmateState, "results")] == [marcus]
    select(tab, marcus)

    assert tab.address == routes.FOUND
    assert tab.shown(FoundState, "contact")["name"] == "Marcus Delgado"
    tab.go(routes.BUY_CREDITS)
    assert tab.shown(AmountState, "facility_id") == str(place)
    tab.call(AmountState.type_credits("40"))
    assert tab.shown(AmountState, "total") == "$10.00"
    tab.call(AmountState.continue_to_payment({}))

    assert tab.address.startswith("/credits/payment/")
    assert not tab.shown(PaymentState, "uses_stored")
    tab.call(PaymentState.use_new_card(new_card()))
    assert tab.address.startswith("/credits/review/")
    assert tab.shown(ReviewState, "purchase")["total"] == "$10.00"
    tab.call(ReviewState.submit)

    assert tab.address.startswith("/receipts/RX-")
    assert tab.shown(ReceiptState, "receipt")["credits"] == 40
    assert db.read(wallets.balance, sam.account_id, place) == 40
    tab.call(ReceiptState.write_message)

    assert tab.address.startswith("/compose/")
    assert tab.shown(ComposeState, "draft")["contact"] == "Marcus Delgado"
    draft_id = int(tab.shown(ComposeState, "draft_id"))
    db.write(drafts.save, sam, draft_id, subject="Hello", body="We miss you.")
    tab.call(ComposeState.check_and_preview)
    assert tab.address.endswith("/send")
    assert tab.shown(SendState, "cost") == "1 credit"
    assert tab.shown(SendState, "after") == "39 credits"
    tab.call(SendState.send)
    assert "accept the Terms and Conditions" in tab.said(SendState)
    tab.call(SendState.accept_terms(True)).call(SendState.send)

    assert tab.address.startswith("/messages/")
    assert tab.shown(SessionState, "notice") == ""
    assert tab.shown(MessageState, "message")["outlook"]["emails"]
    assert tab.shown(MessageState, "message")["body"] == "We miss you."
    tab.go(routes.INBOX)
    assert [line["subject"] for line in tab.shown(InboxState, "threads")] == ["Hello"]
    tab.go(routes.DASHBOARD)
    assert not tab.shown(DashboardState, "is_under_way")
    assert tab.shown(SessionState, "steps_done") == []


def test_the_dashboard_ticks_off_what_is_done_and_names_what_is_next(server, actor, facility, inmate):
    sam, place = actor(), facility()
    marcus = inmate(place)
    tab = server.tab(sign_in(sam))

    def stands():
        tab.go(routes.DASHBOARD)
        assert tab.shown(DashboardState, "is_new")
        done = tab.shown(SessionState, "steps_done")
        assert bool(done) == tab.shown(DashboardState, "is_under_way")
        is_under_way, next_step, may_write = (
            tab.shown(DashboardState, name) for name in ("is_under_way", "next_step", "may_write")
        )
        return is_under_way, sum(done), next_step, may_write

    tab.open(routes.DASHBOARD)
    assert stands() == (False, 0, "Next, choose the facility.", False)
    tab.go(routes.START)
    assert stands() == (True, 0, "Next, choose the facility.", False)
    db.write(facilities.add_location, sam, place)
    tab.go(routes.START).call(ChooseFacilityState.choose(place))
    assert stands() == (True, 1, "Next, find the person you want to write to.", False)
    tab.go(routes.FIND_INMATE).call(FindInmateState.type_first_name("Marcus"))
    select(tab, marcus)
    assert stands() == (True, 2, "Next, buy credits.", True)
    tab.go(routes.BUY_CREDITS).call(AmountState.continue_to_payment({})).call(PaymentState.use_new_card(new_card()))
    assert stands() == (True, 2, "Next, buy credits.", True)
    # Away from the receipt: what is paid for is not asked for again.
    tab.go(routes.START).call(ReviewState.submit)
    assert stands() == (True, 3, "Next, write your message.", True)
    tab.go(routes.START).call(ReceiptState.write_message)
    assert stands() == (True, 3, "Next, write your message.", True)


def test_who_has_written_before_is_no_first_timer_even_under_way(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.START).go(routes.DASHBOARD)
    assert tab.shown(DashboardState, "is_under_way")
    assert not tab.shown(DashboardState, "is_new")
    assert tab.shown(DashboardState, "may_write")


def test_a_fresh_tab_finds_every_step_as_another_left_it(server, actor, facility, inmate):
    sam, place = actor(), facility()
    marcus = inmate(place, first_name="Marcus")
    first, second = server.tab(sign_in(sam)), server.tab(sign_in(sam))
    first.open(routes.START).go(routes.PROFILE).call(LocationsState.add(place))
    first.go(routes.FIND_FACILITY).call(ChooseFacilityState.choose(place))
    first.call(FindInmateState.type_first_name("Marcus"))
    second.open(routes.START)
    assert second.address == routes.FIND_INMATE
    assert second.shown(FindInmateState, "first_name") == "Marcus"
    select(first, marcus).go(routes.BUY_CREDITS).call(AmountState.continue_to_payment({}))
    second.go(routes.START)
    assert second.address.startswith("/credits/payment/")
    assert second.shown(PaymentState, "purchase")["credits"] == 20


def test_submit_pressed_twice_and_in_two_tabs_charges_once(server, life):
    own = life()
    before = charged_cents()
    address = routes.fill(routes.REVIEW, order(own.actor, own.facility_id, 20))
    tabs = [server.tab(sign_in(own.actor)).open(address) for _ in range(2)]

    async def all_at_once() -> None:
        for tab in [*tabs, *tabs]:
            await tab.post(f"{ReviewState.get_full_name()}.submit")

    server.run(all_at_once)
    settle(server)
    assert charged_cents() - before == 500
    assert {tab.redirects[-1] for tab in tabs} == {routes.fill(routes.RECEIPT, tabs[0].redirects[-1].split("/")[-1])}


def test_a_declined_card_says_so_on_the_review_and_charges_nothing(server, life):
    own = life()
    before = charged_cents()
    tab = server.tab(sign_in(own.actor)).open(
        routes.fill(routes.REVIEW, order(own.actor, own.facility_id, 20, number=DECLINED))
    )
    tab.call(ReviewState.submit)
    assert "declined" in tab.said(ReviewState)
    assert not tab.shown(ReviewState, "is_charging")
    assert charged_cents() == before


def test_submit_without_a_card_says_what_to_do_and_does_not_keep_turning(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.fill(routes.PAYMENT, own.purchase_id))
    tab.address = routes.fill(routes.REVIEW, own.purchase_id)
    tab.call(ReviewState.submit)
    assert "card" in tab.shown(SessionState, "notice")
    assert tab.address == routes.fill(routes.PAYMENT, own.purchase_id)
    assert not tab.shown(ReviewState, "is_charging")


def test_back_to_the_amount_keeps_it_and_changing_it_keeps_the_purchase(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(f"{routes.BUY_CREDITS}?purchase={own.purchase_id}")
    assert tab.shown(AmountState, "credits") == "40"
    tab.call(AmountState.type_credits("15")).call(
        AmountState.continue_to_payment({"facility_id": str(own.facility_id), "credits": "10"})
    )
    assert tab.address == routes.fill(routes.PAYMENT, own.purchase_id)
    assert db.read(purchases.get, own.actor, own.purchase_id).credits == 10


@pytest.mark.parametrize("typed", ["", "none", "-5", "1.5", "0", "٢٠", "9" * 12, "9" * 5000, "4", "201"])
def test_an_amount_that_cannot_be_bought_is_said_and_stays_as_typed(server, life, typed):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.BUY_CREDITS).call(AmountState.type_credits(typed))
    tab.call(AmountState.continue_to_payment({}))
    assert tab.shown(AmountState, "problems")["credits"]
    assert tab.shown(AmountState, "credits") == typed
    assert tab.address == routes.BUY_CREDITS


def test_a_stored_card_pays_with_its_cvv_again_and_can_be_corrected(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.fill(routes.PAYMENT, own.purchase_id))
    assert tab.shown(PaymentState, "uses_stored")
    tab.call(PaymentState.edit_card(own.card_id)).call(PaymentState.save_edit({"expiry": "13/99", "postcode": "1"}))
    assert set(tab.shown(PaymentState, "problems")) == {"expiry", "postcode"}
    assert tab.shown(PaymentState, "edited_card_id") == own.card_id
    tab.call(PaymentState.save_edit({"expiry": "12/39", "postcode": "97103"}))
    assert tab.shown(PaymentState, "cards")[0]["expiry"] == "12/39"
    tab.call(PaymentState.use_stored_card(""))
    assert "CVV" in tab.shown(PaymentState, "problems")["cvv"]


def test_leaving_a_purchase_for_another_takes_no_card_edit_along(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.fill(routes.PAYMENT, own.purchase_id))
    tab.call(PaymentState.edit_card(own.card_id)).go(routes.CREDITS).go(routes.fill(routes.PAYMENT, own.purchase_id))
    assert tab.shown(PaymentState, "edited_card_id") == 0


def test_a_paid_purchase_leads_to_its_receipt_from_every_page_of_it(server, life):
    own = life()
    paid = buy(own.actor, own.facility_id)
    for page in (routes.fill(routes.PAYMENT, paid.id), routes.fill(routes.REVIEW, paid.id), _amount_of(paid.id)):
        tab = server.tab(sign_in(own.actor)).open(routes.DASHBOARD)
        assert tab.go(page).address == routes.fill(routes.RECEIPT, paid.receipt_number)


def test_back_from_the_receipt_does_not_lead_to_the_receipt_again(server, life):
    own = life()
    paid = buy(own.actor, own.facility_id)
    receipt = routes.fill(routes.RECEIPT, paid.receipt_number)
    tab = server.tab(sign_in(own.actor)).open(receipt)
    for page in (routes.fill(routes.PAYMENT, paid.id), _amount_of(paid.id)):
        assert tab.go(receipt).go(page).address == routes.CREDITS


def _amount_of(purchase_id: str) -> str:
    return f"{routes.BUY_CREDITS}?purchase={purchase_id}"


def test_a_draft_that_is_not_ready_goes_back_to_be_mended(server, life):
    own = life()
    db.write(drafts.save, own.actor, own.draft_id, body="")
    tab = server.tab(sign_in(own.actor)).open(routes.fill(routes.SEND, own.draft_id))
    assert tab.redirects == [routes.fill(routes.COMPOSE, own.draft_id)]


def test_a_draft_that_was_sent_shows_its_message(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.fill(routes.SEND, own.draft_id))
    tab.call(SendState.accept_terms(True)).call(SendState.send)
    sent = tab.address
    assert tab.go(routes.fill(routes.SEND, own.draft_id)).address == sent


def test_send_pressed_three_times_sends_one_letter(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.fill(routes.SEND, own.draft_id)).call(SendState.accept_terms(True))

    async def thrice() -> None:
        for _ in range(3):
            await tab.post(f"{SendState.get_full_name()}.send")

    server.run(thrice)
    assert len(db.read(messages.thread, own.actor, own.contact_id)) == 3
    assert tab.said(SendState) == ""


def test_a_letter_withdrawn_twice_gives_its_credit_back_once_and_says_so(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.fill(routes.MESSAGE, own.message_id))
    tab.call(MessageState.withdraw)
    assert tab.shown(SessionState, "removal")["sentence"] == "Your message was withdrawn, and your credits came back."
    tab.go(routes.CREDITS)
    assert [wallet["held"] for wallet in tab.shown(CreditsState, "wallets")] == [0]
    tab.go(routes.fill(routes.MESSAGE, own.message_id)).call(MessageState.withdraw)
    assert tab.said(MessageState) == ""
    assert [wallet["held"] for wallet in tab.go(routes.CREDITS).shown(CreditsState, "wallets")] == [0]


def test_a_letter_withdrawn_by_mistake_waits_again(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.fill(routes.MESSAGE, own.message_id))
    tab.call(MessageState.withdraw).call(UndoState.undo(tab.shown(SessionState, "removal")["id"]))
    assert tab.shown(MessageState, "message")["status"] == "in review"
    assert tab.shown(SessionState, "notice") == "Your message waits to be read, as if you had not withdrawn it."


def test_a_discarded_draft_is_gone_from_the_list(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.DRAFTS).call(DraftsState.discard(own.draft_id))
    assert tab.shown(DraftsState, "drafts") == []


def test_a_sign_in_that_ended_elsewhere_stops_the_next_event_of_an_open_page(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.DRAFTS)
    db.write(sign_ins.sign_out_everywhere, own.actor)
    tab.send(f"{DraftsState.get_full_name()}.discard", {"draft_id": own.draft_id})
    assert tab.redirects == [f"{routes.SIGN_IN}?next={routes.DRAFTS}"]
    assert db.read(drafts.get, own.actor, own.draft_id)
