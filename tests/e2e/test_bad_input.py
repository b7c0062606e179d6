"""What people paste, mistype and try out: a clear sentence, nothing lost, nothing leaked, nothing broken."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from rxconnect import db, routes
from rxconnect.domain import terms
from rxconnect.domain.receipts import Filter
from rxconnect.services.books import receipt_history
from rxconnect.services.screening import submissions
from tests.e2e.actions import (
    Person,
    button,
    contact_of,
    enter,
    fill_card,
    new_draft,
    new_family,
    new_purchase,
    new_writer,
    submit_sign_in,
    visit,
)

# What may stand in any field without anything breaking.
ODDITIES = {
    "emoji": "👩‍👧 Zoë 🚲",
    "right to left": "مرحبا \u202eabc\u202c שלום",
    "markup": "<img src=x onerror=alert(1)> & <b>bold</b>",
    "control characters": "q\x01w\x1fx\x7fz\u200b",
    "ten thousand characters": "na " * 3333 + "n",
}


@pytest.fixture
def writer(desktop: Page, app_url: str) -> Person:
    """Someone who may write, signed in on the desktop."""
    signed_in = new_writer()
    enter(desktop, app_url, signed_in)
    return signed_in


def nothing_broke(page: Page) -> None:
    """No apology, and no markup that came alive."""
    expect(page.get_by_text("Something unexpected happened")).to_have_count(0)
    expect(page.locator("img[src=x]")).to_have_count(0)


def answered(page: Page, sentence: str) -> None:
    """A search found nothing, or was asked for more than anyone searches for."""
    expect(page.get_by_text(sentence).or_(page.get_by_text("Please use at most")).first).to_be_visible()


def described(page: Page, label: str, sentence: str) -> None:
    """The field is marked as wrong and says why."""
    field = page.get_by_label(label, exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    description = page.locator(f"#{field.get_attribute('id')}-problem")
    expect(description).to_contain_text(sentence)


def test_the_sign_in_form_says_what_is_missing_and_keeps_the_email(desktop: Page):
    desktop.goto(routes.SIGN_IN)
    submit_sign_in(desktop, "", "")
    described(desktop, "Email", "Please enter your email address.")
    submit_sign_in(desktop, "not an address", "whatever it is")
    described(desktop, "Email", "This does not look like an email address")
    expect(desktop.get_by_label("Email")).to_have_value("not an address")
    submit_sign_in(desktop, "nobody@example.org", "whatever it is")
    expect(desktop.get_by_text("This email address and password do not belong together.")).to_be_visible()
    expect(desktop.get_by_label("Email")).to_have_value("nobody@example.org")
    # It is still in its field, where *Show* tells a slip of the finger.
    expect(desktop.get_by_label("Password", exact=True)).to_have_value("whatever it is")


@pytest.mark.parametrize("oddity", ODDITIES.values(), ids=ODDITIES)
def test_oddities_at_the_door_are_refused_in_words_and_shown_again(desktop: Page, oddity: str):
    desktop.goto(routes.SIGN_IN)
    submit_sign_in(desktop, oddity, oddity)
    described(desktop, "Email", _refusal_of_email(oddity))
    expect(desktop.get_by_label("Email")).to_have_value(oddity)
    nothing_broke(desktop)

    desktop.goto(routes.SIGN_UP)
    desktop.get_by_label("Your name").fill(oddity)
    desktop.get_by_label("Email").fill("not an address")
    desktop.get_by_label("Password", exact=True).fill("short")
    button(desktop, "Create account").click()
    if len(oddity) > 1_000:
        # Nothing else is done with a form that has such a text.
        described(desktop, "Your name", "Please use at most 80 characters")
    else:
        described(desktop, "Email", "This does not look like an email address")
        described(desktop, "Password", "at least 10")
    expect(desktop.get_by_label("Your name")).to_have_value(oddity)
    nothing_broke(desktop)


def _refusal_of_email(oddity: str) -> str:
    return "Please use at most 254 characters" if len(oddity) > 254 else "This does not look like an email address"


def test_the_sign_in_form_works_without_any_script(new_context: Callable[..., BrowserContext], app_url: str):
    page = new_context(base_url=app_url, java_script_enabled=False).new_page()
    someone = new_family()
    page.goto(routes.SIGN_IN)
    submit_sign_in(page, someone.email, "not the password")
    expect(page.get_by_text("This email address and password do not belong together.")).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value(someone.email)
    submit_sign_in(page, someone.email)
    page.wait_for_url(f"**{routes.DASHBOARD}")


@pytest.mark.parametrize("oddity", ODDITIES.values(), ids=ODDITIES)
def test_a_search_takes_anything(desktop: Page, writer: Person, oddity: str):
    visit(desktop, routes.INBOX)
    desktop.get_by_label("Search your messages").fill(oddity)
    answered(desktop, "Nothing found")
    nothing_broke(desktop)

    visit(desktop, routes.PROFILE)
    desktop.get_by_label("Find a facility").fill(oddity)
    answered(desktop, "No facility matches that.")
    expect(desktop.get_by_label("Find a facility")).to_have_value(oddity)
    nothing_broke(desktop)


def test_too_little_and_too_much_to_find_someone_by_is_said(desktop: Page, writer: Person):
    visit(desktop, routes.START)
    button(desktop, "Choose Cedar Ridge Correctional Center").click()
    desktop.get_by_role("button", name="Search", exact=True).click()
    expect(desktop.get_by_role("alert").filter(has_text="Type at least two letters of a name")).to_be_visible()
    for oddity in ODDITIES.values():
        desktop.get_by_label("Last name").fill(oddity)
        desktop.get_by_role("button", name="Search", exact=True).click()
        expect(desktop.get_by_label("Last name")).to_have_value(oddity)
    described(desktop, "Last name", "120")
    nothing_broke(desktop)
    desktop.get_by_label("Last name").fill("delgado")
    expect(button(desktop, "Select Marcus Delgado, 20418873")).to_be_visible()


def test_a_name_that_cannot_be_is_refused_and_kept_as_typed(desktop: Page, writer: Person):
    visit(desktop, routes.PROFILE)
    for wrong, sentence in (
        ("", "Please enter your name."),
        (ODDITIES["ten thousand characters"], "Please use at most 80 characters"),
    ):
        desktop.get_by_label("Your name", exact=True).fill(wrong)
        button(desktop, "Save name").click()
        described(desktop, "Your name", sentence)
        expect(desktop.get_by_label("Your name", exact=True)).to_have_value(wrong)
    desktop.get_by_label("Your name", exact=True).fill(ODDITIES["markup"])
    button(desktop, "Save name").click()
    expect(desktop.get_by_text("Your name was saved.")).to_be_visible()
    nothing_broke(desktop)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter how many credits you want"),
        ("0", "or more at a time"),
        ("-5", "Enter how many credits you want"),
        ("1e3", "Enter how many credits you want"),
        ("２０", "Enter how many credits you want"),
        ("99999999", "up to"),
        ("<b>20</b>", "Enter how many credits you want"),
        ("9" * 10_000, "Enter how many credits you want"),
    ],
    ids=lambda text: text[:12],
)
def test_an_amount_that_cannot_be_bought_is_refused(desktop: Page, writer: Person, typed: str, sentence: str):
    visit(desktop, routes.BUY_CREDITS)
    desktop.get_by_label("Message credits").fill(typed)
    button(desktop, "Next").click()
    described(desktop, "Message credits", sentence)
    expect(desktop.get_by_label("Message credits")).to_have_value(typed)
    nothing_broke(desktop)


def test_a_card_form_says_what_is_wrong_with_each_field(desktop: Page, writer: Person):
    visit(desktop, routes.fill(routes.PAYMENT, new_purchase(writer)))
    button(desktop, "Continue").click()
    sentences = {
        "Card number": "Enter the card number",
        "Expiry": "Enter the expiry date",
        "CVV": "Enter the CVV",
        "Billing ZIP code": "Enter the ZIP code",
    }
    for label, sentence in sentences.items():
        described(desktop, label, sentence)
    expect(desktop.get_by_label("Card number")).to_be_focused()
    fill_card(desktop, "4242 4242 4242 4241", "01/20", "😀", "<b>")
    button(desktop, "Continue").click()
    described(desktop, "Expiry", "This date has passed.")
    expect(desktop.get_by_label("Card number")).to_have_value("4242 4242 4242 4241")
    nothing_broke(desktop)


def test_a_letter_that_is_not_ready_says_why_and_keeps_every_word(desktop: Page, writer: Person):
    draft_id = new_draft(writer)
    visit(desktop, routes.fill(routes.COMPOSE, draft_id))
    button(desktop, "Continue").click()
    described(desktop, "Message", "There is nothing to send yet.")
    too_long = ODDITIES["ten thousand characters"]
    desktop.get_by_label("Subject").fill("A few words")
    desktop.get_by_label("Message", exact=True).fill(too_long)
    expect(desktop.get_by_text("4,000 over the limit")).to_be_visible()
    button(desktop, "Continue").click()
    described(desktop, "Message", "4,000 characters over the limit of 6,000. Nothing was cut.")
    desktop.reload()
    expect(desktop.get_by_label("Message", exact=True)).to_have_value(too_long)
    nothing_broke(desktop)


@pytest.mark.parametrize("oddity", ["emoji", "right to left", "markup"])
def test_a_letter_is_read_exactly_as_it_was_written(desktop: Page, app_url: str, oddity: str):
    writer = new_writer(credits=10)
    enter(desktop, app_url, writer)
    visit(desktop, routes.fill(routes.COMPOSE, new_draft(writer)))
    desktop.get_by_label("Subject").fill(ODDITIES[oddity])
    desktop.get_by_label("Message", exact=True).fill(f"{ODDITIES[oddity]}\n\nend")
    button(desktop, "Continue").click()
    expect(desktop.locator(".words")).to_contain_text("end")
    without_overrides = ODDITIES[oddity].replace("\u202e", "").replace("\u202c", "")
    assert desktop.locator(".words").inner_text() == f"{without_overrides}\n\nend"
    nothing_broke(desktop)


def addresses_of(owner: Person) -> list[str]:
    """Every kind of address that belongs to one account, of things that say \"secret\"."""
    purchase_id = new_purchase(owner, with_card=True)
    letter = new_draft(owner, "A secret subject", "A secret body")
    sent = db.write(submissions.send, owner.actor, letter, accepted_terms=terms.VERSION)
    draft_id = new_draft(owner, "A secret draft", "A secret body")
    (receipt,) = db.read(receipt_history.movements, owner.actor, Filter())
    return [
        routes.fill(routes.COMPOSE, draft_id),
        routes.fill(routes.SEND, draft_id),
        routes.fill(routes.MESSAGE, sent),
        routes.fill(routes.THREAD, contact_of(owner)),
        routes.fill(routes.RECEIPT, receipt.number),
        routes.fill(routes.PAYMENT, purchase_id),
        routes.fill(routes.REVIEW, purchase_id),
        f"{routes.BUY_CREDITS}?purchase={purchase_id}",
        f"{routes.COMPOSE_NEW}?contact={contact_of(owner)}",
    ]


