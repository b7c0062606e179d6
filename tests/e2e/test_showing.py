"""A first letter, shown to a room: a trainer at a desk, a guest who follows on a phone, and another who takes over."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from rxconnect import routes
from tests.e2e import guide
from tests.e2e.actions import SAM, button, link, settled
from tests.e2e.journey import FIRST_TIME, Step
from tests.e2e.rooms import Room, shows, strip

pytestmark = pytest.mark.guide

# In the room the seat is the sign-in, and its first page the dashboard.
FIRST, *REST = FIRST_TIME[2:]
HANDED_OVER_AT = next(place for place, step in enumerate(REST) if step.title == "Buy credits")


@pytest.fixture
def room(app_url: str) -> Iterator[Room]:
    room = Room(app_url)
    yield room
    room.end()


@pytest.fixture
def tablet(new_context: Callable[..., BrowserContext], app_url: str) -> Page:
    """A page in one more browser."""
    return new_context(base_url=app_url, viewport={"width": 390, "height": 844}).new_page()


def walk(page: Page, steps: list[Step]) -> None:
    for step in steps:
        for _ in step.go(page, SAM):
            settled(page)


def test_a_first_letter_is_shown_with_a_hand_over_a_late_guest_a_reset_and_a_lost_connection(
    desktop: Page, phone: Page, tablet: Page, room: Room
):
    aisha, ben = room.drive(desktop), room.join(phone)
    walk(aisha, [FIRST, *REST[:HANDED_OVER_AT]])
    shows(ben, aisha.url.removeprefix(room.url))

    # A late guest sees the present at once, asks for the wheel, and goes on where the trainer was.
    cleo = room.join(tablet, "Cleo")
    shows(cleo, aisha.url.removeprefix(room.url))
    guide.take_room_picture([aisha, ben, cleo])
    button(cleo, "Ask for the wheel").click()
    button(aisha, "Hand over").click()
    expect(strip(cleo)).to_contain_text("You drive")
    expect(strip(aisha)).to_contain_text("Following Cleo")
    settled(cleo)
    ben.context.set_offline(True)
    walk(cleo, REST[HANDED_OVER_AT:])
    ben.context.set_offline(False)
    for page in (aisha, ben):
        shows(page, cleo.url.removeprefix(room.url))
    expect(strip(ben)).to_contain_text("Following Cleo")

    # Every step has really happened, so the trainer goes back to the moment before the letter was written.
    aisha.goto(routes.DEMO_ROOM)
    steps = aisha.locator(".script > li")
    expect(steps.nth(4)).to_have_class("done", timeout=15_000)
    steps.nth(3).get_by_text("Go back to before this step").click()
    button(steps.nth(3), "Undo it").click()
    expect(steps.nth(3)).to_have_attribute("aria-current", "step")
    button(aisha, "Take back").click()
    link(aisha, "Go to the product").click()
    settled(aisha)
    aisha.goto(routes.INBOX)
    expect(aisha.get_by_text("No messages yet")).to_be_visible()
    aisha.reload()
    shows(ben, routes.INBOX)

    ben.goto(routes.back_to_room())
    button(ben, "Leave").tap()
    aisha.goto(routes.DEMO_ROOM)
    expect(aisha.locator(".people li")).to_have_count(2)
