"""Many users at once: the time of an event, the memory of a session, and whether a slow handler blocks other users."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from http.client import HTTPConnection
from random import Random
from urllib.parse import urlsplit

import httpx

from rxconnect import routes
from rxconnect.config import DEMO_PASSWORD
from rxconnect.state.family.cards import PaymentState
from rxconnect.state.family.dashboard import DashboardState
from rxconnect.state.family.inmates import FindInmateState
from rxconnect.state.family.messages import InboxState
from rxconnect.state.family.purchases import AmountState, ReviewState
from tests.bench import people
from tests.bench.people import Family
from tests.bench.report import Report, Row, measured, p95
from tests.bench.servers import Server
from tests.bench.tabs import Tab, leads_to, open_tab, shows, target
from tests.services.buying import new_card

SESSIONS, SECONDS, THINKING = 50, 30, 1.0
KEPT = 200
BUSY, BUSY_SECONDS = 20, 20
# Opening all tabs at the same moment would only measure the opening.
_OPENING_AT_ONCE = 10

Times = dict[str, list[float]]


def work(server: Server, report: Report) -> None:
    """Measure events, first at an ordinary pace, then with all slow handlers at once."""
    report.rows += asyncio.run(_round_trips(server))
    report.rows += asyncio.run(_stalls(server))


def keep(server: Server, report: Report) -> None:
    """Measure the server's memory for an open page."""
    report.rows.append(asyncio.run(_memory(server)))


_turns: dict[tuple[int, str], int] = {}


async def _round_trips(server: Server) -> list[Row]:
    """Fifty users, each with about one action a second."""
    times: Times = defaultdict(list)
    families = [people.family_at_cedar_ridge() for _ in range(SESSIONS)]
    async with AsyncExitStack() as stack:
        tabs = await _opened(stack, server, families, routes.FIND_INMATE, FindInmateState)
        for tab in tabs:
            await tab.visit(routes.BUY_CREDITS, shows(AmountState, "ready"))
        until = time.perf_counter() + SECONDS
        await asyncio.gather(*(_click(tab, until, times, Random(seed)) for seed, tab in enumerate(tabs)))
    return [
        measured(f"Event round trip, {SESSIONS} sessions: {what}", values, "ms", at_most=20, judged_by=p95)
        for what, values in times.items()
    ]


async def _memory(server: Server) -> Row:
    """Two hundred open tabs that have shown the dashboard and the inbox of an account with a year of letters."""
    cookies = [people.rosa() for _ in range(KEPT + 1)]
    async with AsyncExitStack() as stack:
        await _open_dashboard_then_inbox(stack, server, cookies[:1])
        before = server.memory()
        await _open_dashboard_then_inbox(stack, server, cookies[1:])
        each = (server.memory() - before) / KEPT
    return measured(f"Memory a session (USS, {KEPT} sessions)", [each], "KB", at_most=300)


async def _stalls(server: Server) -> list[Row]:
    """Whether the slowest handlers block others: the time of `/health`, requested every 20 ms, idle and during them."""
    families = [people.family_at_cedar_ridge() for _ in range(BUSY)]
    times: Times = defaultdict(list)
    async with AsyncExitStack() as stack:
        tabs = await _opened(stack, server, families, routes.FIND_INMATE, FindInmateState)
        for tab in tabs:
            await tab.visit(routes.BUY_CREDITS, shows(AmountState, "ready"))
        idle = await _probed(server, asyncio.sleep(BUSY_SECONDS / 4))
        until = time.perf_counter() + BUSY_SECONDS
        # Each in a browser of its own, or a sign-in would end that of another.
        clients = [
            await stack.enter_async_context(
                httpx.AsyncClient(base_url=server.url, headers={"Origin": server.url}, timeout=60)
            )
            for _ in families
        ]
        users = zip(tabs, families, clients, strict=True)
        toil = (_toil(tab, family, client, until, times) for tab, family, client in users)
        busy = await _probed(server, asyncio.gather(*toil))
    return [
        measured("/health, nothing else going on", idle, "ms"),
        measured(f"/health, {BUSY} sessions sign in, search and pay", busy, "ms"),
        *(measured(f"Under the same load: {what}", values, "ms") for what, values in times.items()),
    ]


