"""Receipts in a browser: what was paid is found again, and taken away as PDF and as a table."""

import csv
import secrets
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from rxconnect import db, routes
from rxconnect.domain import clock
from rxconnect.services.directory import facilities
from rxconnect.services.purchases import checkout
from rxconnect.services.refunds import refunds
from tests.e2e.actions import CEDAR_RIDGE, Person, button, enter, link, new_purchase, new_writer, settled, visit

# The year at Cedar Ridge.
NOW = clock.now().astimezone(ZoneInfo("America/Los_Angeles")).year


def refunded_writer(credits: int = 4) -> Person:
    """Someone who bought twenty credits at Cedar Ridge and had some of them refunded."""
    writer = new_writer(credits=20)
    with db.reading() as session:
        facility_id = facilities.get_by_key(session, CEDAR_RIDGE).id
    refunds.request_refund(writer.actor, facility_id, credits, secrets.token_hex(8))
    return writer


def downloaded(page: Page, name: str, label: str) -> Path:
    """The file behind a link, which must come under this name and leave the page as it is."""
    before = page.url
    with page.expect_download() as download:
        link(page, label).click()
    assert download.value.suggested_filename == name
    assert page.url == before
    return download.value.path()


def test_a_receipt_tells_of_its_refund_and_is_taken_away_as_a_pdf(printer, phone: Page, app_url: str):
    enter(phone, app_url, refunded_writer())
    visit(phone, routes.RECEIPTS)
    link(phone, "20 credits bought").click()
    main = phone.get_by_role("main")
    expect(main).to_contain_text("Partly refunded")
    expect(main).to_contain_text("You asked for it")
    expect(main).to_contain_text("Paid after refunds$4.00")
    number = phone.url.rpartition("/")[2]
    assert downloaded(phone, f"RxConnect-receipt-{number}.pdf", "Download PDF").read_bytes().startswith(b"%PDF-1.7")


def test_a_receipt_thanks_and_is_a_step_only_right_after_buying(phone: Page, app_url: str):
    with clock.at(clock.now() - timedelta(days=1)):
        writer = new_writer(credits=20)
    enter(phone, app_url, writer)
    main = phone.get_by_role("main")
    visit(phone, routes.RECEIPTS)
    link(phone, "20 credits bought").click()
    expect(main.get_by_role("heading", name="Paid")).to_be_visible()
    expect(main).not_to_contain_text("Thank you")
    expect(phone.get_by_role("navigation", name="Steps")).to_have_count(0)

    link(phone, "All receipts").click()
    bought = checkout.submit(writer.actor, new_purchase(writer, 20, with_card=True)).receipt_number
    visit(phone, routes.fill(routes.RECEIPT, bought))
    expect(main).to_contain_text("Thank you. Your credits are ready.")
    expect(phone.get_by_role("navigation", name="Steps")).to_be_visible()


def test_the_history_is_filtered_and_the_table_holds_what_is_shown(desktop: Page, app_url: str):
    enter(desktop, app_url, refunded_writer())
    visit(desktop, routes.RECEIPTS)
    main = desktop.get_by_role("main")
    expect(main).to_contain_text("Paid $5.00 · Refunded $1.00")
    desktop.get_by_label("Kind").select_option(label="Refunds")
    expect(link(desktop, "20 credits bought")).to_have_count(0)
    expect(main).to_contain_text("Paid $0.00 · Refunded $1.00")
    table = downloaded(desktop, "RxConnect-receipts-refunds.csv", "Download this list as CSV").read_text("utf-8-sig")
    assert [row["Refunded"] for row in csv.DictReader(table.splitlines())] == ["1.00"]
    link(desktop, "Refund of 4 credits").click()
    expect(desktop.get_by_role("heading", name="Receipt", exact=True)).to_be_visible()
    desktop.go_back()
    settled(desktop)
    expect(desktop.get_by_label("Kind")).to_have_value("refunds")
    expect(link(desktop, "20 credits bought")).to_have_count(0)


def test_a_choice_is_taken_back(desktop: Page, app_url: str):
    enter(desktop, app_url, refunded_writer())
    visit(desktop, routes.RECEIPTS)
    desktop.get_by_label("Kind").select_option(label="Refunds")
    expect(link(desktop, "20 credits bought")).to_have_count(0)
    desktop.get_by_label("Kind").select_option(label="All")
    expect(link(desktop, "20 credits bought")).to_be_visible()


def test_a_years_statement_is_read_and_taken_away(printer, desktop: Page, app_url: str):
    enter(desktop, app_url, refunded_writer())
    visit(desktop, routes.RECEIPTS)
    link(desktop, str(NOW)).first.click()
    expect(desktop.get_by_role("heading", name=f"Statement for {NOW}", level=1)).to_be_visible()
    main = desktop.get_by_role("main")
    for line in ("Bought+20", "Refunded−4", "Credits at the end16", "Paid after refunds$4.00"):
        expect(main).to_contain_text(line)
    statement = downloaded(desktop, f"RxConnect-statement-{NOW}.pdf", "Download PDF")
    assert statement.read_bytes().startswith(b"%PDF-1.7")


def test_someone_elses_receipt_is_a_page_that_is_not_found(desktop: Page, app_url: str):
    enter(desktop, app_url, refunded_writer())
    response = desktop.goto("/receipts/RX-0000-0000-0000.pdf")
    assert response.status == 404
    expect(desktop.get_by_role("heading", name="Not found")).to_be_visible()
    assert button(desktop, "Sign out").count() == 0
