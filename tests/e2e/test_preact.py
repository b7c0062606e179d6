"""Preact stands in React's place in the browser. Here it needs help of ours (`docs/decisions/0078-*`)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from rxconnect import routes
from tests.e2e.actions import button, enter, enter_kiosk, link, marcus_inside, new_family, new_writer, visit

# Remembers the head and the parts of the prerendered page, and whether one of them was ever taken away. The page's scripts start
# after its load.
WATCH = """
window.parts = [];
window.headNow = () => [...document.head.querySelectorAll("title, meta, link[rel=stylesheet]")].map((one) => one.outerHTML);
window.wasTakenAway = false;
new MutationObserver(() => {
  if (document.readyState === "loading") parts = [...document.querySelectorAll("header, main")];
  wasTakenAway ||= parts.some((element) => !element.isConnected);
}).observe(document, { childList: true, subtree: true });
addEventListener("DOMContentLoaded", () => (window.prerenderedHead = headNow()));
"""


@pytest.fixture
def sign_up(phone: Page) -> Page:
    """The page to sign up, which is made by scripts: one has come to it from the page to sign in."""
    phone.goto(routes.SIGN_IN)
    expect(button(phone, "Show")).to_be_visible()
    phone.evaluate("window.isTheSame = true")
    link(phone, "Create an account").click()
    expect(phone.get_by_role("heading", name="Create an account", level=1)).to_be_visible()
    assert phone.evaluate("isTheSame")
    return phone


def test_preact_adopts_the_prerendered_body_and_leaves_the_head_alone(phone: Page):
    phone.add_init_script(WATCH)
    phone.goto(routes.SIGN_IN)
    expect(button(phone, "Show")).to_be_visible()
    assert phone.evaluate("parts.length")
    assert not phone.evaluate("wasTakenAway")
    assert phone.evaluate("headNow()") == phone.evaluate("prerenderedHead")


def test_a_page_stays_in_sight_while_it_starts(phone: Page, app_url: str):
    enter(phone, app_url, new_family())
    phone.add_init_script(WATCH)
    visit(phone, routes.DASHBOARD)
    assert phone.evaluate("parts.length")
    assert not phone.evaluate("wasTakenAway")


def test_a_page_change_sets_the_title_and_puts_nothing_of_the_head_into_the_body(desktop: Page, app_url: str):
    enter(desktop, app_url, new_writer())
    desktop.add_init_script(WATCH)
    visit(desktop, routes.DASHBOARD)
    title, head = desktop.title(), desktop.evaluate("headNow()")
    link(desktop, "Contacts").first.click()
    expect(desktop).not_to_have_title(title)
    expect(desktop.locator("body").locator("title, meta, link")).to_have_count(0)
    desktop.go_back()
    expect(desktop).to_have_title(title)
    assert desktop.evaluate("headNow()") == head


def test_a_page_is_not_seen_without_a_stylesheet_of_its_own(desktop: Page, app_url: str):
    enter_kiosk(desktop, app_url, marcus_inside())
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    desktop.route("**/kiosk.css", hold)
    # The page is prerendered for every contact, and so without a stylesheet of the kiosk's.
    desktop.goto(routes.fill(routes.KIOSK_THREAD, 0), wait_until="commit")
    body, heading = desktop.locator("body"), desktop.get_by_role("heading", level=1)
    heading.wait_for()
    expect(body).to_have_css("opacity", "0")
    for route in held:
        route.continue_()
    expect(body).to_have_css("opacity", "1")
    expect(desktop.locator("link[rel=stylesheet][href='/kiosk.css']")).to_have_count(1)


def test_going_back_and_forward_shows_the_page(sign_up: Page):
    sign_up.go_back()
    expect(sign_up.get_by_role("heading", name="Sign in", level=1)).to_be_visible()
    sign_up.go_forward()
    expect(sign_up.get_by_role("heading", name="Create an account", level=1)).to_be_visible()


def test_a_field_that_a_script_adds_takes_the_focus_if_it_asks_for_it(sign_up: Page):
    expect(sign_up.get_by_label("Your name")).to_be_focused()


def test_a_password_that_is_shown_goes_to_no_service_that_checks_its_spelling(sign_up: Page):
    password = sign_up.get_by_label("Password", exact=True)
    sign_up.get_by_role("button", name="Show").first.click()
    expect(password).to_have_attribute("type", "text")
    expect(password).to_have_attribute("spellcheck", "false")
