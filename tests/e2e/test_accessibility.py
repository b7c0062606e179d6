"""Every page for everyone: axe finds nothing, a keyboard reaches everything, nothing is too wide or too small to touch."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from rxconnect import db, routes
from rxconnect.config import DEMO_PASSWORD
from rxconnect.domain.receipts import Filter, MovementKind
from rxconnect.payments.published import BY_NAME
from rxconnect.services.books import receipt_history
from rxconnect.services.leaving import closings
from rxconnect.services.messages import messages
from tests.e2e.actions import (
    CEDAR_RIDGE,
    ROSA,
    Person,
    button,
    enter,
    fill_card,
    link,
    new_draft,
    new_family,
    new_purchase,
    new_writer,
    person,
    submit_sign_in,
    visit,
)
from tests.e2e.large_text import problems_of_large_text, problems_of_structure, small_targets

WIDTHS = (320, 390, 768, 1280, 1600)
# Every rule in the light, and that a label begins with the words that it stands for, as one says them aloud to press it; in the
# dark nothing else than the contrast can differ.
SCHEMES: dict[Literal["light", "dark"], dict[str, object]] = {
    "light": {"rules": {"label-content-name-mismatch": {"enabled": True}}},
    "dark": {"runOnly": "color-contrast"},
}
LONG_LETTER = "Word and word.\n" * 500
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}

OPEN = (
    routes.SIGN_IN,
    routes.SIGN_UP,
    routes.FORGOT_PASSWORD,
    f"{routes.RESET_PASSWORD}?token=none",
    f"{routes.VERIFY_EMAIL}?token=none",
    routes.EMAIL_CONFIRMED,
    f"{routes.SIGN_IN}?done=signed-out",
    f"{routes.CONFIRM_EMAIL}?token=none",
    f"{routes.EMAIL_CHANGED}?done=asked",
    routes.TERMS,
    routes.HELP,
    *(value for name, value in vars(routes).items() if name.startswith("HELP_")),
    routes.FACILITIES,
    routes.fill(routes.FACILITY, CEDAR_RIDGE),
    routes.OUTBOX,
    "/nowhere",
)
# With nothing in them for someone new, and full for Rosa.
COMMON = (
    routes.DASHBOARD,
    routes.FIND_FACILITY,
    routes.CREDITS,
    routes.BUY_CREDITS,
    routes.RECEIPTS,
    routes.INBOX,
    routes.DRAFTS,
    routes.COMPOSE_NEW,
    routes.CONTACTS,
    routes.CARDS,
    routes.PROFILE,
    routes.NOTICES,
    routes.CHANGE_PASSWORD,
    routes.CHANGE_EMAIL,
    routes.CLOSE_ACCOUNT,
    f"{routes.CONFIRM}?next=/profile",
)


@cache
def rosa() -> Person:
    """The returning user, asked for once."""
    return person(ROSA)


def rosas_own() -> list[str]:
    """The pages of Rosa's that have a part of their address to themselves."""
    actor = rosa().actor
    threads = db.read(messages.threads, actor)
    letters = db.read(messages.thread, actor, threads[0].contact_id)
    draft_id = new_draft(rosa(), "Lily’s ride", "She did it.")
    (receipt, *_) = db.read(receipt_history.movements, actor, Filter(kind=MovementKind.PURCHASE))
    return [
        routes.fill(routes.THREAD, threads[0].contact_id),
        *(routes.fill(routes.MESSAGE, letter.id) for letter in one_of_each_status(letters)),
        routes.fill(routes.COMPOSE, draft_id),
        routes.fill(routes.SEND, draft_id),
        routes.fill(routes.RECEIPT, receipt.number),
        routes.fill(routes.STATEMENT, receipt.local.year),
        routes.fill(routes.PAYMENT, new_purchase(rosa())),
        routes.fill(routes.REVIEW, new_purchase(rosa(), with_card=True)),
        routes.fill(routes.MESSAGE, 0),
    ]


def one_of_each_status(letters: list) -> list:
    return list({letter.status_label: letter for letter in letters}.values())


