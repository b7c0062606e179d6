"""A trainer breaks things in front of a room, on a server with two workers, and makes the world the audience's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from rxconnect import routes
from tests import redis_server
from tests.e2e.actions import button, link, settled
from tests.e2e.conftest import copied
from tests.e2e.servers import MortalServer
from tests.e2e.test_accessibility import Inspector, inspector  # noqa: F401 - a fixture
from tests.worlds import installed

# Milliseconds: another worker is started, and replaced, on a busy machine.
_PATIENCE = 90_000


@pytest.fixture
def server(demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MortalServer]:
    """Two workers with Redis, on a copy of the demonstration's data."""
    copied(demonstration, tmp_path)
    monkeypatch.setenv("RXCONNECT_DATA_DIR", str(tmp_path))
    with redis_server.skipped_without(), redis_server.running() as redis, installed():
        one = MortalServer(tmp_path, RXCONNECT_WORKERS="2", RXCONNECT_REDIS_URL=redis.url)
        yield one
        one.kill()


def test_a_room_sees_what_is_broken_and_its_own_facility(
    server: MortalServer,
    desktop: Page,
    phone: Page,
    inspector: Inspector,  # noqa: F811
    tmp_path: Path,
):
    aisha, ben = desktop, phone
    aisha.goto(f"{server.url}{routes.DEMO}")
    aisha.get_by_label("Your name").fill("Aisha")
    button(aisha, "Start the session").click()
    aisha.wait_for_url(f"**{routes.DEMO_ROOM}")
    ben.goto(f"{server.url}{routes.DEMO_JOIN}?code={aisha.locator('#code').inner_text()}")
    ben.get_by_label("Your name").fill("Ben")
    button(ben, "Join").click()
    ben.wait_for_url(f"**{routes.DEMO_ROOM}")
    settled(ben)
    link(aisha, "Break it in front of us").click()

    kill_a_worker(aisha)
    for page in (aisha, ben):
        expect(page.get_by_text("Nothing is lost.").first).to_be_visible(timeout=_PATIENCE)
        expect(page.get_by_text("everybody's page was back: 2 people.").first).to_be_visible(timeout=_PATIENCE)
    expect(aisha.get_by_text("A worker was killed less than a minute ago")).to_be_visible()
    expect(button(aisha, "Kill a worker")).to_be_hidden()

    button(aisha, "Alter a row").click()
    for page in (aisha, ben):
        expect(page.get_by_text(re.compile(r"names it: row [\d,]+ was changed\.")).first).to_be_visible()
    button(aisha, "Put the row back").click()
    expect(ben.get_by_text("each is as it was written.").first).to_be_visible()
    button(aisha, "Try to open it").click()
    for page in (aisha, ben):
        expect(page.get_by_text("The letter stays shut.").first).to_be_visible()

    _look_at(inspector, aisha, f"{server.url}{routes.DEMO_BREAK}", "what was broken")
    _look_at(inspector, ben, f"{server.url}{routes.DEMO_ROOM}", "the room of somebody who has seen it")
    _make_it_theirs(server, aisha, tmp_path)
    _look_at(inspector, aisha, f"{server.url}{routes.DEMO_FACILITY}", "a facility of their own")


def kill_a_worker(page: Page) -> None:
    """Press once the second worker is ready. The page offers it by itself."""
    kill = button(page, "Kill a worker")
    expect(kill).to_be_visible(timeout=90_000)
    kill.click()


def _make_it_theirs(server: MortalServer, page: Page, folder: Path) -> None:
    page.goto(f"{server.url}{routes.DEMO_FACILITY}")
    name = page.get_by_label("Name", exact=True)
    expect(name).to_have_value("Cedar Ridge Correctional Center")
    name.fill("Adair County Jail")
    page.get_by_label("Price of a credit").fill("thirty")
    page.get_by_label("Published rules").fill("No stickers.\nWrite on white paper.")
    button(page, "Save").click()
    expect(page.get_by_label("Price of a credit")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Price of a credit")).to_have_value("thirty")
    page.get_by_label("Price of a credit").fill("30")
    button(page, "Save").click()
    expect(page.get_by_text("is about Adair County Jail.")).to_be_visible()
    with page.expect_download() as download:
        link(page, "Download a sample").click()
    download.value.save_as(sample := folder / "sample.csv")

    button(page, "Try a roster").click()
    page.wait_for_url(f"**{routes.ROSTERS}")
    settled(page)
    expect(page.get_by_text("Adair County Jail").first).to_be_visible()
    page.get_by_label("File").set_input_files(sample)
    button(page, "Look at the file").click()
    expect(page.get_by_text("Nothing was changed yet.")).to_be_visible()
    button(page, "Import").click()
    expect(page.get_by_text("The roster was imported:")).to_be_visible()


def _look_at(inspector: Inspector, of: Page, address: str, where: str) -> None:  # noqa: F811
    """Look at a page as the seat of another browser."""
    inspector.page.context.add_cookies([one for one in of.context.cookies() if one["name"] == "rxconnect-seat"])
    inspector.page.goto(address)
    settled(inspector.page)
    expect(inspector.page.locator("h2").first).to_be_visible()
    inspector.look(where)
