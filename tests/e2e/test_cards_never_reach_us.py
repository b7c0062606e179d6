"""A card's number and CVV go from the browser to the card processor, and a sign-in's cookie to no script."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, WebSocket, expect

from rxconnect import routes
from rxconnect.payments.published import BY_NAME
from rxconnect.services import sign_ins
from tests.e2e.actions import (
    button,
    enter,
    fill_card,
    new_purchase,
    new_writer,
    sign_in,
    visit,
)

NUMBER = BY_NAME["amex"].number
CVV = "9073"
# Random ids hold any four digits sooner or later, so a CVV counts where it stands by itself.
CVV_ALONE = re.compile(rf"(?<![0-9A-Za-z]){CVV}(?![0-9A-Za-z])")


def frames_of(page: Page) -> list[str]:
    """Everything that the page's sockets will send and receive from now on, in a list that grows."""
    frames: list[str] = []

    def keep(payload: str | bytes) -> None:
        frames.append(payload.decode("latin-1") if isinstance(payload, bytes) else payload)

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", keep)
        socket.on("framereceived", keep)

    page.on("websocket", listen)
    return frames


def digits(text: str) -> str:
    """The text without what people put between the digits of a card."""
    return re.sub(r"(?<=[0-9])[ -](?=[0-9])", "", text)


def kept_in(data: Path) -> Iterator[str]:
    """Every value of every table, and the text of every other file."""
    for path in filter(Path.is_file, data.rglob("*")):
        if path.suffix == ".db":
            yield from values_in(path)
        else:
            yield path.read_text(encoding="latin-1")


def values_in(database: Path) -> Iterator[str]:
    with sqlite3.connect(database) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for row in connection.execute(f"SELECT * FROM {table}"):
                yield from map(str, row)


def test_neither_number_nor_cvv_is_in_the_socket_the_data_or_the_log(desktop: Page, app_url: str, app_data: Path):
    buyer = new_writer()
    enter(desktop, app_url, buyer)
    frames = frames_of(desktop)

    visit(desktop, routes.fill(routes.PAYMENT, new_purchase(buyer)))
    fill_card(desktop, digits(NUMBER), cvv=CVV)
    button(desktop, "Continue").click()
    button(desktop, "Submit").click()
    expect(desktop.get_by_role("main")).to_contain_text("American Express ending 0005")

    visit(desktop, routes.fill(routes.PAYMENT, new_purchase(buyer)))
    desktop.get_by_label("CVV").fill(CVV)
    button(desktop, "Confirm").click()
    button(desktop, "Submit").click()
    expect(desktop.get_by_role("heading", name="Receipt", level=1)).to_be_visible()

    assert any("payment_token" in frame for frame in frames)
    assert any("cvc_token" in frame for frame in frames)
    for frame in frames:
        assert NUMBER not in digits(frame)
        assert not CVV_ALONE.search(frame)
    for file in filter(Path.is_file, app_data.rglob("*")):
        assert NUMBER.encode() not in file.read_bytes(), file.name
    assert not [value for value in kept_in(app_data) if NUMBER in digits(value) or CVV_ALONE.search(value)]


def test_a_refused_card_is_not_kept_either(desktop: Page, app_url: str, app_data: Path):
    buyer = new_writer()
    enter(desktop, app_url, buyer)
    frames = frames_of(desktop)
    visit(desktop, routes.fill(routes.PAYMENT, new_purchase(buyer)))
    unknown = "4539148803436467"
    fill_card(desktop, unknown, cvv=CVV[:3])
    button(desktop, "Continue").click()
    expect(desktop.get_by_label("Card number")).to_have_attribute("aria-invalid", "true")
    assert frames
    assert not [frame for frame in frames if unknown in digits(frame)]
    assert not [
        file.name for file in filter(Path.is_file, app_data.rglob("*")) if unknown.encode() in file.read_bytes()
    ]


def test_no_script_and_no_frame_ever_sees_the_sign_in(desktop: Page, app_url: str):
    frames = frames_of(desktop)
    sign_in(desktop, new_writer().email)
    visit(desktop, routes.PROFILE)
    (cookie,) = (cookie for cookie in desktop.context.cookies() if cookie["name"] == sign_ins.cookie_name())
    assert cookie["httpOnly"]
    assert desktop.evaluate("document.cookie") == ""
    assert frames
    assert not [frame for frame in frames if cookie["value"] in frame]
    stored = desktop.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert cookie["value"] not in stored