class Inspector:
    """Looks at a page in both colours and at all widths, and remembers what is wrong."""

    def __init__(self, page: Page):
        self.page = page
        self.found: list[str] = []

    def look(self, where: str) -> None:
        """Look at the page as it stands."""
        self.page.evaluate(Axe().axe_script)
        # A colour that is still fading into the other scheme is nobody's contrast.
        self.page.add_style_tag(content="* { transition: none !important; animation: none !important }")
        for size in (DESKTOP, PHONE):
            self.page.set_viewport_size(size)
            for scheme, rules in SCHEMES.items():
                self.page.emulate_media(color_scheme=scheme)
                expect(self.page.locator("html")).to_have_class(re.compile(scheme))
                self._axe(f"{where}, {scheme}, {size['width']} px", rules)
        wrong = small_targets(self.page) + problems_of_structure(self.page) + problems_of_large_text(self.page)
        self.found += [f"{where}: {one}" for one in wrong]
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 800})
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if wide > 0:
                self.found.append(f"{where}: {wide} px too wide at {width} px")
            self.found += [f"{where}: {burst} at {width} px" for burst in self.page.evaluate(BURST_BOXES)]

    def _axe(self, where: str, rules: dict[str, str]) -> None:
        for violation in self.page.evaluate("rules => axe.run({resultTypes: ['violations'], ...rules})", rules)[
            "violations"
        ]:
            nodes = "; ".join(" ".join(map(str, node["target"])) for node in violation["nodes"][:3])
            self.found.append(f"{where}: {violation['id']} ({violation['help']}): {nodes}")


# Boxes whose content runs over their edge; what scrolls within its box, or is for ears only, may.
BURST_BOXES = """
() => [...document.querySelectorAll(".card, .demo-box, .segments, .tabbar a")]
  .filter((one) => one.scrollWidth > one.clientWidth)
  .map((one) => `${one.className || one.innerText} is ${one.scrollWidth - one.clientWidth} px too narrow for its content`)
"""


# Numbers what Tab should reach, in the order of the page, and answers how many there are.
REACHABLE = """
() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter((one) => one.checkVisibility() && one.getClientRects().length && !one.disabled && one.tabIndex >= 0)
  .map((one, place) => one.dataset.place = place).length
"""


@pytest.fixture
def inspector(new_context: Callable[..., BrowserContext], app_url: str) -> Iterator[Inspector]:
    """A page whose findings fail the test, all at once."""
    inspector = Inspector(new_context(base_url=app_url, bypass_csp=True).new_page())
    yield inspector
    assert not inspector.found, "\n".join(inspector.found)


@pytest.mark.parametrize("address", OPEN)
def test_pages_before_signing_in(inspector: Inspector, address: str):
    visit(inspector.page, address)
    inspector.look(address)


def test_pages_with_nothing_in_them_yet(inspector: Inspector, app_url: str):
    enter(inspector.page, app_url, new_family())
    for address in COMMON:
        visit(inspector.page, address)
        inspector.look(address)


def test_pages_full_of_a_years_letters(inspector: Inspector, app_url: str):
    enter(inspector.page, app_url, rosa())
    for address in COMMON:
        visit(inspector.page, address)
        inspector.look(address)


def test_letters_and_purchases(inspector: Inspector, app_url: str):
    enter(inspector.page, app_url, rosa())
    for address in rosas_own():
        visit(inspector.page, address)
        inspector.look(address)


def test_the_question_before_a_closed_account_opens_again(inspector: Inspector):
    family = new_family()
    closings.close_account(family.actor, DEMO_PASSWORD)
    inspector.page.goto(routes.SIGN_IN)
    submit_sign_in(inspector.page, family.email)
    expect(inspector.page).to_have_url(re.compile(routes.REOPEN))
    inspector.look("a closed account")


def test_the_steps_to_find_someone(inspector: Inspector, app_url: str):
    enter(inspector.page, app_url, new_writer())
    visit(inspector.page, routes.START)
    inspector.look("my locations")
    button(inspector.page, "Choose Cedar Ridge Correctional Center").click()
    inspector.page.get_by_role("button", name="Search", exact=True).click()
    expect(inspector.page.get_by_role("alert").filter(has_text="Type at least")).to_be_visible()
    inspector.look("too little to search for")
    inspector.page.get_by_label("Last name").fill("delgado")
    expect(button(inspector.page, "Select Marcus Delgado, 20418873")).to_be_visible()
    inspector.look("matches")
    inspector.page.get_by_role("radio", name="Everywhere").check()
    expect(inspector.page.get_by_label("State")).to_be_visible()
    inspector.look("matches everywhere")
    inspector.page.get_by_role("radio", name="At Cedar Ridge").check()
    expect(inspector.page.get_by_label("State")).to_be_hidden()
    button(inspector.page, "Select Marcus Delgado, 20418873").click()
    expect(link(inspector.page, "Go to inbox")).to_be_visible()
    inspector.look("added")
    visit(inspector.page, f"{routes.PROFILE}?for=find")
    inspector.page.get_by_label("Find a facility").fill("harbor")
    expect(button(inspector.page, "Add Harbor County Jail")).to_be_visible()
    inspector.look("facilities found")


