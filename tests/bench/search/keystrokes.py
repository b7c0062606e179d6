"""The time from a key to the list of matches, on the real server, searching everywhere: alone, and with sixteen users.

The pages' debounce (150 ms) is not counted, except in Chromium.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

from playwright.sync_api import Page, sync_playwright

from rxconnect import db, routes
from rxconnect.services.accounts import sign_ins
from rxconnect.services.dashboard import walkthrough
from rxconnect.state.family.inmates import FindInmateState
from tests.bench import people, servers
from tests.bench.people import Family
from tests.bench.report import Row, measured, p95
from tests.bench.search.queries import Query
from tests.bench.servers import Server
from tests.bench.tabs import Tab, open_tab, shows
from tests.browser import launch_arguments

_MANY = 16
# Below the limit of 300 searches in ten minutes for an account.
_KEYS = 90
_BETWEEN_KEYS = (0.2, 0.5)  # seconds

_WATCH = """
window.waits = [];
let pressed = 0;
addEventListener("input", () => { pressed = performance.now(); }, true);
new MutationObserver((changes) => {
  if (pressed && changes.some((change) => change.target.closest?.("ul.rows") || change.target.parentElement?.closest("ul.rows"))) {
    const since = pressed;
    pressed = 0;
    requestAnimationFrame(() => window.waits.push(performance.now() - since));
  }
}).observe(document.body, {subtree: true, childList: true, characterData: true});
"""


def measure(data: Path, queries: Sequence[Query]) -> list[Row]:
    """Start the server on the directory in `data`, and type the names of the queries without a facility."""
    names = [(query.first, query.last) for query in queries if len(query.first) > 2 and len(query.last) > 2]
    with servers.running(data) as server, servers.used(data):
        alone = asyncio.run(_type(server, names, 1))
        together = asyncio.run(_type(server, names, _MANY))
        shown = _in_chromium(server, names)
    return [
        measured("A key until the list is there, everywhere, one user", alone, "ms", at_most=15),
        measured(
            f"A key until the list is there, everywhere, {_MANY} users", together, "ms", at_most=120, judged_by=p95
        ),
        measured("The same in Chromium, one user, with the pause of 150 ms and the painting", shown, "ms"),
    ]


def _looking_everywhere() -> Family:
    """A new family that searches everywhere."""
    family = people.new_family()
    with db.transaction() as session:
        walkthrough.begin(session, family.actor)
        walkthrough.search_everywhere(session, family.actor)
    return family


async def _type(server: Server, names: Sequence[tuple[str, str]], users: int) -> list[float]:
    """The milliseconds of every key of so many users."""
    families = [_looking_everywhere() for _ in range(users)]
    async with AsyncExitStack() as stack:
        tabs = [
            await stack.enter_async_context(open_tab(server.url, family.cookie, routes.FIND_INMATE, FindInmateState))
            for family in families
        ]
        times = await asyncio.gather(*(_press(tab, names, Random(seed)) for seed, tab in enumerate(tabs)))
    return [took for one in times for took in one]


async def _press(tab: Tab, names: Sequence[tuple[str, str]], rng: Random) -> list[float]:
    times: list[float] = []
    for before, now in _keys(names, rng):
        await asyncio.sleep(rng.uniform(*_BETWEEN_KEYS))
        took = await _show(tab, before, now)
        # One letter is too short for a search.
        if len(now[0]) + len(now[1]) > 1:
            times.append(took)
    return times


def _keys(names: Sequence[tuple[str, str]], rng: Random) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """The fields (first name, last name) before and after each key. Each name starts with empty fields."""
    before = ("", "")
    count = 0
    while True:
        first, last = rng.choice(names)
        steps = [("", before[1]), ("", "")] if before != ("", "") else []
        steps += [(first[:letters], "") for letters in range(1, len(first) + 1)]
        steps += [(first, last[:letters]) for letters in range(1, len(last) + 1)]
        for now in steps:
            yield before, now
            before = now
            count += 1
            if count == _KEYS:
                return


async def _show(tab: Tab, before: tuple[str, str], now: tuple[str, str]) -> float:
    """Type into the changed field. Returns the milliseconds until the answer."""
    if now[0] != before[0]:
        is_shown = shows(FindInmateState, "first_name", now[0])
        return await tab.timed(FindInmateState.type_first_name, is_shown, text=now[0])
    return await tab.timed(FindInmateState.type_last_name, shows(FindInmateState, "last_name", now[1]), text=now[1])


def _in_chromium(server: Server, names: Sequence[tuple[str, str]]) -> list[float]:
    family, rng = _looking_everywhere(), Random(1)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_arguments(playwright))
        context = browser.new_context(base_url=server.url)
        context.add_cookies([{"name": sign_ins.cookie_name(), "value": family.token, "url": server.url}])
        page = context.new_page()
        page.goto(routes.FIND_INMATE)
        page.get_by_label("Last name").wait_for()
        page.evaluate(_WATCH)
        while (spent := _count(page)) < _KEYS // 2:
            _enter(page, *rng.choice(names))
            if _count(page) == spent:
                break
        waits = page.evaluate("window.waits")
        browser.close()
    return waits


def _enter(page: Page, first: str, last: str) -> None:
    """Type slowly enough that each key is answered before the next."""
    for label, text in (("First name", first), ("Last name", last)):
        page.get_by_label(label).fill("")
        page.get_by_label(label).press_sequentially(text, delay=450)


def _count(page: Page) -> int:
    return len(page.evaluate("window.waits"))
