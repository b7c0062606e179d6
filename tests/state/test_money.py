"""Cards, refunds and auto-reload as pages drive them: two clicks, one refund; what was typed stays; nothing unsaid is agreed to."""

from dataclasses import replace

import pytest
from sqlmodel import select

from rxconnect import db, routes
from rxconnect.domain.purchases import PurchaseStep
from rxconnect.domain.terms import VERSION
from rxconnect.models import Facility, Purchase
from rxconnect.payments.published import BY_NAME
from rxconnect.services.directory import facilities
from rxconnect.services.money import cards, processor, wallets
from rxconnect.services.purchases import auto_reloads, checkout, purchases
from rxconnect.services.refunds import refunds
from rxconnect.services.screening import submissions
from rxconnect.state.family.auto_reloads import AutoReloadState
from rxconnect.state.family.cards import CardsState, PaymentState
from rxconnect.state.family.purchases import AmountState, ReviewState, step_address
from rxconnect.state.family.wallets import CreditsState
from rxconnect.state.session import SessionState
from tests.services.buying import VISA_DEBIT, buy, charged_cents, new_card, order
from tests.state.driver import name_of, sign_in

ODDITIES = ["", " ", "👛", "-5", "1.5", "1e3", "٢٠", "0", "9" * 12, "9" * 10_000, "<b>20</b>", "\a"]


@pytest.fixture
def own(life):
    """A family with 19 credits and one card, and one more credit set aside for a letter."""
    return life("Balthazar")


@pytest.fixture
def tab(server, own):
    return server.tab(sign_in(own.actor))


def credits_of(own):
    return db.read(wallets.balance, own.actor.account_id, own.facility_id)


def change_price(own, cents):
    with db.transaction() as session:
        session.get_one(Facility, own.facility_id).price_cents = cents


# Refunds


def test_two_clicks_give_everything_unused_back_to_its_card(tab, own):
    tab.open(routes.CREDITS).call(CreditsState.open_refund(own.facility_id))
    assert tab.shown(CreditsState, "credits") == "19"
    assert tab.shown(CreditsState, "refund_label") == "Refund $4.75 to Visa ending 4242"
    tab.call(CreditsState.request_refund({"credits": "19"}))
    assert tab.shown(SessionState, "notice") == "$4.75 is going back to your card. You will get an email about it."
    assert [refund["status_label"] for refund in tab.shown(CreditsState, "refunds")] == ["Refunded"]
    assert tab.shown(CreditsState, "refunded_id") == 0
    assert (credits_of(own), tab.shown(CreditsState, "wallets")[0]["held"]) == (0, 1)


def test_what_goes_back_to_two_cards_is_told_as_that(tab, own):
    buy(own.actor, own.facility_id, 20, number=VISA_DEBIT)
    tab.open(routes.CREDITS).call(CreditsState.open_refund(own.facility_id))
    tab.call(CreditsState.type_credits("21")).call(CreditsState.request_refund({"credits": "21"}))
    told = tab.shown(SessionState, "notice")
    assert told == "$5.25 is going back to 2 of your cards. You will get an email about each refund."


def test_a_double_click_and_a_second_tab_refund_once(server, tab, own):
    other = server.tab(sign_in(own.actor))
    for each in (tab, other):
        each.open(routes.CREDITS).call(CreditsState.open_refund(own.facility_id))
        each.call(CreditsState.type_credits("10"))

    async def all_at_once() -> None:
        for each in (tab, other, tab, other):
            await each.post(name_of(CreditsState, "request_refund"), {"form": {"credits": "10"}})

    server.run(all_at_once)
    assert credits_of(own) == 9
    assert sum(refund.credits for refund in db.read(refunds.my_refunds, own.actor)) == 10
    # Whichever tab came second was told what is left.
    assert ["from 1 to 9" in each.said(CreditsState) for each in (tab, other)].count(True) == 1


