"""What every processor promises (`payments/port.py`), asked of each of them: the sandbox, and Stripe before a stand-in."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from rxconnect.domain.purchases import Failure
from rxconnect.payments.port import (
    About,
    DisputeState,
    ForgedEvent,
    IntentState,
    Outcome,
    ProcessorUnavailable,
    RefundOutcome,
    RefundState,
    UnknownToken,
)
from rxconnect.payments.published import TEST_CARDS
from rxconnect.payments.sandbox_faults import Fault
from tests.payments.worlds import POSTCODE, WRONG_CVV, expires

PAID = Outcome(IntentState.SUCCEEDED, amount_cents=500)
CANCELED = Outcome(IntentState.CANCELED)
BACK = "http://127.0.0.1:8000/credits/review/7"
# Texts that are no tokens, some of which would lead elsewhere if they became a part of an address.
NO_TOKENS = ["", "nope", "pm_0", "../customers", "a/../b", "x?y=z", "#", "%2e%2e", ".", "é", "\x00", "a" * 81, "💳"]
FAULTS = [fault for fault in Fault if fault is not Fault.WRONG_AMOUNT]


def failed(failure):
    return Outcome(IntentState.FAILED, failure)


def charged(world):
    """Every payment in the processor's books, as (intent, cents, refunded cents)."""
    now = datetime.now(UTC)
    records = world.processor.payments(now - timedelta(hours=1), now + timedelta(hours=1))
    return [(record.intent_id, record.amount_cents, record.refunded_cents) for record in records]


def at_once(times, ask):
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(ask, range(times)))


# Customers and cards


def test_a_customer_is_the_same_for_the_same_key_and_another_for_another(world):
    create = world.processor.create_customer
    assert create("one") == create("one")
    assert create("one") != create("two")


def test_a_card_is_described_by_its_token(world):
    details = world.processor.describe(world.card("amex", "7373"))
    month, year = expires()
    assert (details.brand, details.last_four, details.postcode) == ("amex", "0005", POSTCODE)
    assert (details.expiry_month, details.expiry_year) == (month, year)


@pytest.mark.parametrize("token", NO_TOKENS)
def test_a_text_that_is_no_token_is_unknown_wherever_it_is_given(world, buyer, token):
    processor = world.processor
    with pytest.raises(UnknownToken):
        processor.describe(token)
    with pytest.raises(UnknownToken):
        processor.store_card(token, buyer.customer)
    with pytest.raises(UnknownToken):
        processor.update_card(token, expiry_month=1, expiry_year=2040, postcode=POSTCODE)
    processor.forget_card(token)
    intent_id, key = buyer.intent()
    assert processor.confirm(intent_id, key, token, "") == failed(Failure.DECLINED)
    assert not charged(world)


def test_a_card_that_paid_is_stored_under_the_same_token_every_time(world, buyer):
    token = world.card()
    buyer.pay(token=token, saves_card=True)
    stored = world.processor.store_card(token, buyer.customer)
    assert world.processor.store_card(token, buyer.customer) == stored
    assert world.processor.describe(stored) == world.processor.describe(token)


def test_a_stored_card_pays_again_and_again(world, buyer):
    stored = buyer.stored_card()
    for _ in range(3):
        assert world.processor.retrieve(buyer.pay(token=stored, cvc_token=world.cvv())) == PAID


def test_a_stored_card_can_be_corrected(world, buyer):
    stored = buyer.stored_card()
    world.processor.update_card(stored, expiry_month=4, expiry_year=2041, postcode="10001")
    details = world.processor.describe(stored)
    assert (details.expiry_month, details.expiry_year, details.postcode) == (4, 2041, "10001")
    assert details.last_four == "4242"


def test_a_forgotten_card_is_never_charged_again(world, buyer):
    stored = buyer.stored_card()
    world.processor.forget_card(stored)
    world.processor.forget_card(stored)
    before = charged(world)
    assert world.processor.retrieve(buyer.pay(token=stored)).state is not IntentState.SUCCEEDED
    assert charged(world) == before


# Payments


def test_an_intent_charges_nothing_and_is_the_same_for_the_same_key(world, buyer):
    intent_id, key = buyer.intent()
    assert buyer.intent(key=key) == (intent_id, key)
    assert buyer.intent()[0] != intent_id
    assert world.processor.retrieve(intent_id) == Outcome(IntentState.UNCONFIRMED)
    assert not charged(world)


