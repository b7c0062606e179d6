"""A room judges letters: blind on its phones, and then in sums on the trainer's screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from rxconnect import routes
from rxconnect.domain.demo import SeatKind
from tests.e2e.actions import button, settled
from tests.e2e.rooms import Room
from tests.e2e.test_accessibility import Inspector

_LETTERS = """
title = "Two letters"
about = "As at the desk."

[[rules]]
key = "contact"
text = "Letters may not pass on telephone numbers of other people."

[[letters]]
from = "Rosa"
to = "Marcus"
body = "We miss you."
answer = "approve"
explanation = "An ordinary letter."

[[letters]]
from = "Ben"
to = "Marcus"
body = "Call Sal at 555-0148."
answer = "reject"
reason = "contact"
explanation = "The number is another person's."
"""


@pytest.fixture
def room(app_url: str) -> Iterator[Room]:
    room = Room(app_url, "blank")
    yield room
    room.end()


def test_a_room_judges_blind_and_sees_its_result_by_itself(room: Room, new_context: Callable[..., BrowserContext]):
    # The inspector's script is not the page's own.
    of_aisha, of_ben = (Inspector(new_context(base_url=room.url, bypass_csp=True).new_page()) for _ in range(2))
    aisha, ben = (
        room.drive(of_aisha.page, routes.DEMO_ROOM),
        room.sit(of_ben.page, SeatKind.FAMILY, routes.DEMO_ROOM, name="Ben"),
    )
    ben.set_viewport_size({"width": 390, "height": 844})
    aisha.get_by_text("Bring letters of your own").click()
    aisha.get_by_label("Text of your letters").fill(_LETTERS)
    button(aisha, "Begin").click()
    # The trainer is counted once they have decided a letter.
    expect(aisha.get_by_text("0 of 1 have finished.")).to_be_visible()
    for page in (aisha, ben):
        page.goto(f"{room.url}{routes.DEMO_JUDGE}")
        settled(page)
        button(page, "Begin").click()
    of_ben.look("a letter to judge")
    _decide(aisha, approves_all=False)
    expect(aisha.get_by_text("1 of 2 have finished.")).to_be_visible()
    _decide(ben, approves_all=True)
    expect(aisha.get_by_text("2 judges, 2 letters")).to_be_visible()
    expect(button(ben, "Your result")).to_be_visible()
    expect(ben.get_by_text("You approved it.").first).to_be_visible()
    expect(ben.get_by_text("An ordinary letter.")).to_be_visible()
    of_ben.look("a judge's result")
    button(ben, "The room").click()
    expect(ben.get_by_text("2 judges, 2 letters")).to_be_visible()
    of_ben.look("a room's result on a phone")
    of_aisha.look("a room's result")
    assert of_aisha.found + of_ben.found == []


def _decide(page: Page, *, approves_all: bool) -> None:
    """Decide both letters, each judge in their own order, and finish."""
    for number in (1, 2):
        expect(page.get_by_text(f"{number} of 2")).to_be_visible()
        if approves_all or page.get_by_text("We miss you.").is_visible():
            button(page, "Approve").click()
        else:
            page.keyboard.press("r")
            expect(page.get_by_text("Which rule does it break?")).to_be_visible()
            page.keyboard.press("1")
    button(page, "Finish").click()
