"""Waits on a phone with a slow line: 150 kB a second, 150 ms to the server and back, and a processor that is four times slower."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from playwright.sync_api import Browser, CDPSession, Locator, Page, sync_playwright

from rxconnect import routes
from rxconnect.config import DEMO_PASSWORD
from rxconnect.services.accounts import sign_ins
from tests.bench import people
from tests.bench.pages import JUMPS, PHONE
from tests.bench.report import Report, Row, answered, measured, table
from tests.bench.servers import Server
from tests.browser import launch_arguments

ROUNDS = 5
LINE = {"offline": False, "latency": 150, "downloadThroughput": 150_000, "uploadThroughput": 150_000}
SLOWER = 4
# From here on a page has fetched ahead what it means to.
IDLE = 6000  # milliseconds
# What a person takes to type an email and a password.
TYPING = 5000  # milliseconds

# What the State of a page shows, as a selector. The pages are those to which the bars of the dashboard lead, by their names there.
HOME = "[aria-label='See all messages']"
PLACES = {
    "Messaging": "main #search",
    "Credits": "main [href^='/credits/auto-reload/']",
    "Contacts": "main [aria-label^='Write to']",
    "Profile": "main #facility",
}
# Remembers in the page when it was pressed, and when something it waits for was painted. Asked from outside every few milliseconds,
# a slow phone would be slower still.
WATCH = """
addEventListener("click", ({ timeStamp }) => (window.pressed = timeStamp), true);
window.watchFor = (selector) => {
  window.painted = new Promise((resolve) => {
    const look = () => {
      if (!document.querySelector(selector)) return false;
      watching.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
      return true;
    };
    const watching = new MutationObserver(look);
    if (!look()) watching.observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["id", "aria-label", "href"] });
  });
};
"""


def look(server: Server, report: Report) -> None:
    """Run all measurements of the phone."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_arguments(playwright))
        report.rows += _bytes(browser, server)
        report.rows += [*_sign_ins(browser, server), *_dashboards(browser, server)]
        changes, jumps = _changes(browser, server)
        report.rows += changes
        report.details.append(jumps)
        browser.close()


def _bytes(browser: Browser, server: Server) -> list[Row]:
    """The bytes on the wire, headers included. The line does not matter here."""
    door, later = _loaded(browser, server, routes.SIGN_IN, "Sign in", None)
    home, ahead = _loaded(browser, server, routes.DASHBOARD, "See all messages", people.rosa().token)
    return [
        _size("Phone: bytes until the sign-in can be used", door, 15),
        _size("Phone: fetched after it, while one types", later, None),
        _size("Phone: first load of the dashboard", home, 130),
        _size("Phone: fetched ahead when the dashboard is idle", ahead, None),
    ]


def _size(measure: str, kinds: Counter[str], at_most: int | None) -> Row:
    total = kinds.total() / 1024
    note = ", ".join(f"{kind} {size / 1024:.1f}" for kind, size in kinds.most_common())
    target, is_met = (f"≤ {at_most} KB", total <= at_most) if at_most else ("", None)
    return answered(measure, f"{total:.1f} KB", target=target, is_met=is_met, note=note)


def _loaded(
    browser: Browser, server: Server, path: str, until: str, token: str | None
) -> tuple[Counter[str], Counter[str]]:
    """What a first visit fetches, by kind: until the page can be used, and afterwards."""
    kinds: dict[str, str] = {}
    finished: list[tuple[float, str, int]] = []
    loaded: list[float] = []
    with _phone(browser, server, token, is_slow=False) as (page, network):
        network.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"].lower()}))
        network.on(
            "Network.loadingFinished",
            lambda e: finished.append((e["timestamp"], kinds[e["requestId"]], int(e["encodedDataLength"]))),
        )
        network.on("Page.loadEventFired", lambda e: loaded.append(e["timestamp"]))
        network.send("Network.enable")
        network.send("Page.enable")
        page.goto(path)
        page.get_by_role("button", name=until).or_(page.get_by_role("link", name=until)).wait_for()
        if token:
            page.wait_for_load_state("networkidle")
            loaded[0] = max(at for at, _kind, _size in finished)
        page.wait_for_timeout(IDLE)
    first, later = Counter[str](), Counter[str]()
    for at, kind, size in finished:
        (first if at <= loaded[0] else later)[kind] += size
    return first, later


