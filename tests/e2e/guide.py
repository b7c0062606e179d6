"""The guide for people, made from the steps of the journey: `make guide` takes its pictures and writes its text."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from tests.e2e.actions import settled
from tests.e2e.journey import COMING_BACK, FIRST_TIME, Step

PAGE = Path(__file__).parents[2] / "docs" / "guide" / "README.md"

_CHAPTERS = (
    (
        "Your first letter",
        "From signing in to sending, in thirteen steps. To follow them with invented people, run `make run` and sign in "
        "as `sam@example.com` with the password `rxconnect-demo`.",
        FIRST_TIME,
    ),
    (
        "Buying again",
        "Once a card is stored, buying credits takes its CVV and three buttons. `rosa@example.com`, with the same "
        "password, has been here for a year.",
        COMING_BACK,
    ),
)
_WIDTHS = {"desktop": 560, "phone": 175}
_DEVICES = {"desktop": "a computer", "phone": "a phone"}


def take_picture(page: Page, step: Step, device: str) -> None:
    """Keep what the page shows at this step, if the guide is being made."""
    if os.environ.get("RXCONNECT_GUIDE") != "1":
        return
    settled(page)
    page.screenshot(path=PAGE.parent / picture(step, device), scale="css", animations="disabled")


def picture(step: Step, device: str) -> str:
    """Where a step's picture is, as seen from the guide's text."""
    return f"pictures/{step.slug}-{device}.png"


def pictures() -> list[str]:
    """Every picture of the guide."""
    return [picture(step, device) for _title, _text, journey in _CHAPTERS for step in journey for device in _WIDTHS]


def text() -> str:
    """The guide."""
    lines = ["# How to use RxConnect", "", "Every picture here was taken by a test that took the same steps.", ""]
    for title, introduction, journey in _CHAPTERS:
        lines += [f"## {title}", "", introduction, ""]
        lines += [line for number, step in enumerate(journey, start=1) for line in _told(number, step)]
    return "\n".join(lines)


def _told(number: int, step: Step) -> Iterator[str]:
    yield from (f"### {number}. {step.title}", "", step.text, "")
    for device, width in _WIDTHS.items():
        alt = f"{step.title}, on {_DEVICES[device]}"
        yield f'<img src="{picture(step, device)}" width="{width}" alt="{alt}">'
    yield ""


if __name__ == "__main__":
    PAGE.write_text(text())
