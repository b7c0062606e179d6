"""Back, reload, a second tab, ten presses, sign-out, an ended sign-in, a lost connection: nothing typed is lost, nothing
is charged twice."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from rxconnect import db, routes
from rxconnect.services.messages import messages
from rxconnect.services.money import ledger, wallets
from tests.e2e.actions import (
    Person,
    button,
    cedar_ridge,
    contact_of,
    enter,
    fill_card,
    link,
    new_draft,
    new_family,
    new_purchase,
    new_writer,
    receipts_of,
    sign_in,
    visit,
)


def write(page: Page, text: str) -> None:
    """Type into the letter, and wait until the server has counted it: a draft is saved in the same moment."""
    page.get_by_label("Message", exact=True).fill(text)
    expect(page.get_by_text(f"{6000 - len(text):,} of 6,000 characters left")).to_be_visible()


def credits_of(buyer: Person) -> int:
    """The credits in the person's wallet at Cedar Ridge."""
    with db.reading() as session:
        assert not ledger.check_ledger(session).differences
        return wallets.balance(session, buyer.actor.account_id, cedar_ridge(session))


def test_back_and_reload_keep_what_was_typed_at_every_step(desktop: Page, app_url: str):
    enter(desktop, app_url, new_family())
    visit(desktop, routes.START)
    link(desktop, "Add a facility in your profile").click()
    search = desktop.get_by_label("Find a facility")
    search.fill("cedar rid")
    expect(button(desktop, "Add Cedar Ridge Correctional Center")).to_be_visible()
    desktop.reload()
    expect(search).to_have_value("cedar rid")
    button(desktop, "Add Cedar Ridge Correctional Center").click()
    link(desktop, "Back to choosing the facility").click()
    expect(button(desktop, "Choose Cedar Ridge Correctional Center")).to_be_visible()
    desktop.reload()
    button(desktop, "Choose Cedar Ridge Correctional Center").click()

    last_name = desktop.get_by_label("Last name")
    last_name.fill("delgado")
    expect(button(desktop, "Select Marcus Delgado, 20418873")).to_be_visible()
    desktop.reload()
    expect(last_name).to_have_value("delgado")
    desktop.go_back()
    button(desktop, "Choose Cedar Ridge Correctional Center").click()
    expect(last_name).to_have_value("delgado")
    button(desktop, "Select Marcus Delgado, 20418873").click()
    expect(link(desktop, "Buy credits").last).to_be_visible()
    desktop.reload()
    link(desktop, "Buy credits").last.click()

    amount = desktop.get_by_label("Message credits")
    amount.fill("17")
    expect(desktop.get_by_role("main")).to_contain_text("$4.25")
    desktop.reload()
    expect(amount).to_have_value("17")
    button(desktop, "Next").click()
    expect(desktop.get_by_label("Card number")).to_be_visible()
    desktop.reload()
    expect(desktop.get_by_role("main")).to_contain_text("17 at 25 ¢")
    desktop.go_back()
    expect(amount).to_have_value("17")
    desktop.go_forward()

    fill_card(desktop)
    button(desktop, "Continue").click()
    expect(button(desktop, "Submit")).to_be_visible()
    desktop.reload()
    expect(desktop.get_by_role("main")).to_contain_text("Visa ending 4242")
    desktop.go_back()
    expect(desktop.get_by_role("main")).to_contain_text("17 at 25 ¢")
    desktop.go_forward()
    button(desktop, "Submit").click()
    expect(desktop.get_by_role("heading", name="Receipt", level=1)).to_be_visible()
    desktop.reload()
    expect(desktop.get_by_role("main")).to_contain_text("$4.25 was charged")

    button(desktop, "Write a message").click()
    desktop.get_by_label("Subject").fill("Home")
    write(desktop, "The apples are ripe.")
    desktop.reload()
    expect(desktop.get_by_label("Subject")).to_have_value("Home")
    expect(desktop.get_by_label("Message", exact=True)).to_have_value("The apples are ripe.")
    button(desktop, "Continue").click()
    expect(button(desktop, "Send")).to_be_visible()
    desktop.reload()
    expect(desktop.get_by_role("main")).to_contain_text("The apples are ripe.")
    desktop.go_back()
    expect(desktop.get_by_label("Message", exact=True)).to_have_value("The apples are ripe.")


def test_submit_pressed_ten_times_charges_once(desktop: Page, app_url: str):
    buyer = new_writer()
    enter(desktop, app_url, buyer)
    visit(desktop, routes.fill(routes.REVIEW, new_purchase(buyer, 20, with_card=True)))
    button(desktop, "Submit").click(click_count=10)
    expect(desktop.get_by_role("heading", name="Receipt", level=1)).to_be_visible()
    assert receipts_of(buyer) == 1
    assert credits_of(buyer) == 20


