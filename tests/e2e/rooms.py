"""Demo sessions in browser tests: a room with a driver, and the people who join it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from rxconnect import db, routes
from rxconnect.demo import seats, sessions
from rxconnect.domain.demo import Seat, SeatKind
from rxconnect.i18n import ENGLISH
from rxconnect.services.accounts import sign_ins
from tests.e2e.actions import settled


class Room:
    """A session that Aisha has started on the server at `url`. This process uses the server's database too."""

    def __init__(self, url: str, scenario: str = "first-letter"):
        self.url = url
        self.token, self.view = sessions.start(
            scenario, name="Aisha", address_key=f"e2e {id(self)}", language=ENGLISH, allows_guests=True
        )

    def drive(self, page: Page, address: str = routes.DASHBOARD) -> Page:
        """Aisha's browser."""
        return self._enter(page, self.token, address)

    def join(self, page: Page, name: str = "Ben", kind: SeatKind = SeatKind.FAMILY) -> Page:
        """The browser of a person who has joined and follows."""
        token = seats.join(self.view.code, name, kind, address_key=name)
        followed = self._enter(page, token, routes.DASHBOARD)
        expect(strip(followed)).to_contain_text("Following Aisha")
        return followed

    def sit(self, page: Page, kind: SeatKind, address: str, *, name: str = "") -> Page:
        """The browser of a person who has joined at a seat that acts."""
        token = seats.join(self.view.code, name or kind.label, kind, address_key=kind)
        return self._enter(page, token, address)

    def let_everyone_act(self) -> None:
        """Everyone acts at their own seat."""
        db.write(seats.let_everyone_act, self._trainer())

    def end(self) -> None:
        """Nobody is there any more."""
        db.write(seats.leave, self._trainer())

    @property
    def world(self) -> str:
        """The name of its world."""
        return self._trainer().world

    def _trainer(self) -> Seat:
        seat = seats.find(sign_ins.seat_hash(self.token))
        assert seat
        return seat

    def _enter(self, page: Page, token: str, address: str) -> Page:
        cookie = {"name": sign_ins.seat_cookie_name(), "value": token, "url": self.url}
        page.context.add_cookies([cookie | {"httpOnly": True, "sameSite": "Lax"}])  # type: ignore[list-item]
        page.goto(f"{self.url}{address}")
        settled(page)
        return page


def strip(page: Page) -> Locator:
    """What a page says of the session that it is in."""
    return page.get_by_label("Demonstration", exact=True)


def shows(page: Page, address: str) -> None:
    """Wait until a page shows what stands at this address."""
    page.wait_for_url(lambda url: url.partition("//")[2].partition("/")[2] == address.removeprefix("/"))
    settled(page)
