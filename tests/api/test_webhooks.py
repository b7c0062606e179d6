"""The card processor's events over HTTP: each acted on once, none believed that it did not sign just now."""

from __future__ import annotations

import random
import time

import pytest
from sqlmodel import func, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from rxconnect import db, routes
from rxconnect.api import webhooks, wrap
from rxconnect.domain.purchases import PurchaseStatus
from rxconnect.models import Journal, ProcessorEvent, Purchase, Receipt
from rxconnect.payments.published import BY_NAME
from rxconnect.payments.sandbox_faults import Fault
from rxconnect.services.money import processor
from rxconnect.services.purchases import checkout
from rxconnect.services.refunds import refunds
from tests.payments.test_contract import forgeries
from tests.services.buying import order

ASKS, NO_REFUND = BY_NAME["asks"].number, BY_NAME["no refund"].number


@pytest.fixture
def client(database, static_dir):
    """The processor's side of the connection."""
    app = wrap(Starlette(), static_dir=static_dir, extra_routes=webhooks.ROUTES)
    return TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)


@pytest.fixture
def sandbox(database):
    return processor.sandbox()


@pytest.fixture
def buyer(actor, facility):
    """Someone, and a facility of theirs."""
    return actor(), facility(price_cents=25)


def send(client, body, signature, **headers):
    return client.post(routes.WEBHOOK, content=body, headers={"stripe-signature": signature} | headers)


def send_all(client, sandbox):
    return [send(client, *posted).status_code for posted in sandbox.events()]


def count(model):
    return db.read(lambda session: session.exec(select(func.count()).select_from(model)).one())


def status_of(purchase_id):
    return db.read(lambda session: session.get_one(Purchase, purchase_id)).status


def waiting(buyer):
    """A purchase whose buyer is at their bank."""
    purchase_id = order(*buyer, number=ASKS)
    checkout.submit(buyer[0], purchase_id)
    assert status_of(purchase_id) == PurchaseStatus.REQUIRES_ACTION
    return purchase_id


def intent_of(purchase_id):
    return db.read(lambda session: session.get_one(Purchase, purchase_id)).intent_id


def test_a_payment_that_ended_at_the_bank_is_delivered_without_its_buyer(client, sandbox, buyer):
    purchase_id = waiting(buyer)
    sandbox.authenticate(intent_of(purchase_id), is_buyer=True)
    assert set(send_all(client, sandbox)) == {200}
    assert status_of(purchase_id) == PurchaseStatus.PAID
    assert count(Receipt) == 1


def test_a_payment_that_the_bank_refused_is_told_too(client, sandbox, buyer):
    purchase_id = waiting(buyer)
    sandbox.authenticate(intent_of(purchase_id), is_buyer=False)
    assert set(send_all(client, sandbox)) == {200}
    assert status_of(purchase_id) == PurchaseStatus.FAILED


def test_a_refund_that_failed_later_gives_the_credits_back(client, sandbox, buyer):
    purchase_id = order(*buyer, number=NO_REFUND)
    checkout.submit(buyer[0], purchase_id)
    (asked,) = refunds.request_refund(*buyer, 20, "a press of the button")
    assert asked.status == "pending"
    assert set(send_all(client, sandbox)) == {200}
    (failed,) = db.read(refunds.my_refunds, buyer[0])
    assert failed.status == "failed"


def test_a_dispute_is_recorded_when_it_begins_and_when_it_ends(client, sandbox, buyer):
    purchase_id = order(*buyer)
    checkout.submit(buyer[0], purchase_id)
    dispute_id = sandbox.open_dispute(intent_of(purchase_id))
    send_all(client, sandbox)
    assert status_of(purchase_id) == PurchaseStatus.DISPUTED
    sandbox.close_dispute(dispute_id, is_won=True)
    send_all(client, sandbox)
    assert status_of(purchase_id) == PurchaseStatus.PAID


