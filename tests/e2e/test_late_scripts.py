"""The pages before sign-in are used before their scripts are there, and these fetch the dashboard's ahead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from playwright.sync_api import Error, Page, Route, expect

from rxconnect import routes
from rxconnect.config import DEMO_PASSWORD
from tests.e2e.actions import button, new_family, settled

SCRIPTS = "**/assets/*.js"
DASHBOARD = "_dashboard_"


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


@pytest.mark.parametrize("path", [routes.SIGN_IN, routes.SIGN_UP, routes.FORGOT_PASSWORD])
def test_a_page_before_sign_in_asks_for_no_script_until_it_is_loaded(phone, path):
    happened: list[str] = []
    phone.on("request", lambda request: happened.append(request.resource_type))
    phone.on("load", lambda _page: happened.append("load"))
    with phone.expect_request(SCRIPTS):
        phone.goto(path)
    assert {"document", "stylesheet"} <= set(happened[: happened.index("load")])
    assert "script" not in happened[: happened.index("load")]


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
