"""Waits in a browser: bytes, the first screen, every further screen, and layout shifts."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from rxconnect import i18n, routes
from rxconnect.config import DEMO_PASSWORD
from rxconnect.i18n import _
from rxconnect.services.accounts import sign_ins
from tests.bench import people
from tests.bench.journey import Screen, journey
from tests.bench.report import Report, Row, answered, measured, table
from tests.bench.servers import Server
from tests.browser import launch_arguments

ROUNDS = 5
DESK = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}

# Layout shifts count until this long after the page is ready, as users then begin to press.
_SETTLING = 400  # milliseconds
JUMPS = """
window.jumps = [];
const name = (node) => node?.nodeType === 1 ? node.tagName.toLowerCase() + (node.id ? "#" + node.id : "")
  + (typeof node.className === "string" && node.className ? "." + node.className.trim().replaceAll(" ", ".") : "") : "text";
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput)
    window.jumps.push([entry.value, entry.sources.map((source) => name(source.node)).join(" ")]);
}).observe({type: "layout-shift", buffered: true});
"""


@dataclass
class Seen:
    """One screen's measurements: milliseconds when loaded and when reached by a press, and layout shifts."""

    loads: list[float] = field(default_factory=list)
    presses: list[float] = field(default_factory=list)
    jumps: dict[str, float] = field(default_factory=dict)
    jumpers: set[str] = field(default_factory=set)


def look(server: Server, report: Report) -> None:
    """Run all measurements that need a browser."""
    seen: dict[str, Seen] = defaultdict(Seen)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_arguments(playwright))
        report.rows += [*_first_loads(browser, server), _door_without_scripts(browser, server)]
        for _round in range(ROUNDS):
            _walk(browser, server, DESK, "desk", seen)
            _walk(browser, server, PHONE, "phone", seen)
        browser.close()
    report.rows += _summed_up(seen)
    report.details.append(_every_screen(seen))


def _summed_up(seen: dict[str, Seen]) -> list[Row]:
    loads = max(seen, key=lambda name: max(seen[name].loads))
    presses = max((name for name in seen if seen[name].presses), key=lambda name: max(seen[name].presses))
    jumping = {name: max(one.jumps.values()) for name, one in seen.items() if max(one.jumps.values()) > 0}
    note = "; ".join(f"{name} {value:.4f} ({', '.join(sorted(seen[name].jumpers))})" for name, value in jumping.items())
    return [
        measured(
            f"Loaded until usable, the slowest screen: {loads}", seen[loads].loads, "ms", at_most=1000, judged_by=max
        ),
        measured(
            f"Pressed until usable, the slowest screen: {presses}",
            seen[presses].presses,
            "ms",
            at_most=1000,
            judged_by=max,
        ),
        answered(
            f"Layout shift, the worst of {len(seen)} screens, on a desk and a phone",
            f"{max(jumping.values(), default=0):.4f}",
            target="0",
            is_met=not jumping,
            note=note,
        ),
    ]


def _every_screen(seen: dict[str, Seen]) -> str:
    headings = (
        "Screen",
        "Loaded: median",
        "slowest",
        "Pressed: median",
        "slowest",
        "Layout shift on a desk",
        "on a phone",
    )
    lines = [(name, *_times(one.loads), *_times(one.presses), *_shifts(one)) for name, one in seen.items()]
    return table(headings, lines)


def _times(values: list[float]) -> tuple[str, str]:
    return (f"{median(values):.0f} ms", f"{max(values):.0f} ms") if values else ("", "")


def _shifts(one: Seen) -> tuple[str, str]:
    return f"{one.jumps['desk']:.4f}", f"{one.jumps['phone']:.4f}"


def _walk(browser: Browser, server: Server, device: dict[str, Any], name: str, seen: dict[str, Seen]) -> None:
    """Walk the whole journey as a new user. Each screen is reached by a press, and then reloaded."""
    family = people.new_family()
    with _context(browser, server, device) as context:
        page = context.new_page()
        page.goto(routes.SIGN_IN)
        came: float | None = None
        for screen in journey(family):
            one = seen[screen.name]
            if came is not None:
                screen.control(page).wait_for()
                one.presses.append((time.perf_counter() - came) * 1000)
            one.loads.append(_load(page, screen))
            _note_jumps(page, one, name)
            last = screen.leave(page)
            last.wait_for()
            came = time.perf_counter()
            last.click()