def test_a_part_is_refunded_to_the_cent_and_each_card_is_named(tab, own):
    buy(own.actor, own.facility_id, 40, number=VISA_DEBIT)
    tab.open(routes.CREDITS).call(CreditsState.open_refund(own.facility_id))
    assert tab.shown(CreditsState, "refund_label") == "Refund $14.75 to 2 cards"
    assert [
        (offer["credits"], offer["amount"], offer["card_label"]) for offer in tab.shown(CreditsState, "offers")
    ] == [
        (40, "$10.00", "Visa ending 5556"),
        (19, "$4.75", "Visa ending 4242"),
    ]
    tab.call(CreditsState.type_credits("7"))
    assert tab.shown(CreditsState, "refund_label") == "Refund $1.75 to Visa ending 5556"
    tab.call(CreditsState.request_refund({"credits": "7"}))
    assert credits_of(own) == 52


@pytest.mark.parametrize("typed", [*ODDITIES, "20"])
def test_a_number_that_cannot_be_refunded_is_said_and_stays_as_typed(tab, own, typed):
    tab.open(routes.CREDITS).call(CreditsState.open_refund(own.facility_id)).call(CreditsState.type_credits(typed))
    assert tab.shown(CreditsState, "problems")["credits"]
    assert tab.shown(CreditsState, "refund_label") == ""
    tab.call(CreditsState.request_refund({"credits": typed}))
    assert tab.shown(CreditsState, "problems")["credits"]
    assert tab.shown(CreditsState, "credits") == typed
    assert (credits_of(own), db.read(refunds.my_refunds, own.actor)) == (19, [])


def test_a_button_never_refunds_another_amount_than_it_says(tab, own):
    tab.open(routes.CREDITS).call(CreditsState.open_refund(own.facility_id))
    tab.call(CreditsState.request_refund({"credits": "5"}))
    assert "has changed" in tab.said(CreditsState)
    assert (credits_of(own), tab.shown(CreditsState, "refund_label")) == (19, "Refund $1.25 to Visa ending 4242")
    tab.call(CreditsState.request_refund({"credits": "5"}))
    assert credits_of(own) == 14


def test_a_credit_that_was_spent_meanwhile_is_not_refunded(tab, own):
    tab.open(routes.CREDITS).call(CreditsState.open_refund(own.facility_id))
    db.write(submissions.send, own.actor, own.draft_id, accepted_terms=VERSION)
    tab.call(CreditsState.request_refund({"credits": "19"}))
    assert "from 1 to 18" in tab.shown(CreditsState, "problems")["credits"]
    assert credits_of(own) == 18


def test_refund_without_an_open_form_does_nothing(tab, own):
    tab.open(routes.CREDITS).call(CreditsState.request_refund({"credits": "19"}))
    tab.call(CreditsState.open_refund(own.facility_id)).call(CreditsState.close_refund)
    tab.call(CreditsState.request_refund({"credits": "19"})).call(CreditsState.type_credits("3"))
    assert (credits_of(own), tab.shown(CreditsState, "refunded_id")) == (19, 0)


def test_somebody_elses_wallet_offers_nothing(tab, life, own):
    theirs = life("Xanthippe")
    tab.open(routes.CREDITS).call(CreditsState.open_refund(theirs.facility_id))
    tab.call(CreditsState.request_refund({"credits": "1"}))
    assert "no unused credits" in tab.said(CreditsState)
    assert credits_of(theirs) == 19


# Cards


def test_a_card_is_added_made_the_default_and_removed(tab, own):
    tab.open(routes.CARDS).call(CardsState.add(new_card(VISA_DEBIT)))
    assert tab.shown(SessionState, "notice") == "Visa ending 5556 is stored."
    first, second = tab.shown(CardsState, "cards")
    assert (first["last_four"], first["is_default"], second["last_four"]) == ("4242", True, "5556")
    tab.call(CardsState.add(new_card(VISA_DEBIT)))
    assert tab.shown(SessionState, "notice") == "Visa ending 5556 is already stored."
    tab.call(CardsState.make_default(second["id"]))
    assert [card["last_four"] for card in tab.shown(CardsState, "cards")] == ["5556", "4242"]
    tab.call(CardsState.remove(second["id"]))
    assert [(card["last_four"], card["is_default"]) for card in tab.shown(CardsState, "cards")] == [("4242", True)]


