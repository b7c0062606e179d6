"""No connection: what is pressed is refused at once and never done later, and every page that one sees is our own."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, WebSocketRoute, expect

from rxconnect import routes
from tests.e2e.actions import button, enter, new_draft, new_purchase, new_writer, receipts_of, visit

NOTHING_DONE = "so nothing was sent and nothing was charged"


def lose_connection(page: Page) -> None:
    page.context.set_offline(True)
    expect(page.get_by_text("The connection was lost.")).to_be_visible()


def find_connection(page: Page) -> None:
    """Back again, and until nothing that had waited could still be on its way."""
    page.context.set_offline(False)
    expect(page.locator(".offline")).to_have_text(
        "The connection is back. What you pressed was not sent, so please press it again."
    )
    page.wait_for_timeout(1000)


def until_kept(page: Page) -> None:
    """Wait until the service worker has the page that it shows without a connection."""
    # Playwright's own way of waiting for a function does not work under our policy.
    while not page.evaluate("Boolean(navigator.serviceWorker.controller)"):
        page.wait_for_timeout(100)


def test_send_is_refused_at_once_and_never_done_by_itself(desktop: Page, app_url: str):
    writer = new_writer(credits=5)
    enter(desktop, app_url, writer)
    visit(desktop, routes.fill(routes.SEND, new_draft(writer, "From the train", "See you on Sunday.")))
    desktop.get_by_role("checkbox").check()
    expect(button(desktop, "Send")).to_be_enabled()
    lose_connection(desktop)
    button(desktop, "Send").click()
    expect(desktop.get_by_role("status").filter(has_text=NOTHING_DONE)).to_be_visible()
    find_connection(desktop)
    assert desktop.url.endswith("/send")
    # Whether the tick is still there depends on whether the socket outlived the gap.
    desktop.get_by_role("checkbox").check()
    button(desktop, "Send").click()
    expect(desktop.get_by_text("Your message is on its way.")).to_be_visible()


def test_submit_charges_nothing_later(desktop: Page, app_url: str):
    buyer = new_writer()
    enter(desktop, app_url, buyer)
    visit(desktop, routes.fill(routes.REVIEW, new_purchase(buyer, with_card=True)))
    lose_connection(desktop)
    button(desktop, "Submit").click()
    expect(desktop.get_by_role("status").filter(has_text=NOTHING_DONE)).to_be_visible()
    find_connection(desktop)
    assert receipts_of(buyer) == 0


def test_a_press_of_which_nobody_knows_whether_it_arrived_is_not_called_unsent(desktop: Page, app_url: str):
    buyer = new_writer()
    is_silent: list[bool] = []

    def lose(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda message: None if is_silent else server.send(message))

    desktop.route_web_socket(re.compile("/_event/"), lose)
    enter(desktop, app_url, buyer)
    visit(desktop, routes.fill(routes.REVIEW, new_purchase(buyer, with_card=True)))
    is_silent.append(True)
    button(desktop, "Submit").click()
    expect(desktop.get_by_text("The connection was lost.")).to_be_visible()
    button(desktop, "Submit").click()
    expect(desktop.get_by_text("What you pressed before it may have reached us.")).to_be_visible()
    expect(desktop.get_by_text(NOTHING_DONE)).to_have_count(0)


def test_continue_of_a_letter_and_of_a_card_stay_where_they_are(desktop: Page, app_url: str):
    writer = new_writer()
    enter(desktop, app_url, writer)
    for address, name in (
        (routes.fill(routes.COMPOSE, new_draft(writer, "A subject", "A letter.")), "Continue"),
        (routes.fill(routes.PAYMENT, new_purchase(writer)), "Continue"),
    ):
        visit(desktop, address)
        lose_connection(desktop)
        button(desktop, name).click()
        expect(desktop.get_by_role("status").filter(has_text=NOTHING_DONE)).to_be_visible()
        find_connection(desktop)
        assert desktop.url.endswith(address)


def test_a_link_leads_to_our_own_page_and_on_when_the_connection_is_back(phone: Page, app_url: str):
    enter(phone, app_url, new_writer("Nina Okafor"))
    visit(phone, routes.DASHBOARD)
    until_kept(phone)
    lose_connection(phone)
    phone.get_by_role("link", name="Credits").last.click()
    expect(phone.get_by_role("heading", name="No connection")).to_be_visible()
    assert phone.url.endswith(routes.CREDITS)
    assert not Axe().run(phone).response["violations"]
    button(phone, "Try again").click()
    expect(phone.get_by_text("There is still no connection.")).to_be_visible()
    phone.context.set_offline(False)
    expect(phone.get_by_role("heading", name="Credits", exact=True)).to_be_visible()


def test_a_form_of_the_door_says_so_and_keeps_what_was_typed_and_a_reload_shows_our_own_page(desktop: Page):
    desktop.goto(routes.SIGN_IN)
    until_kept(desktop)
    desktop.get_by_label("Password", exact=True).fill("typed in a tunnel")
    desktop.context.set_offline(True)
    button(desktop, "Sign in").click()
    expect(desktop.get_by_text("No answer came from us")).to_be_visible()
    expect(desktop.get_by_label("Password", exact=True)).to_have_value("typed in a tunnel")
    desktop.reload()
    expect(desktop.get_by_role("heading", name="No connection")).to_be_visible()
    desktop.context.set_offline(False)
    expect(desktop.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_browser_keeps_nothing_of_a_persons_pages(desktop: Page, app_url: str):
    enter(desktop, app_url, new_writer("Nina Okafor"))
    visit(desktop, routes.DASHBOARD)
    until_kept(desktop)
    for address in (routes.PROFILE, routes.INBOX, routes.CONTACTS):
        visit(desktop, address)
    kept = desktop.evaluate(
        """async () => {
          const names = await caches.keys();
          const found = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map(({url}) => url)));
          return found.flat().map((url) => new URL(url).pathname);
        }"""
    )
    stylesheets = [path for path in kept if path.startswith("/assets/") and path.endswith(".css")]
    assert sorted(kept) == sorted(["/offline.html", "/offline.js", "/favicon.svg", *stylesheets])
    assert len(stylesheets) == 1


def test_rxconnect_can_be_put_on_the_home_screen(desktop: Page):
    desktop.goto(routes.SIGN_IN)
    manifest = desktop.request.get(desktop.locator("link[rel=manifest]").get_attribute("href") or "").json()
    assert (manifest["display"], manifest["start_url"]) == ("standalone", routes.DASHBOARD)
    for icon in manifest["icons"]:
        picture = desktop.request.get(icon["src"])
        assert picture.headers["content-type"] == "image/png"
        assert icon["sizes"] == "{}x{}".format(*(int.from_bytes(picture.body()[at : at + 4]) for at in (16, 20)))
