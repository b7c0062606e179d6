"""With Stripe as the processor: its addresses in the policy, no sandbox, and a purchase from end to end without a browser."""

from __future__ import annotations

import pytest
from sqlmodel import func, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from rxconnect import db, routes
from rxconnect.api import wrap
from rxconnect.config import settings
from rxconnect.demo import world
from rxconnect.domain.purchases import PurchaseStatus
from rxconnect.models import Receipt
from rxconnect.payments.published import BY_NAME
from rxconnect.rxconnect import with_api
from rxconnect.services.money import cards, processor
from rxconnect.services.purchases import checkout, purchases
from tests.payments.fake_stripe import PUBLISHABLE_KEY, SECRET_KEY, WEBHOOK_SECRET
from tests.payments.worlds import POSTCODE, expires, fake_stripe

SANDBOX = [("POST", "/sandbox/tokens"), ("POST", "/sandbox/cvc-tokens"), ("GET", "/sandbox/bank/pi_1")]


@pytest.fixture
def stripe(database, setting):
    """A stand-in for Stripe that our settings name."""
    with fake_stripe() as fake:
        setting(
            processor="stripe",
            stripe_secret_key=SECRET_KEY,
            stripe_publishable_key=PUBLISHABLE_KEY,
            stripe_webhook_secret=WEBHOOK_SECRET,
            stripe_api_base=fake.url,
        )
        yield fake


def new_card(stripe, name="visa"):
    return stripe.new_card(BY_NAME[name].number, *expires(), "737", POSTCODE)["id"]


def buy(stripe, actor, facility_id, name="visa", *, save=False):
    purchase = db.write(purchases.begin_or_change, actor, facility_id=facility_id, credits=20)
    checkout.use_new_card(actor, purchase.id, new_card(stripe, name), save=save)
    return checkout.submit(actor, purchase.id)


def policy_of(static_dir):
    client = TestClient(wrap(Starlette(), static_dir=static_dir, extra_routes=[]), base_url="http://127.0.0.1:8000")
    header = client.get("/sign-in?next=/inbox").headers["content-security-policy"]
    return dict(part.split(" ", 1) for part in header.split("; "))


def test_the_policy_names_stripe_where_stripe_is_the_processor(stripe, static_dir):
    policy = policy_of(static_dir)
    assert {"https://js.stripe.com", "https://*.js.stripe.com"} <= set(policy["script-src"].split())
    assert policy["frame-src"] == "https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com"
    assert policy["connect-src"] == "'self' ws://127.0.0.1:8000 https://api.stripe.com"
    assert policy["default-src"] == "'self'"
    assert "unsafe" not in str(policy)


def test_the_policy_names_nobody_else_where_the_sandbox_is(database, static_dir):
    assert "stripe" not in str(policy_of(static_dir))


@pytest.mark.parametrize(("method", "path"), SANDBOX)
def test_the_sandbox_is_not_there_beside_stripe(stripe, method, path):
    client = TestClient(with_api(Starlette()), base_url="http://127.0.0.1:8000")
    form = {"number": BY_NAME["visa"].number, "cvv": "737"}
    posted = {"json": form, "headers": {"origin": "http://127.0.0.1:8000"}} if method == "POST" else {}
    assert client.request(method, path, **posted).status_code in (404, 405)
    with pytest.raises(LookupError):
        processor.sandbox()
    assert processor.test_cards() == []


@pytest.mark.parametrize("mode", ["sandbox", "stripe"])
def test_the_webhook_is_there_with_either(database, request, mode):
    if mode == "stripe":
        request.getfixturevalue("stripe")
    client = TestClient(with_api(Starlette()), base_url="http://127.0.0.1:8000")
    assert client.post(routes.WEBHOOK, content=b"{}").status_code == 400


def test_the_browser_is_told_the_publishable_key_and_no_other(stripe):
    assert processor.publishable_key() == PUBLISHABLE_KEY


def test_in_the_sandbox_there_is_no_key_to_tell(database):
    assert processor.publishable_key() == ""


def test_a_purchase_is_paid_and_its_card_is_stored(stripe, actor, facility):
    sam, here = actor(), facility(price_cents=25)
    assert buy(stripe, sam, here, save=True).status == PurchaseStatus.PAID
    (card,) = db.read(cards.my_cards, sam)
    assert (card.label, card.postcode) == ("Visa ending 4242", POSTCODE)
    again = db.write(purchases.begin_or_change, sam, facility_id=here, credits=10)
    checkout.use_stored_card(sam, again.id, card.id, stripe.new_cvc("737")["id"])
    assert checkout.submit(sam, again.id).status == PurchaseStatus.PAID


def test_a_purchase_that_is_refused_says_why(stripe, actor, facility):
    view = buy(stripe, actor(), facility(), "insufficient")
    assert view.status == PurchaseStatus.FAILED
    assert "does not have enough money" in view.failure


def test_a_bank_that_asks_is_gone_to_and_its_answer_comes_as_an_event(stripe, actor, facility):
    sam = actor()
    view = buy(stripe, sam, facility(), "asks")
    assert view.status == PurchaseStatus.REQUIRES_ACTION
    assert view.action_url.startswith(f"{stripe.url}/bank/")
    back = stripe.authenticate(view.action_url.rpartition("/")[2], is_buyer=True)
    assert back.startswith(f"{settings().origin}/credits/review/{view.id}?")
    client = TestClient(with_api(Starlette()), base_url="http://127.0.0.1:8000")
    answers = {
        client.post(routes.WEBHOOK, content=body, headers={"stripe-signature": signature}).status_code
        for body, signature in stripe.events()
    }
    assert answers == {200}
    assert db.read(purchases.get, sam, view.id).status == PurchaseStatus.PAID


def test_invented_people_have_paid_in_the_sandbox_even_beside_stripe(stripe):
    world.seed(lambda _done, _total: None)
    with db.reading() as session:
        assert session.exec(select(func.count()).select_from(Receipt)).one() > 5
    assert not stripe.requests
    with pytest.raises(LookupError):
        processor.sandbox()