def test_a_card_is_corrected_where_it_is_listed(tab, own):
    tab.open(routes.CARDS).call(CardsState.edit_card(own.card_id))
    tab.call(CardsState.save_edit({"expiry": "👛", "postcode": "x" * 10_000}))
    assert set(tab.shown(CardsState, "problems")) == {"expiry", "postcode"}
    assert tab.shown(CardsState, "edited_card_id") == own.card_id
    tab.call(CardsState.save_edit({"expiry": "12/39", "postcode": "97103"}))
    assert [(card["expiry"], card["postcode"]) for card in tab.shown(CardsState, "cards")] == [("12/39", "97103")]


@pytest.mark.parametrize("token", [*ODDITIES, "tok_nonsense"])
def test_what_is_no_token_stores_nothing_and_says_so(tab, own, token):
    tab.open(routes.CARDS).call(CardsState.add(token))
    assert "enter the card again" in tab.said(CardsState)
    assert len(tab.shown(CardsState, "cards")) == 1


def test_another_persons_card_is_neither_removed_nor_made_the_default(tab, life, own):
    theirs = life("Xanthippe")
    before = db.read(cards.my_cards, theirs.actor)
    tab.open(routes.CARDS).call(CardsState.remove(theirs.card_id))
    assert "could not find this card" in tab.said(CardsState)
    tab.call(CardsState.make_default(theirs.card_id))
    assert "could not find this card" in tab.said(CardsState)
    assert db.read(cards.my_cards, theirs.actor) == before


# Auto-reload


def at_auto_reload(tab, own):
    return tab.open(routes.fill(routes.AUTO_RELOAD, own.facility_id))


def test_auto_reload_is_agreed_to_in_full_turned_on_and_off(tab, own):
    at_auto_reload(tab, own)
    assert not tab.shown(AutoReloadState, "auto_reload")["is_on"]
    tab.call(AutoReloadState.type_level("10")).call(AutoReloadState.choose_suggested("40")).call(
        AutoReloadState.type_cap("$30")
    )
    assert tab.shown(AutoReloadState, "consent") == (
        "You agree that we charge $10.00 to your Visa ending 4242 whenever you have fewer than 10 credits left at "
        "Balthazar House, and no more than $30.00 in a calendar month. We email you each time. You can turn it off at "
        "any time."
    )
    tab.call(AutoReloadState.turn_on({"level": "10", "credits": "40", "cap": "$30"}))
    assert tab.said(AutoReloadState) == ""
    assert tab.shown(AutoReloadState, "auto_reload")["is_on"]
    tab.go(routes.CREDITS)
    assert tab.shown(CreditsState, "reloads") == {
        str(own.facility_id): "It buys 40 credits for $10.00 when fewer than 10 are left."
    }
    at_auto_reload(tab, own).call(AutoReloadState.turn_off)
    assert not tab.shown(AutoReloadState, "auto_reload")["is_on"]
    assert tab.go(routes.CREDITS).shown(CreditsState, "reloads") == {}


def test_who_has_few_credits_is_told_that_it_begins_at_once(tab, own):
    at_auto_reload(tab, own).call(AutoReloadState.type_level("20"))
    assert tab.shown(AutoReloadState, "consent").endswith("so the first reload happens within a minute.")
    tab.call(AutoReloadState.turn_on({"level": "20"}))
    auto_reloads.reload_due()
    assert credits_of(own) == 39
    assert [one["label"] for one in at_auto_reload(tab, own).shown(AutoReloadState, "auto_reload")["this_month"]] == [
        "Charged"
    ]


def test_nothing_is_agreed_to_that_was_not_shown(tab, own):
    at_auto_reload(tab, own).call(AutoReloadState.turn_on({"credits": "200", "cap": "900"}))
    assert "has changed" in tab.said(AutoReloadState)
    assert db.read(auto_reloads.my_auto_reloads, own.actor) == []
    assert "$50.00" in tab.shown(AutoReloadState, "consent")
    tab.call(AutoReloadState.turn_on({"credits": "200", "cap": "900"}))
    assert db.read(auto_reloads.my_auto_reloads, own.actor)[0].is_on


def test_a_price_that_changed_since_the_page_was_opened_is_shown_before_it_is_agreed_to(tab, own):
    at_auto_reload(tab, own)
    change_price(own, 30)
    tab.call(AutoReloadState.turn_on({}))
    assert "changed its price" in tab.said(AutoReloadState)
    assert "we charge $6.00" in tab.shown(AutoReloadState, "consent")
    assert db.read(auto_reloads.my_auto_reloads, own.actor) == []


