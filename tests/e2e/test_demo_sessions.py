"""A demo session in real browsers, from its form to its summary: a trainer on a desk, guests on their phones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from rxconnect import db, routes
from rxconnect.demo import seats, sessions, templates, views
from rxconnect.services.accounts import sign_ins
from tests.e2e.actions import button, link, settled
from tests.e2e.test_accessibility import Inspector, inspector  # noqa: F401 - a fixture

CODE = re.compile(r"[A-Z]+-\d{3}")


@pytest.fixture(autouse=True)
def _warm(_same_database: None) -> None:
    """Make the template first, so that the first test does not wait for the job that makes it."""
    templates.get_or_make_template()


@pytest.fixture
def aisha(desktop: Page) -> Iterator[Page]:
    """The trainer's page, in the room of a session that she has started with the form."""
    desktop.goto(routes.DEMO)
    desktop.get_by_label("Your name").fill("Aisha")
    button(desktop, "Start the session").click()
    desktop.wait_for_url(f"**{routes.DEMO_ROOM}")
    expect(desktop.get_by_text("Join with this code")).to_be_visible()
    settled(desktop)
    yield desktop
    end(desktop)


def end(page: Page) -> None:
    """End the session of this browser's seat, if there is one."""
    token = next((one["value"] for one in page.context.cookies() if one["name"] == "rxconnect-seat"), "")
    if seat := seats.find(sign_ins.seat_hash(token)):
        db.write(sessions.end, seat)


def code_of(page: Page) -> str:
    """The code that the room shows."""
    return page.locator("#code").inner_text()


def join(page: Page, code: str, name: str = "Ben", seat: str = "Family") -> Page:
    page.goto(f"{routes.DEMO_JOIN}?code={code}")
    page.get_by_label("Your name").fill(name)
    page.get_by_role("radio", name=seat).check()
    button(page, "Join").click()
    page.wait_for_url(f"**{routes.DEMO_ROOM}")
    settled(page)
    return page


def person(page: Page, name: str):
    """A person's line in the list of people."""
    return page.locator(".people li").filter(has_text=name)


def test_a_trainer_starts_looks_after_and_ends_a_room_of_two(aisha: Page, phone: Page):
    ben = join(phone, code_of(aisha))
    expect(person(aisha, "Ben")).to_contain_text("Family · following")
    expect(aisha.get_by_text("2 people")).to_be_visible()

    button(ben, "Ask for the wheel").tap()
    expect(ben.get_by_text("You have asked for the wheel.")).to_be_visible()
    expect(person(aisha, "Ben")).to_contain_text("Asks for the wheel")
    button(person(aisha, "Ben"), "Hand over: Ben").click()
    expect(person(aisha, "Ben")).to_contain_text("Drives")
    expect(ben.get_by_text("You drive.")).to_be_visible()
    button(aisha, "Take back").click()
    expect(person(aisha, "Aisha")).to_contain_text("Drives")
    expect(ben.get_by_text("Aisha drives.")).to_be_visible()

    button(aisha, "Pause").click()
    expect(ben.get_by_text("Paused")).to_be_visible()
    button(aisha, "Go on").click()
    expect(ben.get_by_text("Paused")).to_be_hidden()

    aisha.get_by_label("A question for later").fill("What does it cost in Texas?")
    button(aisha, "Note it").click()
    expect(aisha.get_by_role("listitem").filter(has_text="Texas")).to_be_visible()
    expect(aisha.get_by_label("A question for later")).to_have_value("")

    aisha.get_by_label("Requirements, one a line").fill("1. Letters say where they are\n2. Runs in our own house")
    button(aisha, "Add the list").click()
    button(aisha, "Shown: Letters say where they are").click()
    expect(aisha.get_by_text("Minute 1")).to_be_visible()
    expect(aisha.get_by_text("1 of 2 shown")).to_be_visible()
    expect(ben.get_by_text("Letters say where they are")).to_have_count(0)

    aisha.get_by_role("button", name="End", exact=True).click()
    button(aisha, "End the session").click()
    aisha.wait_for_url("**/demo/summary/*")
    expect(aisha.get_by_text("What does it cost in Texas?")).to_be_visible()
    expect(aisha.get_by_text("2 people")).to_be_visible()
    address = link(aisha, "Download as PDF").get_attribute("href")
    assert aisha.request.get(address).headers["content-type"] == "application/pdf"
    expect(aisha.get_by_text("Shown at minute 1")).to_be_visible()
    expect(aisha.get_by_text("Not shown")).to_be_visible()
    with aisha.expect_download() as download:
        link(aisha, "Download the file").click()
    ben.wait_for_url(f"**{routes.DEMO_OVER}")
    button(ben, "Go on to RxConnect").tap()
    ben.wait_for_url(f"**{routes.SIGN_IN}")
    # Somebody else, to whom the summary was forwarded.
    ben.goto(aisha.url)
    expect(link(ben, "Download as PDF")).to_be_visible()
    expect(link(ben, "Download the file")).to_have_count(0)

    aisha.goto(routes.DEMO)
    link(aisha, "Open a session that you took with you").click()
    aisha.get_by_label("Your file").set_input_files(download.value.path())
    aisha.get_by_label("Your name").fill("Nina")
    button(aisha, "Open the session").click()
    aisha.wait_for_url(f"**{routes.DEMO_ROOM}")
    expect(person(aisha, "Nina")).to_contain_text("Drives")
    expect(aisha.get_by_text("1 person")).to_be_visible()


