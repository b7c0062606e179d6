"""Types a letter at eight keys a second, in the middle of its text, while the server repeatedly dies or restarts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Thread

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from rxconnect import db, routes
from rxconnect.services.messages import drafts
from tests import redis_server
from tests.browser import launch_arguments
from tests.e2e.actions import Person, enter, new_draft, new_writer, visit
from tests.e2e.servers import MortalServer
from tests.worlds import installed

KEYS_A_SECOND = 8
BEFORE, AFTER = "Dear Marcus,\n", "\nLove, Nina"
_LETTERS = "abcdefghijklmnopqrstuvwxyz    .,'é"
_SAVED = "[data-saved=true]"
# Whether the field was not remounted since the typing began, and has the focus.
_IS_THE_SAME = "() => document.activeElement === window.theField"


def soak(data: Path, *, kills: int, restarts: int, with_redis: bool = False) -> list[str]:
    """Returns lost, doubled or otherwise changed text. `data` is an empty folder."""
    with _server(data, with_redis=with_redis) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_arguments(playwright))
        try:
            return type_through(browser.new_page(), server, [server.kill] * kills + [server.stop] * restarts)
        finally:
            browser.close()


def type_through(page: Page, server: MortalServer, ends: list[Callable[[], None]]) -> list[str]:
    """Type while the server ends in each of these ways and is restarted. Returns the violations."""
    writer = new_writer()
    enter(page, server.url, writer)
    draft_id = new_draft(writer, "Home", BEFORE + AFTER)
    visit(page, f"{server.url}{routes.fill(routes.COMPOSE, draft_id)}")
    _go_into_the_middle(page)
    typed, moved = _type(page, _ending(server, ends))
    expect(page.locator(_SAVED)).to_be_visible(timeout=60_000)
    return moved + _differences(page, writer, draft_id, BEFORE + typed + AFTER)


def _go_into_the_middle(page: Page) -> None:
    field = page.get_by_label("Message", exact=True)
    field.focus()
    field.evaluate(f"field => {{ window.theField = field; field.setSelectionRange({len(BEFORE)}, {len(BEFORE)}) }}")


def _type(page: Page, ending: Thread) -> tuple[str, list[str]]:
    """Type until the last restart. Returns the typed text, and the moments when the field lost the focus."""
    random, typed, moved = Random(1), "", []
    due = time.monotonic()
    ending.start()
    while ending.is_alive() or len(typed) < KEYS_A_SECOND:
        key = random.choice(_LETTERS)
        page.keyboard.insert_text(key) if key == "é" else page.keyboard.press("Space" if key == " " else key)
        typed += key
        if not page.evaluate(_IS_THE_SAME):
            moved.append(f"after {len(typed)} keys the field was another, or had no focus")
        due += 1 / KEYS_A_SECOND
        page.wait_for_timeout(max(0, due - time.monotonic()) * 1000)
    ending.join()
    return typed, moved[:3]


def _ending(server: MortalServer, ends: list[Callable[[], None]]) -> Thread:
    random = Random(2)

    def run() -> None:
        for end in ends:
            time.sleep(random.uniform(0.2, 1.5))
            end()
            time.sleep(random.uniform(0, 0.5))
            server.start()

    return Thread(target=run)


def _differences(page: Page, writer: Person, draft_id: int, wanted: str) -> list[str]:
    shown = page.get_by_label("Message", exact=True).input_value()
    kept = db.read(drafts.get, writer.actor, draft_id).body
    left = page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('rxconnect-draft')).length")
    return [
        *([] if shown == wanted else [f"the field holds {len(shown)} characters, and {len(wanted)} were typed"]),
        *([] if kept == wanted else [f"the server holds {len(kept)} characters, and {len(wanted)} were typed"]),
        *([] if left == 0 else ["the browser still keeps words that are saved"]),
    ]


@contextmanager
def _server(data: Path, *, with_redis: bool) -> Iterator[MortalServer]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RXCONNECT_DATA_DIR", str(data))
        if with_redis:
            with redis_server.running() as redis:
                patch.setenv("RXCONNECT_REDIS_URL", redis.url)
                yield from _mortal(data)
        else:
            yield from _mortal(data)


def _mortal(data: Path) -> Iterator[MortalServer]:
    with installed():
        server = MortalServer(data)
        try:
            yield server
        finally:
            server.kill()
