"""One letter on four screens of a demo session in which everyone acts, and the view that shows several of them at once."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect

from rxconnect import routes
from rxconnect.domain.demo import SeatKind
from tests import redis_server
from tests.e2e import guide, room_chapter
from tests.e2e.actions import button, link, settled
from tests.e2e.conftest import copied
from tests.e2e.rooms import Room, shows, strip
from tests.e2e.servers import MortalServer
from tests.e2e.test_desk import line
from tests.worlds import installed

SUBJECT, WORDS, ANSWER = "The pear tree", "It has its first pears. Lily counted nine.", "Keep one for me."
# A decision can be undone for ten seconds.
PATIENCE = 40_000  # ms
PHONE, DESK, PROJECTOR = (
    {"width": width, "height": height} for width, height in ((390, 844), (1280, 800), (1920, 1080))
)
# The smallest text of a page, as it is drawn by somebody who has enlarged it so many times.
SMALLEST = """
(times) => [...document.querySelectorAll("body *")]
  .filter((one) => !one.closest(".sr, .skip") && one.checkVisibility() && one.getClientRects().length
    && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .map((one) => [times * parseFloat(getComputedStyle(one).fontSize), one.className, one.textContent.slice(0, 30)])
  .sort((one, other) => one[0] - other[0])[0]
"""


@pytest.fixture
def open_page(new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """`open_page(url, size)`: a page in a browser of its own."""
    return lambda url, size: new_context(base_url=url, viewport=size).new_page()


@pytest.fixture
def two_workers(demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MortalServer]:
    """A server with two workers, on a copy of the demonstration's data."""
    copied(demonstration, tmp_path)
    with redis_server.skipped_without(), redis_server.running() as redis:
        monkeypatch.setenv("RXCONNECT_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("RXCONNECT_REDIS_URL", redis.url)
        monkeypatch.setenv("RXCONNECT_WORKERS", "2")
        with installed():
            server = MortalServer(tmp_path)
            yield server
            server.kill()


def kill_a_worker(server: MortalServer) -> None:
    """SIGKILL one of the two."""
    workers = [one for one in server.processes if "rxconnect.worker" in one.cmdline()]
    assert len(workers) == 2
    workers[0].kill()
    psutil.wait_procs(workers[:1])


def press_until_shown(control: Locator, shown: Locator) -> None:
    """Press again, as people do when the page has said that the connection was lost under their finger."""
    for _ in range(6):
        control.click()
        with suppress(AssertionError):
            expect(shown).to_be_visible(timeout=4_000)
            return
    expect(shown).to_be_visible()


class Clock:
    """Prints how long after a press each step was seen."""

    def __init__(self) -> None:
        self._began = self._pressed = time.monotonic()

    def press(self) -> None:
        self._pressed = time.monotonic()

    def seen(self, what: str) -> None:
        now = time.monotonic()
        print(f"{now - self._began:5.1f} s: {what}, {1000 * (now - self._pressed):.0f} ms after the press")


@pytest.mark.guide
def test_one_letter_is_written_read_and_answered_on_four_screens(two_workers: MortalServer, open_page):
    room, clock = Room(two_workers.url, "blank"), Clock()
    room.let_everyone_act()
    family = room.drive(open_page(room.url, PHONE), routes.CONTACTS)
    desk = room.sit(open_page(room.url, DESK), SeatKind.REVIEWER, routes.STAFF)
    inside = room.sit(open_page(room.url, PHONE), SeatKind.KIOSK, routes.KIOSK_INBOX)
    ledger = room.sit(open_page(room.url, DESK), SeatKind.AUDITOR, routes.LEDGER)
    for page, kind in ((family, "Family"), (desk, "Reviewer"), (inside, "Kiosk"), (ledger, "Auditor")):
        expect(strip(page)).to_contain_text(f"Everyone acts. Your seat: {kind}")

    button(family, "Write to Marcus Delgado").click()
    family.get_by_label("Subject").fill(SUBJECT)
    family.get_by_label("Message", exact=True).fill(WORDS)
    button(family, "Continue").click()
    family.get_by_role("checkbox", name="I accept the Terms and Conditions").click()
    button(family, "Send").click()
    clock.press()
    expect(line(desk, SUBJECT)).to_be_visible()
    clock.seen("the desk has the letter")
    expect(family.get_by_text("Your message is on its way.")).to_be_visible()
    letter = family.url.rpartition("/")[2]
    expect(ledger.get_by_text(f"1 credit set aside for letter {letter}", exact=True)).to_be_visible()
    clock.seen("the ledger has the credit set aside")

    kill_a_worker(two_workers)
    press_until_shown(line(desk, SUBJECT), desk.locator("#letter-title", has_text=SUBJECT))
    desk.keyboard.press("a")
    clock.press()
    expect(inside.get_by_text(SUBJECT)).to_be_visible(timeout=PATIENCE)
    clock.seen("the kiosk has the letter")
    expect(ledger.get_by_text(f"1 credit charged: letter {letter} was delivered")).to_be_visible()
    clock.seen("the ledger has the credit charged")
    guide.take_room_picture([family, desk, inside, ledger], room_chapter.FOUR_SCREENS)

    link(inside, "Rosa Delgado").first.click()
    button(inside, "Write a reply").first.click()
    inside.get_by_label("Your reply").fill(ANSWER)
    button(inside, "Send").click()
    clock.press()
    expect(line(desk, "A reply")).to_be_visible()
    clock.seen("the desk has the reply")
    line(desk, "A reply").click()
    expect(desk.get_by_text(ANSWER).locator("visible=true").first).to_be_visible()
    family.goto(routes.INBOX)
    settled(family)
    desk.keyboard.press("a")
    clock.press()
    expect(family.get_by_text(ANSWER)).to_be_visible(timeout=PATIENCE)
    clock.seen("the family has the reply")
    room.end()


def test_all_sides_are_shown_to_a_room_and_a_frame_only_shows(app_url: str, open_page):
    room = Room(app_url, "blank")
    room.let_everyone_act()
    family = room.drive(open_page(app_url, PHONE), routes.DASHBOARD)
    room.sit(open_page(app_url, DESK), SeatKind.REVIEWER, routes.STAFF, name="Denise")
    inside = room.sit(open_page(app_url, PHONE), SeatKind.KIOSK, routes.KIOSK_INBOX, name="Marco")
    screen = family.context.new_page()
    screen.set_viewport_size(PROJECTOR)
    screen.goto(routes.DEMO_SPLIT)
    first, second = (screen.frame_locator(f".split-place:nth-child({place}) iframe") for place in (1, 2))
    expect(first.get_by_role("heading", name="Hello, Rosa")).to_be_visible()
    expect(second.locator(".desk-lines")).to_be_visible()
    family.goto(routes.CREDITS)
    expect(first.get_by_role("heading", name="Credits", level=1)).to_be_visible()

    # A press in a frame does nothing, although this browser's seat acts.
    first.get_by_role("link", name="Buy credits").first.click()
    expect(first.get_by_role("heading", name="Credits", level=1)).to_be_visible()
    shows(family, routes.CREDITS)

    # It is read from the last row, and by everyone.
    for size in (PROJECTOR, DESK):
        screen.set_viewport_size(size)
        smallest = screen.evaluate(SMALLEST, 1)
        assert smallest[0] >= 24, smallest
        for frame in screen.frames[1:]:
            smallest = frame.evaluate(SMALLEST, 2)
            assert smallest[0] >= 24, smallest
            assert frame.evaluate("document.querySelector('.strip') === null")
        assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for scheme in ("dark", "light"):
            screen.emulate_media(color_scheme=scheme)
            expect(screen.locator("html")).to_have_class(re.compile(scheme))
            found = Axe().run(screen).response["violations"]
            assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []

    button(screen, "4").click()
    third = screen.frame_locator(".split-place:nth-child(3) iframe")
    link(inside, "Notices").click()
    expect(third.get_by_role("heading", name="Notices", level=1)).to_be_visible()
    screen.reload()
    expect(third.get_by_role("heading", name="Notices", level=1)).to_be_visible()
    screen.set_viewport_size(PHONE)
    assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth")
    room.end()