def test_back_from_the_receipt_offers_nothing_to_charge_again(desktop: Page, app_url: str):
    buyer = new_writer()
    enter(desktop, app_url, buyer)
    purchase_id = new_purchase(buyer, 20, with_card=True)
    visit(desktop, routes.fill(routes.REVIEW, purchase_id))
    button(desktop, "Submit").click()
    heading = desktop.get_by_role("heading", name="Receipt", level=1)
    expect(heading).to_be_visible()
    for step in (routes.REVIEW, routes.PAYMENT):
        desktop.goto(routes.fill(step, purchase_id))
        # The receipt again, or for somebody who goes back from it their credits.
        expect(heading.or_(desktop.get_by_role("heading", name="Credits", level=1))).to_be_visible()
        expect(button(desktop, "Submit")).to_have_count(0)
    assert receipts_of(buyer) == 1


def test_two_tabs_at_the_same_purchase_charge_once(desktop: Page, app_url: str):
    buyer = new_writer()
    enter(desktop, app_url, buyer)
    address = routes.fill(routes.REVIEW, new_purchase(buyer, 20, with_card=True))
    tabs = [desktop, desktop.context.new_page()]
    for tab in tabs:
        visit(tab, address)
    # Both at nearly the same moment: a tab whose purchase has been paid for leads to the receipt by itself.
    for tab in tabs:
        button(tab, "Submit").evaluate("submit => setTimeout(() => submit.click(), 500)")
    for tab in tabs:
        expect(tab.get_by_role("heading", name="Receipt", level=1)).to_be_visible()
    assert receipts_of(buyer) == 1
    assert credits_of(buyer) == 20


def test_send_in_two_tabs_sends_one_letter(desktop: Page, app_url: str):
    writer = new_writer(credits=10)
    enter(desktop, app_url, writer)
    address = routes.fill(routes.SEND, new_draft(writer, "Once", "One letter, not two."))
    tabs = [desktop, desktop.context.new_page()]
    for tab in tabs:
        visit(tab, address)
        tab.get_by_role("checkbox", name="I accept").click()
        expect(button(tab, "Send")).to_be_enabled()
    for tab in tabs:
        button(tab, "Send").click(click_count=3)
    for tab in tabs:
        expect(tab.get_by_role("heading", name="Once", level=1, exact=True)).to_be_visible()
    assert len(db.read(messages.thread, writer.actor, contact_of(writer))) == 1
    assert credits_of(writer) == 9


def test_sign_out_on_the_way_resumes_at_the_same_step(desktop: Page, app_url: str):
    traveller = new_writer()
    enter(desktop, app_url, traveller)
    visit(desktop, routes.DASHBOARD)
    button(desktop, "Get started").click()
    button(desktop, "Choose Cedar Ridge Correctional Center").click()
    desktop.get_by_label("Last name").fill("delgado")
    expect(button(desktop, "Select Marcus Delgado, 20418873")).to_be_visible()

    out_and_in_again(desktop, traveller)
    expect(desktop.get_by_label("Last name")).to_have_value("delgado")
    button(desktop, "Select Marcus Delgado, 20418873").click()

    expect(link(desktop, "Go to inbox")).to_be_visible()
    out_and_in_again(desktop, traveller)
    link(desktop, "Buy credits").last.click()
    desktop.get_by_label("Message credits").fill("33")
    expect(desktop.get_by_role("main")).to_contain_text("$8.25")
    button(desktop, "Next").click()
    expect(desktop.get_by_label("Card number")).to_be_visible()

    out_and_in_again(desktop, traveller)
    expect(desktop.get_by_role("main")).to_contain_text("$8.25")
    fill_card(desktop)
    button(desktop, "Continue").click()
    button(desktop, "Submit").click()
    button(desktop, "Write a message").click()
    desktop.get_by_label("Subject").fill("After all")
    write(desktop, "Here I am again.")

    out_and_in_again(desktop, traveller)
    expect(desktop.get_by_label("Subject")).to_have_value("After all")
    expect(desktop.get_by_label("Message", exact=True)).to_have_value("Here I am again.")


def out_and_in_again(page: Page, traveller: Person) -> None:
    """Sign out, sign in, and go on with the walkthrough from the dashboard."""
    button(page, "Sign out").first.click()
    expect(page.get_by_text("You are signed out. Your drafts are kept.")).to_be_visible()
    sign_in(page, traveller.email)
    button(page, "Continue").click()


def test_next_pressed_right_after_typing_buys_what_was_typed(desktop: Page, app_url: str):
    enter(desktop, app_url, new_writer())
    visit(desktop, routes.BUY_CREDITS)
    desktop.get_by_label("Message credits").fill("33")
    button(desktop, "Next").click()
    expect(desktop.get_by_role("main")).to_contain_text("33 at 25 ¢")


@pytest.mark.parametrize(
    ("address", "label", "typed", "answer"),
    [
        (routes.BUY_CREDITS, "Message credits", "15", "$3.75"),
        (routes.PROFILE, "Find a facility", "cedar ridge", "Added"),
        (routes.INBOX, "Search your messages", "grandmother", "Nothing found"),
    ],
)
def test_every_key_pressed_arrives(desktop: Page, app_url: str, address: str, label: str, typed: str, answer: str):
    enter(desktop, app_url, new_writer())
    visit(desktop, address)
    field = desktop.get_by_label(label)
    field.fill("")
    field.press_sequentially(typed, delay=40)
    expect(field).to_have_value(typed)
    expect(desktop.get_by_role("main")).to_contain_text(answer)
    expect(field).to_have_value(typed)
