"""A smoke test against `localstripe`, which others have written: real requests of the official library, real signatures.

It knows an older API than ours. It has no idempotency, no refusal at confirmation, no CVC tokens, no disputes, no
`allowed_payment_method_types`, no payment method at confirmation and no range of dates, so payments are made here by the
library itself, and the contract is tried elsewhere.
"""

from __future__ import annotations

import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import Request, urlopen

import pytest
import stripe
from sqlmodel import func, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from rxconnect import db, routes
from rxconnect.api import webhooks, wrap
from rxconnect.models import ProcessorEvent
from rxconnect.payments.port import (
    About,
    IntentState,
    Outcome,
    ProcessorUnavailable,
    RefundState,
    UnknownToken,
)
from rxconnect.payments.stripe_processor import StripeProcessor
from tests.payments.fake_stripe import PUBLISHABLE_KEY, SECRET_KEY, WEBHOOK_SECRET
from tests.payments.test_contract import forgeries

VISA = "4242424242424242"
# On loopback only, and without the file in a folder shared by everybody that it would keep its store in.
SERVE = """
import sys
from aiohttp import web
from localstripe.resources import Store
Store.dump_to_disk = lambda store: None
from localstripe.server import app
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
"""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of a running `localstripe`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-c", SERVE, str(port)])
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and server.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=10)


@pytest.fixture
def library(url):
    """Stripe's own library, for what a browser or Stripe would do."""
    return stripe.StripeClient(SECRET_KEY, base_addresses={"api": url}).v1


@pytest.fixture
def processor(url):
    return StripeProcessor(SECRET_KEY, WEBHOOK_SECRET, api_base=url)


@pytest.fixture
def card(library):
    """The token of a card that somebody typed."""
    card = {"number": VISA, "exp_month": 12, "exp_year": 2040, "cvc": "737"}
    billing_details = {"address": {"postal_code": "99362"}}
    return library.payment_methods.create({"type": "card", "card": card, "billing_details": billing_details}).id


def pay(library, card, customer):
    return library.payment_intents.create(
        {"amount": 500, "currency": "usd", "customer": customer, "payment_method": card, "confirm": True}
    ).id


def test_a_card_is_described_stored_once_and_forgotten(processor, card):
    customer = processor.create_customer("key")
    details = processor.describe(card)
    assert (details.brand, details.last_four, details.postcode) == ("visa", "4242", "99362")
    assert processor.store_card(card, customer) == card
    assert processor.store_card(card, customer) == card
    processor.forget_card(card)
    processor.forget_card(card)


@pytest.mark.parametrize("token", ["pm_nobodyknowsthis", "../customers", ""])
def test_an_unknown_card_is_unknown(processor, token):
    with pytest.raises(UnknownToken):
        processor.describe(token)


def test_a_payment_is_found_where_it_stands_and_given_up(processor, library):
    intent = library.payment_intents.create({"amount": 500, "currency": "usd"})
    assert processor.retrieve(intent.id) == Outcome(IntentState.UNCONFIRMED)
    assert processor.cancel(intent.id) == Outcome(IntentState.CANCELED)
    assert processor.cancel(intent.id) == Outcome(IntentState.CANCELED)


def test_a_payment_is_refunded_once_a_key_even_without_idempotency(processor, library, card):
    intent_id = pay(library, card, processor.create_customer("key"))
    first = processor.refund(intent_id, "a", 200)
    assert first.state is RefundState.SUCCEEDED
    assert processor.refund(intent_id, "a", 200) == first
    assert processor.refund(intent_id, "b", 100).id != first.id
    assert processor.retrieve_refund(first.id) == first


def test_what_it_refuses_is_a_refusal_and_what_it_does_not_know_is_no_answer(processor, library):
    intent = library.payment_intents.create({"amount": 500, "currency": "usd"})
    with pytest.raises(ProcessorUnavailable):
        processor.retrieve("pi_nobodyknowsthis")
    with pytest.raises(ProcessorUnavailable):
        processor.create_intent("key", 500, processor.create_customer("key"))
    assert processor.cancel(intent.id) == Outcome(IntentState.CANCELED)


@pytest.fixture
def posted(url, library, processor, card):
    """An event as `localstripe` posts it when a payment succeeds: the body, its signature, and the payment's id."""
    arrived: queue.Queue[tuple[bytes, str]] = queue.Queue()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            arrived.put((body, self.headers["Stripe-Signature"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    receiver = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=receiver.serve_forever, args=(0.05,), daemon=True).start()
    form = f"url=http://127.0.0.1:{receiver.server_port}/&secret={WEBHOOK_SECRET}&events[]=payment_intent.succeeded"
    with urlopen(Request(f"{url}/_config/webhooks/ours", data=form.encode(), method="POST"), timeout=5):
        pass
    intent_id = pay(library, card, processor.create_customer("key"))
    # It posts a second late, so that what comes first may be about an earlier payment.
    body, signature = b"", ""
    while intent_id.encode() not in body:
        body, signature = arrived.get(timeout=10)
    receiver.shutdown()
    receiver.server_close()
    return body, signature, intent_id


@pytest.fixture
def client(database, tmp_path, url, setting):
    """The side of our webhook from which events come, with this processor in our settings."""
    setting(
        processor="stripe",
        stripe_secret_key=SECRET_KEY,
        stripe_publishable_key=PUBLISHABLE_KEY,
        stripe_webhook_secret=WEBHOOK_SECRET,
        stripe_api_base=url,
    )
    app = wrap(Starlette(), static_dir=tmp_path / "nothing", extra_routes=webhooks.ROUTES)
    return TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)


def send(client, body, signature):
    headers = {"stripe-signature": signature.encode("utf-8", "replace")}
    return client.post(routes.WEBHOOK, content=body, headers=headers).status_code


def events_taken_in():
    return db.read(lambda session: session.exec(select(func.count()).select_from(ProcessorEvent)).one())


def test_its_event_is_read_as_what_it_is_about(processor, posted):
    body, signature, intent_id = posted
    event = processor.read_event(body, signature)
    assert (event.about, event.object_id) == (About.PAYMENT, intent_id)


def test_of_a_hundred_forged_and_a_hundred_replayed_events_none_counts(client, posted, monkeypatch):
    body, signature, _intent_id = posted
    forged = list(forgeries(body, signature))
    assert len(forged) >= 100
    assert {send(client, *one) for one in forged} == {400}
    assert events_taken_in() == 0
    assert send(client, body, signature) == 200
    assert {send(client, body, signature) for _ in range(100)} == {200}
    assert events_taken_in() == 1
    later = time.time() + 301
    monkeypatch.setattr(time, "time", lambda: later)
    assert send(client, body, signature) == 400
