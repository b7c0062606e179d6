"""What people look for: the price before they sign up, a facility's page, favourites, and letters on paper."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from rxconnect import routes
from tests.e2e.actions import ROSA, button, enter, link, new_writer, person, visit


def test_what_it_costs_is_found_before_signing_up(phone: Page):
    phone.goto(routes.SIGN_IN)
    link(phone, "What it costs").click()
    expect(phone.get_by_role("heading", name="What does it cost?", level=1)).to_be_visible()
    expect(phone.get_by_text("One credit costs from ")).to_be_visible()
    link(phone, "Look up a facility").click()
    phone.get_by_label("Find a facility").fill("harbor")
    link(phone, "Harbor County Jail").click()
    expect(phone.get_by_role("heading", name="Harbor County Jail", level=1)).to_be_visible()
    expect(phone.get_by_text("85 Pier Street")).to_be_visible()
    expect(phone.get_by_text("Messages here are usually read within")).to_be_visible()
    link(phone, "Create an account").click()
    expect(phone.get_by_role("heading", name="Create an account", level=1)).to_be_visible()


def test_a_star_is_a_button_that_stays_pressed(desktop: Page, app_url: str):
    enter(desktop, app_url, new_writer())
    visit(desktop, routes.CONTACTS)
    star = button(desktop, "Show Marcus Delgado first")
    expect(star).to_have_attribute("aria-pressed", "false")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    desktop.reload()
    expect(star).to_have_attribute("aria-pressed", "true")
    desktop.get_by_role("main").get_by_role("link", name="Cedar Ridge", exact=True).click()
    expect(desktop.get_by_role("heading", name="Cedar Ridge Correctional Center", level=1)).to_be_visible()


def test_a_conversation_is_printed_without_buttons_and_on_white(desktop: Page, app_url: str):
    enter(desktop, app_url, person(ROSA))
    visit(desktop, routes.INBOX)
    desktop.locator(".threads a").first.click()
    button(desktop, "Print").wait_for()
    desktop.emulate_media(media="print", color_scheme="dark")
    expect(desktop.locator("main .words").first).to_be_visible()
    expect(desktop.locator("button:visible, nav:visible, a.btn:visible")).to_have_count(0)
    expect(desktop.locator("body")).to_have_css("color", "rgb(0, 0, 0)")


def test_the_letter_of_a_change_of_address_is_found_in_the_profile(desktop: Page, app_url: str):
    writer = new_writer()
    enter(desktop, app_url, writer)
    visit(desktop, routes.PROFILE)
    link(desktop, "Change email address").click()
    expect(desktop.get_by_text(writer.email)).to_be_visible()
    desktop.get_by_label("New email address").fill(f"new-{writer.email}")
    desktop.get_by_label("Password").fill("rxconnect-demo")
    button(desktop, "Send both emails").click()
    expect(desktop.get_by_text("Please look into both mailboxes.")).to_be_visible()
    link(desktop, "Go on").click()
    expect(desktop.get_by_text("Your email address is about to change.")).to_be_visible()
    button(desktop, "Stop this change").click()
    expect(desktop.get_by_text("Your email address is about to change.")).to_be_hidden()