def test_what_belongs_to_another_account_cannot_be_found_and_tells_nothing(desktop: Page, writer: Person):
    frames: list[str] = []
    desktop.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
    addresses = addresses_of(new_writer("Secretive Person", credits=10))
    for address in addresses:
        visit(desktop, address)
        expect(desktop.get_by_role("alert").filter(has_text="We could not find this")).to_be_visible()
        expect(desktop.get_by_role("navigation", name="My Services")).to_be_visible()
        nothing_broke(desktop)
    assert len(frames) > len(addresses)
    assert not [frame for frame in frames if "ecret" in frame or "ending 4242" in frame]


@pytest.mark.parametrize("wrong", ["abc", "0", "99999999999999999999", "1%27%20OR%201%3D1", "%F0%9F%9A%B2", "%3Cb%3E"])
def test_an_address_with_something_else_than_an_id_is_answered_in_words(desktop: Page, writer: Person, wrong: str):
    for route in (routes.COMPOSE, routes.MESSAGE, routes.THREAD, routes.RECEIPT, routes.PAYMENT, routes.REVIEW):
        visit(desktop, routes.fill(route, wrong))
        expect(desktop.get_by_role("alert").filter(has_text="We could not find this")).to_be_visible()
    nothing_broke(desktop)


@pytest.mark.parametrize("path", ["/nowhere", "/credits/nowhere", "/inbox/1/2/3", "/.env", "/api/accounts"])
def test_an_unknown_address_is_a_helpful_page_with_status_404(desktop: Page, app_url: str, path: str):
    answer = desktop.goto(path)
    assert answer is not None
    assert answer.status == 404
    expect(desktop.get_by_role("heading", name="This page does not exist")).to_be_visible()
    expect(desktop.get_by_role("link", name="Go to your dashboard")).to_be_visible()
    expect(desktop.get_by_role("link", name="Sign in")).to_have_count(0)
