"""A card's number and CVV go from the browser to the card processor, and a sign-in's cookie to no script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from rxconnect import routes
from rxconnect.services.accounts import sign_ins
from tests import postgres, redis_server
from tests.e2e.actions import new_writer, sign_in, visit
from tests.soak import canaries
from tests.soak.canaries import Seen


@pytest.fixture
def large(tmp_path: Path) -> Iterator[canaries.Installation]:
    """A server of its own, of several workers."""
    with (
        postgres.skipped_without(),
        redis_server.skipped_without(),
        canaries.large_installation(tmp_path) as installation,
    ):
        yield installation


@pytest.mark.parametrize("text", ["3782 822463 10005", "n=378282246310005,", '"cvv": "9073"', "3782-8224-6310-005"])
def test_a_canary_is_recognised_however_it_is_written(text: str):
    assert canaries.betrays(text)


def test_neither_number_nor_cvv_is_anywhere_but_at_the_processor(
    printer, desktop: Page, app_url: str, app_data: Path, tmp_path: Path
):
    seen = canaries.shop(desktop, app_url, families=2)
    assert seen.told_processor() == 4
    assert any("payment_token" in frame for frame in seen.frames)
    assert any("cvc_token" in frame for frame in seen.frames)
    assert any("American Express ending 0005" in text for _, text in seen.documents)
    kept = [*canaries.in_files(app_data), *canaries.in_backups(app_data, tmp_path)]
    assert canaries.mentioning(seen.receipt_number, [*seen.documents, *kept]) >= {
        "the receipt's page", "the receipt's PDF", "the history's CSV", "rxconnect.db", "backup-rxconnect.db",
    }  # fmt: skip
    assert canaries.betrayed([*seen.places(), *canaries.in_the_browser(desktop), *kept]) == []


def test_nor_in_a_large_installations_redis_database_or_dump(desktop: Page, large: canaries.Installation):
    seen = canaries.shop(desktop, large.url, families=1)
    kept = list(large.places())
    assert canaries.mentioning(seen.receipt_number, kept) >= {"the dump", "appendonly.aof.1.incr.aof"}
    assert canaries.betrayed([*seen.places(), *kept]) == []


def test_no_script_and_no_frame_ever_sees_the_sign_in(desktop: Page, app_url: str):
    seen = Seen()
    seen.listen(desktop)
    sign_in(desktop, new_writer().email)
    visit(desktop, routes.PROFILE)
    (cookie,) = (cookie for cookie in desktop.context.cookies() if cookie["name"] == sign_ins.cookie_name())
    assert cookie["httpOnly"]
    assert desktop.evaluate("document.cookie") == ""
    assert seen.frames
    assert not [frame for frame in seen.frames if cookie["value"] in frame]
    stored = desktop.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert cookie["value"] not in stored
