"""The thirteen steps from signing in to the first letter, and buying again, at a desk and on a phone, in every language."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page
from sqlmodel import select

from rxconnect import db
from rxconnect.i18n import ENGLISH, language, using_language
from rxconnect.models import Account
from tests.e2e import guide
from tests.e2e.actions import ROSA, SAM, new_family
from tests.e2e.journey import COMING_BACK, FIRST_TIME, Step

pytestmark = pytest.mark.guide


def walk(journey: list[Step], page: Page, email: str, device: str) -> None:
    """Go every step, and take its picture when the guide is being made."""
    with speaking(email):
        for step in journey:
            for _ in step.go(page, email):
                guide.take_picture(page, step, device)


@contextmanager
def speaking(email: str) -> Iterator[None]:
    """Let an account speak the bound language inside the block, and afterwards none, as if it had never said which."""
    try:
        _speak(email, language())
        yield
    finally:
        _speak(email, "")


def _speak(email: str, spoken: str) -> None:
    with db.transaction() as session:
        session.exec(select(Account).where(Account.email == email)).one().language = spoken


def test_a_first_timer_sends_a_letter_at_a_desk(spoken: str, desktop: Page):
    # Sam can send a first letter once.
    email = SAM if spoken == ENGLISH else new_family("Sam Whitaker").email
    walk(FIRST_TIME, desktop, email, "desktop")


def test_a_first_timer_sends_a_letter_on_a_phone(spoken: str, phone: Page):
    walk(FIRST_TIME, phone, new_family("Sam Whitaker").email, "phone")


def test_someone_who_comes_back_buys_with_a_stored_card_at_a_desk(spoken: str, desktop: Page):
    walk(COMING_BACK, desktop, ROSA, "desktop")


def test_someone_who_comes_back_buys_with_a_stored_card_on_a_phone(spoken: str, phone: Page):
    walk(COMING_BACK, phone, ROSA, "phone")


@pytest.mark.parametrize("told_in", guide.LANGUAGES)
def test_the_guide_tells_exactly_what_is_walked_here(told_in: str):
    page = guide.page_of(told_in)
    with using_language(told_in):
        assert page.read_text() == guide.text()
        assert {picture for picture in guide.pictures() if not (page.parent / picture).exists()} == set()