@pytest.mark.parametrize("typed", ODDITIES)
@pytest.mark.parametrize("field", ["level", "credits", "cap"])
def test_terms_that_make_no_sense_are_said_and_stay_as_typed(tab, own, field, typed):
    at_auto_reload(tab, own)
    if (field, typed) == ("cap", "1.5"):
        typed = "4.99"
    tab.call(AutoReloadState.turn_on({field: typed})).call(AutoReloadState.turn_on({field: typed}))
    assert tab.shown(AutoReloadState, "problems")[field]
    assert tab.shown(AutoReloadState, field) == typed
    assert db.read(auto_reloads.my_auto_reloads, own.actor) == []


def test_another_familys_card_and_order_stay_theirs(tab, life, own):
    theirs = life("Xanthippe")
    at_auto_reload(tab, own).call(AutoReloadState.choose_card(theirs.card_id)).call(AutoReloadState.turn_on({}))
    assert "could not find this card" in tab.said(AutoReloadState)
    at_auto_reload(tab, theirs)
    assert tab.shown(AutoReloadState, "auto_reload")["is_new"]
    tab.call(AutoReloadState.turn_off)
    assert "could not find this auto-reload" in tab.said(AutoReloadState)


@pytest.mark.parametrize("nonsense", ["0", "999999", "x", "%00", "9" * 5000])
def test_a_facility_that_is_none_has_no_auto_reload(tab, own, nonsense):
    at_auto_reload(tab, own).go(routes.fill(routes.AUTO_RELOAD, nonsense))
    assert "could not find this facility" in tab.said(AutoReloadState)
    assert tab.shown(AutoReloadState, "auto_reload") is None


# What was chosen does not hold any more


@pytest.fixture
def at_review(tab, own):
    """The review of a purchase with the stored card."""
    purchase_id = db.write(purchases.begin_or_change, own.actor, facility_id=own.facility_id, credits=20).id
    checkout.use_stored_card(own.actor, purchase_id, own.card_id, processor.sandbox().tokenize_cvv("737"))
    tab.open(routes.fill(routes.REVIEW, purchase_id))
    assert tab.shown(ReviewState, "purchase")["total"] == "$5.00"
    return purchase_id


def test_submit_with_a_card_that_was_removed_meanwhile_leads_to_the_payment_and_says_why(server, tab, own, at_review):
    server.tab(sign_in(own.actor)).open(routes.CARDS).call(CardsState.remove(own.card_id))
    before = charged_cents()
    tab.call(ReviewState.submit)
    assert tab.address == routes.fill(routes.PAYMENT, at_review)
    assert "Choose a card and enter its CVV" in tab.shown(SessionState, "notice")
    assert charged_cents() == before


@pytest.mark.parametrize("step", PurchaseStep)
def test_each_step_of_a_purchase_has_its_page(own, step):
    purchase_id = order(own.actor, own.facility_id, 10)
    stands = replace(db.read(purchases.get, own.actor, purchase_id), step=step, receipt_number="RX-1")
    at_review = {PurchaseStep.REVIEW, PurchaseStep.CHARGING, PurchaseStep.ACTION}
    expected = {
        PurchaseStep.AMOUNT: f"/credits/buy?purchase={purchase_id}",
        PurchaseStep.PAYMENT: f"/credits/payment/{purchase_id}",
        PurchaseStep.RECEIPT: "/receipts/RX-1",
    } | dict.fromkeys(at_review, f"/credits/review/{purchase_id}")
    assert step_address(stands) == expected[step]
    assert step.is_under_way == (step in at_review - {PurchaseStep.REVIEW})


def test_submit_at_another_price_leads_to_the_amount_which_shows_it(tab, own, at_review):
    change_price(own, 30)
    before = charged_cents()
    tab.call(ReviewState.submit)
    assert tab.address == f"{routes.BUY_CREDITS}?purchase={at_review}"
    assert "changed its price" in tab.shown(SessionState, "notice")
    assert (tab.shown(AmountState, "credits"), tab.shown(AmountState, "total")) == ("20", "$6.00")
    assert charged_cents() == before


