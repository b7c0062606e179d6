"""What a page does before its scripts are there: forms work, the socket opens; and which scripts come early."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, Page, Route, WebSocket, expect

from rxconnect import routes
from rxconnect.config import DEMO_PASSWORD
from tests.e2e.actions import button, enter, link, new_family, new_writer, settled, visit

SCRIPTS = "**/assets/*.js"
DASHBOARD = "_dashboard_"
CLOSED = "new Promise((resolve) => { early.socket.onclose = resolve; })"


@contextmanager
def scripts_held(page: Page) -> Iterator[None]:
    """Inside the block, no script arrives. At its end all come that the page has asked for."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(SCRIPTS, hold)
    yield
    for route in held:
        # The page that asked for it may be gone.
        with suppress(Error):
            route.continue_()
    page.unroute(SCRIPTS)


@contextmanager
def opened_without_scripts(page: Page) -> Iterator[None]:
    """Inside the block, the dashboard has opened its socket, and no script has arrived."""
    with scripts_held(page):
        with page.expect_websocket():
            page.goto(routes.DASHBOARD, wait_until="commit")
        yield


@pytest.mark.parametrize("path", [routes.SIGN_IN, routes.SIGN_UP, routes.FORGOT_PASSWORD])
def test_a_page_before_sign_in_needs_no_script_and_no_stylesheet_to_be_loaded(phone, path):
    happened: list[str] = []
    phone.on("request", lambda request: happened.append(request.resource_type))
    phone.on("load", lambda _page: happened.append("load"))
    with phone.expect_request(SCRIPTS):
        phone.goto(path)
    assert not {"script", "stylesheet"} & set(happened[: happened.index("load")])


def test_one_signs_in_before_any_script_has_come(phone):
    family = new_family()
    with scripts_held(phone):
        phone.goto(routes.SIGN_IN)
        phone.get_by_label("Email").fill(family.email)
        phone.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
        button(phone, "Sign in").click()
        phone.wait_for_url(f"**{routes.DASHBOARD}", wait_until="commit")
    settled(phone)


def test_what_was_typed_and_the_focus_stay_when_the_scripts_come(phone):
    with scripts_held(phone):
        phone.goto(routes.SIGN_IN)
        expect(phone.get_by_label("Email")).to_be_focused()
        phone.keyboard.type("rosa@exam")
        expect(phone.get_by_label("Email")).to_have_value("rosa@exam")
    expect(button(phone, "Show")).to_be_visible()
    phone.keyboard.type("ple.com")
    expect(phone.get_by_label("Email")).to_have_value("rosa@example.com")
    expect(phone.get_by_label("Email")).to_be_focused()


def test_the_dashboard_behind_the_sign_in_is_warm(phone):
    with phone.expect_event("requestfinished", lambda request: DASHBOARD in request.url):
        phone.goto(routes.SIGN_IN)
    phone.get_by_label("Email").fill(new_family().email)
    phone.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
    with phone.expect_response(f"**{routes.DASHBOARD}") as dashboard:
        button(phone, "Sign in").click()
    needed = set(re.findall(r'"(/assets/[^"]+\.js)"', dashboard.value.text()))
    settled(phone)
    fetched = phone.evaluate(
        "performance.getEntriesByType('resource').map((one) => [new URL(one.name).pathname, one.transferSize])"
    )
    assert {path: size for path, size in fetched if path in needed} == dict.fromkeys(needed, 0)


@pytest.fixture
def sockets(phone, app_url) -> list[WebSocket]:
    """The sockets of a phone that is signed in, as its pages open them."""
    enter(phone, app_url, new_writer())
    opened: list[WebSocket] = []

    def remember(socket: WebSocket) -> None:
        opened.append(socket)

    phone.on("websocket", remember)
    return opened


def test_a_page_opens_its_socket_while_its_scripts_are_fetched(phone, sockets):
    with opened_without_scripts(phone):
        # The server's first word.
        phone.evaluate(
            "new Promise((resolve) => early.heard.length ? resolve() : early.socket.addEventListener('message', resolve))"
        )
    settled(phone)
    assert len(sockets) == 1


def test_a_page_whose_early_socket_was_closed_meanwhile_opens_another(phone, sockets):
    with opened_without_scripts(phone):
        phone.evaluate(f"early.socket.close(); {CLOSED}")
    settled(phone)
    assert len(sockets) == 2


def test_a_page_that_no_scripts_reach_leaves_no_socket_behind(phone, sockets):
    with opened_without_scripts(phone):
        # Nobody answers the server's ping.
        phone.evaluate(CLOSED)
    settled(phone)
    assert len(sockets) == 2


def test_a_press_on_a_link_asks_for_all_scripts_of_its_page_at_once(phone, sockets):
    visit(phone, routes.DASHBOARD)
    page = phone.evaluate("Object.values(__reactRouterManifest.routes).find(({ path }) => path === 'inbox')")
    there = phone.evaluate("performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)")
    needed = {page["module"], *page["imports"]} - set(there)
    assert len(needed) > 1
    asked: set[str] = set()
    phone.on("request", lambda request: asked.add(urlsplit(request.url).path))
    with scripts_held(phone):
        link(phone, "Messaging").first.tap()
        expect(phone).not_to_have_url(routes.INBOX)
        assert needed <= asked
    expect(phone).to_have_url(re.compile(routes.INBOX))