def test_every_event_five_times_shuffled_does_everything_once(client, sandbox, buyer):
    purchase_id = waiting(buyer)
    sandbox.authenticate(intent_of(purchase_id), is_buyer=True)
    posted = sandbox.events() * 5
    random.Random(7).shuffle(posted)
    assert {send(client, *one).status_code for one in posted} == {200}
    assert (count(Receipt), count(Journal), count(ProcessorEvent)) == (1, 1, len(sandbox.events()))


def test_a_replayed_event_is_thanked_for_and_asks_nothing(client, sandbox, buyer):
    purchase_id = order(*buyer)
    checkout.submit(buyer[0], purchase_id)
    sandbox.open_dispute(intent_of(purchase_id))
    send_all(client, sandbox)
    # Whoever asked the processor about the dispute again would meet this fault.
    sandbox.plan("retrieve_dispute", Fault.TIMEOUT_BEFORE)
    journals = count(Journal)
    for _ in range(10):
        assert set(send_all(client, sandbox)) == {200}
    assert count(Journal) == journals


def test_what_an_event_says_is_not_believed(client, sandbox, buyer):
    purchase_id = waiting(buyer)
    for posted in sandbox.events():
        send(client, *posted)
    assert status_of(purchase_id) == PurchaseStatus.REQUIRES_ACTION


def test_an_event_is_not_lost_while_the_processor_cannot_be_asked(client, sandbox, buyer):
    purchase_id = order(*buyer)
    checkout.submit(buyer[0], purchase_id)
    send_all(client, sandbox)
    sandbox.open_dispute(intent_of(purchase_id))
    sandbox.plan("retrieve_dispute", Fault.TIMEOUT_BEFORE)
    assert send(client, *sandbox.events()[-1]).status_code == 503
    assert status_of(purchase_id) == PurchaseStatus.PAID
    assert send(client, *sandbox.events()[-1]).status_code == 200
    assert status_of(purchase_id) == PurchaseStatus.DISPUTED


def test_an_event_about_nothing_of_ours_changes_nothing(client, sandbox, database):
    key = "somebody else's"
    intent_id = sandbox.create_intent(key, 500, sandbox.create_customer(key))
    token, _ = sandbox.tokenize(BY_NAME["visa"].number, "12/39", "737", "99362")
    sandbox.confirm(intent_id, key, token, "")
    sandbox.refund(intent_id, key, 100)
    sandbox.open_dispute(intent_id)
    assert set(send_all(client, sandbox)) == {200}
    assert count(Journal) == 0


def test_a_hundred_forged_events_are_refused_without_an_error(client, sandbox, buyer):
    purchase_id = waiting(buyer)
    sandbox.authenticate(intent_of(purchase_id), is_buyer=True)
    tried = list(forgeries(*sandbox.events()[-1]))
    assert len(tried) >= 100
    # What no client can put into a header never reaches us.
    answers = [send(client, body, signature.encode("utf-8", "replace")).status_code for body, signature in tried]
    assert set(answers) == {400}
    assert (count(ProcessorEvent), count(Receipt)) == (0, 0)
    assert status_of(purchase_id) == PurchaseStatus.REQUIRES_ACTION


def test_an_event_that_was_overheard_earlier_is_refused(client, sandbox, buyer, monkeypatch):
    purchase_id = waiting(buyer)
    sandbox.authenticate(intent_of(purchase_id), is_buyer=True)
    overheard = sandbox.events()[-1]
    later = time.time() + 301
    monkeypatch.setattr(time, "time", lambda: later)
    assert send(client, *overheard).status_code == 400
    assert status_of(purchase_id) == PurchaseStatus.REQUIRES_ACTION


@pytest.mark.parametrize("size", [64 * 1024 + 1, 3_000_000])
def test_more_than_an_event_is_refused_unread(client, size):
    assert send(client, b"x" * size, "t=1,v1=0").status_code == 413


def test_an_event_without_a_signature_is_refused(client, sandbox):
    assert client.post(routes.WEBHOOK, content=b"{}").status_code == 400
    assert client.post(routes.WEBHOOK).status_code == 400


def test_no_page_of_another_website_reaches_the_webhook(client, sandbox):
    assert send(client, b"{}", "t=1,v1=0", origin="https://evil.example").status_code == 403