def test_forms_that_say_what_is_wrong(inspector: Inspector, app_url: str):
    page = inspector.page
    page.goto(routes.SIGN_IN)
    submit_sign_in(page, "nobody@example.org", "not the password")
    inspector.look("wrong password")
    writer = new_writer()
    enter(page, app_url, writer)
    visit(page, routes.fill(routes.PAYMENT, new_purchase(writer)))
    fill_card(page, number="4242", zip_code="")
    button(page, "Continue").click()
    expect(page.get_by_label("Card number")).to_have_attribute("aria-invalid", "true")
    inspector.look("a wrong card")
    visit(page, routes.fill(routes.COMPOSE, new_draft(writer)))
    button(page, "Continue").click()
    expect(page.get_by_label("Message", exact=True)).to_have_attribute("aria-invalid", "true")
    inspector.look("an empty letter")
    writer = new_writer(credits=20)
    enter(page, app_url, writer)
    visit(page, routes.fill(routes.COMPOSE, new_draft(writer, "Long", LONG_LETTER)))
    button(page, "Continue").click()
    expect(page.get_by_label("Message", exact=True)).to_have_attribute("aria-invalid", "true")
    inspector.look("a letter that is too long")
    visit(page, routes.fill(routes.SEND, new_draft(writer, "Terms", "Not accepted yet.")))
    press_send(page)
    expect(page.get_by_role("checkbox", name="I accept")).to_have_attribute("aria-invalid", "true")
    inspector.look("terms that are not accepted")


def test_what_is_to_be_mended_comes_into_sight_on_a_phone_and_has_the_focus(phone: Page, app_url: str):
    writer = new_writer(credits=20)
    enter(phone, app_url, writer)
    too_long = phone.get_by_role("alert").filter(has_text="over the limit of 6,000")
    for subject, field in (("s" * 300, "Subject (optional)"), ("Long", "Message")):
        visit(phone, routes.fill(routes.COMPOSE, new_draft(writer, subject, LONG_LETTER)))
        button(phone, "Continue").click()
        expect(phone.get_by_label(field, exact=True)).to_be_focused()
        expect(phone.get_by_label(field, exact=True)).to_be_in_viewport()
        expect(too_long).to_be_in_viewport(ratio=1)
    visit(phone, routes.fill(routes.SEND, new_draft(writer, "Terms", LONG_LETTER[:6_000])))
    press_send(phone)
    terms = phone.get_by_role("checkbox", name="I accept")
    expect(terms).to_be_focused()
    expect(terms).to_have_accessible_description("Please accept the Terms and Conditions before sending.")
    expect(phone.get_by_role("alert").filter(has_text="accept the Terms")).to_be_in_viewport(ratio=1)


def press_send(page: Page) -> None:
    """Press Send although it says that it is not time yet, as somebody who overlooks the terms does."""
    button(page, "Send").click(force=True)


def test_a_stored_card_and_its_correction(inspector: Inspector, app_url: str):
    enter(inspector.page, app_url, rosa())
    visit(inspector.page, routes.fill(routes.PAYMENT, new_purchase(rosa())))
    button(inspector.page, "Edit").first.click()
    inspector.page.get_by_label("Expiry").fill("13/99")
    button(inspector.page, "Save").click()
    expect(inspector.page.get_by_label("Expiry")).to_have_attribute("aria-invalid", "true")
    inspector.look("editing a card")