@pytest.mark.parametrize(
    "published", [card for card in TEST_CARDS if not card.asks_buyer], ids=lambda published: published.name
)
def test_each_published_card_answers_as_it_says(world, buyer, published):
    intent_id, key = buyer.intent()
    token = world.card(published.name, "7373" if published.brand == "amex" else "737")
    outcome = world.processor.confirm(intent_id, key, token, "")
    assert outcome == (failed(published.failure) if published.failure else PAID)
    assert world.processor.retrieve(intent_id) == outcome
    assert charged(world) == ([] if published.failure else [(intent_id, 500, 0)])


@pytest.mark.parametrize("name", ["visa", "declined"])
def test_a_confirmation_that_is_asked_for_again_answers_the_same_and_charges_once(world, buyer, name):
    intent_id, key = buyer.intent()
    token = world.card(name)
    outcomes = {world.processor.confirm(intent_id, key, token, "") for _ in range(3)}
    assert outcomes == {failed(Failure.DECLINED) if name == "declined" else PAID}
    assert len(charged(world)) == (name == "visa")


def test_a_confirmation_long_ago_is_not_made_once_more(world, buyer):
    intent_id, key = buyer.intent()
    stored = buyer.stored_card()
    before = charged(world)
    assert world.processor.confirm(intent_id, key, stored, "") == PAID
    world.days_pass()
    assert world.processor.confirm(intent_id, key, stored, "") == PAID
    assert len(charged(world)) == len(before) + 1


def test_eight_confirmations_at_once_charge_once(world, buyer):
    intent_id, key = buyer.intent()
    token = world.card()

    def confirm(_):
        try:
            return world.processor.confirm(intent_id, key, token, "")
        except ProcessorUnavailable:
            return None

    assert set(at_once(8, confirm)) <= {PAID, None}
    assert world.processor.retrieve(intent_id) == PAID
    assert charged(world) == [(intent_id, 500, 0)]


def test_a_refused_intent_may_be_tried_again_with_another_card(world, buyer):
    intent_id, key = buyer.intent()
    refused = world.processor.confirm(intent_id, key, world.card("insufficient"), "")
    assert refused == failed(Failure.INSUFFICIENT_FUNDS)
    assert world.processor.confirm(intent_id, f"{key}+", world.card(), "") == PAID
    assert charged(world) == [(intent_id, 500, 0)]


def test_the_cvv_of_a_stored_card_counts_when_it_is_typed_again(world, buyer):
    stored = buyer.stored_card()
    wrong = buyer.pay(token=stored, cvc_token=world.cvv(WRONG_CVV))
    assert world.processor.retrieve(wrong) == failed(Failure.WRONG_CVV)
    assert world.processor.retrieve(buyer.pay(token=stored, cvc_token=world.cvv())) == PAID


@pytest.mark.parametrize("is_used", [True, False])
def test_the_token_of_a_cvv_is_for_one_use(world, buyer, is_used):
    stored, cvc_token = buyer.stored_card(), "cvc_0"
    if is_used:
        cvc_token = world.cvv()
        buyer.pay(token=stored, cvc_token=cvc_token)
    before = charged(world)
    intent_id, key = buyer.intent()
    assert world.processor.confirm(intent_id, key, stored, cvc_token) == failed(Failure.WRONG_CVV)
    assert charged(world) == before


def test_a_charge_of_another_amount_says_so(world, buyer):
    world.plan("charge", Fault.WRONG_AMOUNT)
    intent_id = buyer.pay()
    assert world.processor.retrieve(intent_id) == Outcome(IntentState.SUCCEEDED, amount_cents=600)
    assert charged(world) == [(intent_id, 600, 0)]


# The buyer's bank asks


@pytest.mark.parametrize("is_buyer", [True, False])
def test_a_bank_that_asks_is_answered_by_the_buyer(world, buyer, is_buyer):
    intent_id, key = buyer.intent()
    asked = world.processor.confirm(intent_id, key, world.card("asks"), "", return_url=BACK)
    assert asked.state is IntentState.REQUIRES_ACTION
    assert intent_id in asked.action_url
    assert world.processor.retrieve(intent_id) == asked
    assert not charged(world)
    assert world.authenticate(intent_id, is_buyer=is_buyer).partition("?")[0] == BACK
    assert world.processor.retrieve(intent_id) == (PAID if is_buyer else failed(Failure.NOT_AUTHENTICATED))
    assert len(charged(world)) == is_buyer


