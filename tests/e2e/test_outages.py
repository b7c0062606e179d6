"""Redis, the database, the server and the way to it, each lost once under a real browser: it says so, and goes on by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests import postgres, redis_server
from tests.e2e.actions import enter, new_writer
from tests.soak.browser_outages import Outage, outages, through


@pytest.fixture
def lost(tmp_path: Path) -> Iterator[tuple[str, list[Outage]]]:
    with redis_server.skipped_without(), postgres.skipped_without(), outages(tmp_path) as found:
        yield found


def test_every_outage_is_told_and_the_page_goes_on_by_itself(
    lost: tuple[str, list[Outage]], new_context: Callable[..., BrowserContext]
):
    url, every_outage = lost
    page = new_context(base_url=url, viewport={"width": 1280, "height": 800}).new_page()
    enter(page, url, new_writer())
    for outage in every_outage:
        seconds = through(page, outage)
        print(f"{outage.name}: told after {seconds.until_told:.1f} s, went on after {seconds.until_back:.1f} s")
