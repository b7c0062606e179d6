"""A shared tablet: set up, used by two people in turn, and left."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect
from sqlmodel import col, select

from rxconnect import db, routes
from rxconnect.demo.kiosks import CODE, PIN
from rxconnect.domain.accounts import SYSTEM
from rxconnect.models import Contact, Inmate, Message, Photo
from rxconnect.services.kiosk import pins
from rxconnect.services.kiosk import sign_ins as kiosk_sign_ins
from tests.e2e.actions import MARCUS, button, cedar_ridge, link, settled
from tests.e2e.test_accessibility import DESKTOP, Inspector, inspector, tab_reaches_everything  # noqa: F401 - a fixture

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
    other_tab = page.context.new_page()
    other_tab.goto(routes.KIOSK_INBOX)
    settled(other_tab)
    expect(link(other_tab, "Rosa Delgado").first).to_be_visible()
    page.get_by_label("Your reply").press_sequentially(" So proud.")
    button(page, "Sign out").click()
    expect(page.get_by_text("Nothing of yours stays on this tablet.")).to_be_visible()
    # What is open in another tab leaves with its person.
    expect(other_tab.get_by_label("Your number")).to_be_visible()
    assert "Rosa" not in other_tab.content()
    other_tab.close()

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


# Addresses of the kiosk that are no pages. Every other one is looked at below.
NO_PAGES = {routes.KIOSK_SIGN_OUT, routes.KIOSK_PHOTO, routes.KIOSK_KEEP_REPLY}
DOORS = {routes.KIOSK, routes.KIOSK_DEVICE, routes.KIOSK_PIN}
PAGES = {one for name, one in vars(routes).items() if name.isupper() and routes.is_of_kiosk(str(one))} - NO_PAGES


def marcus_own(page: Page) -> dict[str, object]:
    """The ids in the addresses of Marcus's pages, with a reply that he has begun."""
    with db.reading() as session:
        letters = (
            select(Message.id, Message.contact_id)
            .join(Contact, col(Contact.id) == Message.contact_id)
            .join(Inmate, col(Inmate.id) == Contact.inmate_id)
            .join(Photo, col(Photo.message_id) == Message.id)
            .where(Inmate.number == MARCUS, col(Message.status).in_(["delivered", "opened", "replied"]))
        )
        message_id, contact_id = session.exec(letters.limit(1)).one()
    page.goto(routes.fill(routes.KIOSK_THREAD, contact_id))
    settled(page)
    button(page, "Write a reply").click()
    expect(page.get_by_label("Your reply")).to_be_visible()
    draft_id = page.url.rpartition("/")[2]
    return {"contact_id": contact_id, "message_id": message_id, "draft_id": draft_id}


def test_the_kiosks_pages_are_for_everyone(inspector: Inspector):  # noqa: F811
    page, seen = inspector.page, set()

    def look(address: str, where: str = "") -> None:
        inspector.look(where or address)
        page.set_viewport_size(DESKTOP)
        tab_reaches_everything(page)
        seen.add(address)

    page.goto(routes.KIOSK)
    look(routes.KIOSK_DEVICE)
    set_up(page)
    look(routes.KIOSK)
    sign_in(page, pin="1")
    expect(page.get_by_text("do not belong together")).to_be_visible()
    look(routes.KIOSK, "a wrong PIN")
    other = somebody_new()
    sign_in(page, other, first_pin(other))
    expect(page.get_by_role("heading", name="Choose your own PIN")).to_be_visible()
    look(routes.KIOSK_PIN)
    page.get_by_label("New PIN").fill("1234")
    button(page, "Save my PIN").click()
    expect(page.get_by_label("New PIN")).to_have_attribute("aria-invalid", "true")
    look(routes.KIOSK_PIN, "a PIN that is easy to guess")
    page.get_by_label("New PIN").fill(OTHERS_PIN)
    page.get_by_label("The same PIN again").fill(OTHERS_PIN)
    page.keyboard.press("Enter")
    settled(page)
    expect(page.get_by_text("No letters yet")).to_be_visible()
    look(routes.KIOSK_INBOX, "no letters")
    button(page, "Sign out").press("Enter")
    expect(page.get_by_text("Nothing of yours stays on this tablet.")).to_be_visible()
    sign_in(page)
    settled(page)
    ids = marcus_own(page)
    for address in sorted(PAGES - DOORS):
        parts = [ids[part] for part in re.findall(r"\[(\w+)\]", address)]
        page.goto(routes.fill(address, *parts) if parts else address)
        settled(page)
        look(address)
    assert seen == PAGES
    page.goto(routes.KIOSK_SENDERS)
    settled(page)
    page.get_by_role("button", name="Block Rosa").click()
    inspector.look("before a block")
    page.evaluate("document.querySelector('dialog[aria-labelledby=idle-title]').showModal()")
    inspector.look("the warning before an idle kiosk signs out")
    for _ in range(3):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement.closest('dialog') !== null || document.activeElement === document.body"
        )
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Are you still there?")).to_be_hidden()


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
