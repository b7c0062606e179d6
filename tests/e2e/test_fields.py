"""A field belongs to whoever types in it, and State can set it all the same; it is never made anew."""

from __future__ import annotations

import re
from itertools import product

import pytest
from playwright.sync_api import Locator, Page, expect

from rxconnect import db, routes
from rxconnect.domain.receipts import Filter
from rxconnect.services.books import receipt_history
from rxconnect.services.directory import facilities
from tests.e2e.actions import (
    ROSA,
    Person,
    button,
    cedar_ridge,
    enter,
    new_draft,
    new_family,
    new_writer,
    person,
    settled,
    visit,
)
from tests.e2e.servers import MortalServer

# In milliseconds: how late answers are on a slow connection, and longer than any field waits before it tells State.
LATE, PAUSE = 600, 300
# Answers come `late` milliseconds later.
SLOW = """
const Real = WebSocket;
window.late = 0;
window.WebSocket = class extends Real {
  set onmessage(hear) { super.onmessage = (event) => setTimeout(() => hear(event), window.late); }
};
"""


def marked(field: Locator) -> Locator:
    """The field, to be known again."""
    field.evaluate("field => { window.theField = field }")
    return field


def is_the_same(field: Locator) -> bool:
    return field.evaluate("field => field === window.theField")


def answer_late(page: Page, late: int = LATE) -> None:
    page.evaluate("late => { window.late = late }", late)


def suggestion(page: Page, credits: int) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^{credits} credits"))


def nothing_of(somebody: Person) -> tuple[str, str]:
    """A facility and a year without a receipt."""
    everything = db.read(receipt_history.history_page, somebody.actor, Filter())
    for facility, year in product(everything.facilities, everything.years):
        if not db.read(receipt_history.history_page, somebody.actor, Filter.parse(facility.value, year.value)).lines:
            return facility.value, year.value
    raise AssertionError("there is something at every facility in every year")


def is_chosen(page: Page, credits: int) -> None:
    expect(suggestion(page, credits)).to_have_attribute("aria-pressed", "true")


@pytest.fixture
def amount(desktop: Page, app_url: str) -> Locator:
    """The number of credits, on the page of somebody who buys some."""
    desktop.add_init_script(SLOW)
    enter(desktop, app_url, new_writer())
    visit(desktop, routes.BUY_CREDITS)
    return marked(desktop.get_by_label("Message credits"))


def test_a_suggestion_stands_in_the_field_and_the_field_is_the_same(desktop: Page, amount: Locator):
    for typed in ("33", "34"):
        amount.fill(typed)
        desktop.wait_for_timeout(PAUSE)
        suggestion(desktop, 40).click()
        expect(amount).to_have_value("40")
    assert is_the_same(amount)


def test_state_hears_of_what_was_typed_before_it_hears_of_what_was_pressed_after_it(desktop: Page, amount: Locator):
    amount.fill("33")
    suggestion(desktop, 40).click()
    is_chosen(desktop, 40)
    desktop.wait_for_timeout(2 * PAUSE)
    is_chosen(desktop, 40)
    expect(amount).to_have_value("40")


def test_late_answers_take_no_key_away(desktop: Page, amount: Locator):
    answer_late(desktop)
    amount.fill("")
    amount.press_sequentially("1234", delay=250)
    desktop.wait_for_timeout(2 * LATE)
    expect(amount).to_have_value("1234")
    expect(amount).to_be_focused()
    assert amount.evaluate("field => field.selectionStart") == 4
    assert is_the_same(amount)


def test_what_is_typed_after_a_press_is_newer_than_its_answer(desktop: Page, amount: Locator):
    answer_late(desktop)
    suggestion(desktop, 40).click()
    amount.fill("10")
    desktop.wait_for_timeout(2 * LATE)
    expect(amount).to_have_value("10")
    is_chosen(desktop, 10)


def test_what_a_browser_fills_in_by_itself_reaches_state(desktop: Page, amount: Locator):
    amount.evaluate("""field => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, "40");
      field.dispatchEvent(new Event("change", {bubbles: true}));
    }""")
    is_chosen(desktop, 40)
    assert is_the_same(amount)


def test_a_field_that_was_emptied_is_the_same_and_is_typed_in_again(desktop: Page, app_url: str):
    enter(desktop, app_url, new_family())
    visit(desktop, routes.PROFILE)
    field = marked(desktop.get_by_label("Find a facility"))
    for town in ("cedar rid", "harbor"):
        field.fill(town)
        desktop.get_by_role("list", name="Facilities found").get_by_role("button").first.click()
        expect(field).to_have_value("")
    assert is_the_same(field)


def test_a_filter_that_was_taken_away_shows_everything(desktop: Page, app_url: str):
    rosa = person(ROSA)
    facility, year = nothing_of(rosa)
    enter(desktop, app_url, rosa)
    visit(desktop, routes.RECEIPTS)
    place, years = marked(desktop.get_by_label("Facility")), desktop.get_by_label("Year")
    place.select_option(facility)
    expect(desktop.locator(f"a[href*='facility={facility}']").first).to_be_visible()
    years.select_option(year)
    button(desktop, "Show everything").click()
    expect(place).to_have_value("")
    expect(years).to_have_value("")
    assert is_the_same(place)


def test_looking_further_turns_the_choices_and_leaves_the_name_alone(desktop: Page, app_url: str):
    family = new_family()
    with db.transaction() as session:
        facilities.add_location(session, family.actor, cedar_ridge(session))
    enter(desktop, app_url, family)
    visit(desktop, routes.START)
    button(desktop, "Choose Cedar Ridge Correctional Center").click()
    name = marked(desktop.get_by_label("Last name"))
    everywhere = desktop.get_by_label("Everywhere", exact=True)
    expect(everywhere).not_to_be_checked()
    name.fill("Lindqvistsson")
    button(desktop, "Search everywhere instead").click()
    expect(everywhere).to_be_checked()
    expect(name).to_have_value("Lindqvistsson")
    assert is_the_same(name)


def test_a_server_that_begins_anew_learns_what_stands_in_a_field(desktop: Page, mortal: MortalServer):
    enter(desktop, mortal.url, new_writer())
    visit(desktop, f"{mortal.url}{routes.BUY_CREDITS}")
    amount = marked(desktop.get_by_label("Message credits"))
    amount.fill("40")
    is_chosen(desktop, 40)
    # What was pressed since has nothing to do with it.
    desktop.get_by_label("Facility").select_option(index=0)
    mortal.kill()
    mortal.start()
    expect(desktop.get_by_text("The connection was lost.")).to_be_hidden(timeout=30_000)
    settled(desktop)
    desktop.wait_for_load_state("networkidle")
    is_chosen(desktop, 40)
    expect(amount).to_have_value("40")
    assert is_the_same(amount)


def test_terms_that_the_server_does_not_know_to_be_accepted_are_not_ticked(
    desktop: Page,
    mortal: MortalServer,
):
    writer = new_writer(credits=5)
    enter(desktop, mortal.url, writer)
    visit(desktop, f"{mortal.url}{routes.fill(routes.SEND, new_draft(writer, 'Home', 'Words'))}")
    terms = marked(desktop.get_by_label("I accept the"))
    terms.check()
    expect(button(desktop, "Send")).to_have_attribute("aria-disabled", "false")
    mortal.kill()
    mortal.start()
    expect(terms).not_to_be_checked(timeout=30_000)
    assert is_the_same(terms)