def test_a_card_whose_bank_asks_is_refused_while_nobody_is_there(world, buyer):
    stored = buyer.stored_card("asks")
    intent_id, key = buyer.intent()
    assert world.processor.confirm(intent_id, key, stored, "", off_session=True) == failed(Failure.NOT_AUTHENTICATED)


def test_a_stored_card_pays_while_nobody_is_there(world, buyer):
    stored = buyer.stored_card()
    assert world.processor.retrieve(buyer.pay(token=stored, off_session=True)) == PAID


# Giving up


def test_a_canceled_intent_is_never_charged(world, buyer):
    intent_id, key = buyer.intent()
    assert world.processor.cancel(intent_id) == CANCELED
    assert world.processor.cancel(intent_id) == CANCELED
    assert world.processor.confirm(intent_id, key, world.card(), "") == CANCELED
    assert world.processor.retrieve(intent_id) == CANCELED
    assert not charged(world)


def test_a_refused_intent_that_is_canceled_is_never_charged(world, buyer):
    intent_id = buyer.pay(token=world.card("insufficient"))
    assert world.processor.cancel(intent_id) == CANCELED
    assert world.processor.confirm(intent_id, "another", world.card(), "") == CANCELED
    assert not charged(world)


def test_an_intent_that_waits_for_the_buyer_can_be_canceled(world, buyer):
    intent_id = buyer.pay(token=world.card("asks"), return_url=BACK)
    assert world.processor.cancel(intent_id) == CANCELED
    world.authenticate(intent_id, is_buyer=True)
    assert world.processor.retrieve(intent_id) == CANCELED
    assert not charged(world)


def test_a_paid_intent_keeps_its_outcome_when_it_is_canceled(world, buyer):
    assert world.processor.cancel(buyer.pay()) == PAID


# Refunds


def test_a_payment_is_paid_back_in_parts_and_never_beyond(world, buyer):
    intent_id = buyer.pay(1000)
    for key, cents in (("a", 300), ("b", 700)):
        assert world.processor.refund(intent_id, key, cents).state is RefundState.SUCCEEDED
    assert world.processor.refund(intent_id, "c", 1) == RefundOutcome("", RefundState.FAILED)
    assert charged(world) == [(intent_id, 1000, 1000)]


def test_a_refund_of_more_than_is_left_is_refused_and_changes_nothing(world, buyer):
    intent_id = buyer.pay(1000)
    world.processor.refund(intent_id, "a", 600)
    assert world.processor.refund(intent_id, "b", 401) == RefundOutcome("", RefundState.FAILED)
    assert charged(world) == [(intent_id, 1000, 600)]


def test_a_payment_that_was_not_charged_is_not_refunded(world, buyer):
    for intent_id in (buyer.intent()[0], buyer.pay(token=world.card("declined"))):
        assert world.processor.refund(intent_id, f"refund of {intent_id}", 100) == RefundOutcome("", RefundState.FAILED)


def test_a_refund_happens_once_a_key_however_late_it_is_asked_for_again(world, buyer):
    intent_id = buyer.pay(1000)
    first = world.processor.refund(intent_id, "a", 300)
    assert world.processor.refund(intent_id, "a", 300) == first
    world.days_pass()
    assert world.processor.refund(intent_id, "a", 300) == first
    assert world.processor.retrieve_refund(first.id) == first
    assert charged(world) == [(intent_id, 1000, 300)]


def test_eight_refunds_at_once_under_one_key_are_one(world, buyer):
    intent_id = buyer.pay(1000)

    def refund(_):
        try:
            return world.processor.refund(intent_id, "a", 300)
        except ProcessorUnavailable:
            return None

    assert len(set(at_once(8, refund)) - {None}) == 1
    assert charged(world) == [(intent_id, 1000, 300)]


def test_eight_refunds_at_once_never_pay_back_more_than_was_paid(world, buyer):
    intent_id = buyer.pay(1000)
    outcomes = at_once(8, lambda number: world.processor.refund(intent_id, f"r{number}", 300))
    assert [outcome.state for outcome in outcomes].count(RefundState.SUCCEEDED) == 3
    assert charged(world) == [(intent_id, 1000, 900)]


