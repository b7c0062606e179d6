"""A shared tablet: set up, used by two people in turn, and left."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect
from sqlmodel import col, select

from rxconnect import db, routes
from rxconnect.demo.kiosks import CODE, PIN
from rxconnect.domain.accounts import SYSTEM
from rxconnect.models import Contact, Inmate
from rxconnect.services.kiosk import pins
from rxconnect.services.kiosk import sign_ins as kiosk_sign_ins
from tests.e2e.actions import MARCUS, button, cedar_ridge, link, settled
from tests.e2e.test_accessibility import Inspector, inspector  # noqa: F401 - a fixture

PATIENCE = 60_000  # ms
OTHERS_PIN = "90215"


def set_up(page: Page) -> None:
    """Make the page's browser a kiosk with the published code."""
    page.goto(routes.KIOSK)
    page.get_by_label("Code").fill(CODE)
    button(page, "Use this tablet").click()
    expect(page.get_by_text("This tablet is a kiosk now.")).to_be_visible()


def sign_in(page: Page, number: str = MARCUS, pin: str = PIN) -> None:
    page.get_by_label("Your number").fill(number)
    page.get_by_label("PIN", exact=True).fill(pin)
    button(page, "Sign in").click()


def first_pin(number: str) -> str:
    with db.transaction() as session:
        return pins.give_by_number(session, SYSTEM, cedar_ridge(session), number).pin


def somebody_new() -> str:
    """The number of somebody at Cedar Ridge to whom nobody has written."""
    with db.reading() as session:
        known = select(Contact.inmate_id)
        held = select(Inmate.number).where(Inmate.facility_id == cedar_ridge(session), Inmate.custody == "held")
        return session.exec(held.where(col(Inmate.id).not_in(known)).order_by(col(Inmate.id).desc()).limit(1)).one()


def storage(page: Page) -> str:
    return page.evaluate("JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])")


def test_two_people_in_turn_leave_nothing_for_each_other(desktop: Page):
    page = desktop
    set_up(page)
    sign_in(page, pin="2469")
    expect(page.get_by_text("do not belong together")).to_be_visible()
    expect(page.get_by_label("Your number")).to_have_value("")
    sign_in(page)
    settled(page)
    expect(page.get_by_role("heading", name="Your letters")).to_be_visible()
    link(page, "Rosa Delgado").first.click()
    expect(page.get_by_role("heading", name="Rosa Delgado", level=1)).to_be_visible()
    button(page, "Write a reply").click()
    page.get_by_label("Your reply").fill("Tell Lily that I am proud of her.")
    expect(page.locator("[data-saved=true]")).to_be_visible()
    page.get_by_label("Your reply").press_sequentially(" So proud.")
    button(page, "Sign out").click()
    expect(page.get_by_text("Nothing of yours stays on this tablet.")).to_be_visible()

    # Back, reload, storage and cookies have nothing of it, and the words that were typed last were saved.
    for _ in range(4):
        page.go_back()
        expect(page.get_by_label("Your number").or_(page.get_by_label("Code"))).to_be_visible()
        assert "Rosa" not in page.content()
        assert "Lily" not in page.content()
        if page.get_by_label("Code").is_visible():
            break
    page.goto(routes.KIOSK)
    page.reload()
    assert "Rosa" not in page.content() + storage(page)
    assert "Lily" not in storage(page)
    assert kiosk_sign_ins.cookie_name() not in {cookie["name"] for cookie in page.context.cookies()}

    # The next person chooses a PIN of their own first, and sees nothing of the last one.
    other = somebody_new()
    sign_in(page, other, first_pin(other))
    expect(page.get_by_role("heading", name="Choose your own PIN")).to_be_visible()
    page.get_by_label("New PIN").fill(OTHERS_PIN)
    page.get_by_label("The same PIN again").fill(OTHERS_PIN)
    button(page, "Save my PIN").click()
    settled(page)
    expect(page.get_by_text("No letters yet")).to_be_visible()
    assert "Rosa" not in page.content() + storage(page)
    page.goto(routes.KIOSK_NOTICES)
    settled(page)
    assert "Lily" not in page.content()
    button(page, "Sign out").click()
    expect(page.get_by_text("Nothing of yours stays on this tablet.")).to_be_visible()

    # The first one goes on where they stopped.
    sign_in(page)
    settled(page)
    expect(page.get_by_text("Tell Lily that I am proud of her. So proud.")).to_be_visible()


def test_the_kiosks_pages_are_for_everyone(inspector: Inspector):  # noqa: F811
    page = inspector.page
    page.goto(routes.KIOSK)
    inspector.look("the code of a kiosk")
    set_up(page)
    inspector.look("number and PIN")
    sign_in(page, pin="1")
    expect(page.get_by_text("do not belong together")).to_be_visible()
    inspector.look("a wrong PIN")
    sign_in(page)
    settled(page)
    inspector.look("letters")
    link(page, "Rosa Delgado").first.click()
    expect(page.get_by_role("heading", name="Rosa Delgado", level=1)).to_be_visible()
    inspector.look("a conversation")
    button(page, "Write a reply").click()
    expect(page.get_by_label("Your reply")).to_be_visible()
    inspector.look("a reply")
    for name in ("Notices", "People", "Rules"):
        page.get_by_role("navigation", name="Pages").get_by_role("link", name=name).click()
        settled(page)
        inspector.look(name)
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="People").click()
    page.get_by_role("button", name="Block Rosa").click()
    inspector.look("before a block")


def test_an_idle_kiosk_warns_stays_with_one_press_and_then_signs_out_by_itself(
    new_context: Callable[..., BrowserContext], impatient_url: str
):
    page = new_context(base_url=impatient_url).new_page()
    set_up(page)
    sign_in(page)
    settled(page)
    warning = page.get_by_role("dialog", name="Are you still there?")
    expect(warning).to_be_visible()
    expect(button(page, "Stay signed in")).to_be_focused()
    page.keyboard.press("Enter")
    expect(warning).to_be_hidden()
    expect(warning).to_be_visible(timeout=PATIENCE)
    page.wait_for_url(f"**{routes.KIOSK}?done=ended", timeout=PATIENCE)
    expect(page.get_by_text("Your drafts are kept.")).to_be_visible()
    assert "Rosa" not in page.content()
    page.go_back()
    expect(page.get_by_label("Your number").or_(page.get_by_label("Code"))).to_be_visible()
