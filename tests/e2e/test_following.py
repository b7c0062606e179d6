"""Following a demo session in real browsers: a trainer on a desk, a guest on a phone, and people who join later."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from rxconnect import routes
from tests.e2e.actions import CVV, VISA, button, fill_card, link, settled
from tests.e2e.rooms import Room, shows, strip
from tests.e2e.servers import MortalServer

FIND = f"{routes.FIND_INMATE}?everywhere=yes"


@pytest.fixture
def room(app_url: str) -> Iterator[Room]:
    room = Room(app_url)
    yield room
    room.end()


@pytest.fixture
def search(app_url: str) -> Iterator[Room]:
    """A session whose family has a facility to search at."""
    room = Room(app_url, "finding-somebody")
    yield room
    room.end()


@pytest.fixture
def third(new_context: Callable[..., BrowserContext], app_url: str) -> Page:
    """A page in one more browser."""
    return new_context(base_url=app_url, viewport={"width": 1280, "height": 800}).new_page()


def named(page: Page):
    return page.locator("#last_name")


def test_a_phone_follows_page_by_page_and_key_by_key(desktop: Page, phone: Page, search: Room):
    aisha, ben = search.drive(desktop), search.join(phone)
    expect(strip(aisha)).to_contain_text(f"Demonstration · {search.view.code} · You drive")
    link(aisha, "Credits").first.click()
    shows(ben, routes.CREDITS)
    # Ben's page goes where Aisha reads.
    aisha.set_viewport_size({"width": 1280, "height": 300})
    aisha.evaluate("scrollTo(0, 500)")
    expect(ben.locator("#page-title")).not_to_be_in_viewport(ratio=1)
    aisha.set_viewport_size({"width": 1280, "height": 800})
    link(aisha, "Contacts").first.click()
    shows(ben, routes.CONTACTS)
    aisha.goto(FIND)
    expect(named(ben)).to_be_visible()
    named(aisha).press_sequentially("Del")
    expect(named(ben)).to_have_value("Del")
    aisha.go_back()
    shows(ben, routes.CONTACTS)


def test_every_page_says_that_it_is_a_demonstration_and_a_bar_at_the_bottom_stays_free(
    desktop: Page, phone: Page, room: Room
):
    aisha, ben = room.drive(desktop), room.join(phone)
    for page in (aisha, ben):
        for address in (routes.INBOX, routes.TERMS, routes.CONFIRM):
            page.goto(address)
            expect(strip(page)).to_be_visible()
            expect(page).to_have_title(re.compile("^Demonstration · "))
    aisha.goto(routes.DASHBOARD)
    shows(ben, routes.DASHBOARD)
    strip_box, bar = strip(ben).bounding_box(), ben.locator(".tabbar").bounding_box()
    assert strip_box
    assert bar
    assert strip_box["y"] + strip_box["height"] < bar["y"]
    assert strip_box["width"] <= 390
    assert ben.evaluate("document.documentElement.scrollWidth <= innerWidth")
    aisha.emulate_media(media="print")
    expect(aisha.get_by_text("Demonstration", exact=True)).to_be_visible()
    expect(button(aisha, "Room")).to_be_hidden()


def test_an_own_press_is_not_done_but_steps_out_and_one_press_leads_back(desktop: Page, phone: Page, room: Room):
    aisha, ben = room.drive(desktop), room.join(phone)
    ben.locator(".tabbar").get_by_role("link", name="Credits").tap()
    expect(strip(ben)).to_contain_text("You look around")
    assert ben.url.endswith(routes.DASHBOARD)
    expect(ben.get_by_role("heading", level=1)).to_be_visible()
    ben.locator(".tabbar").get_by_role("link", name="Credits").tap()
    shows(ben, routes.CREDITS)
    link(aisha, "Contacts").first.click()
    shows(aisha, routes.CONTACTS)
    button(ben, "Back to Aisha").tap()
    shows(ben, routes.CONTACTS)
    expect(strip(ben)).to_contain_text("Following Aisha")


def test_a_key_steps_out_and_reading_on_does_not(desktop: Page, third: Page, room: Room):
    aisha, ben = room.drive(desktop), room.join(third)
    # Where Tab leads depends on how far the page is, so Enter comes before it.
    for key in ("PageDown", "ArrowUp", "Shift", "Enter", "Tab"):
        ben.keyboard.press(key)
    # What the server does for a key would be done before the next page comes.
    link(aisha, "Contacts").first.click()
    shows(ben, routes.CONTACTS)
    expect(strip(ben)).to_contain_text("Following Aisha")
    ben.keyboard.press("x")
    expect(strip(ben)).to_contain_text("You look around")


def test_what_a_follower_typed_by_themselves_is_gone_when_they_are_back(desktop: Page, third: Page, search: Room):
    aisha, ben = search.drive(desktop, FIND), search.join(third)
    expect(named(ben)).to_be_visible()
    named(aisha).fill("Delgado")
    expect(named(ben)).to_have_value("Delgado")
    named(ben).click()
    expect(strip(ben)).to_contain_text("You look around")
    settled(ben)
    named(ben).fill("Okafor")
    button(ben, "Back to Aisha").click()
    expect(named(ben)).to_have_value("Delgado")
    named(aisha).fill("Delgad")
    expect(named(ben)).to_have_value("Delgad")


def test_the_wheel_is_asked_for_handed_over_and_taken_back(desktop: Page, phone: Page, room: Room):
    aisha, ben = room.drive(desktop), room.join(phone)
    button(ben, "Ask for the wheel").tap()
    expect(strip(aisha)).to_contain_text("Ben asks for the wheel.")
    button(aisha, "Hand over").click()
    expect(strip(ben)).to_contain_text("You drive")
    expect(strip(aisha)).to_contain_text("Following Ben")
    settled(ben)
    ben.locator(".tabbar").get_by_role("link", name="Credits").tap()
    shows(ben, routes.CREDITS)
    shows(aisha, routes.CREDITS)
    button(aisha, "Take the wheel").click()
    expect(strip(aisha)).to_contain_text("You drive")
    expect(strip(ben)).to_contain_text("Following Aisha")
    link(aisha, "Contacts").first.click()
    shows(ben, routes.CONTACTS)


def test_a_letter_is_seen_as_it_is_typed_also_by_whoever_comes_late(
    desktop: Page, phone: Page, third: Page, app_url: str
):
    room = Room(app_url, "money-back")
    aisha, ben = room.drive(desktop, routes.COMPOSE_NEW), room.join(phone)
    letter = aisha.get_by_label("Message", exact=True)
    letter.press_sequentially("Dear Marcus")
    expect(ben.get_by_label("Message", exact=True)).to_have_value("Dear Marcus")
    cleo = room.join(third, "Cleo")
    expect(cleo.get_by_label("Message", exact=True)).to_have_value("Dear Marcus")
    letter.press_sequentially(", hello")
    for page in (ben, cleo):
        expect(page.get_by_label("Message", exact=True)).to_have_value("Dear Marcus, hello")
    room.end()


def test_a_card_never_leaves_the_browser_of_whoever_drives(desktop: Page, phone: Page, app_url: str):
    room = Room(app_url, "buying-credits")
    frames: list[str] = []
    phone.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
    aisha, ben = room.drive(desktop, routes.BUY_CREDITS), room.join(phone)
    button(aisha, "Next").click()
    aisha.wait_for_url("**/credits/payment/*")
    aisha.get_by_label("Card number").wait_for()
    fill_card(aisha)
    ben.get_by_label("Card number").wait_for()
    expect(ben.get_by_label("Card number")).to_have_value("")
    expect(ben.get_by_label("CVV")).to_have_value("")
    assert not [frame for frame in frames if VISA in frame or f'"{CVV}"' in frame]
    room.end()


def test_everybody_is_on_the_same_page_after_reloads_and_after_being_offline(desktop: Page, phone: Page, room: Room):
    aisha, ben = room.drive(desktop, routes.CONTACTS), room.join(phone)
    shows(ben, routes.CONTACTS)
    ben.reload()
    shows(ben, routes.CONTACTS)
    aisha.reload()
    settled(aisha)
    ben.context.set_offline(True)
    link(aisha, "Credits").first.click()
    shows(aisha, routes.CREDITS)
    ben.context.set_offline(False)
    shows(ben, routes.CREDITS)


def test_the_next_step_stands_beside_the_page_of_whoever_drives_and_its_control_is_marked(
    desktop: Page, phone: Page, room: Room
):
    aisha, ben = room.drive(desktop, routes.PROFILE), room.join(phone)
    expect(aisha.get_by_text("Step 1 of 5")).to_be_visible()
    mark = room.view.steps[0].mark
    outline = f"getComputedStyle(document.getElementById('{mark}')).outlineStyle"
    expect(aisha.locator(f"#{mark}")).to_be_visible()
    assert aisha.evaluate(outline) == "dashed"
    expect(ben.get_by_text("Step 1 of 5")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_strip_is_for_everyone(desktop: Page, phone: Page, room: Room, scheme):
    for page in (room.drive(desktop), room.join(phone)):
        page.emulate_media(color_scheme=scheme)
        page.reload()
        settled(page)
        expect(strip(page)).to_be_visible()
        found = Axe().run(page).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


def test_everybody_is_back_on_the_same_step_after_the_server_was_killed(
    desktop: Page,
    phone: Page,
    mortal: MortalServer,
):
    room = Room(mortal.url, "finding-somebody")
    aisha, ben = room.drive(desktop, FIND), room.join(phone)
    expect(named(ben)).to_be_visible()
    named(aisha).fill("Delgado")
    expect(named(ben)).to_have_value("Delgado")
    mortal.kill()
    named(aisha).fill("Delgado M")
    mortal.start()
    expect(named(ben)).to_have_value("Delgado M", timeout=30_000)
    aisha.get_by_role("link", name="Contacts").first.click()
    shows(ben, routes.CONTACTS)
