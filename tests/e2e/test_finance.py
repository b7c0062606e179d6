"""The staff's finance page in real browsers: seen, read by everyone, and used for a refund."""

from __future__ import annotations

import re
import secrets

from playwright.sync_api import Page, expect

from rxconnect import db, routes
from rxconnect.services.refunds import refunds
from tests.e2e.actions import Person, button, cedar_ridge, enter, link, new_writer, person, visit
from tests.e2e.test_accessibility import Inspector, inspector

__all__ = ["inspector"]

ADMINISTRATOR, REVIEWER = "admin@example.com", "reviewer@example.com"


def buyer() -> tuple[Person, str]:
    """Somebody who has bought 20 credits and had 5 of them refunded, and the receipt's number."""
    writer = new_writer(credits=20)
    with db.reading() as session:
        facility_id = cedar_ridge(session)
    refunds.request_refund(writer.actor, facility_id, 5, secrets.token_hex(16))
    return writer, db.read(refunds.my_refunds, writer.actor)[0].receipt_number


def test_everybody_can_read_it_and_reach_everything(inspector: Inspector, app_url: str):
    _writer, number = buyer()
    page = inspector.page
    enter(page, app_url, person(ADMINISTRATOR))
    visit(page, routes.STAFF)
    inspector.look("staff")
    for period in ("this-month", "this-year"):
        visit(page, f"{routes.FINANCE}?period={period}")
        expect(page.get_by_role("slider", name="Takings and what was paid back")).to_be_visible()
        inspector.look(f"finance, {period}")
    page.get_by_text("Show as a table").click()
    look_up(page, "RX-NONE")
    expect(page.get_by_label("Receipt number")).to_have_attribute("aria-invalid", "true")
    inspector.look("finance, no such receipt")
    look_up(page, number)
    expect(page.get_by_label("Reason")).to_be_visible()
    inspector.look("finance, a receipt found")


def test_the_chart_says_its_values_to_the_keyboard_and_to_the_pointer(desktop: Page, app_url: str):
    buyer()
    enter(desktop, app_url, person(ADMINISTRATOR))
    visit(desktop, f"{routes.FINANCE}?period=this-year")
    chart, value = desktop.get_by_role("slider", name="Takings and what was paid back"), desktop.locator(".chart-value")
    expect(value).to_have_text("\u00a0")
    chart.focus()
    expect(value).to_contain_text("January")
    desktop.keyboard.press("ArrowRight")
    expect(chart).to_have_attribute("aria-valuetext", re.compile("February"))
    desktop.keyboard.press("End")
    expect(value).to_contain_text("December")
    desktop.keyboard.press("Tab")
    expect(value).to_have_text("\u00a0")
    box = desktop.locator(".columns").bounding_box()
    assert box is not None
    desktop.mouse.move(box["x"] + box["width"] / 24, box["y"] + box["height"] / 2)
    expect(value).to_contain_text("January")


def test_who_may_not_see_it_is_told_so(inspector: Inspector, app_url: str):
    page = inspector.page
    enter(page, app_url, person(REVIEWER))
    visit(page, routes.STAFF)
    expect(link(page, "Finance")).to_have_count(0)
    visit(page, routes.FINANCE)
    expect(page.get_by_text("This page is for administrators and auditors")).to_be_visible()
    inspector.look("finance, refused")


def test_a_purchase_is_refunded_in_two_steps(desktop: Page, app_url: str):
    writer, number = buyer()
    enter(desktop, app_url, person(ADMINISTRATOR))
    visit(desktop, routes.STAFF)
    link(desktop, "Finance").click()
    expect(desktop.get_by_role("heading", name="Finance", level=1)).to_be_focused()
    expect(desktop.locator(".tiles").first).to_have_css("display", "grid")
    link(desktop, "This year").click()
    desktop.wait_for_url(f"**{routes.FINANCE}?period=this-year&facility=*")
    expect(link(desktop, "This year")).to_have_attribute("aria-current", "page")

    look_up(desktop, number.lower())
    desktop.get_by_label("Credits to refund").fill("8")
    desktop.get_by_label("Reason").fill("Asked at the front desk")
    button(desktop, "Refund $2.00 to Visa ending 4242").click()

    expect(desktop.get_by_role("status").filter(has_text="$2.00 is going back")).to_be_visible()
    expect(desktop.get_by_label("Reason")).to_be_hidden()
    newest = db.read(refunds.my_refunds, writer.actor)[0]
    assert (newest.credits, newest.amount, newest.reason) == (8, "$2.00", "Asked at the front desk")


def look_up(page: Page, number: str) -> None:
    """The first step of a refund."""
    page.get_by_label("Receipt number").fill(number)
    button(page, "Look up").click()
