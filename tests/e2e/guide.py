"""The guide for people, made from the steps of the journey: `make guide` takes its pictures and writes its text."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from tests.e2e.actions import settled
from tests.e2e.desk_journey import AT_THE_DESK
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
    (
        "At the desk",
        "How staff read and decide the letters, with the keyboard or without. In the demonstration, "
        "`reviewer@example.com` is a reviewer at Cedar Ridge, with the same password.",
        AT_THE_DESK,
    ),
)
_ROOM_PICTURE = "pictures/a-room-of-three.png"
_ROOM = f"""\
## Showing RxConnect to a room

A demo session is the whole product with invented people, for everybody in a room or on a call. Nobody in it can see a real
family's mail, no card is charged and no email leaves. When the session ends, all of it is thrown away.

<img src="{_ROOM_PICTURE}" width="740" alt="A trainer at a computer, and two people who follow on their phones">

1. Sign in as a trainer, or in the demonstration just open `/demo`. Choose a scenario, enter your name, and press **Start the session**.
2. Show the code, such as `CEDAR-417`. The others open `/demo/join`, or point their phone's camera at the square. They enter the
   code and a name, and choose a seat: *Watching*, *Family* or *Staff*.
3. Press **Go to the product**. It leads everybody who waits in the room along, and whoever joins later goes straight to what you see.
   People who follow see what you see: each page, each word as you type it, each refusal and receipt. Only
   what you type into a card's fields never leaves your browser.
4. The next step of the scenario stands beside the page: what to do, and what to say. A step is ticked off when it has really happened.
   If a step needs the other side, **Staff's seat** takes you there with one press, and **Family's seat** back.
5. Somebody wants to try? They press **Ask for the wheel**, and you press **Hand over**. **Take the wheel** brings it back at once.
   Everybody else can press anything: that only lets them look around, and **Back to** leads them to you again.
6. In the room you can pause, lock the session, remove a person, begin a step again, and note questions. **End** leads you to
   a short summary, on the screen and as a PDF. If the time runs out instead, your browser offers it for a day.

A scenario is a small text file. Download one from `/demo`, change it, and choose **Your own** to use yours; a mistake is shown with its line.
"""
_WIDTHS = {"desktop": 560, "phone": 175}
_DEVICES = {"desktop": "a computer", "phone": "a phone"}


def take_picture(page: Page, step: Step, device: str) -> None:
    """Keep what the page shows at this step, if the guide is being made."""
    if os.environ.get("RXCONNECT_GUIDE") != "1":
        return
    settled(page)
    page.screenshot(path=PAGE.parent / picture(step, device), scale="css", animations="disabled")


def take_room_picture(pages: list[Page]) -> None:
    """Keep what several people see at one moment, side by side, if the guide is being made."""
    if os.environ.get("RXCONNECT_GUIDE") != "1":
        return
    shots = [base64.b64encode(page.screenshot(scale="css", animations="disabled")).decode() for page in pages]
    screens = "".join(f'<img src="data:image/png;base64,{shot}" height="640">' for shot in shots)
    table = pages[0].context.new_page()
    table.set_content(f'<div style="display: inline-flex; gap: 24px; padding: 8px; background: white">{screens}</div>')
    table.locator("div").screenshot(path=PAGE.parent / _ROOM_PICTURE, scale="css")
    table.close()


def picture(step: Step, device: str) -> str:
    """Where a step's picture is, as seen from the guide's text."""
    return f"pictures/{step.slug}-{device}.png"


def pictures() -> list[str]:
    """Every picture of the guide."""
    steps = [picture(step, device) for _title, _text, journey in _CHAPTERS for step in journey for device in _WIDTHS]
    return [*steps, _ROOM_PICTURE]


def text() -> str:
    """The guide."""
    lines = ["# How to use RxConnect", "", "Every picture here was taken by a test that took the same steps.", ""]
    for title, introduction, journey in _CHAPTERS:
        lines += [f"## {title}", "", introduction, ""]
        lines += [line for number, step in enumerate(journey, start=1) for line in _told(number, step)]
    return "\n".join([*lines, _ROOM])


def _told(number: int, step: Step) -> Iterator[str]:
    yield from (f"### {number}. {step.title}", "", step.text, "")
    for device, width in _WIDTHS.items():
        alt = f"{step.title}, on {_DEVICES[device]}"
        yield f'<img src="{picture(step, device)}" width="{width}" alt="{alt}">'
    yield ""


if __name__ == "__main__":
    PAGE.write_text(text())