async def _opened(
    stack: AsyncExitStack, server: Server, families: Iterable[Family], path: str, state: type
) -> list[Tab]:
    few = asyncio.Semaphore(_OPENING_AT_ONCE)

    async def opened(family: Family) -> Tab:
        async with few:
            return await stack.enter_async_context(open_tab(server.url, family.cookie, path, state))

    return await asyncio.gather(*(opened(family) for family in families))


async def _open_dashboard_then_inbox(stack: AsyncExitStack, server: Server, families: list[Family]) -> None:
    for tab in await _opened(stack, server, families, routes.DASHBOARD, DashboardState):
        await tab.visit(routes.INBOX, shows(InboxState, "ready"))


async def _click(tab: Tab, until: float, times: Times, random: Random) -> None:
    """Type an amount (a guard, no query of its own) or a name (saves the query, and searches)."""
    while time.perf_counter() < until:
        await asyncio.sleep(random.uniform(0, 2 * THINKING))
        if random.random() < 0.5:
            took = await type_credits(tab, str(random.randint(1, 99)))
            times["typing an amount (reads who is asking)"].append(took)
        else:
            took = await type_last_name(tab, random.choice(("delgado", "okafor", "lindqist", "whitaker", "nguyen")))
            times["typing a name (searches, and writes down what was typed)"].append(took)


async def _toil(tab: Tab, family: Family, client: httpx.AsyncClient, until: float, times: Times) -> None:
    random = Random(family.actor.account_id)
    work: dict[str, Callable[[], Awaitable[float]]] = {
        "sign in": lambda: _sign_in(client, family),
        "search for a person": lambda: type_last_name(tab, "delgado"),
        "pay": lambda: _pay(tab),
    }
    while time.perf_counter() < until:
        for what, do in work.items():
            await asyncio.sleep(random.uniform(0, THINKING))
            times[what].append(await do())


async def type_credits(tab: Tab, credits: str) -> float:
    # The text must be new to this tab, or there would be no change to wait for.
    typed = f"{credits}{' ' * _turn(tab, 'credits')}"
    return await tab.timed(AmountState.type_credits, shows(AmountState, "credits", typed), credits=typed)


async def type_last_name(tab: Tab, name: str) -> float:
    tab.path = routes.FIND_INMATE
    typed = f"{name}{' ' * _turn(tab, 'name')}"
    return await tab.timed(FindInmateState.type_last_name, shows(FindInmateState, "last_name", typed), text=typed)


def _turn(tab: Tab, what: str) -> int:
    """1 or 2, in alternation for each tab and field."""
    _turns[id(tab), what] = 3 - _turns.get((id(tab), what), 1)
    return _turns[id(tab), what]


async def _sign_in(client: httpx.AsyncClient, family: Family) -> float:
    began = time.perf_counter()
    reply = await client.post(routes.SIGN_IN, data={"email": family.actor.email, "password": DEMO_PASSWORD})
    assert reply.status_code == 303, reply.text
    return (time.perf_counter() - began) * 1000


async def _pay(tab: Tab) -> float:
    """From NEXT through payment and review to the receipt: the sum of the user's waits."""
    token = await asyncio.to_thread(new_card)
    began = time.perf_counter()
    tab.path = routes.BUY_CREDITS
    purchase_id = target(
        await tab.call(AmountState.continue_to_payment, leads_to("/credits/payment/"), form={})
    ).rpartition("/")[2]
    await tab.visit(routes.fill(routes.PAYMENT, purchase_id), shows(PaymentState, "purchase"))
    await tab.call(PaymentState.use_new_card, leads_to("/credits/review/"), payment_token=token)
    await tab.visit(routes.fill(routes.REVIEW, purchase_id), shows(ReviewState, "purchase"))
    await tab.call(ReviewState.submit, leads_to("/receipts/"))
    return (time.perf_counter() - began) * 1000


async def _probed(server: Server, work: Awaitable[object]) -> list[float]:
    """The milliseconds of each probe during `work`. Probes run in a thread, so this event loop's waits do not count."""
    times: list[float] = []
    is_over = threading.Event()
    probing = threading.Thread(target=_probe, args=(server.url, times, is_over))
    probing.start()
    try:
        await work
    finally:
        is_over.set()
        await asyncio.to_thread(probing.join)
    return times


def _probe(url: str, times: list[float], is_over: threading.Event) -> None:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
    while not is_over.wait(0.02):
        began = time.perf_counter()
        connection.request("GET", "/health")
        connection.getresponse().read()
        times.append((time.perf_counter() - began) * 1000)
    connection.close()
