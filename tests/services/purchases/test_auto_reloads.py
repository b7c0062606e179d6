"""Auto-reload: only what the family agreed to, within its limit, once, and with a notice each time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.auto_reloads import CAP_MAX_CENTS, Pause, Terms
from rxconnect.domain.errors import FacilityClosed, Invalid, NotAllowed, NotFound, PriceChanged
from rxconnect.domain.inmates import Custody
from rxconnect.models import Account, AutoReload, Card, Contact, Email, Facility, Inmate, Purchase
from rxconnect.payments.sandbox_faults import Fault
from rxconnect.services.money import cards, processor, wallets
from rxconnect.services.purchases import auto_reloads, charges, checkout, disputes
from rxconnect.services.refunds import refunds
from tests.services.buying import DECLINED, VISA, VISA_DEBIT, booked_cents, buy, charged_cents, new_card

TERMS = Terms(level=5, credits=20, price_cents=25, cap_cents=1000, card_id=0)
NEEDS_BUYER = "4000002760003184"
REFUSALS = {
    DECLINED: Pause.DECLINED,
    "4000000000009995": Pause.INSUFFICIENT_FUNDS,
    "4000000000000069": Pause.CARD_EXPIRED,
    "4000000000000127": Pause.DECLINED,
    "4000000000000119": Pause.NO_ANSWER,
    NEEDS_BUYER: Pause.NOT_AUTHENTICATED,
}


@pytest.fixture
def low(pair):
    """`low(number=…, credits=3, **terms)`: a family whose wallet is low, with auto-reload on and a card of that number."""

    def make(number=VISA, credits=3, **terms):
        us = pair(credits=credits, facility_fields={"name": "Cedar Ridge", "time_zone": "America/Los_Angeles"})
        card = cards.add(us.family, new_card(number))
        turn_on(us, card_id=card.id, **terms)
        return us

    return make


def turn_on(us, **terms):
    return db.write(auto_reloads.save, us.family, us.facility_id, replace(TERMS, **terms))


def shown(us):
    return db.read(auto_reloads.get, us.family, us.facility_id)


def emails_to(us):
    """The subjects of what was written to the family about auto-reload."""
    with db.reading() as session:
        mine = select(Email).where(Email.to == us.family.email).order_by(col(Email.id))
        return [email.subject for email in session.exec(mine) if "Auto-reload" in email.subject]


def last_email_to(us):
    with db.reading() as session:
        return (
            session.exec(select(Email).where(Email.to == us.family.email).order_by(col(Email.id).desc())).first().body
        )


def change(table, id_, **fields):
    with db.transaction() as session:
        session.get_one(table, id_).sqlmodel_update(fields)


def spend_down_to(us, credits):
    while us.credits()[0] > credits:
        us.send()


def stopped_because(us, reason):
    """It is off, says why, has told the family once, and does not try again."""
    auto_reloads.reload_due()
    view = shown(us)
    told = [subject for subject in emails_to(us) if subject == "Auto-reload is off"]
    return (view.is_on, view.paused, len(told)) == (False, reason.sentence, 1) and reason.sentence in last_email_to(us)


def test_it_is_off_until_the_family_turns_it_on(pair):
    us = pair(credits=1)
    card = cards.add(us.family, new_card())
    suggested = shown(us)
    assert (suggested.is_new, suggested.is_on, suggested.card_id) == (True, False, card.id)
    assert (suggested.level, suggested.credits, suggested.price_cents) == (5, 20, 25)
    assert db.read(auto_reloads.my_auto_reloads, us.family) == []
    assert auto_reloads.reload_due().done == charged_cents() == 0


def test_a_low_wallet_is_filled_once_with_a_receipt_and_a_notice(low):
    us = low(credits=3)
    assert auto_reloads.reload_due().done == 1
    assert auto_reloads.reload_due().done == 0
    assert us.credits() == (23, 0)
    assert charged_cents() == booked_cents() == 500
    assert emails_to(us) == ["Auto-reload: 20 credits for $5.00"]
    assert "Auto-reload has charged $5.00 here this month. Your limit is $10.00 a month." in last_email_to(us)
    view = shown(us)
    (reload,) = view.this_month
    assert (view.spent, view.rests_until) == ("$5.00 of $10.00", "")
    assert (reload.what, reload.label, reload.number[:3]) == ("20 credits, $5.00", "Charged", "RX-")


def test_a_wallet_at_its_level_is_left_alone_and_filled_once_it_falls_below(low):
    us = low(credits=5)
    assert auto_reloads.reload_due().done == 0
    us.send()
    assert auto_reloads.reload_due().done == 1
    assert us.credits() == (24, 1)


def test_a_wallet_that_never_held_a_credit_is_filled_as_well(low):
    us = low(credits=0)
    assert auto_reloads.reload_due().done == 1
    assert us.credits() == (20, 0)


def test_sixteen_workers_at_once_charge_once(low):
    us = low()
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: auto_reloads.reload_due(), range(16)))
    assert charged_cents() == booked_cents() == 500
    assert (us.credits(), emails_to(us)) == ((23, 0), ["Auto-reload: 20 credits for $5.00"])


def test_the_monthly_limit_holds_and_the_next_month_begins_by_the_facilitys_clock(low):
    # Nine in the evening of the last day of March in Los Angeles, and already April in London.
    evening = datetime(2031, 3, 31, 21, tzinfo=UTC) + timedelta(hours=7)
    with clock.at(evening - timedelta(hours=1)):
        us = low(credits=3, cap_cents=999)
        assert auto_reloads.reload_due().done == 1
        assert "so it buys nothing more until Apr 1." in last_email_to(us)
        spend_down_to(us, 4)
        assert auto_reloads.reload_due().done == 0
        assert shown(us).rests_until == "Apr 1"
    with clock.at(evening + timedelta(hours=2, minutes=59)):
        assert auto_reloads.reload_due().done == 0
    with clock.at(evening + timedelta(hours=3, minutes=1)):
        assert shown(us).spent == "$0.00 of $9.99"
        assert auto_reloads.reload_due().done == 1
    assert charged_cents() == 1000


def test_what_was_refunded_gives_no_room_under_the_limit(low):
    us = low(credits=3, cap_cents=500)
    auto_reloads.reload_due()
    refunds.request_refund(us.family, us.facility_id, 20, "a press of the button")
    turn_on(us, card_id=shown(us).card_id, cap_cents=500)
    assert us.credits() == (3, 0)
    assert auto_reloads.reload_due().done == 0
    assert shown(us).spent == "$5.00 of $5.00"


def test_a_family_that_has_credits_refunded_is_not_sold_them_again(low):
    us = low(credits=3)
    auto_reloads.reload_due()
    refunds.request_refund(us.family, us.facility_id, 20, "a press of the button")
    assert stopped_because(us, Pause.REFUNDED)
    assert charged_cents() == 500
    turn_on(us, card_id=shown(us).card_id)
    assert auto_reloads.reload_due().done == 1


def test_credits_that_a_bank_has_frozen_are_not_bought_again(low):
    us = low(credits=3)
    auto_reloads.reload_due()
    with db.reading() as session:
        intent_id = session.exec(select(Purchase.intent_id)).one()
    disputes.check_dispute(processor.sandbox().open_dispute(intent_id))
    assert us.credits()[0] == 3
    assert stopped_because(us, Pause.DISPUTED)
    assert charged_cents() == 500


def test_another_price_stops_it_until_the_family_agrees(low):
    us = low()
    change(Facility, us.facility_id, price_cents=30)
    assert stopped_because(us, Pause.PRICE_CHANGED)
    assert charged_cents() == 0
    with pytest.raises(PriceChanged):
        turn_on(us, card_id=shown(us).card_id, price_cents=25)
    turn_on(us, card_id=shown(us).card_id, price_cents=shown(us).price_cents)
    auto_reloads.reload_due()
    assert charged_cents() == 600


def test_a_price_that_changes_between_the_claim_and_the_charge_charges_nothing(low, monkeypatch):
    us, submit = low(), checkout.submit_auto

    def change_first(purchase_id):
        change(Facility, us.facility_id, price_cents=30)
        submit(purchase_id)

    monkeypatch.setattr(checkout, "submit_auto", change_first)
    assert auto_reloads.reload_due().done == 0
    assert stopped_because(us, Pause.PRICE_CHANGED)
    assert charged_cents() == 0


def test_an_amount_that_is_not_sold_any_more_stops_it(low):
    us = low()
    change(Facility, us.facility_id, max_credits=15)
    assert stopped_because(us, Pause.AMOUNT_NOT_SOLD)


def test_a_facility_that_is_paused_waits_and_goes_on_when_it_opens(low):
    us = low()
    change(Facility, us.facility_id, opening="paused")
    assert auto_reloads.reload_due().done == 0
    assert shown(us).is_on
    change(Facility, us.facility_id, opening="open")
    assert auto_reloads.reload_due().done == 1


def test_a_removed_card_stops_it_and_the_card_says_so_before(low):
    us = low()
    (card,) = db.read(cards.my_cards, us.family)
    assert card.reloads == ["Cedar Ridge"]
    cards.remove(us.family, card.id)
    auto_reloads.reload_due()
    assert (shown(us).is_on, shown(us).paused) == (False, Pause.CARD_REMOVED.sentence)
    assert charged_cents() == 0


def test_a_card_that_has_expired_stops_it(low):
    us = low()
    change(Card, shown(us).card_id, expiry_year=2020)
    assert stopped_because(us, Pause.CARD_EXPIRED)


@pytest.mark.parametrize(("number", "reason"), REFUSALS.items(), ids=[f"{n[-4:]} {r}" for n, r in REFUSALS.items()])
def test_a_card_that_cannot_be_charged_stops_it_and_another_card_starts_it_again(low, number, reason):
    us = low(number)
    assert auto_reloads.reload_due().done == 1
    assert stopped_because(us, reason)
    assert charged_cents() == booked_cents() == 0
    assert [reload.label for reload in shown(us).this_month] == ["Not charged"]
    turn_on(us, card_id=cards.add(us.family, new_card(VISA_DEBIT)).id)
    assert auto_reloads.reload_due().done == 1
    assert (us.credits(), charged_cents()) == ((23, 0), 500)


def test_nothing_is_bought_for_somebody_who_was_released(low):
    us = low()
    change(Inmate, us.inmate_id, custody=Custody.RELEASED)
    assert stopped_because(us, Pause.NOBODY_THERE)


def test_nothing_is_bought_for_a_family_that_has_removed_its_contact(low):
    us = low()
    change(Contact, us.contact_id, removed_at=clock.now())
    assert stopped_because(us, Pause.NOBODY_THERE)
    with pytest.raises(Invalid, match="reload for nobody"):
        turn_on(us, card_id=shown(us).card_id)


def test_a_closed_account_is_never_charged(low):
    us = low()
    change(Account, us.family.account_id, closed_at=clock.now())
    assert auto_reloads.reload_due().done == charged_cents() == 0


def test_turned_off_it_charges_nothing_and_says_no_reason(low):
    us = low()
    off = db.write(auto_reloads.turn_off, us.family, us.facility_id)
    assert (off.is_on, off.paused) == (False, "")
    assert auto_reloads.reload_due().done == charged_cents() == 0


def due_auto_reload():
    """The id of the only auto-reload that has something to do."""
    (due,) = db.read(auto_reloads._due_auto_reloads, 0)
    return due.auto_reload_id


def test_a_worker_that_died_before_it_asked_the_processor_leaves_one_charge(low):
    us = low()
    auto_reload_id = due_auto_reload()
    assert db.write(auto_reloads._prepare_due_purchase, auto_reload_id) == db.write(
        auto_reloads._prepare_due_purchase, auto_reload_id
    )
    assert auto_reloads.reload_due().done == 1
    assert (us.credits(), charged_cents(), len(shown(us).this_month)) == ((23, 0), 500, 1)


def test_what_was_prepared_before_the_family_turned_it_off_is_not_charged(low):
    us = low()
    db.write(auto_reloads._prepare_due_purchase, due_auto_reload())
    db.write(auto_reloads.turn_off, us.family, us.facility_id)
    assert auto_reloads.reload_due().done == charged_cents() == 0
    turn_on(us, card_id=shown(us).card_id, credits=40)
    auto_reloads.reload_due()
    assert charged_cents() == 1000


def test_a_worker_that_died_before_it_told_the_family_leaves_one_notice(low):
    us = low()
    auto_reload_id = due_auto_reload()
    checkout.submit_auto(db.write(auto_reloads._prepare_due_purchase, auto_reload_id))
    spend_down_to(us, 4)
    assert db.write(auto_reloads._prepare_due_purchase, auto_reload_id) is None
    assert (auto_reloads.reload_due().done, auto_reloads.reload_due().done) == (1, 1)
    assert emails_to(us) == ["Auto-reload: 20 credits for $5.00"] * 2
    assert charged_cents() == 1000


def test_a_silent_processor_is_waited_for_and_the_end_is_told_once(low):
    us = low()
    processor.sandbox().plan("confirm", Fault.TIMEOUT_AFTER)
    assert auto_reloads.reload_due().done == auto_reloads.reload_due().done == 0
    assert [reload.label for reload in shown(us).this_month] == ["Being charged"]
    assert (us.credits(), emails_to(us)) == ((3, 0), [])
    with clock.at(clock.now() + charges.LEASE + timedelta(seconds=1)):
        checkout.reconcile()
        assert (auto_reloads.reload_due().done, auto_reloads.reload_due().done) == (1, 0)
    assert emails_to(us) == ["Auto-reload: 20 credits for $5.00"]
    assert charged_cents() == booked_cents() == 500


def test_a_payment_that_did_not_happen_after_all_stops_it(low):
    us = low()
    processor.sandbox().plan("confirm", Fault.TIMEOUT_BEFORE)
    auto_reloads.reload_due()
    with clock.at(clock.now() + charges.LEASE + timedelta(seconds=1)):
        checkout.reconcile()
        assert auto_reloads.reload_due().done == 1
    assert stopped_because(us, Pause.NO_ANSWER)
    assert charged_cents() == 0


def test_turned_off_while_a_charge_is_under_way_its_end_is_told_and_nothing_more_is_charged(low):
    us = low()
    processor.sandbox().plan("confirm", Fault.TIMEOUT_AFTER)
    auto_reloads.reload_due()
    db.write(auto_reloads.turn_off, us.family, us.facility_id)
    with clock.at(clock.now() + charges.LEASE + timedelta(seconds=1)):
        checkout.reconcile()
        auto_reloads.reload_due()
    spend_down_to(us, 4)
    auto_reloads.reload_due()
    assert (charged_cents(), emails_to(us)) == (500, ["Auto-reload: 20 credits for $5.00"])


def test_an_unfinished_reload_is_not_taken_for_a_purchase_to_go_on_with(low):
    us = low(DECLINED)
    auto_reloads.reload_due()
    bought = buy(us.family, us.facility_id, 40)
    assert (bought.status, us.credits()[0]) == ("paid", 43)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"level": 0}, "level"),
        ({"level": -1}, "level"),
        ({"level": 21}, "level"),
        ({"credits": 0}, "credits"),
        ({"credits": -20}, "credits"),
        ({"credits": 4}, "credits"),
        ({"credits": 201}, "credits"),
        ({"cap_cents": 499}, "cap"),
        ({"cap_cents": 0}, "cap"),
        ({"cap_cents": CAP_MAX_CENTS + 1}, "cap"),
        ({"card_id": 0}, "card"),
    ],
)
def test_terms_that_make_no_sense_are_refused_and_change_nothing(pair, terms, field):
    us = pair()
    card = cards.add(us.family, new_card())
    with pytest.raises(Invalid) as refused:
        turn_on(us, **{"card_id": card.id} | terms)
    assert set(refused.value.fields) == {field}
    assert shown(us).is_new


def test_everything_that_is_wrong_is_said_at_once(pair):
    us = pair()
    with pytest.raises(Invalid) as refused:
        turn_on(us, level=0, credits=0, cap_cents=-1)
    assert set(refused.value.fields) == {"level", "credits", "cap", "card"}


def test_an_expired_card_cannot_be_chosen(pair):
    us = pair()
    card = cards.add(us.family, new_card())
    change(Card, card.id, expiry_year=2020)
    assert shown(us).card_id == 0
    with pytest.raises(Invalid, match="reload card expired"):
        turn_on(us, card_id=card.id)


def test_it_cannot_be_turned_on_where_nothing_is_sold(pair, actor):
    us = pair()
    card = cards.add(us.family, new_card())
    change(Facility, us.facility_id, opening="listed")
    with pytest.raises(FacilityClosed):
        turn_on(us, card_id=card.id)
    with pytest.raises(NotFound):
        db.write(auto_reloads.save, us.family, 999_999, replace(TERMS, card_id=card.id))
    with pytest.raises(NotAllowed):
        db.write(auto_reloads.save, actor(role=Role.AUDITOR, facility_id=us.facility_id), us.facility_id, TERMS)


def test_nobody_sees_changes_or_pays_with_what_is_another_familys(low, actor):
    us, stranger = low(), actor()
    assert db.read(auto_reloads.get, stranger, us.facility_id).is_new
    with pytest.raises(NotFound):
        db.write(auto_reloads.turn_off, stranger, us.facility_id)
    with pytest.raises(NotFound):
        db.write(auto_reloads.save, stranger, us.facility_id, replace(TERMS, card_id=shown(us).card_id))
    assert shown(us).is_on


def test_turned_on_in_eight_tabs_at_once_it_is_one_order_and_charges_once(low):
    us = low(credits=3)
    card_id = shown(us).card_id
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: turn_on(us, card_id=card_id), range(8)))
    with db.reading() as session:
        assert len(session.exec(select(AutoReload)).all()) == 1
    auto_reloads.reload_due()
    assert charged_cents() == 500


def test_a_family_without_any_limit_left_is_not_in_the_way_of_the_next(low):
    us, others = low(cap_cents=500), low()
    auto_reloads.reload_due()
    spend_down_to(us, 4)
    assert db.read(wallets.balance, others.family.account_id, others.facility_id) == 23
    spend_down_to(others, 4)
    assert auto_reloads.reload_due().done == 1
    assert (us.credits()[0], others.credits()[0]) == (4, 24)