def test_a_refund_may_be_accepted_and_fail_later(world, buyer):
    intent_id = buyer.pay(token=world.card("no refund"))
    accepted = world.processor.refund(intent_id, "a", 500)
    assert accepted.state is RefundState.PENDING
    assert world.processor.retrieve_refund(accepted.id) == RefundOutcome(accepted.id, RefundState.FAILED)
    assert world.processor.refund(intent_id, "a", 500) == RefundOutcome(accepted.id, RefundState.FAILED)
    assert charged(world) == [(intent_id, 500, 0)]


# Disputes


@pytest.mark.parametrize("is_won", [True, False])
def test_a_dispute_is_open_until_the_bank_decides(world, buyer, is_won):
    intent_id = buyer.pay()
    world.processor.refund(intent_id, "a", 200)
    dispute_id = world.open_dispute(intent_id)
    record = world.processor.retrieve_dispute(dispute_id)
    assert (record.id, record.intent_id, record.amount_cents) == (dispute_id, intent_id, 300)
    assert record.state is DisputeState.OPEN
    world.close_dispute(dispute_id, is_won=is_won)
    state = world.processor.retrieve_dispute(dispute_id).state
    assert state is (DisputeState.WON if is_won else DisputeState.LOST)


# The books


def test_the_books_tell_every_payment_of_a_span_with_its_key(world, buyer):
    began = datetime.now(UTC).replace(microsecond=0)
    intent_id, key = buyer.intent(700)
    world.processor.confirm(intent_id, key, world.card(), "")
    world.processor.refund(intent_id, "a", 250)
    buyer.pay(token=world.card("declined"))
    ended = datetime.now(UTC) + timedelta(seconds=1)
    (record,) = world.processor.payments(began, ended)
    assert (record.intent_id, record.key, record.amount_cents, record.refunded_cents) == (intent_id, key, 700, 250)
    assert began <= record.at <= ended
    assert not list(world.processor.payments(ended, ended + timedelta(days=1)))
    assert not list(world.processor.payments(began - timedelta(days=1), began))


def test_the_books_are_told_whole_however_many_pages_they_have(world, buyer):
    stored = buyer.stored_card()
    paid = {buyer.pay(token=stored) for _ in range(230)}
    told = [intent_id for intent_id, _, _ in charged(world)]
    assert len(told) == len(set(told)) == 231
    assert paid < set(told)


# Events


def test_what_happens_is_told_by_signed_events(world, buyer):
    intent_id = buyer.pay()
    refund_id = world.processor.refund(intent_id, "a", 100).id
    dispute_id = world.open_dispute(intent_id)
    events = [world.processor.read_event(*posted) for posted in world.events()]
    told = {(event.about, event.object_id) for event in events if event.about is not About.OTHER}
    assert {(About.PAYMENT, intent_id), (About.REFUND, refund_id), (About.DISPUTE, dispute_id)} == told
    assert len({event.id for event in events}) == len(events)


def test_an_event_that_is_sent_again_has_the_same_id(world, buyer):
    buyer.pay()
    first, again = world.events(), world.events()
    assert [world.processor.read_event(*posted) for posted in first] == [
        world.processor.read_event(*posted) for posted in again
    ]


