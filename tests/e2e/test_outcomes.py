"""What a buyer sees when a card does not pay: a sentence, no charge, and the way on."""

import re

import pytest
from playwright.sync_api import Page, expect

from rxconnect import routes
from rxconnect.payments.published import BY_NAME
from tests.e2e.actions import (
    VISA,
    Person,
    button,
    enter,
    fill_card,
    link,
    new_purchase,
    new_writer,
    receipts_of,
    visit,
)


def stand_at_payment(page: Page, url: str, buyer: Person) -> None:
    enter(page, url, buyer)
    visit(page, routes.fill(routes.PAYMENT, new_purchase(buyer)))


def sentence_of(name: str) -> str:
    failure = BY_NAME[name].failure
    assert failure is not None
    return failure.sentence


def pay_with(page: Page, number: str) -> None:
    fill_card(page, number)
    button(page, "Continue").click()
    button(page, "Submit").click()


@pytest.mark.parametrize("name", ["declined", "expired", "wrong cvv"])
def test_a_card_that_cannot_pay_leads_back_to_the_cards_with_the_reason(desktop: Page, app_url: str, name: str):
    buyer = new_writer()
    stand_at_payment(desktop, app_url, buyer)
    pay_with(desktop, BY_NAME[name].number)
    expect(desktop.get_by_label("Card number")).to_be_visible()
    expect(desktop.get_by_role("alert").filter(has_text=sentence_of(name))).to_be_visible()
    assert receipts_of(buyer) == 0

    pay_with(desktop, VISA)
    expect(desktop.get_by_role("heading", name="Receipt", level=1)).to_be_visible()
    assert receipts_of(buyer) == 1


@pytest.mark.parametrize("name", ["insufficient", "error"])
def test_a_payment_that_may_work_later_can_be_made_with_another_card(desktop: Page, app_url: str, name: str):
    buyer = new_writer()
    stand_at_payment(desktop, app_url, buyer)
    pay_with(desktop, BY_NAME[name].number)
    expect(desktop.get_by_role("alert").filter(has_text=sentence_of(name))).to_be_visible()
    expect(button(desktop, "Submit")).to_be_visible()
    assert receipts_of(buyer) == 0

    link(desktop, "Use another card").click()
    pay_with(desktop, VISA)
    expect(desktop.get_by_role("heading", name="Receipt", level=1)).to_be_visible()
    assert receipts_of(buyer) == 1


def test_a_failure_is_still_explained_after_a_reload(desktop: Page, app_url: str):
    stand_at_payment(desktop, app_url, new_writer())
    pay_with(desktop, BY_NAME["insufficient"].number)
    expect(desktop.get_by_role("main")).to_contain_text(sentence_of("insufficient"))
    desktop.reload()
    expect(desktop.get_by_role("main")).to_contain_text(sentence_of("insufficient"))


def test_a_slow_answer_is_awaited_in_plain_words_and_through_a_reload(desktop: Page, app_url: str):
    buyer = new_writer()
    stand_at_payment(desktop, app_url, buyer)
    pay_with(desktop, BY_NAME["slow"].number)
    waiting = desktop.get_by_text("You will not be charged twice, and you may leave this page.")
    expect(waiting).to_be_visible()
    desktop.reload()
    expect(waiting).to_be_visible()
    expect(desktop.get_by_role("heading", name="Receipt", level=1)).to_be_visible(timeout=15_000)
    assert receipts_of(buyer) == 1


def test_a_number_that_is_no_test_card_is_refused_with_a_warning(desktop: Page, app_url: str):
    stand_at_payment(desktop, app_url, new_writer())
    # Right by its check digit, and in nobody's list of test cards.
    fill_card(desktop, "4539 1488 0343 6467")
    button(desktop, "Continue").click()
    expect(desktop.get_by_label("Card number")).to_have_accessible_description(
        re.compile("Never type a real card here")
    )
    expect(desktop.get_by_label("Card number")).to_be_focused()
    expect(desktop.get_by_label("Card number")).to_have_value("4539 1488 0343 6467")