def _sign_ins(browser: Browser, server: Server) -> list[Row]:
    """The sign-in until it is painted, and from its press until the dashboard's content."""
    painted, signed_in = [], []
    for _ in range(ROUNDS):
        with _phone(browser, server, None) as (page, _network):
            page.goto(routes.SIGN_IN)
            page.get_by_label("Email").wait_for()
            painted.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
            page.get_by_label("Email").fill("rosa@example.com")
            page.wait_for_timeout(TYPING)
            page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
            began = time.perf_counter()
            page.get_by_label("Password", exact=True).press("Enter")
            _see_all(page).wait_for()
            signed_in.append(_since(began))
    return [
        measured("Phone: sign-in usable", painted, "ms", at_most=500),
        measured("Phone: from the press of Sign in to the dashboard's content", signed_in, "ms"),
    ]


def _dashboards(browser: Browser, server: Server) -> list[Row]:
    cold, warm = [], []
    for _ in range(ROUNDS):
        with _phone(browser, server, people.rosa().token) as (page, _network):
            page.add_init_script(f'watchFor("{HOME}")')
            for times in (cold, warm):
                page.goto(routes.DASHBOARD)
                times.append(page.evaluate("painted"))
                page.wait_for_load_state("networkidle")
    return [
        measured("Phone: dashboard's content, cold", cold, "ms", at_most=1500),
        measured("Phone: dashboard's content, warm", warm, "ms", at_most=600),
    ]


def _changes(browser: Browser, server: Server) -> tuple[list[Row], str]:
    """Page changes from the dashboard: at once, and when their scripts were fetched while it was idle."""
    at_once: dict[str, list[float]] = {name: [] for name in PLACES}
    ahead: dict[str, list[float]] = {name: [] for name in PLACES}
    jumps: dict[str, float] = dict.fromkeys(["Dashboard", *PLACES], 0)
    for _ in range(ROUNDS):
        token = people.rosa().token
        for name in PLACES:
            with _phone(browser, server, token) as (page, _network):
                page.goto(routes.DASHBOARD)
                _see_all(page).wait_for()
                at_once[name].append(_change(page, name))
                jumps[name] = max(jumps[name], _jumped(page))
        with _phone(browser, server, token) as (page, _network):
            for name in PLACES:
                page.goto(routes.DASHBOARD)
                _see_all(page).wait_for()
                page.wait_for_timeout(IDLE)
                jumps["Dashboard"] = max(jumps["Dashboard"], _jumped(page))
                ahead[name].append(_change(page, name))
    slowest = {
        times: max(found, key=lambda name: median(found[name])) for times, found in (("at", at_once), ("ah", ahead))
    }
    rows = [
        measured(f"Phone: page change, the slowest: {slowest['at']}", at_once[slowest["at"]], "ms", at_most=400),
        measured(
            f"Phone: page change, its scripts fetched while idle, the slowest: {slowest['ah']}",
            ahead[slowest["ah"]],
            "ms",
            at_most=300,
        ),
        answered(
            "Phone: layout shift, the worst page",
            f"{max(jumps.values()):.4f}",
            target="0",
            is_met=not any(jumps.values()),
            note=", ".join(f"{name} {value:.4f}" for name, value in jumps.items() if value),
        ),
    ]
    lines = [
        (name, f"{median(at_once[name]):.0f} ms", f"{median(ahead[name]):.0f} ms", f"{jumps[name]:.4f}")
        for name in PLACES
    ]
    return rows, table(
        ("On a phone, from the dashboard", "At once: median", "Fetched ahead: median", "Layout shift"), lines
    )


def _change(page: Page, name: str) -> float:
    link = page.locator(".tabbar, .top").get_by_role("link", name=name).first
    link.wait_for()
    page.evaluate("watchFor", PLACES[name])
    link.tap()
    return page.evaluate("painted.then((at) => at - pressed)")


def _jumped(page: Page) -> float:
    page.wait_for_timeout(400)
    return sum(value for value, _what in page.evaluate("window.jumps"))


def _see_all(page: Page) -> Locator:
    return page.get_by_role("link", name="See all messages")


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000


@contextmanager
def _phone(
    browser: Browser, server: Server, token: str | None, *, is_slow: bool = True
) -> Iterator[tuple[Page, CDPSession]]:
    """A phone's browser with an empty cache, signed in with `token`. On the slow line, unless `is_slow` is false."""
    context = browser.new_context(base_url=server.url, **PHONE)
    context.add_init_script(JUMPS + WATCH)
    if token:
        context.add_cookies([_cookie(server, token)])
    page = context.new_page()
    network = context.new_cdp_session(page)
    if is_slow:
        network.send("Network.enable")
        network.send("Network.emulateNetworkConditions", LINE)
        network.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    yield page, network
    context.close()


def _cookie(server: Server, token: str) -> Any:
    return {"name": sign_ins.cookie_name(), "value": token, "url": server.url}