def test_submit_at_a_facility_that_has_closed_leads_to_the_amount_which_says_so(tab, own, at_review):
    with db.transaction() as session:
        session.get_one(Facility, own.facility_id).opening = "paused"
    before = charged_cents()
    tab.call(ReviewState.submit)
    assert tab.address == f"{routes.BUY_CREDITS}?purchase={at_review}"
    assert "nothing was charged" in tab.shown(SessionState, "notice")
    assert not tab.shown(AmountState, "is_open")
    assert charged_cents() == before


def test_a_tab_that_bought_at_one_facility_shows_the_other_in_every_field(tab, own, life):
    other = life("Xanthippe")
    db.write(facilities.add_location, own.actor, other.facility_id)
    tab.open(f"{routes.BUY_CREDITS}?facility={other.facility_id}")
    tab.go(f"{routes.BUY_CREDITS}?facility={own.facility_id}")
    assert tab.shown(AmountState, "facility_id") == str(own.facility_id)


# A buyer whose bank asks for them


def at_the_bank(tab, own):
    purchase_id = order(own.actor, own.facility_id, number=BY_NAME["asks"].number)
    tab.open(routes.fill(routes.REVIEW, purchase_id)).call(ReviewState.submit)
    with db.reading() as session:
        intent_id = session.exec(select(Purchase.intent_id).where(Purchase.id == purchase_id)).one()
    return purchase_id, intent_id


def test_a_bank_that_asks_is_linked_to_and_the_buyer_comes_back_to_the_receipt(tab, own):
    before = charged_cents()
    purchase_id, intent_id = at_the_bank(tab, own)
    assert tab.shown(ReviewState, "is_at_bank")
    assert not tab.shown(ReviewState, "is_charging")
    assert tab.shown(ReviewState, "purchase")["action_url"]
    tab.call(ReviewState.recheck_payment)
    assert "not heard from you yet" in tab.said(ReviewState)
    for elsewhere in (routes.fill(routes.PAYMENT, purchase_id), f"{routes.BUY_CREDITS}?purchase={purchase_id}"):
        assert tab.go(elsewhere).address == routes.fill(routes.REVIEW, purchase_id)
    assert charged_cents() == before
    processor.sandbox().authenticate(intent_id, is_buyer=True)
    tab.open(routes.fill(routes.REVIEW, purchase_id))
    assert tab.address.startswith("/receipts/RX-")
    assert charged_cents() - before == 500


def test_a_buyer_who_answered_their_bank_in_another_tab_goes_on_with_a_button(tab, own):
    _purchase_id, intent_id = at_the_bank(tab, own)
    processor.sandbox().authenticate(intent_id, is_buyer=True)
    tab.call(ReviewState.recheck_payment)
    assert tab.address.startswith("/receipts/RX-")


def test_a_bank_that_says_no_leads_back_to_the_review_with_its_sentence(tab, own):
    before = charged_cents()
    purchase_id, intent_id = at_the_bank(tab, own)
    processor.sandbox().authenticate(intent_id, is_buyer=False)
    tab.open(routes.fill(routes.REVIEW, purchase_id))
    assert "could not confirm that it was you. You were not charged." in tab.said(ReviewState)
    assert not tab.shown(ReviewState, "is_at_bank")
    assert charged_cents() == before


def test_somebody_elses_bank_is_nobodys_business(server, tab, life, own):
    purchase_id, intent_id = at_the_bank(tab, own)
    processor.sandbox().authenticate(intent_id, is_buyer=True)
    stranger = server.tab(sign_in(life("Xanthippe").actor)).open(routes.DASHBOARD)
    stranger.go(routes.fill(routes.REVIEW, purchase_id)).call(ReviewState.recheck_payment)
    assert "could not find this purchase" in stranger.said(ReviewState)
    assert "Balthazar" not in stranger.heard


def test_a_card_that_was_removed_in_another_tab_is_not_offered_for_long(server, tab, own):
    tab.open(routes.fill(routes.PAYMENT, own.purchase_id))
    server.tab(sign_in(own.actor)).open(routes.CARDS).call(CardsState.remove(own.card_id))
    tab.call(PaymentState.use_stored_card(processor.sandbox().tokenize_cvv("737")))
    assert "could not find this card" in tab.said(PaymentState)
    assert tab.open(tab.address).shown(PaymentState, "cards") == []