def forgeries(body, signature):
    """A hundred ways to be wrong about one event."""
    at, code = (part.partition("=")[2] for part in signature.split(","))
    yield from (
        (body, text) for text in ("", "t", "=", ",", "t=,v1=", f"v1={code}", f"t={at}", "é", "\udcff", "t=1,v1")
    )
    yield from ((body, f"t={at},{scheme}={code}") for scheme in ("v0", "v2", "V1", "v1 ", ""))
    yield from (
        (body, f"t={other},v1={code}") for other in (int(at) - 1, int(at) + 1, 0, -1, "9" * 5000, "now", "é", "1e9")
    )
    yield from (
        (body, f"t={at},v1={text}") for text in ("", "0" * 64, code[:-1], f"{code}0", code[::-1], "é" * 64, "ſ" * 64)
    )
    for index in range(0, 64, 2):
        digit = "0" if code[index] != "0" else "1"
        yield body, f"t={at},v1={code[:index]}{digit}{code[index + 1 :]}"
    for index in range(0, len(body), max(1, len(body) // 30)):
        yield body[:index] + bytes([body[index] ^ 1]) + body[index + 1 :], signature
    for other in (b"", b"{}", b"[]", b"null", b"\xff\xfe", body * 2, body[:-1], body + b" ", b"\x00", b'{"id": 1}'):
        yield other, signature


def test_a_hundred_forged_events_are_all_refused(world, buyer):
    buyer.pay()
    posted = world.events()[-1]
    tried = list(forgeries(*posted))
    assert len(tried) >= 100
    for body, signature in tried:
        with pytest.raises(ForgedEvent):
            world.processor.read_event(body, signature)
    assert world.processor.read_event(*posted)


def malformed(body, ids):
    """What no processor sends, and still could sign: an event with these ids, none of which stays one."""
    yield from (b"[" * 60_000, b'{"id":' * 9_000, b"", b"null", b"[]", b"7", b"\xff", b'{"id": "evt_1"}')
    for one in ids:
        for other in ("", " ", "\0", f"{one}\0", "\ud800", "é", "../x", "x" * 81, "x" * 50_000, 7, None, [], {}):
            yield body.replace(json.dumps(one).encode(), json.dumps(other).encode())


def test_what_was_signed_and_is_no_event_is_refused(world, buyer):
    buyer.pay()
    body, signature = world.events()[-1]
    event = world.processor.read_event(body, signature)
    for other in malformed(body, (event.id, event.object_id)):
        with pytest.raises(ForgedEvent):
            world.processor.read_event(other, world.sign(other))


def test_an_event_that_is_too_old_is_refused(world, buyer, monkeypatch):
    buyer.pay()
    posted = world.events()[-1]
    later = time.time() + 301
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(ForgedEvent):
        world.processor.read_event(*posted)


# Faults


@pytest.mark.parametrize("fault", FAULTS)
def test_a_payment_whose_answer_is_lost_is_found_as_it_is(world, buyer, fault):
    intent_id, key = buyer.intent()
    world.plan("confirm", fault)
    with pytest.raises(ProcessorUnavailable):
        world.processor.confirm(intent_id, key, world.card(), "")
    assert world.processor.retrieve(intent_id) == (PAID if fault.is_after else Outcome(IntentState.UNCONFIRMED))
    assert world.processor.cancel(intent_id) == (PAID if fault.is_after else CANCELED)
    assert len(charged(world)) == fault.is_after


@pytest.mark.parametrize("fault", FAULTS)
def test_a_refund_whose_answer_is_lost_is_made_once(world, buyer, fault):
    intent_id = buyer.pay()
    world.plan("refund", fault)
    with pytest.raises(ProcessorUnavailable):
        world.processor.refund(intent_id, "a", 200)
    assert world.processor.refund(intent_id, "a", 200).state is RefundState.SUCCEEDED
    assert charged(world) == [(intent_id, 500, 200)]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("method", ["create_intent", "retrieve", "cancel", "retrieve_refund", "retrieve_dispute"])
def test_every_question_may_be_asked_again_after_a_fault(world, buyer, method, fault):
    intent_id = buyer.pay()
    asks = {
        "create_intent": lambda: world.processor.create_intent("again", 500, buyer.customer),
        "retrieve": lambda: world.processor.retrieve(intent_id),
        "cancel": lambda: world.processor.cancel(intent_id),
        "retrieve_refund": lambda: world.processor.retrieve_refund(refund_id),
        "retrieve_dispute": lambda: world.processor.retrieve_dispute(dispute_id),
    }
    refund_id = world.processor.refund(intent_id, "a", 100).id
    dispute_id = world.open_dispute(intent_id)
    world.plan(method, fault)
    with pytest.raises(ProcessorUnavailable):
        asks[method]()
    if not (method == "create_intent" and fault is Fault.ERROR_AFTER):
        # Stripe repeats even an error to the same key; such an attempt is given up, and nothing was charged by it.
        assert asks[method]()


@pytest.mark.parametrize("id", ["pi_0", "re_0", "nope", "", "../x"])
def test_what_the_processor_does_not_know_is_no_answer(world, id):
    asks = (
        world.processor.retrieve,
        world.processor.cancel,
        world.processor.retrieve_refund,
        world.processor.retrieve_dispute,
    )
    for ask in asks:
        with pytest.raises(ProcessorUnavailable):
            ask(id)