def _load(page: Page, screen: Screen) -> float:
    """Reload the page. Returns the milliseconds until its State has loaded and its control can be used."""
    began = time.perf_counter()
    page.goto(page.url, wait_until="commit")
    screen.control(page).wait_for()
    return (time.perf_counter() - began) * 1000


def _note_jumps(page: Page, one: Seen, name: str) -> None:
    page.wait_for_timeout(_SETTLING)
    jumps = page.evaluate("window.jumps")
    one.jumps[name] = max(one.jumps.get(name, 0), sum(value for value, _ in jumps))
    one.jumpers |= {what for _, what in jumps}


def _first_loads(browser: Browser, server: Server) -> list[Row]:
    english, *others = i18n.available_languages()
    rows, loads = [], _bytes_by_path(browser, server, english)
    for path, kinds in loads.items():
        note = ", ".join(f"{kind} {size / 1024:.1f}" for kind, size in kinds.most_common())
        total, css = kinds.total() / 1024, kinds["stylesheet"] / 1024
        rows += [
            answered(f"First load of {path}", f"{total:.1f} KB", target="≤ 150 KB", is_met=total <= 150, note=note),
            answered(f"Stylesheets of {path}", f"{css:.1f} KB", target="≤ 15 KB", is_met=css <= 15),
        ]
    for language in others:
        for path, kinds in _bytes_by_path(browser, server, language).items():
            more = (kinds.total() - loads[path].total()) / 1024
            note = ", ".join(f"{kind} {(size - loads[path][kind]) / 1024:+.2f}" for kind, size in kinds.items())
            name = f"First load of {path} in {language}, beyond English"
            rows.append(answered(name, f"{more:+.2f} KB", target="≤ 1 KB", is_met=more <= 1, note=note))
    return rows


def _bytes_by_path(browser: Browser, server: Server, language: str) -> dict[str, Counter[str]]:
    with i18n.using_language(language):
        return {
            routes.SIGN_IN: _bytes(browser, server, routes.SIGN_IN, _("Sign in"), None),
            routes.DASHBOARD: _bytes(browser, server, routes.DASHBOARD, _("See all messages"), people.rosa().token),
        }


def _bytes(browser: Browser, server: Server, path: str, until: str, token: str | None) -> Counter[str]:
    """The bytes of a first visit on the wire (headers too), by kind. The socket's frames are counted uncompressed."""
    kinds: dict[str, str] = {}
    sizes: Counter[str] = Counter()
    with _context(browser, server, DESK | {"locale": i18n.language()}) as context:
        if token:
            context.add_cookies([{"name": sign_ins.cookie_name(), "value": token, "url": server.url}])
        page = context.new_page()
        network = context.new_cdp_session(page)
        network.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"].lower()}))
        network.on(
            "Network.loadingFinished", lambda e: sizes.update({kinds[e["requestId"]]: int(e["encodedDataLength"])})
        )
        network.on(
            "Network.webSocketFrameReceived", lambda e: sizes.update({"socket": len(e["response"]["payloadData"])})
        )
        network.send("Network.enable")
        page.goto(path)
        page.get_by_role("button", name=until).or_(page.get_by_role("link", name=until)).wait_for()
        page.wait_for_load_state("networkidle")
    return sizes


def _door_without_scripts(browser: Browser, server: Server) -> Row:
    family = people.new_family()
    with _context(browser, server, {"java_script_enabled": False}) as context:
        page = context.new_page()
        page.goto(routes.SIGN_IN)
        page.get_by_label("Email").fill(family.actor.email)
        page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_load_state()
        is_in = urlsplit(page.url).path == routes.DASHBOARD
    return answered("Signing in works with scripts disabled", "yes" if is_in else "no", target="yes", is_met=is_in)


@contextmanager
def _context(browser: Browser, server: Server, device: dict[str, Any]) -> Iterator[BrowserContext]:
    """A new browser: empty cache, not signed in."""
    context = browser.new_context(base_url=server.url, **device)
    context.add_init_script(JUMPS)
    yield context
    context.close()
