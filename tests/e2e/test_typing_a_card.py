"""A card typed on a phone's number pad, which has neither slash nor blank."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from rxconnect import routes
from rxconnect.payments.published import BY_NAME
from tests.e2e.actions import CVV, EXPIRY, VISA, ZIP_CODE, button, enter, fill_card, new_writer, visit


@pytest.fixture
def cards(phone: Page, app_url: str) -> Page:
    enter(phone, app_url, new_writer())
    visit(phone, routes.CARDS)
    return phone


def typed(field: Locator, text: str) -> str:
    field.fill("")
    field.press_sequentially(text)
    return field.input_value()


def test_groups_and_slash_appear_by_themselves(cards: Page):
    number, expiry = cards.get_by_label("Card number"), cards.get_by_label("Expiry")
    assert typed(number, VISA) == "4242 4242 4242 4242"
    assert typed(number, BY_NAME["amex"].number) == "3782 822463 10005"
    assert [typed(expiry, text) for text in ("1230", "12/30", "12 / 2030", "430", "4/30")] == [
        "12/30",
        "12/30",
        "12/2030",
        "04/30",
        "04/30",
    ]


def test_deleting_and_correcting_in_the_middle_feel_like_any_field(cards: Page):
    number, expiry = cards.get_by_label("Card number"), cards.get_by_label("Expiry")
    typed(expiry, "1230")
    left = []
    while expiry.input_value():
        expiry.press("Backspace")
        left.append(expiry.input_value())
    assert left == ["12/3", "12/", "1", ""]
    typed(number, "4242424242424242")
    number.evaluate("field => field.setSelectionRange(2, 2)")
    number.press("Backspace")
    number.press("9")
    assert number.input_value() == "4942 4242 4242 4242"
    assert number.evaluate("field => field.selectionStart") == 2


def test_a_mended_field_loses_its_error_at_once_and_the_card_is_taken(cards: Page):
    fill_card(cards, expiry="1320", cvv="1", zip_code="9")
    button(cards, "Add card").click()
    expiry, cvv, postcode = (cards.locator(f"#card-{name}") for name in ("expiry", "cvv", "postcode"))
    expect(expiry).to_have_attribute("aria-invalid", "true")
    for field, text in ((expiry, EXPIRY.replace("/", "")), (cvv, CVV), (postcode, ZIP_CODE)):
        typed(field, text)
        expect(field).to_have_attribute("aria-invalid", "false")
    button(cards, "Add card").click()
    expect(cards.get_by_role("list", name="Stored cards")).to_contain_text("4242")

    button(cards, "Edit Visa ending 4242").click()
    own = cards.get_by_label("Expiry (MM/YY)")
    typed(own, "1320")
    button(cards, "Save").click()
    expect(own).to_have_attribute("aria-invalid", "true")
    typed(own, EXPIRY.replace("/", ""))
    expect(own).to_have_value(EXPIRY)
    expect(own).to_have_attribute("aria-invalid", "false")
