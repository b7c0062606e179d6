"""The thirteen steps from signing in to the first letter, and buying again, at a desk and on a phone."""

import pytest
from playwright.sync_api import Page

from tests.e2e import guide
from tests.e2e.actions import ROSA, SAM, new_family
from tests.e2e.journey import COMING_BACK, FIRST_TIME, Step

pytestmark = pytest.mark.guide


def walk(journey: list[Step], page: Page, email: str, device: str) -> None:
    """Go every step, and take its picture when the guide is being made."""
    for step in journey:
        for _ in step.go(page, email):
            guide.take_picture(page, step, device)


def test_a_first_timer_sends_a_letter_at_a_desk(desktop: Page):
    walk(FIRST_TIME, desktop, SAM, "desktop")


def test_a_first_timer_sends_a_letter_on_a_phone(phone: Page):
    walk(FIRST_TIME, phone, new_family("Sam Whitaker").email, "phone")


def test_someone_who_comes_back_buys_with_a_stored_card_at_a_desk(desktop: Page):
    walk(COMING_BACK, desktop, ROSA, "desktop")


def test_someone_who_comes_back_buys_with_a_stored_card_on_a_phone(phone: Page):
    walk(COMING_BACK, phone, ROSA, "phone")


def test_the_guide_tells_exactly_what_is_walked_here():
    assert guide.PAGE.read_text() == guide.text()
    assert {picture for picture in guide.pictures() if not (guide.PAGE.parent / picture).exists()} == set()
