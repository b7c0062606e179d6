"""The payment page with Stripe behind it: its script may not come, and when it does the card goes to nobody else.

Neither Stripe's script nor its API can be reached from a test. Both are stand-ins here: the API on loopback, where our
server asks it, and the script in the browser, which is told what stands at Stripe's addresses.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlmodel import select

from rxconnect import db, routes
from rxconnect.models import Facility
from rxconnect.payments.published import BY_NAME
from rxconnect.services.purchases import purchases
from tests.e2e.actions import (
    CVV,
    EXPIRY,
    VISA,
    ZIP_CODE,
    Person,
    button,
    enter,
    fill_card,
    link,
    new_family,
    new_writer,
    visit,
)
from tests.e2e.actions import new_purchase as new_sandbox_purchase
from tests.e2e.servers import free_port, wait_until_healthy
from tests.e2e.test_accessibility import Inspector
from tests.payments.fake_stripe import PUBLISHABLE_KEY, SECRET_KEY, WEBHOOK_SECRET, FakeStripe
from tests.payments.worlds import fake_stripe
from tests.soak.canaries import Seen, digits
from tests.worlds import installed

# One process starts the server of these tests.
pytestmark = pytest.mark.xdist_group("stripe")

SCRIPT = "https://js.stripe.com/endive/stripe.js"
NOT_LOADED = "The card form did not load"
# Starts what is built, for either processor: the same pages serve both.
SERVE = "from rxconnect import serve; from rxconnect.config import settings; serve.migrate(); serve.serve(settings())"


@dataclass(frozen=True)
class Shop:
    """RxConnect with Stripe as its processor."""

    url: str
    settings: dict[str, str]
    stripe: FakeStripe


@pytest.fixture(scope="module")
def shop(app_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The app, started beside the one with the sandbox, which has built the pages."""
    data, port = tmp_path_factory.mktemp("stripe"), free_port()
    with fake_stripe() as stripe:
        settings = {
            "RXCONNECT_DATA_DIR": str(data),
            "RXCONNECT_PORT": str(port),
            "RXCONNECT_PROCESSOR": "stripe",
            "RXCONNECT_STRIPE_SECRET_KEY": SECRET_KEY,
            "RXCONNECT_STRIPE_PUBLISHABLE_KEY": PUBLISHABLE_KEY,
            "RXCONNECT_STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "RXCONNECT_STRIPE_API_BASE": stripe.url,
        }
        with (data / "server.log").open("w") as log:
            command = [sys.executable, "-c", SERVE]
            server = subprocess.Popen(command, env=os.environ | settings, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_until_healthy(f"http://localhost:{port}", server, data / "server.log")
            yield Shop(f"http://localhost:{port}", settings, stripe)
        finally:
            server.terminate()
            server.wait(timeout=15)


@pytest.fixture
def page(new_context: Callable[..., BrowserContext], shop: Shop) -> Iterator[Page]:
    """A page that fails its test when a script of ours fails, or asks for what our own security policy forbids."""
    context = new_context(base_url=shop.url, viewport={"width": 1280, "height": 800})
    wrong: list[str] = []
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("console", lambda message: wrong.append(message.text) if "Security Policy" in message.text else None)
    context.route("https://**", lambda route: route.abort())
    context.route("https://api.stripe.com/**", lambda route: answer(route, shop.stripe))
    yield context.new_page()
    assert not wrong


@pytest.fixture
def buyer(_same_database: None, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    """A family account there. From then on the test arranges what it needs in that app's database."""
    for name, value in shop.settings.items():
        monkeypatch.setenv(name, value)
    with installed():
        yield new_family()


def answer(route: Route, stripe: FakeStripe) -> None:
    """What Stripe's API answers to a browser."""
    form = {name: values[0] for name, values in parse_qs(route.request.post_data or "").items()}
    assert form["key"] == PUBLISHABLE_KEY
    if route.request.url.endswith("/tokens"):
        made = stripe.new_cvc(form["cvc"])
    else:
        month, _, year = form["expiry"].partition("/")
        made = stripe.new_card(digits(form["number"]), int(month), 2000 + int(year), form["cvc"], form["postal_code"])
    body = json.dumps({name: value for name, value in made.items() if not name.startswith("_")})
    route.fulfill(status=200, content_type="application/json", body=body, headers={"access-control-allow-origin": "*"})


def let_script_through(page: Page) -> None:
    page.context.route(SCRIPT, lambda route: route.fulfill(path=Path(__file__).parent / "stripe.js"))


def new_purchase(buyer: Person) -> str:
    """A purchase that stands at its payment."""
    with db.transaction() as session:
        facility = session.exec(select(Facility)).first()
        if facility is None:
            facility = Facility(key="pine-county", name="Pine County Jail", opening="open", price_cents=25)
            session.add(facility)
            session.flush()
        assert facility.id is not None
        return purchases.begin_or_change(session, buyer.actor, facility_id=facility.id, credits=20).id


def go_to_payment(page: Page, shop: Shop, buyer: Person) -> str:
    enter(page, shop.url, buyer)
    purchase_id = new_purchase(buyer)
    visit(page, routes.fill(routes.PAYMENT, purchase_id))
    return purchase_id


def test_a_blocked_script_is_told_in_a_sentence_and_may_be_tried_again(page: Page, shop: Shop, buyer: Person):
    go_to_payment(page, shop, buyer)
    expect(page.get_by_role("alert").filter(has_text=NOT_LOADED)).to_be_visible()
    expect(page.get_by_label("Card number")).to_have_count(0)
    button(page, "Retry").click()
    expect(page.get_by_role("alert").filter(has_text=NOT_LOADED)).to_be_visible()
    let_script_through(page)
    button(page, "Retry").click()
    expect(page.get_by_label("Card number")).to_be_visible()
    expect(page.get_by_text(NOT_LOADED)).to_have_count(0)


def test_a_script_that_takes_too_long_is_given_up(page: Page, shop: Shop, buyer: Person):
    page.context.route(SCRIPT, lambda _route: None)
    go_to_payment(page, shop, buyer)
    expect(page.get_by_role("status").filter(has_text="loading")).to_be_visible()
    expect(page.get_by_role("alert").filter(has_text=NOT_LOADED)).to_be_visible(timeout=20_000)
    expect(button(page, "Retry")).to_be_visible()


def test_a_card_goes_to_stripe_and_only_its_token_comes_to_us(page: Page, shop: Shop, buyer: Person):
    let_script_through(page)
    seen = Seen()
    seen.listen(page)
    go_to_payment(page, shop, buyer)
    fill_card(page)
    button(page, "Continue").click()
    expect(page.get_by_role("main")).to_contain_text("Visa ending 4242")
    button(page, "Submit").click()
    expect(page.get_by_role("heading", name="Receipt", level=1)).to_be_visible()

    visit(page, routes.fill(routes.PAYMENT, new_purchase(buyer)))
    page.get_by_label("CVV").fill(CVV)
    button(page, "Confirm").click()
    button(page, "Submit").click()
    expect(page.get_by_role("heading", name="Receipt", level=1)).to_be_visible()

    assert any('"pm_' in frame for frame in seen.frames)
    assert any('"cvctok_' in frame for frame in seen.frames)
    assert not [frame for frame in seen.frames if VISA in digits(frame)]
    confirmed = [params for _, path, params in shop.stripe.requests if path.endswith("/confirm")]
    assert confirmed[-1]["payment_method_options"]["card"]["cvc_token"].startswith("cvctok_")


def test_what_is_missing_is_told_at_each_field_and_nothing_is_sent(page: Page, shop: Shop, buyer: Person):
    let_script_through(page)
    go_to_payment(page, shop, buyer)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "api.stripe.com" in request.url else None)
    page.get_by_label("Expiry").fill(EXPIRY)
    page.get_by_label("Billing ZIP code").fill("1")
    button(page, "Continue").click()
    expect(page.get_by_label("Card number")).to_be_focused()
    for sentence in ("Check the number", "Enter the CVV", "Enter the ZIP code"):
        expect(page.get_by_role("alert").filter(has_text=sentence)).to_be_visible()
    expect(page.get_by_text("Check the expiry date")).to_have_count(0)
    assert not asked


def test_stripe_out_of_reach_is_told_and_the_card_may_be_sent_again(page: Page, shop: Shop, buyer: Person):
    let_script_through(page)
    unreachable = {"error": {"type": "api_connection_error", "message": "We are experiencing issues."}}
    cors = {"access-control-allow-origin": "*"}
    page.context.route(
        "https://api.stripe.com/**", lambda route: route.fulfill(json=unreachable, headers=cors), times=1
    )
    go_to_payment(page, shop, buyer)
    fill_card(page)
    button(page, "Continue").click()
    expect(page.get_by_role("alert").filter(has_text="could not reach the card processor")).to_be_visible()
    button(page, "Continue").click()
    expect(button(page, "Submit")).to_be_visible()


def test_a_bank_that_asks_is_visited_and_comes_back_to_the_receipt(page: Page, shop: Shop, buyer: Person):
    let_script_through(page)
    go_to_payment(page, shop, buyer)
    fill_card(page, BY_NAME["asks"].number, EXPIRY, CVV, ZIP_CODE)
    button(page, "Continue").click()
    button(page, "Submit").click()
    link(page, "Go to your bank").click()
    button(page, "yes").click()
    expect(page.get_by_role("heading", name="Receipt", level=1)).to_be_visible()


def test_a_card_form_that_did_not_load_is_still_for_everyone(
    new_context: Callable[..., BrowserContext], shop: Shop, buyer: Person
):
    inspector = Inspector(new_context(base_url=shop.url, bypass_csp=True).new_page())
    inspector.page.context.route("https://**", lambda route: route.abort())
    go_to_payment(inspector.page, shop, buyer)
    expect(button(inspector.page, "Retry")).to_be_visible()
    inspector.look("a card form that did not load")
    assert not inspector.found


def test_stripes_fields_wear_our_colours_by_day_and_by_night(page: Page, shop: Shop, buyer: Person):
    let_script_through(page)
    go_to_payment(page, shop, buyer)
    expect(page.get_by_label("Card number")).to_have_css("color", "rgb(29, 37, 41)")
    page.evaluate("document.documentElement.classList.add('dark')")
    expect(page.get_by_label("Card number")).to_have_css("color", "rgb(238, 235, 228)")


def test_a_payment_with_the_sandbox_asks_nothing_of_stripe(desktop: Page, app_url: str):
    asked: list[str] = []
    desktop.on("request", lambda request: asked.append(request.url))
    sandbox_buyer = new_writer()
    enter(desktop, app_url, sandbox_buyer)
    response = desktop.goto(routes.fill(routes.PAYMENT, new_sandbox_purchase(sandbox_buyer)))
    expect(desktop.get_by_label("Card number")).to_be_visible()
    assert response is not None
    assert "stripe" not in response.headers["content-security-policy"]
    assert any("card_fields" in address or "payment" in address for address in asked)
    assert not [address for address in asked if "stripe" in address]
