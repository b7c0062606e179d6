"""A whole day at the desk: a family on a phone, and two reviewers at their own screens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from rxconnect import routes
from tests.e2e.actions import (
    button,
    enter,
    enter_kiosk,
    link,
    marcus_inside,
    new_draft,
    new_writer,
    settled,
    visit,
)
from tests.e2e.desk_journey import AT_THE_DESK
from tests.e2e.test_desk import ADMINISTRATOR, REVIEWER, at_the_desk, line, open_letter
from tests.e2e.test_journey import walk

# Milliseconds: a decision counts after ten seconds.
_SOON = 20_000


@pytest.fixture
def colleague(new_context: Callable[..., BrowserContext], app_url: str) -> Page:
    """A second reviewer's screen."""
    return new_context(base_url=app_url, viewport={"width": 1280, "height": 800}).new_page()


@pytest.fixture
def tablet(new_context: Callable[..., BrowserContext], app_url: str) -> Page:
    """The kiosk of a day room."""
    return new_context(base_url=app_url, viewport={"width": 1024, "height": 768}).new_page()


@pytest.mark.guide
def test_a_reviewer_goes_through_a_morning_at_a_desk(spoken: str, desktop: Page):
    walk(AT_THE_DESK, desktop, REVIEWER, "desktop")


@pytest.mark.guide
def test_a_reviewer_goes_through_a_morning_on_a_phone(spoken: str, phone: Page):
    walk(AT_THE_DESK, phone, REVIEWER, "phone")


def test_a_letter_is_rejected_appealed_let_through_opened_on_a_kiosk_and_printed(
    phone: Page, desktop: Page, colleague: Page, tablet: Page, app_url: str
):
    writer = new_writer("Nina of the day", credits=5)
    enter(phone, app_url, writer)
    at_the_desk(desktop, app_url, REVIEWER)
    at_the_desk(colleague, app_url, ADMINISTRATOR)

    # The family sends, and the letter is on both screens by itself.
    visit(phone, routes.fill(routes.SEND, new_draft(writer, "The longest day", "We walked to the river.")))
    phone.get_by_role("checkbox", name="I accept").click()
    button(phone, "Send").click()
    expect(phone.get_by_role("heading", name="The longest day", level=1)).to_be_visible()
    for screen in (desktop, colleague):
        expect(line(screen, "The longest day")).to_be_visible()

    # One rejects it. The family reads why, and appeals.
    open_letter(desktop, "The longest day")
    desktop.keyboard.press("r")
    expect(desktop.get_by_label("Reason", exact=True)).to_be_focused()
    desktop.keyboard.type("coded")
    desktop.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Coded language")).to_be_visible(timeout=_SOON)
    phone.get_by_label("Why should it be delivered?").fill("The river is behind our house.")
    button(phone, "Appeal").click()
    expect(phone.get_by_role("heading", name="Your appeal")).to_be_visible()

    # Whoever rejected it cannot decide the appeal, and the colleague can.
    for screen in (desktop, colleague):
        button(screen, "Appeals").click()
        open_letter(screen, "The longest day")
        settled(screen)
    expect(button(desktop, "Decide the appeal")).to_have_count(0)
    button(desktop, "Close").click()
    expect(desktop.locator("#letter-title")).to_have_count(0)
    button(colleague, "Close").click()
    expect(colleague.locator("#letter-title")).to_have_count(0)
    open_letter(colleague, "The longest day")
    expect(button(colleague, "Decide the appeal")).to_be_visible()
    colleague.keyboard.press("d")
    button(colleague, "Let the letter through").click()
    expect(phone.get_by_text("Approved").first).to_be_visible(timeout=_SOON)

    # It is on the kiosk at once. The family sees that it was opened there; it is printed because the person wants it so.
    expect(phone.get_by_text("Delivered").first).to_be_visible()
    enter_kiosk(tablet, app_url, marcus_inside())
    visit(tablet, routes.KIOSK_INBOX)
    link(tablet, "Nina of the day").click()
    link(tablet, "Open the letter").click()
    expect(tablet.get_by_text("We walked to the river.")).to_be_visible()
    expect(phone.get_by_text("Opened").first).to_be_visible()
    button(tablet, "I want it on paper").click()
    expect(tablet.get_by_text("Staff print it with the next letters.")).to_be_visible()
    visit(desktop, routes.PRINT)
    button(desktop, "Make a batch").first.click()
    button(desktop, "Confirm as handed over").click()
    expect(button(desktop, "Confirm as handed over")).to_have_count(0)
    visit(tablet, tablet.url)
    expect(tablet.get_by_text("It was printed for you.")).to_be_visible()
