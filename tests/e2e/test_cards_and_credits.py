"""Cards kept without buying, unused credits back in two clicks, and credits that buy themselves."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from sqlmodel import select

from rxconnect import db, routes
from rxconnect.domain.auto_reloads import AutoReloadView
from rxconnect.models import Purchase
from rxconnect.payments.published import BY_NAME
from rxconnect.services.directory import facilities
from rxconnect.services.money import cards, wallets
from rxconnect.services.purchases import auto_reloads
from rxconnect.services.refunds import refunds
from tests.e2e.actions import (
    VISA,
    Person,
    button,
    cedar_ridge,
    enter,
    fill_card,
    link,
    new_purchase,
    new_writer,
    receipts_of,
    visit,
)


def credits_of(who: Person) -> int:
    """Their credits at Cedar Ridge."""
    with db.reading() as session:
        return wallets.balance(session, who.actor.account_id, cedar_ridge(session))


def auto_reloads_of(who: Person) -> list[AutoReloadView]:
    return db.read(auto_reloads.my_auto_reloads, who.actor)


def test_a_card_is_added_corrected_made_the_default_and_removed(desktop: Page, app_url: str):
    someone = new_writer()
    enter(desktop, app_url, someone)
    visit(desktop, routes.PROFILE)
    link(desktop, "The cards that you pay with").click()
    expect(desktop.get_by_text("No cards yet")).to_be_visible()
    for name in ("visa", "mastercard"):
        fill_card(desktop, BY_NAME[name].number)
        button(desktop, "Add card").click()
        expect(desktop.get_by_role("list", name="Stored cards")).to_contain_text(BY_NAME[name].number[-4:])
        expect(desktop.get_by_label("Card number")).to_have_value("")
    assert receipts_of(someone) == 0

    button(desktop, "Make default: Mastercard ending 4444").click()
    expect(desktop.get_by_role("listitem").first).to_contain_text(re.compile("4444.*Default", re.DOTALL))

    button(desktop, "Edit Visa ending 4242").click()
    desktop.get_by_label("Expiry (MM/YY)").fill("13/99")
    button(desktop, "Save").click()
    expect(desktop.get_by_label("Expiry (MM/YY)")).to_have_attribute("aria-invalid", "true")
    expect(desktop.get_by_label("Expiry (MM/YY)")).to_have_value("13/99")
    desktop.get_by_label("Expiry (MM/YY)").fill("12/39")
    button(desktop, "Save").click()
    expect(desktop.get_by_text("Expires 12/39")).to_be_visible()

    button(desktop, "Remove Visa ending 4242").click()
    button(desktop, "Keep it").click()
    button(desktop, "Remove Visa ending 4242").click()
    button(desktop, "Remove this card").click()
    expect(desktop.get_by_text("The card was removed.")).to_be_visible()
    expect(desktop.get_by_role("list", name="Stored cards")).not_to_contain_text("4242")
    assert [card.last_four for card in db.read(cards.my_cards, someone.actor)] == ["4444"]


def test_unused_credits_are_refunded_in_two_clicks_and_a_double_click_refunds_once(phone: Page, app_url: str):
    someone = new_writer(credits=20)
    enter(phone, app_url, someone)
    visit(phone, routes.CREDITS)
    button(phone, "Refund credits at Cedar Ridge Correctional Center").click()
    expect(phone.get_by_label("Credits to refund")).to_have_value("20")
    phone.get_by_label("Credits to refund").fill("8")
    button(phone, "Refund $2.00 to Visa ending 4242").dblclick()
    expect(phone.get_by_text("$2.00 is going back to your card.")).to_be_visible()
    expect(phone.get_by_role("list", name="Refunds")).to_contain_text("$2.00 to Visa ending 4242")
    expect(phone.get_by_role("list", name="Refunds")).to_contain_text("Refunded")
    assert credits_of(someone) == 12
    assert [refund.credits for refund in db.read(refunds.my_refunds, someone.actor)] == [8]

    button(phone, "Refund credits at Cedar Ridge Correctional Center").click()
    phone.get_by_label("Credits to refund").fill("13")
    expect(phone.get_by_label("Credits to refund")).to_have_attribute("aria-invalid", "true")
    expect(phone.get_by_text("Enter a whole number from 1 to 12.")).to_be_visible()
    phone.get_by_label("Credits to refund").fill("12")
    button(phone, "Refund $3.00 to Visa ending 4242").click()
    expect(phone.get_by_text("$3.00 is going back to your card.")).to_be_visible()
    expect(button(phone, "Refund credits at Cedar Ridge Correctional Center")).to_have_count(0)
    assert credits_of(someone) == 0


def test_auto_reload_is_turned_on_with_a_new_card_and_off_again(desktop: Page, app_url: str):
    someone = new_writer(credits=20)
    enter(desktop, app_url, someone)
    visit(desktop, routes.CREDITS)
    link(desktop, "Auto-reload at Cedar Ridge Correctional Center").click()
    link(desktop, "Add a card").click()
    fill_card(desktop, VISA)
    button(desktop, "Add card").click()
    expect(desktop.get_by_text("Visa ending 4242 is stored.")).to_be_visible()

    desktop.go_back()
    desktop.get_by_label("Buy when I have fewer credits than").fill("6")
    button(desktop, "40 credits, $10.00").click()
    desktop.get_by_label("Monthly limit in dollars").fill("9")
    expect(desktop.get_by_text("no more than $9.00 in a calendar month")).to_be_visible()
    button(desktop, "Turn on").click()
    expect(desktop.get_by_text("The monthly limit must allow at least one reload, $10.00.")).to_be_visible()
    expect(desktop.get_by_label("Monthly limit in dollars")).to_have_value("9")
    desktop.get_by_label("Monthly limit in dollars").fill("30")
    expect(
        desktop.get_by_text(
            "You agree that we charge $10.00 to your Visa ending 4242 whenever you have fewer than 6 credits left at "
            "Cedar Ridge Correctional Center, and no more than $30.00 in a calendar month."
        )
    ).to_be_visible()
    button(desktop, "Turn on").click()
    expect(desktop.get_by_text("Auto-reload is on. We email you each time.")).to_be_visible()
    (auto_reload,) = auto_reloads_of(someone)
    assert (auto_reload.is_on, auto_reload.level, auto_reload.credits, auto_reload.cap_cents) == (True, 6, 40, 3000)

    link(desktop, "Credits").first.click()
    expect(desktop.get_by_text("It buys 40 credits for $10.00 when fewer than 6 are left.")).to_be_visible()
    link(desktop, "Auto-reload at Cedar Ridge Correctional Center").click()
    button(desktop, "Turn off").click()
    expect(desktop.get_by_text("Auto-reload is off. Nothing more is charged.")).to_be_visible()
    assert not auto_reloads_of(someone)[0].is_on


def test_credits_are_bought_at_the_facility_and_price_that_are_shown(phone: Page, app_url: str):
    someone = new_writer()
    with db.transaction() as session:
        cedar, harbor = cedar_ridge(session), facilities.get_by_key(session, "harbor-county").id
        facilities.add_location(session, someone.actor, harbor)
    enter(phone, app_url, someone)
    visit(phone, f"{routes.BUY_CREDITS}?facility={cedar}")
    chosen, price = phone.get_by_label("Facility"), phone.get_by_text("each, everything included")
    chosen.select_option(label="Harbor County Jail, Astoria, OR")
    expect(price).to_contain_text("20 ¢")
    link(phone, "Credits").first.click()
    link(phone, "Buy credits").first.click()
    expect(price).to_contain_text("25 ¢")
    expect(chosen.locator("option:checked")).to_contain_text("Cedar Ridge")
    button(phone, "Next").click()
    expect(phone.get_by_role("heading", name="Payment", level=1)).to_be_visible()
    with db.reading() as session:
        (bought,) = session.exec(select(Purchase).where(Purchase.account_id == someone.actor.account_id)).all()
    assert (bought.facility_id, bought.price_cents) == (cedar, 25)


def test_a_buyer_whose_bank_asks_goes_there_and_comes_back_to_the_receipt(desktop: Page, app_url: str):
    buyer = new_writer()
    enter(desktop, app_url, buyer)
    visit(desktop, routes.fill(routes.PAYMENT, new_purchase(buyer)))
    fill_card(desktop, BY_NAME["asks"].number)
    button(desktop, "Continue").click()
    button(desktop, "Submit").click()
    expect(desktop.get_by_text("Your bank wants to check that it is you")).to_be_visible()
    desktop.reload()
    link(desktop, "Go to your bank").click()
    button(desktop, "It is not me").click()
    expect(desktop.get_by_role("alert")).to_contain_text("could not confirm that it was you. You were not charged.")
    assert receipts_of(buyer) == 0
    button(desktop, "Submit").click()
    link(desktop, "Go to your bank").click()
    button(desktop, "It is me").click()
    expect(desktop.get_by_role("heading", name="Receipt", level=1)).to_be_visible()
    assert (receipts_of(buyer), credits_of(buyer)) == (1, 20)
