"""A browser that sends a form: its network address, its cookies, and its name in words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rxconnect.i18n import N_, _

# The first match wins, since nearly every browser also claims to be some of those below it.
_BROWSERS = (
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|OPiOS/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Safari/", "Safari"),
)
_SYSTEMS = (
    (r"Android", "Android"),
    (r"iPhone|iPod", "iPhone"),
    (r"iPad", "iPad"),
    (r"Windows", "Windows"),
    (r"CrOS", N_("a Chromebook")),
    (r"Mac OS X|Macintosh", N_("a Mac")),
    (r"Linux|X11", "Linux"),
)
UNKNOWN = N_("A browser")
# A real browser's header is far shorter.
_LONGEST_HEADER = 1_000


@dataclass(frozen=True, slots=True)
class Browser:
    """The browser that a form came from.

    `address` is the key by which attempts are counted; `name` is the browser in words; `token` is the token of its
    present sign-in, or ""; `device` is the value of its device cookie, or "".
    """

    address: str
    name: str = UNKNOWN
    token: str = ""
    device: str = ""


def describe_browser(user_agent: str) -> str:
    """A description of a `User-Agent` header: `Chrome on Android`. Unknown parts are left out."""
    header = user_agent[:_LONGEST_HEADER]
    browser, system = (_first_match(table, header) for table in (_BROWSERS, _SYSTEMS))
    browser = browser or _(UNKNOWN)
    return _("{browser} on {system}").format(browser=browser, system=_(system)) if system else browser


def _first_match(table: tuple[tuple[str, str], ...], header: str) -> str:
    return next((name for pattern, name in table if re.search(pattern, header)), "")
