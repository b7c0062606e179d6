"""The review desk in real browsers: letters decided by the keyboard alone, by two reviewers, and a family that watches."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from rxconnect import db, routes
from rxconnect.domain import terms
from rxconnect.domain.contacts import ContactState
from rxconnect.models import Contact, ContactReview
from rxconnect.services.screening import submissions
from tests.e2e.actions import Person, button, cedar_ridge, contact_of, enter, new_draft, new_writer, person, visit
from tests.e2e.test_accessibility import Inspector, inspector

__all__ = ["inspector"]

REVIEWER, ADMINISTRATOR = "reviewer@example.com", "admin@example.com"
_SOON = 20_000  # milliseconds: a decision counts after ten seconds


@pytest.fixture
def colleague(browser: Browser) -> Page:
    """A second browser."""
    return browser.new_context().new_page()


def sent_letter(subject: str) -> tuple[Person, int]:
    """A letter from a new family that waits at Cedar Ridge."""
    writer = new_writer(credits=5)
    draft_id = new_draft(writer, subject, "We saw the sea.")
    return writer, db.write(submissions.send, writer.actor, draft_id, accepted_terms=terms.VERSION)


def at_the_desk(page: Page, url: str, who: str) -> None:
    enter(page, url, person(who))
    open_whole_queue(page, url)


def open_whole_queue(page: Page, url: str) -> None:
    """Open the desk with every letter that waits, as other tests leave theirs there."""
    visit(page, f"{url}{routes.STAFF}")
    lines, more = page.locator(".desk-lines > li"), button(page, "Show more")
    expect(lines.first).to_be_visible()
    while more.is_visible():
        shown = lines.count()
        more.click()
        expect(lines.nth(shown)).to_be_visible()


def line(page: Page, subject: str):
    return page.locator(".desk-lines button", has_text=subject)


def open_letter(page: Page, subject: str) -> None:
    line(page, subject).click()
    expect(page.locator("#letter-title")).to_have_text(subject)


def decide_by_keyboard(page: Page, letters: int) -> None:
    """Open the next letter, and approve so many without a mouse. Each must leave the count of those that wait."""
    waiting = page.locator(".desk-counts strong").first
    page.keyboard.press("n")
    for _ in range(letters):
        expect(button(page, "Approve")).to_be_visible()
        left = int(waiting.inner_text().replace(",", "")) - 1
        page.keyboard.press("a")
        expect(waiting).to_have_text(f"{left:,}")


def test_a_dozen_letters_are_decided_by_the_keyboard_alone(desktop: Page, app_url: str):
    sent = [sent_letter(f"The sea, {number}") for number in range(12)]
    at_the_desk(desktop, app_url, REVIEWER)
    decide_by_keyboard(desktop, len(sent))


def test_a_letter_is_rejected_by_the_keyboard_and_its_family_sees_why(desktop: Page, phone: Page, app_url: str):
    writer, message_id = sent_letter("The sea, rejected")
    enter(phone, app_url, writer)
    visit(phone, f"{app_url}{routes.fill(routes.MESSAGE, message_id)}")
    at_the_desk(desktop, app_url, REVIEWER)
    open_letter(desktop, "The sea, rejected")
    desktop.keyboard.press("r")
    expect(desktop.get_by_label("Reason", exact=True)).to_be_focused()
    desktop.keyboard.type("thr")
    desktop.keyboard.press("Enter")
    expect(desktop.locator(".desk-undo")).to_contain_text("The sea, rejected")
    expect(phone.get_by_role("heading", name="Why it was not delivered")).to_have_count(0)
    expect(phone.get_by_role("heading", name="Why it was not delivered")).to_be_visible(timeout=_SOON)
    expect(phone.get_by_role("heading", name="Threat")).to_be_visible()
    phone.get_by_label("Why should it be delivered?").fill("It is only about the sea.")
    button(phone, "Appeal").click()
    expect(phone.get_by_role("heading", name="Your appeal")).to_be_visible()


def test_a_decision_is_undone_within_ten_seconds(desktop: Page, app_url: str):
    sent_letter("The sea, undone")
    at_the_desk(desktop, app_url, REVIEWER)
    open_letter(desktop, "The sea, undone")
    desktop.keyboard.press("a")
    expect(desktop.locator(".desk-undo")).to_contain_text("The sea, undone")
    desktop.keyboard.press("u")
    expect(desktop.locator("#letter-title")).to_have_text("The sea, undone")
    expect(desktop.locator(".desk-undo")).to_have_count(0)
    button(desktop, "Close").click()
    expect(line(desktop, "The sea, undone")).to_be_visible()


def test_two_reviewers_never_hold_one_letter(desktop: Page, colleague: Page, app_url: str):
    sent_letter("The sea, claimed")
    at_the_desk(desktop, app_url, REVIEWER)
    at_the_desk(colleague, app_url, ADMINISTRATOR)
    open_letter(desktop, "The sea, claimed")
    expect(line(colleague, "The sea, claimed")).to_contain_text("open at")
    line(colleague, "The sea, claimed").click()
    expect(colleague.get_by_text("Somebody else has it open now.")).to_be_visible()
    expect(button(colleague, "Approve")).to_have_count(0)
    button(desktop, "Close").click()
    expect(line(desktop, "The sea, claimed")).not_to_contain_text("open here")


def test_no_key_acts_while_somebody_types(desktop: Page, app_url: str):
    sent_letter("The sea, typed")
    at_the_desk(desktop, app_url, REVIEWER)
    open_letter(desktop, "The sea, typed")
    desktop.keyboard.press("t")
    note = desktop.get_by_label("Internal note")
    expect(note).to_be_focused()
    desktop.keyboard.type("a quiet aside")
    expect(note).to_have_value("a quiet aside")
    expect(desktop.locator(".desk-undo")).to_have_count(0)
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_text("a quiet aside")).to_be_visible()


def test_everybody_can_read_it_and_reach_everything(inspector: Inspector, app_url: str):
    sent_letter("The sea, inspected")
    page = inspector.page
    at_the_desk(page, app_url, REVIEWER)
    inspector.look("the desk, nothing open")
    open_letter(page, "The sea, inspected")
    inspector.look("the desk, a letter open")
    button(page, "Reject").click()
    inspector.look("the desk, rejecting")
    button(page, "Cancel").click()
    page.get_by_role("button", name="Keys", exact=True).click()
    inspector.look("the desk, its keys")
    for address in (routes.PRINT, routes.STAFF_CONTACTS, routes.FIGURES):
        visit(page, f"{app_url}{address}")
        inspector.look(address)


def test_a_letter_withdrawn_by_mistake_is_back_at_the_desk_with_one_press(desktop: Page, phone: Page, app_url: str):
    writer, message_id = sent_letter("Taken back")
    at_the_desk(desktop, app_url, REVIEWER)
    enter(phone, app_url, writer)
    visit(phone, routes.fill(routes.MESSAGE, message_id))
    expect(line(desktop, "Taken back")).to_be_visible()

    button(phone, "Withdraw").click()
    expect(line(desktop, "Taken back")).to_have_count(0)
    button(phone, "Undo").click()
    expect(phone.get_by_text("Your message waits to be read, as if you had not withdrawn it.")).to_be_visible()
    expect(line(desktop, "Taken back")).to_be_visible()

    button(phone, "Withdraw").click()
    undo = button(phone, "Undo")
    expect(undo).to_be_visible()
    # It is there for as long as it works.
    expect(undo).to_be_hidden(timeout=12_000)
    expect(button(phone, "Edit and send again")).to_be_visible()


def test_a_contact_that_waits_and_the_pair_of_a_letter_are_blocked_with_a_reason(desktop: Page, app_url: str):
    writer, _message_id = sent_letter("The sea, blocked")
    with db.transaction() as session:
        contact = session.get_one(Contact, contact_of(writer))
        waits = {"account_id": contact.account_id, "inmate_id": contact.inmate_id, "facility_id": cedar_ridge(session)}
        session.add(ContactReview(**waits, state=ContactState.WAITING))
    at_the_desk(desktop, app_url, REVIEWER)
    visit(desktop, f"{app_url}{routes.STAFF_CONTACTS}")
    row = desktop.get_by_role("listitem").filter(has_text=writer.actor.name).first
    row.get_by_role("button", name="Block").click()
    row.get_by_label("Reason").fill("A court has forbidden it.")
    row.get_by_role("button", name="Block").last.click()
    expect(desktop.get_by_text("A court has forbidden it.")).to_be_visible()
    button(desktop, "Lift the block").first.click()
    expect(desktop.get_by_text("A court has forbidden it.")).to_have_count(0)

    open_whole_queue(desktop, app_url)
    open_letter(desktop, "The sea, blocked")
    button(desktop, "Block the pair").click()
    desktop.get_by_label("Why nothing further may be sent between these two").fill("They asked for it.")
    form = desktop.locator("form").filter(has_text="Why nothing further may be sent")
    form.get_by_role("button", name="Block the pair").click()
    expect(desktop.get_by_text("Further letters between them are blocked.")).to_be_visible()