def test_a_refund_a_removal_and_auto_reload(inspector: Inspector, app_url: str):
    writer, page = new_writer(credits=20), inspector.page
    enter(page, app_url, writer)
    visit(page, routes.CREDITS)
    button(page, "Refund credits").click()
    expect(button(page, "Refund $5.00")).to_be_visible()
    inspector.look("a refund")
    page.get_by_label("Credits to refund").fill("21")
    expect(page.get_by_label("Credits to refund")).to_have_attribute("aria-invalid", "true")
    inspector.look("too much to refund")
    page.get_by_label("Credits to refund").fill("1")
    button(page, "Refund $0.25").click()
    expect(page.get_by_role("list", name="Refunds")).to_be_visible()
    inspector.look("refunded")
    link(page, "Auto-reload").click()
    expect(link(page, "Add a card")).to_be_visible()
    inspector.look("auto-reload without a card")
    link(page, "Add a card").click()
    fill_card(page)
    button(page, "Add card").click()
    button(page, "Remove Visa ending 4242").click()
    expect(button(page, "Remove this card")).to_be_visible()
    inspector.look("removing a card")
    page.go_back()
    page.get_by_label("Monthly limit in dollars").fill("1")
    expect(page.get_by_text("no more than $1.00")).to_be_visible()
    button(page, "Turn on").click()
    expect(page.get_by_label("Monthly limit in dollars")).to_have_attribute("aria-invalid", "true")
    inspector.look("auto-reload with a mistake")
    page.get_by_label("Monthly limit in dollars").fill("10")
    expect(page.get_by_text("no more than $10.00")).to_be_visible()
    button(page, "Turn on").click()
    expect(button(page, "Turn off")).to_be_visible()
    inspector.look("auto-reload")


def test_a_bank_that_asks_for_the_buyer(inspector: Inspector, app_url: str):
    writer, page = new_writer(), inspector.page
    enter(page, app_url, writer)
    visit(page, routes.fill(routes.PAYMENT, new_purchase(writer)))
    fill_card(page, BY_NAME["asks"].number)
    button(page, "Continue").click()
    button(page, "Submit").click()
    expect(link(page, "Go to your bank")).to_be_visible()
    inspector.look("a bank that asks")
    button(page, "I have answered my bank").click()
    expect(page.get_by_text("Your bank has not heard from you yet.")).to_be_visible()
    inspector.look("a bank that waits")


@pytest.mark.parametrize("address", [routes.DASHBOARD, routes.PROFILE, routes.INBOX, routes.FIND_FACILITY])
def test_tab_reaches_everything_in_the_order_of_reading(desktop: Page, app_url: str, address: str):
    enter(desktop, app_url, rosa())
    visit(desktop, address)
    tab_reaches_everything(desktop)


def tab_reaches_everything(page: Page) -> None:
    """Press Tab until everything on the page was reached, in the order of reading."""
    # Tab begins where the focus was last, so that is to be the page itself.
    page.evaluate("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')")
    expected = page.evaluate(REACHABLE)
    reached = []
    for _ in range(expected):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("Number(document.activeElement.dataset.place ?? -1)"))
    assert reached == sorted(reached)
    assert len(set(reached)) == expected


def test_the_skip_link_leads_past_the_menu(desktop: Page, app_url: str):
    enter(desktop, app_url, rosa())
    visit(desktop, routes.CONTACTS)
    desktop.keyboard.press("Tab")
    expect(link(desktop, "Skip to the page")).to_be_focused()
    expect(link(desktop, "Skip to the page")).to_be_in_viewport()
    desktop.keyboard.press("Enter")
    desktop.keyboard.press("Tab")
    expect(desktop.get_by_role("main").get_by_role("link").first).to_be_focused()


def test_a_new_page_inside_the_app_takes_the_focus_to_its_heading(desktop: Page, app_url: str):
    enter(desktop, app_url, rosa())
    visit(desktop, routes.DASHBOARD)
    for name, heading in (("Contacts", "Contacts"), ("Receipts", "Receipts"), ("Messaging", "Messaging")):
        desktop.get_by_role("navigation", name="My Services").get_by_role("link", name=name).press("Enter")
        expect(desktop.get_by_role("heading", name=heading, level=1)).to_be_focused()


def test_a_letter_is_bought_for_written_and_sent_with_the_keyboard_alone(desktop: Page, app_url: str):
    writer = new_writer()
    enter(desktop, app_url, writer)
    visit(desktop, routes.BUY_CREDITS)
    desktop.get_by_label("Message credits").focus()
    desktop.keyboard.press("ControlOrMeta+a")
    desktop.keyboard.type("15")
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("main")).to_contain_text("15 at 25 ¢")

    fill_card(desktop)
    desktop.keyboard.press("Enter")
    button(desktop, "Submit").press("Enter")
    button(desktop, "Write a message").press("Enter")
    desktop.get_by_label("Message", exact=True).focus()
    desktop.keyboard.type("Typed without a mouse.")
    desktop.get_by_label("Subject").focus()
    desktop.keyboard.type("Keys")
    desktop.keyboard.press("Enter")
    desktop.get_by_role("checkbox", name="I accept").press("Space")
    button(desktop, "Send").press("Enter")
    expect(desktop.get_by_role("heading", name="Keys", level=1)).to_be_visible()
