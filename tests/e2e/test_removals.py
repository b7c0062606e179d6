"""Nothing disappears with one press: *Undo* by thumb and by keyboard, and the question before what cannot be undone."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from rxconnect import db, routes
from rxconnect.config import DEMO_PASSWORD
from rxconnect.services.directory import contacts
from rxconnect.services.leaving import closings
from rxconnect.services.messages import drafts
from tests.e2e.actions import button, contact_of, enter, link, new_draft, new_family, new_writer, visit


def is_covered(page: Page, name: str) -> bool:
    """Whether the offer to undo lies over a button or link of that name."""
    toast, main = page.locator(".notice-undo").bounding_box(), page.get_by_role("link", name=name).bounding_box()
    assert toast
    assert main
    return toast["y"] < main["y"] + main["height"] and main["y"] < toast["y"] + toast["height"]


def test_what_was_removed_by_mistake_comes_back_by_thumb_and_by_keyboard(phone: Page, app_url: str):
    writer = new_writer()
    draft_id = new_draft(writer, "The garden", "It rains.")
    enter(phone, app_url, writer)
    visit(phone, routes.DRAFTS)
    button(phone, "Discard The garden").tap()
    expect(phone.get_by_text("No drafts")).to_be_visible()
    expect(phone.get_by_role("status").filter(has_text="“The garden” was discarded")).to_be_visible()
    expect(button(phone, "Undo")).to_be_focused()
    assert not is_covered(phone, "Write a message")
    # It goes along to another page, and works there.
    link(phone, "Contacts").last.click()
    phone.wait_for_url(f"**{routes.CONTACTS}")
    button(phone, "Undo").tap()
    expect(phone.get_by_text("Your draft is back.")).to_be_visible()
    assert db.read(drafts.get, writer.actor, draft_id).body == "It rains."

    button(phone, "Remove Marcus").press("Enter")
    expect(phone.get_by_text("No contacts yet")).to_be_visible()
    expect(button(phone, "Undo")).to_be_focused()
    # A second press does not mean that the user wants it back.
    phone.keyboard.press("Enter")
    phone.wait_for_timeout(600)
    assert db.read(contacts.my_contacts, writer.actor) == []
    phone.keyboard.press("Enter")
    expect(button(phone, "Remove Marcus")).to_be_visible()
    expect(phone.get_by_role("heading", name="Contacts", level=1)).to_be_focused()

    # Escape closes the offer, and the focus is never nowhere.
    button(phone, "Remove Marcus").press("Enter")
    expect(button(phone, "Undo")).to_be_focused()
    phone.keyboard.press("Escape")
    expect(button(phone, "Undo")).to_have_count(0)
    expect(phone.get_by_role("heading", name="Contacts", level=1)).to_be_focused()
    visit(phone, routes.DASHBOARD)
    expect(button(phone, "Undo")).to_have_count(0)


def test_a_question_can_be_left_and_a_removed_contact_is_added_again(phone: Page, app_url: str):
    writer = new_writer()
    enter(phone, app_url, writer)
    visit(phone, routes.PROFILE)
    everywhere = phone.get_by_role("button", name="Sign out everywhere", exact=True)
    everywhere.focus()
    phone.keyboard.press("Enter")
    question = phone.get_by_role("alertdialog", name="Sign out everywhere, here too?")
    expect(question).to_be_focused()
    phone.keyboard.press("Escape")
    expect(question).to_be_hidden()
    expect(everywhere).to_be_focused()
    everywhere.tap()
    button(phone, "Stay signed in").tap()
    expect(question).to_be_hidden()

    db.write(contacts.remove, writer.actor, contact := contact_of(writer))
    visit(phone, routes.fill(routes.THREAD, contact))
    expect(phone.get_by_text("so you cannot write now. Your letters stay here.")).to_be_visible()
    expect(link(phone, "Write to Marcus")).to_have_count(0)
    button(phone, "Add again").tap()
    expect(link(phone, "Write to Marcus")).to_be_visible()
    visit(phone, routes.fill(routes.THREAD, 999_999))
    expect(phone.get_by_role("heading", name="Not found")).to_be_visible()
    expect(phone.get_by_role("heading")).to_have_count(1)
    link(phone, "Messaging").first.click()
    phone.wait_for_url(f"**{routes.INBOX}")


def test_a_closed_account_asks_before_it_opens_again_without_any_script(new_context, app_url: str):
    family = new_family()
    closings.close_account(family.actor, DEMO_PASSWORD)
    page = new_context(base_url=app_url, java_script_enabled=False).new_page()
    for answer in ("Leave it closed", "Open it again"):
        page.goto(routes.SIGN_IN)
        page.get_by_label("Email").fill(family.email)
        page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
        button(page, "Sign in").first.click()
        expect(page.get_by_role("heading", name="Open your account again?")).to_be_visible()
        expect(page.get_by_text("You closed this account on")).to_be_visible()
        button(page, answer).click()
    page.wait_for_url(f"**{routes.DASHBOARD}")
