"""The guide for people, in every language, made from the steps of the journey: `make guide` takes its pictures and writes its text."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from rxconnect.i18n import ENGLISH, N_, _, available_languages, catalogs, language, using_language
from tests.e2e import room_chapter
from tests.e2e.actions import settled
from tests.e2e.desk_journey import AT_THE_DESK
from tests.e2e.journey import COMING_BACK, FIRST_TIME, Step

_FOLDER = Path(__file__).parents[2] / "docs" / "guide"
# The languages that the guide is in, and people walk its steps in.
LANGUAGES = available_languages()
_TITLE = N_("# How to use RxConnect")
_BEGINS = N_("Every picture here was taken by a test that took the same steps.")

_CHAPTERS = (
    (
        N_("Your first letter"),
        N_(
            "From signing in to sending, in thirteen steps. To follow them with invented people, run `make run` and sign in "
            "as `sam@example.com` with the password `rxconnect-demo`."
        ),
        FIRST_TIME,
    ),
    (
        N_("Buying again"),
        N_(
            "Once a card is stored, buying credits takes its CVV and three buttons. `rosa@example.com`, with the same "
            "password, has been here for a year."
        ),
        COMING_BACK,
    ),
    (
        N_("At the desk"),
        N_(
            "How staff read and decide the letters, with the keyboard or without. In the demonstration, "
            "`reviewer@example.com` is a reviewer at Cedar Ridge, with the same password."
        ),
        AT_THE_DESK,
    ),
)
_WIDTHS = {"desktop": 560, "phone": 175}
_DEVICES = {"desktop": N_("{step}, on a computer"), "phone": N_("{step}, on a phone")}


def take_picture(page: Page, step: Step, device: str) -> None:
    """Keep what the page shows at this step, if the guide is being made."""
    if os.environ.get("RXCONNECT_GUIDE") != "1":
        return
    settled(page)
    page.screenshot(path=page_of(language()).parent / picture(step, device), scale="css", animations="disabled")


def take_room_picture(pages: list[Page], name: str = room_chapter.PICTURE) -> None:
    """Keep what one or several people see at one moment, side by side, if the guide is being made."""
    if os.environ.get("RXCONNECT_GUIDE") != "1":
        return
    shots = [base64.b64encode(page.screenshot(scale="css", animations="disabled")).decode() for page in pages]
    screens = "".join(f'<img src="data:image/png;base64,{shot}" height="640">' for shot in shots)
    table = pages[0].context.new_page()
    table.set_content(f'<div style="display: inline-flex; gap: 24px; padding: 8px; background: white">{screens}</div>')
    table.locator("div").screenshot(path=_FOLDER / name, scale="css")
    table.close()


def page_of(language: str) -> Path:
    """The guide's page in a language."""
    return (_FOLDER if language == ENGLISH else _FOLDER / language) / "README.md"


def picture(step: Step, device: str) -> str:
    """Where a step's picture is, as seen from the guide's text."""
    return f"pictures/{step.slug}-{device}.png"


def pictures() -> list[str]:
    """Every picture of the guide, as seen from its page in the bound language."""
    steps = [picture(step, device) for _title, _text, journey in _CHAPTERS for step in journey for device in _WIDTHS]
    return [*steps, *(f"{_up()}{name}" for name in room_chapter.PICTURES)]


def text() -> str:
    """The guide in the bound language."""
    others = [f"[{catalogs.own_name(one)}]({_address(one)})" for one in LANGUAGES if one != language()]
    lines = [_(_TITLE), "", *([" · ".join(others), ""] if others else []), _(_BEGINS), ""]
    for title, introduction, journey in _CHAPTERS:
        lines += [f"## {_(title)}", "", _(introduction), ""]
        lines += [line for number, step in enumerate(journey, start=1) for line in _told(number, step)]
    return "\n".join([*lines, room_chapter.text(_up())])


def _told(number: int, step: Step) -> Iterator[str]:
    yield from (f"### {number}. {_(step.title)}", "", _(step.text), "")
    for device, width in _WIDTHS.items():
        alt = _(_DEVICES[device]).format(step=_(step.title))
        yield f'<img src="{picture(step, device)}" width="{width}" alt="{alt}">'
    yield ""


def _up() -> str:
    """The way from the page in the bound language to the pictures that all languages share."""
    return "" if language() == ENGLISH else "../"


def _address(other: str) -> str:
    """The page in another language, as seen from this one."""
    return f"{_up()}README.md" if other == ENGLISH else f"{_up()}{other}/README.md"


if __name__ == "__main__":
    for one in LANGUAGES:
        page_of(one).parent.mkdir(parents=True, exist_ok=True)
        (page_of(one).parent / "pictures").mkdir(exist_ok=True)
        with using_language(one):
            page_of(one).write_text(text())
