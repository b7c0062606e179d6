"""How many presses a letter takes, from signing in to sent. A press is a click, a tap or Enter; typing is none."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from rxconnect import db, routes
from rxconnect.config import DEMO_PASSWORD
from rxconnect.domain.terms import VERSION
from rxconnect.services.screening import submissions
from tests.e2e.actions import button, fill_card, new_draft, new_family, new_writer
from tests.e2e.journey import LETTER

Press = Callable[[Locator], None]

# The browser itself counts, so that nothing a test does in passing is left out.
_COUNT = """
addEventListener('pointerdown', () => window.pressed('a press'), true);
addEventListener('keydown', event => event.key === 'Enter' && window.pressed('Enter'), true);
"""


def counted(page: Page) -> list[str]:
    """The presses on a page, as they come."""
    presses: list[str] = []

    def pressed(what: str) -> None:
        presses.append(what)

    page.expose_function("pressed", pressed)
    page.add_init_script(_COUNT)
    return presses


def sign_in(page: Page, email: str, press: Press) -> None:
    page.goto(routes.SIGN_IN)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
    press(button(page, "Sign in"))


def accept_and_send(page: Page, press: Press) -> None:
    expect(page.get_by_text("Send waits until you accept the Terms and Conditions.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("It costs")
    # Anywhere on the line.
    press(page.get_by_text("I accept the Terms and Conditions."))
    expect(page.get_by_text("You have accepted them.")).to_be_visible()
    press(button(page, "Send"))
    expect(page.get_by_role("heading", name="Your message is on its way.")).to_be_visible()
    expect(page.get_by_text("We email you when Marcus answers.")).to_be_visible()


def write_a_first_letter(page: Page, press: Press) -> None:
    """The shorter way beside the journey: nothing of the price or the terms is left out."""
    sign_in(page, new_family("Sam Whitaker").email, press)
    press(button(page, "Get started"))
    expect(page.get_by_role("navigation", name="Steps").locator(".done")).to_have_count(0)
    page.get_by_label("Their number or name, or the facility").fill("20418873")
    press(button(page, "Select Marcus Delgado, 20418873"))
    expect(page.get_by_text("Marcus Delgado is in your contacts.")).to_be_visible()
    expect(page.get_by_text("25 ¢ each, everything included")).to_be_visible()
    press(button(page, "Next"))
    fill_card(page)
    press(button(page, "Continue"))
    expect(page.get_by_role("main")).to_contain_text("$5.00")
    press(button(page, "Submit"))
    press(button(page, "Write a message"))
    expect(page.get_by_role("heading", name="Write to Marcus")).to_be_visible()
    page.get_by_label("Message", exact=True).fill(LETTER)
    press(button(page, "Continue"))
    accept_and_send(page, press)


def write_another_letter(page: Page, press: Press) -> None:
    """Somebody who has written before writes from the dashboard."""
    sign_in(page, _returning_family(), press)
    page.get_by_label("To Marcus").fill(LETTER)
    expect(page.get_by_text(re.compile(r"1 credit · \d+ now, \d+ after sending"))).to_be_visible()
    press(button(page, "Continue"))
    accept_and_send(page, press)


def _returning_family() -> str:
    writer = new_writer("Rosa Whitaker", credits=20)
    db.write(submissions.send, writer.actor, new_draft(writer, "Hello", "We miss you."), accepted_terms=VERSION)
    return writer.email


def test_a_first_letter_takes_ten_presses_at_most_at_a_desk(desktop: Page):
    presses = counted(desktop)
    write_a_first_letter(desktop, Locator.click)
    assert 8 <= len(presses) <= 10, presses


def test_a_first_letter_takes_ten_presses_at_most_on_a_phone(phone: Page):
    presses = counted(phone)
    write_a_first_letter(phone, Locator.tap)
    assert 8 <= len(presses) <= 10, presses


def test_another_letter_takes_four_presses_at_most_at_a_desk(desktop: Page):
    presses = counted(desktop)
    write_another_letter(desktop, Locator.click)
    assert 3 <= len(presses) <= 4, presses


def test_another_letter_takes_four_presses_at_most_on_a_phone(phone: Page):
    presses = counted(phone)
    write_another_letter(phone, Locator.tap)
    assert 3 <= len(presses) <= 4, presses
