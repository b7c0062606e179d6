"""Families that buy credits and send letters in their own browsers, during an outage or attack.

A family repeats a press without effect, and reloads a page that did not load. In the end every letter must be one
message, and every purchase one charge, one receipt and its credits.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from playwright.sync_api import Browser, Error, Locator, Page, sync_playwright

from rxconnect import db, routes
from rxconnect.services.messages import messages
from rxconnect.services.money import wallets
from tests.browser import launch_arguments
from tests.e2e.actions import Person, button, cedar_ridge, contact_of, enter, fill_card, new_writer, receipts_of
from tests.soak import books

CREDITS, LETTERS = 5, ("Apples", "Pears")
# Milliseconds until a family repeats a press or a load, and the number of tries before it gives up.
_PRESSES_AGAIN, _LOADS_AGAIN, _TRIES = 3_000, 30_000, 20
# Seconds within which the jobs finish an interrupted payment.
_FINISHED_WITHIN = 90


@dataclass(frozen=True)
class Family:
    """A family that has bought once and sent every letter, or got stuck."""

    person: Person
    stuck: str = ""


class Stuck(Exception):
    """A family has used up all its tries."""


@contextmanager
def busy(url: str, browsers: int) -> Iterator[list[Family]]:
    """Run so many browsers inside the block, each with one family after another. Yields the finished families."""
    done: list[Family] = []
    is_over = threading.Event()

    def live() -> None:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(**launch_arguments(playwright))
            while not is_over.is_set():
                done.append(_family(browser, url))
            browser.close()

    with ThreadPoolExecutor(browsers) as threads:
        lives = [threads.submit(live) for _ in range(browsers)]
        try:
            yield done
        finally:
            is_over.set()
    for life in lives:
        life.result()


def violations(families: list[Family]) -> list[str]:
    """The violations for these families, and those in the books."""
    found = [f"{family.person.email} was stuck: {family.stuck}" for family in families if family.stuck]
    for person in (family.person for family in families if not family.stuck):
        with db.reading() as session:
            sent = sorted(message.subject for message in messages.thread(session, person.actor, contact_of(person)))
            left = wallets.balance(session, person.actor.account_id, cedar_ridge(session))
        is_true = (sent, receipts_of(person), left) == ([*LETTERS], 1, CREDITS - len(LETTERS))
        if not is_true:
            found.append(f"{person.email} has sent {sent}, has {receipts_of(person)} receipts and {left} credits")
    return found + _wrong_in_the_books()


def _wrong_in_the_books() -> list[str]:
    deadline = time.monotonic() + _FINISHED_WITHIN
    while (wrong := books.violations()) and time.monotonic() < deadline:
        time.sleep(1)
    return wrong


def _family(browser: Browser, url: str) -> Family:
    person = new_writer()
    page = browser.new_page(base_url=url)
    page.set_default_timeout(_PRESSES_AGAIN)
    enter(page, url, person)
    try:
        _buy(page)
        for subject in LETTERS:
            _write(page, subject)
    except Stuck as error:
        return Family(person, str(error))
    finally:
        page.context.close()
    return Family(person)


def _buy(page: Page) -> None:
    amount, submit = page.get_by_label("Message credits"), button(page, "Submit")
    _open(page, routes.BUY_CREDITS, amount)
    _press(page, "Next", page.get_by_label("Card number"), first=lambda: amount.fill(str(CREDITS)))
    _press(page, "Continue", submit, first=lambda: fill_card(page))
    _press(page, "Submit", page.get_by_role("heading", name="Receipt", level=1))


def _write(page: Page, subject: str) -> None:
    field, accepts = page.get_by_label("Subject"), page.get_by_role("checkbox", name="I accept")
    _open(page, routes.COMPOSE_NEW, field)
    field.fill(subject)
    page.get_by_label("Message", exact=True).fill(f"The {subject.lower()} are ripe.")
    _press(page, "Continue", accepts)
    sent = page.get_by_role("heading", name=subject, level=1, exact=True)
    _press(page, "Send", sent, first=lambda: accepts.is_checked() or accepts.click())


def _open(page: Page, address: str, shown: Locator) -> None:
    for _ in range(_TRIES):
        with suppress(Error):
            page.goto(address, timeout=_LOADS_AGAIN)
            shown.wait_for(timeout=_LOADS_AGAIN)
            return
    raise Stuck(f"{address} never came")


def _press(page: Page, name: str, shown: Locator, *, first: Callable[[], object] = lambda: None) -> None:
    """Press a button until `shown` appears. `first` runs before each press."""
    for _ in range(_TRIES):
        with suppress(Error):
            first()
            button(page, name).click()
        with suppress(Error):
            shown.wait_for()
            return
    raise Stuck(f"{name} led nowhere on {page.url}")
