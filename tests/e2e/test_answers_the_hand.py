"""It answers the hand: every press shows, the main button is within reach, and a refusal stands where it can be mended."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from rxconnect import db, routes
from rxconnect.services.dashboard import walkthrough
from tests.e2e.actions import (
    ROSA,
    Person,
    button,
    contact_of,
    enter,
    new_draft,
    new_purchase,
    new_writer,
    person,
    visit,
)

# A page's main buttons: neither quiet ones, nor those in a line of a list.
MAIN = "main .btn:not(.btn-quiet, .btn-plain, .btn-sm, .danger, .skip)"
# Whether nothing lies above the middle of a button, not even the bar at the bottom.
IS_ON_TOP = """button => {
    const { left, right, top, bottom } = button.getBoundingClientRect();
    const above = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return top >= 0 && bottom <= innerHeight && (button === above || button.contains(above));
}"""


def pages(writer: Person) -> dict[str, str]:
    """Every page of a family, and the name of its main button if it is a step that leads on."""
    db.write(walkthrough.choose_contact, writer.actor, contact_of(writer))
    draft = new_draft(writer, "A subject", "A letter.\n" * 40)
    steps = {
        routes.BUY_CREDITS: "Next",
        routes.fill(routes.PAYMENT, new_purchase(writer)): "Continue",
        routes.fill(routes.REVIEW, new_purchase(writer, with_card=True)): "Submit",
        routes.fill(routes.COMPOSE, draft): "Continue",
        routes.fill(routes.SEND, draft): "Send",
        routes.FOUND: "Buy credits",
    }
    others = (routes.DASHBOARD, routes.INBOX, routes.CREDITS, routes.CONTACTS, routes.DRAFTS, routes.FIND_FACILITY)
    return steps | dict.fromkeys(others, "")


def test_the_main_button_of_every_page_is_above_the_bar_at_the_bottom_of_a_phone(phone: Page, app_url: str):
    writer = new_writer(credits=5)
    enter(phone, app_url, writer)
    for address, name in pages(writer).items():
        visit(phone, address)
        expect(phone.locator(".skeleton")).to_have_count(0)
        mains = [one for one in phone.locator(MAIN).all() if one.is_visible()]
        wanted = [one for one in mains if not name or one.inner_text() == name]
        assert wanted or not name, f"{address} has no {name}"
        assert not wanted or any(one.evaluate(IS_ON_TOP) for one in wanted), address


def test_the_total_is_in_sight_while_paying_and_expiry_and_cvv_share_a_row(phone: Page, app_url: str):
    writer = new_writer()
    enter(phone, app_url, writer)
    visit(phone, routes.fill(routes.PAYMENT, new_purchase(writer)))
    total = phone.locator(".thumb-total")
    expect(total).to_have_text("Total $5.00")
    expect(total).to_be_in_viewport(ratio=1)
    assert top(phone.get_by_label("Expiry")) == top(phone.get_by_label("CVV"))


def top(field: Locator) -> float:
    box = field.bounding_box()
    assert box
    return box["y"]


def test_a_press_shows_at_once_however_long_its_answer_takes(desktop: Page, app_url: str):
    held: list[object] = []
    is_slow: list[bool] = []

    def wait(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda message: held.append(message) if is_slow else socket.send(message))

    desktop.route_web_socket(re.compile("/_event/"), wait)
    enter(desktop, app_url, new_writer())
    visit(desktop, routes.BUY_CREDITS)
    expect(button(desktop, "Next")).to_be_visible()
    is_slow.append(True)
    # Within the same task as the press, which is sooner than any eye.
    shown = "button => { button.click(); return button.getAttribute('aria-busy'); }"
    assert button(desktop, "Next").evaluate(shown) == "true"


def test_a_refused_password_stays_and_can_be_shown_and_the_email_has_the_focus(phone: Page):
    phone.goto(routes.SIGN_UP)
    name, email, password = (phone.get_by_label(label, exact=True) for label in ("Your name", "Email", "Password"))
    expect(name).to_be_focused()
    name.fill("Rosa")
    email.fill(ROSA)
    password.fill("a letter home 7")
    button(phone, "Show what you typed").click()
    expect(password).to_have_attribute("type", "text")
    button(phone, "Create account").click()
    expect(phone.get_by_text("An account with this email address is here already.")).to_be_visible()
    expect(email).to_be_focused()
    expect(password).to_have_value("a letter home 7")
    expect(password).to_have_attribute("type", "password")
    phone.get_by_role("link", name="Please sign in instead.").click()
    expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()
    phone.reload()
    expect(email).to_be_focused()


def test_a_problem_stands_at_its_field_in_the_place_of_the_hint(desktop: Page):
    desktop.goto(routes.SIGN_UP)
    hint = desktop.locator("#password-hint")
    expect(hint).to_be_visible()
    desktop.get_by_label("Password", exact=True).fill("short")
    button(desktop, "Create account").click()
    expect(desktop.locator("#password-problem")).not_to_be_empty()
    expect(hint).to_be_hidden()
    expect(desktop.get_by_label("Password", exact=True)).to_have_attribute("aria-describedby", "password-problem")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_search_counts_marks_and_groups_what_it_finds(desktop: Page, app_url: str, width: int):
    desktop.set_viewport_size({"width": width, "height": 844})
    enter(desktop, app_url, person(ROSA))
    visit(desktop, routes.INBOX)
    desktop.get_by_label("Search your messages").fill("the")
    found = desktop.get_by_role("status").filter(has_text="found")
    expect(found).to_contain_text("messages found")
    expect(desktop.locator("main mark").first).to_have_text(re.compile("the", re.IGNORECASE))
    expect(desktop.locator("main").get_by_role("heading", level=2).first).to_be_visible()
    desktop.get_by_label("Search your messages").fill("")
    button(desktop, "In review").click()
    expect(found).to_contain_text("found")
    pills, in_review = desktop.locator(".found .pill"), re.compile("In review|Sent|Being checked")
    expect(pills.filter(has_not_text=in_review)).to_have_count(0)
    expect(pills.filter(has_text=in_review).first).to_be_visible()