def test_somebody_who_is_removed_is_told_so_and_stays_out_of_a_locked_room(aisha: Page, phone: Page):
    code = code_of(aisha)
    ben = join(phone, code)
    button(aisha, "Lock").click()
    expect(aisha.get_by_text("Locked")).to_be_visible()
    person(aisha, "Ben").get_by_role("button", name="Remove", exact=True).click()
    button(person(aisha, "Ben"), "Remove them").click()
    expect(person(aisha, "Ben")).to_have_count(0)
    ben.wait_for_url(f"**{routes.DEMO_OVER}")
    expect(ben.get_by_text("You were removed from the session.")).to_be_visible()
    expect(button(ben, "Read the summary")).to_be_hidden()
    ben.goto(routes.DASHBOARD)
    ben.wait_for_url(f"**{routes.DEMO_OVER}")
    button(ben, "Join another session").tap()
    ben.get_by_label("Code of the session").fill(code)
    ben.get_by_label("Your name").fill("Ben")
    button(ben, "Join").tap()
    expect(ben.get_by_text("The trainer has locked this session")).to_be_visible()


def test_the_scenario_goes_on_in_the_room_and_back_to_before_a_step(aisha: Page):
    steps = aisha.locator(".script > li")
    expect(steps).to_have_count(5)
    expect(steps.first).to_have_attribute("aria-current", "step")
    link(aisha, "Go to the product").click()
    aisha.wait_for_url(f"**{routes.DASHBOARD}")
    expect(aisha.get_by_role("heading", level=1)).to_contain_text("Sam")


def test_without_any_script_one_can_start_join_and_leave(new_context: Callable[..., BrowserContext], app_url: str):
    trainer, ben = (new_context(base_url=app_url, java_script_enabled=False).new_page() for _ in range(2))
    trainer.goto(routes.DEMO)
    trainer.get_by_label("Your name").fill("Aisha")
    button(trainer, "Start the session").click()
    trainer.wait_for_url(f"**{routes.DEMO_ROOM}")
    token = next(one["value"] for one in trainer.context.cookies() if one["name"] == "rxconnect-seat")
    seat = seats.find(sign_ins.seat_hash(token))
    assert seat
    view = db.read(views.view, seat)
    ben.goto(routes.DEMO)
    ben.get_by_label("Code of the session").fill(view.code)
    button(ben, "Join").click()
    expect(ben.get_by_label("Code of the session")).to_have_value(view.code)
    ben.get_by_label("Your name").fill("Ben")
    button(ben, "Join").click()
    ben.wait_for_url(f"**{routes.DEMO_ROOM}")
    assert [one.name for one in db.read(views.view, seat).people] == ["Aisha", "Ben"]
    end(trainer)


def test_one_session_too_many_is_refused_with_when_to_try_again(
    new_context: Callable[..., BrowserContext], app_url: str
):
    pages = [new_context(base_url=app_url).new_page() for _ in range(4)]
    for page in pages:
        page.goto(routes.DEMO)
        page.get_by_label("Your name").fill("Aisha")
        button(page, "Start the session").click()
    expect(pages[-1].get_by_text("You have 3 demo sessions open.")).to_be_visible()
    expect(pages[-1].get_by_label("Your name")).to_have_value("Aisha")
    for page in pages[:-1]:
        end(page)


def test_a_scenario_of_ones_own_that_cannot_be_read_is_shown_again_with_its_line(desktop: Page):
    desktop.goto(routes.DEMO)
    settled(desktop)
    text = desktop.get_by_label("Text of your scenario")
    expect(text).to_be_hidden()
    desktop.get_by_role("radio", name="Your own").check(force=True)
    text.fill('title = "Our evening"\nabout = 7\n')
    desktop.get_by_label("Your name").fill("Aisha")
    button(desktop, "Start the session").click()
    expect(desktop.get_by_text("Line 2:")).to_be_visible()
    settled(desktop)
    expect(desktop.get_by_role("radio", name="Your own")).to_be_checked()
    expect(text).to_have_value('title = "Our evening"\nabout = 7\n')


def test_the_keyboard_alone_starts_a_session_and_hands_over(aisha: Page, phone: Page):
    join(phone, code_of(aisha))
    give = button(person(aisha, "Ben"), "Hand over: Ben")
    expect(give).to_be_visible()
    for _ in range(60):
        aisha.keyboard.press("Tab")
        if give.evaluate("one => one === document.activeElement"):
            break
    aisha.keyboard.press("Enter")
    expect(person(aisha, "Ben")).to_contain_text("Drives")


def test_the_pages_are_for_everyone(inspector: Inspector, aisha: Page, phone: Page):  # noqa: F811
    page = inspector.page
    for address in (routes.DEMO, routes.DEMO_OPEN, routes.DEMO_JOIN, routes.DEMO_OVER):
        page.goto(address)
        settled(page)
        inspector.look(address)
    ben = join(phone, code_of(aisha))
    button(ben, "Ask for the wheel").tap()
    # Both rooms have changed by then, and do not change under the inspection.
    for room in (aisha, ben):
        expect(person(room, "Ben")).to_contain_text("Asks for the wheel")
    for of, who in ((aisha, "the trainer's room"), (ben, "a guest's room")):
        page.context.add_cookies([one for one in of.context.cookies() if one["name"] == "rxconnect-seat"])
        page.goto(routes.DEMO_ROOM)
        expect(page.locator("#code")).to_be_visible()
        settled(page)
        inspector.look(who)
    page.context.clear_cookies()
    aisha.get_by_role("button", name="End", exact=True).click()
    button(aisha, "End the session").click()
    aisha.wait_for_url("**/demo/summary/*")
    # The inspector sat in the room too, and is led out of it.
    page.wait_for_url(f"**{routes.DEMO_OVER}")
    page.goto(aisha.url)
    settled(page)
    inspector.look("the summary")
