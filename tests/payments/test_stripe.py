"""What is Stripe's own: its words, its odd answers, and what exactly it is asked."""

from __future__ import annotations

import json
import time
import traceback
from datetime import UTC, datetime

import pytest
import stripe

from rxconnect.domain.purchases import Failure
from rxconnect.payments import stripe_processor, stripe_words
from rxconnect.payments.port import (
    About,
    DisputeState,
    IntentState,
    Outcome,
    ProcessorUnavailable,
    RefundState,
    UnknownToken,
)
from rxconnect.payments.stripe_processor import StripeProcessor
from tests.payments.fake_stripe import SECRET_KEY, WEBHOOK_SECRET, sign
from tests.payments.worlds import Buyer, StripeWorld

BACK = "http://127.0.0.1:8000/credits/review/7"


@pytest.fixture
def world(fake):
    return StripeWorld(fake)


@pytest.fixture
def buyer(world):
    return Buyer(world)


def asked(world, method, ending):
    """The parameters of the last request to an address with this ending."""
    return next(
        params for verb, path, params in reversed(world.fake.requests) if verb == method and path.endswith(ending)
    )


# Words


@pytest.mark.parametrize(
    ("code", "decline_code", "failure"),
    [
        ("card_declined", "generic_decline", Failure.DECLINED),
        ("card_declined", "insufficient_funds", Failure.INSUFFICIENT_FUNDS),
        ("card_declined", "stolen_card", Failure.DECLINED),
        ("card_declined", "a code of next year", Failure.DECLINED),
        ("card_declined", None, Failure.DECLINED),
        ("expired_card", "expired_card", Failure.EXPIRED_CARD),
        ("expired_card", None, Failure.EXPIRED_CARD),
        ("incorrect_cvc", "incorrect_cvc", Failure.WRONG_CVV),
        ("invalid_cvc", None, Failure.WRONG_CVV),
        ("authentication_required", "authentication_required", Failure.NOT_AUTHENTICATED),
        ("payment_intent_authentication_failure", None, Failure.NOT_AUTHENTICATED),
        ("processing_error", "processing_error", Failure.PROCESSOR_ERROR),
        ("card_declined", "incorrect_cvc", Failure.WRONG_CVV),
        (None, None, Failure.DECLINED),
    ],
)
def test_a_refusal_is_told_in_our_words(code, decline_code, failure):
    assert stripe_words.failure_of(code, decline_code) is failure


# As `stripe.Refund.status` and `stripe.Dispute.status` list them.
@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("pending", RefundState.PENDING),
        ("requires_action", RefundState.PENDING),
        ("succeeded", RefundState.SUCCEEDED),
        ("failed", RefundState.FAILED),
        ("canceled", RefundState.FAILED),
    ],
)
def test_a_refund_stands_where_stripe_says(status, state):
    assert stripe_words.refund_state(status) is state


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("needs_response", DisputeState.OPEN),
        ("under_review", DisputeState.OPEN),
        ("appeal_needs_response", DisputeState.OPEN),
        ("appeal_under_review", DisputeState.OPEN),
        ("won", DisputeState.WON),
        ("lost", DisputeState.LOST),
        ("warning_needs_response", DisputeState.WON),
        ("warning_under_review", DisputeState.WON),
        ("warning_closed", DisputeState.WON),
        ("prevented", DisputeState.WON),
    ],
)
def test_a_dispute_stands_where_stripe_says(status, state):
    assert stripe_words.dispute_state(status) is state


@pytest.mark.parametrize("read", [stripe_words.refund_state, stripe_words.dispute_state])
def test_a_word_of_next_year_is_not_guessed_at(read):
    with pytest.raises(ValueError, match="cannot be"):
        read("reconsidered")


def test_an_inquiry_that_cost_nothing_is_no_dispute_yet(world, buyer):
    world.fake.open_dispute(buyer.pay(), status="warning_needs_response")
    assert world.processor.read_event(*world.events()[-1]).about is About.OTHER


# What Stripe is asked


def test_a_payment_is_announced_for_cards_in_dollars_under_our_key(world, buyer):
    _intent_id, key = buyer.intent(725)
    assert asked(world, "POST", "/payment_intents") == {
        "amount": "725",
        "currency": "usd",
        "customer": buyer.customer,
        "allowed_payment_method_types": ["card"],
        "metadata": {"key": key},
    }


