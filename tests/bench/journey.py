"""The journey that must never break, as a list of screens: the control to wait for, and the step to the next screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from rxconnect.config import DEMO_PASSWORD
from rxconnect.domain.clock import now
from tests.bench.people import Family


@dataclass(frozen=True)
class Screen:
    """A screen. `control` is its main control; on a signed-in page it is shown only once its State has loaded.

    `leave` fills the screen in, and returns the button or link that leads on.
    """

    name: str
    control: Callable[[Page], Locator]
    leave: Callable[[Page], Locator]


def journey(family: Family) -> list[Screen]:
    """Every screen from sign-in to the inbox, for a new user."""

    def sign_in(page: Page) -> Locator:
        page.get_by_label("Email").fill(family.actor.email)
        page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
        return _button(page, "Sign in")

    return [
        Screen("Sign in", lambda page: _button(page, "Sign in"), sign_in),
        Screen("Dashboard", lambda page: _button(page, "Get started"), lambda page: _button(page, "Get started")),
        Screen("Facility, none yet", _link("Add a facility in your profile"), _link("Add a facility in your profile")),
        Screen("Profile", lambda page: page.get_by_label("Find a facility"), _add_facility),
        Screen("Facility", lambda page: _button(page, "Choose Cedar"), lambda page: _button(page, "Choose Cedar")),
        Screen("Find inmate", lambda page: page.get_by_label("Last name"), _find),
        Screen(
            "Added to contacts",
            _link("Buy credits"),
            lambda page: page.locator("main").get_by_role("link", name="Buy credits"),
        ),
        Screen("Buy credits", lambda page: _button(page, "Next"), lambda page: _button(page, "Next")),
        Screen("Payment", lambda page: page.get_by_label("Card number"), _pay),
        Screen("Review", lambda page: _button(page, "Submit"), lambda page: _button(page, "Submit")),
        Screen("Receipt", lambda page: _button(page, "Write a message"), lambda page: _button(page, "Write a message")),
        Screen("Compose", lambda page: page.get_by_label("Subject"), _write),
        Screen("Send", lambda page: page.get_by_label("I accept the"), _accept),
        Screen("Message", lambda page: _button(page, "Withdraw"), _link("Messaging")),
        Screen("Inbox", lambda page: page.get_by_label("Search your messages"), _link("Contacts")),
        Screen("Contacts", lambda page: _button(page, "Write"), _link("Credits")),
        Screen("Credits", _link("Buy credits"), _link("Messaging")),
    ]


def _button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, disabled=False).first


def _link(name: str) -> Callable[[Page], Locator]:
    return lambda page: page.get_by_role("link", name=name).first


def _add_facility(page: Page) -> Locator:
    page.get_by_label("Find a facility").fill("cedar rige")
    _button(page, "Add Cedar Ridge").click()
    return page.get_by_role("link", name="Back to choosing the facility")


def _find(page: Page) -> Locator:
    page.get_by_label("Last name").fill("delgado")
    return _button(page, "Select Marcus Delgado")


def _pay(page: Page) -> Locator:
    page.get_by_label("Card number").fill("4242 4242 4242 4242")
    page.get_by_label("Expiry").fill(f"12/{(now().year + 3) % 100:02}")
    page.get_by_label("CVV").fill("737")
    page.get_by_label("Billing ZIP code").fill("99362")
    return _button(page, "Continue")


def _write(page: Page) -> Locator:
    page.get_by_label("Subject").fill("First ride")
    page.get_by_label("Message", exact=True).fill("She did it, all the way to the corner and back.")
    return _button(page, "Continue")


def _accept(page: Page) -> Locator:
    page.get_by_label("I accept the").check()
    return _button(page, "Send")