def test_a_card_to_be_stored_may_be_charged_later_while_nobody_is_there(world, buyer):
    token = world.card()
    intent_id = buyer.pay(token=token, saves_card=True, return_url=BACK)
    assert asked(world, "POST", f"{intent_id}/confirm") == {
        "payment_method": token,
        "setup_future_usage": "off_session",
        "return_url": BACK,
    }


def test_a_stored_card_is_confirmed_with_its_cvv_and_nothing_more(world, buyer):
    stored, cvc_token = buyer.stored_card(), world.cvv()
    intent_id = buyer.pay(token=stored, cvc_token=cvc_token, return_url=BACK)
    assert asked(world, "POST", f"{intent_id}/confirm") == {
        "payment_method": stored,
        "payment_method_options": {"card": {"cvc_token": cvc_token}},
        "return_url": BACK,
    }


def test_nobody_is_sent_anywhere_while_nobody_is_there(world, buyer):
    stored = buyer.stored_card()
    intent_id = buyer.pay(token=stored, off_session=True, return_url=BACK)
    assert asked(world, "POST", f"{intent_id}/confirm") == {"payment_method": stored, "off_session": "true"}


def test_without_an_address_to_come_back_to_a_bank_that_asks_is_a_refusal(world, buyer):
    intent_id = buyer.pay(token=world.card("asks"))
    assert world.processor.retrieve(intent_id) == Outcome(IntentState.FAILED, Failure.NOT_AUTHENTICATED)


def test_a_card_of_somebody_else_is_not_charged(world, buyer):
    stored = Buyer(world).stored_card()
    assert world.processor.retrieve(buyer.pay(token=stored)) == Outcome(IntentState.UNCONFIRMED)


def test_a_card_of_somebody_else_is_not_stored(world, buyer):
    stored = Buyer(world).stored_card()
    with pytest.raises(UnknownToken):
        world.processor.store_card(stored, buyer.customer)


def test_a_bank_that_refused_is_not_asked_again_for_the_same_attempt(world, buyer):
    intent_id, key = buyer.intent()
    token = world.card("insufficient")
    # Stored, or it would be for one use only.
    world.fake.things[token]["customer"] = buyer.customer
    for _ in range(3):
        world.processor.confirm(intent_id, key, token, "")
    assert [thing["status"] for thing in world.fake.things.values() if thing["object"] == "charge"] == ["failed"]


def test_a_card_that_was_used_without_being_stored_is_refused_the_next_time(world, buyer):
    token = world.card("insufficient")
    buyer.pay(token=token)
    intent_id, key = buyer.intent()
    assert world.processor.confirm(intent_id, key, token, "") == Outcome(IntentState.FAILED, Failure.DECLINED)


def test_what_is_not_a_payment_by_card_of_ours_is_not_in_the_books(world, buyer):
    theirs = world.fake.things[world.fake.things[buyer.pay()]["latest_charge"]]
    theirs["payment_intent"] = None
    now = datetime.now(UTC).timestamp()
    assert not list(
        world.processor.payments(datetime.fromtimestamp(now - 60, UTC), datetime.fromtimestamp(now + 60, UTC))
    )


# Odd answers


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"null", b"7", b'"succeeded"', b"<html>gateway</html>", b"\xff\xfe", b'{"id": "pi_1"}']
)
@pytest.mark.parametrize("status", [200, 302, 400, 402, 404, 409, 500, 503])
def test_an_answer_that_cannot_be_read_is_none(world, buyer, monkeypatch, body, status):
    intent_id, key = buyer.intent()
    monkeypatch.setattr(world.fake, "answer", lambda *_: (status, body))
    token = "pm_123"
    for ask in (
        lambda: world.processor.create_customer("key"),
        buyer.intent,
        lambda: world.processor.confirm(intent_id, key, token, ""),
        lambda: world.processor.retrieve(intent_id),
        lambda: world.processor.cancel(intent_id),
        lambda: world.processor.refund(intent_id, "a", 100),
        lambda: world.processor.retrieve_refund("re_1"),
        lambda: world.processor.retrieve_dispute("dp_1"),
        lambda: list(world.processor.payments(datetime.now(UTC), datetime.now(UTC))),
    ):
        try:
            answer = ask()
        except ProcessorUnavailable:
            continue
        # Of an answer with nothing but an id, that id may be all there is to know.
        told = answer[0] if isinstance(answer, tuple) else answer
        assert (status, body, told) == (200, b'{"id": "pi_1"}', "pi_1")


@pytest.mark.parametrize("status", ["processing", "requires_capture", "contemplating"])
def test_a_payment_that_is_still_being_decided_has_no_outcome(world, buyer, status):
    intent_id, _key = buyer.intent()
    world.fake.things[intent_id]["status"] = status
    with pytest.raises(ProcessorUnavailable):
        world.processor.retrieve(intent_id)


def test_a_bank_that_asks_in_a_way_that_is_no_address_is_no_outcome(world, buyer):
    intent_id = buyer.pay(token=world.card("asks"), return_url=BACK)
    world.fake.things[intent_id]["next_action"] = {"type": "use_stripe_sdk", "use_stripe_sdk": {}}
    with pytest.raises(ProcessorUnavailable):
        world.processor.retrieve(intent_id)
    assert world.processor.cancel(intent_id) == Outcome(IntentState.CANCELED)


def test_a_wrong_key_is_no_answer_and_is_not_told_to_the_log(fake, capsys):
    secret = "sk_test_somebodyelses0000000"
    with pytest.raises(ProcessorUnavailable):
        StripeProcessor(secret, WEBHOOK_SECRET, api_base=fake.url).create_customer("key")
    logged = capsys.readouterr()
    assert "AuthenticationError" in logged.out + logged.err
    assert secret not in logged.out + logged.err


@pytest.mark.parametrize("status", [200, 500])
def test_an_answer_that_cannot_be_read_is_not_told_to_the_log(world, monkeypatch, capsys, status):
    monkeypatch.setattr(world.fake, "answer", lambda *_: (status, b'{"name": "Nina Okafor", '))
    with pytest.raises(ProcessorUnavailable) as refused:
        world.processor.describe("pm_1")
    logged = capsys.readouterr()
    assert "processor did not answer" in logged.out + logged.err
    assert "Okafor" not in logged.out + logged.err + "".join(traceback.format_exception(refused.value))


def test_a_processor_that_is_away_is_no_answer():
    processor = StripeProcessor(SECRET_KEY, WEBHOOK_SECRET, api_base="http://127.0.0.1:9")
    with pytest.raises(ProcessorUnavailable):
        processor.retrieve("pi_1")


def test_a_processor_that_does_not_answer_in_time_is_not_waited_for(fake, monkeypatch):
    monkeypatch.setattr(stripe_processor, "_TIMEOUT_SECONDS", (1, 0.2))
    monkeypatch.setattr(fake, "answer", lambda *_: time.sleep(1) or (200, b"{}"))
    began = time.monotonic()
    with pytest.raises(ProcessorUnavailable):
        StripeProcessor(SECRET_KEY, WEBHOOK_SECRET, api_base=fake.url).retrieve("pi_1")
    assert time.monotonic() - began < 0.9


# Events


@pytest.mark.parametrize(
    "event",
    [
        {"id": "evt_1", "object": "v2.core.event", "type": "v1.charge"},
        {"id": "evt_1", "object": "event", "type": "charge.succeeded"},
        {"id": "evt_1", "object": "event", "data": {}},
        {"id": "evt_1", "object": "event", "data": {"object": {}}},
        {"id": "evt_1", "object": "event", "data": {"object": {"object": "refund"}}},
        {"object": "event", "data": {"object": {"object": "refund", "id": "re_1"}}},
        [],
        7,
        None,
        "event",
    ],
)
def test_a_signed_event_that_cannot_be_read_is_refused(world, event):
    body = json.dumps(event).encode()
    with pytest.raises(stripe_processor.ForgedEvent):
        world.processor.read_event(body, sign(body))


def test_an_event_about_something_else_concerns_nobody(world):
    event = {"id": "evt_1", "object": "event", "data": {"object": {"object": "charge", "id": "ch_1"}}}
    body = json.dumps(event).encode()
    assert world.processor.read_event(body, sign(body)).about is About.OTHER


def test_the_stand_in_signs_as_the_official_library_does():
    at = int(time.time())
    body = '{"id": "evt_1"}'
    header = stripe.WebhookSignature.generate_signature_header(body, WEBHOOK_SECRET, timestamp=at)
    assert sign(body.encode(), at) == header


def test_the_library_measures_nothing():
    assert stripe.enable_telemetry is False
