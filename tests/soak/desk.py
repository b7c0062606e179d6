"""A busy desk: letters without pause, reviewers and families with live pages, and workers that are killed meanwhile.

Every press goes over a real socket to the workers. A tab whose worker is killed comes back as a browser does, and its
press is repeated. In the end every letter must have been decided once, and nobody must have seen another family's words.
"""

from __future__ import annotations

import asyncio
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from reflex.constants.state import FIELD_MARKER
from simple_websocket import ConnectionClosed
from sqlmodel import Session, col, func, select

from rxconnect import db, routes
from rxconnect.config import DEMO_PASSWORD
from rxconnect.domain.accounts import ActorKind, Role
from rxconnect.domain.messages import MessageStatus
from rxconnect.domain.review import DecisionState
from rxconnect.models import Decision, Message
from rxconnect.services.accounts import accounts, sign_ins, staff
from rxconnect.services.messages import drafts
from rxconnect.services.money import wallets
from rxconnect.state.family.drafts import SendState
from rxconnect.state.family.messages import InboxState
from rxconnect.state.staff.desk import DeskState
from tests.bench.report import percentile
from tests.bench.tabs import Tab, Update, leads_to, open_tab, shows
from tests.e2e.actions import Person, cedar_ridge, contact_of, new_writer
from tests.soak import books
from tests.soak.outages import Installation, Line, installed
from tests.soak.sockets import in_a_loop

_WORD = re.compile(r"Quartz[a-z]{2}\b")
# Seconds after which an answer counts as lost with its worker, and until everything must be decided.
_PATIENCE, _DRAINED_WITHIN = 10.0, 180
# What a decision that lets a letter through makes of it: on kiosks it is delivered at once.
_LET_THROUGH = (MessageStatus.APPROVED, MessageStatus.DELIVERED)
_GONE = (ConnectionClosed, OSError, TimeoutError, asyncio.CancelledError)


@dataclass
class Writer:
    """A family that sends letters. `mark` is a word in each of them, and in nobody else's."""

    person: Person
    cookie: str
    mark: str
    drafts: list[int]
    foreign: Counter[str] = field(default_factory=Counter)

    def hear(self, text: str) -> None:
        """Note the words of other families in a message from the server."""
        self.foreign.update(set(_WORD.findall(text)) - {self.mark})


@dataclass
class Counts:
    """The letters sent, the milliseconds of each SEND, and how often a tab came back."""

    sent: int = 0
    sends: list[float] = field(default_factory=list)
    comebacks: int = 0


class LastingTab:
    """A tab that opens anew when its worker is killed."""

    def __init__(self, url: str, cookie: str, path: str, state: type, hear: Callable[[str], None], counts: Counts):
        self._open = lambda: open_tab(url, cookie, path, state, hear)
        self._counts = counts
        self._stack = AsyncExitStack()
        self.current: Tab | None = None

    async def act(self, do: Callable[[Tab], Awaitable[Update]]) -> Update:
        """Do something, again on a new socket when the old one is gone."""
        while True:
            try:
                if self.current is None:
                    self.current = await asyncio.wait_for(self._stack.enter_async_context(self._open()), _PATIENCE)
                return await asyncio.wait_for(do(self.current), _PATIENCE)
            except _GONE:
                if (task := asyncio.current_task()) and task.cancelling():
                    raise
                await self.close()
                self._counts.comebacks += 1
                await asyncio.sleep(random.uniform(0.1, 0.5))

    async def close(self) -> None:
        with suppress(*_GONE):
            await self._stack.aclose()
        self._stack, self.current = AsyncExitStack(), None


def measure(*, reviewers: int, families: int, a_second: int, seconds: int, kills: int) -> Iterator[Line]:
    """The line of the report, on two workers with PostgreSQL and Redis. Raises `NoPostgres` and `NoRedis`."""
    with tempfile.TemporaryDirectory() as folder, installed(Path(folder)) as installation:
        each = -(-a_second * seconds // families)
        writers = [_new_writer(number, each) for number in range(families)]
        cookies = [_new_reviewer(number) for number in range(reviewers)]
        counts = Counts()
        began = time.monotonic()
        in_a_loop(_live(installation, writers, cookies, counts, a_second, seconds, kills))
        took = time.monotonic() - began
        yield (
            f"{reviewers} reviewers and {families} families, {counts.sent} letters in {took:.0f} s, a worker killed {kills} times, "
            f"{counts.comebacks} tabs came back; SEND p50 {percentile(counts.sends, 50):.0f}, "
            f"p95 {percentile(counts.sends, 95):.0f} ms",
            "0 lost, 0 decided twice, 0 shown to the wrong person",
            _violations(writers, each),
        )


def _new_writer(number: int, letters: int) -> Writer:
    writer = new_writer(credits=letters)
    mark = f"Quartz{chr(97 + number // 26)}{chr(97 + number % 26)}"
    contact_id = contact_of(writer)
    with db.transaction() as session:
        cookie = f"{sign_ins.cookie_name()}={sign_ins.create_sign_in(session, writer.actor.account_id)}"
        ids = []
        for letter in range(letters):
            draft_id = drafts.get_or_create_empty(session, writer.actor, contact_id)
            drafts.save(session, writer.actor, draft_id, subject=f"{mark} {letter}", body=f"{mark}: we miss you.")
            ids.append(draft_id)
    return Writer(writer, cookie, mark, ids)


def _new_reviewer(number: int) -> str:
    """A reviewer at Cedar Ridge, signed in. Returns the cookie."""
    with db.transaction() as session:
        fields = {"email": f"desk-{number}@example.com", "name": f"Reviewer {number}", "password": DEMO_PASSWORD}
        # The people of the demonstration need no second factor.
        account_id = accounts.create_account(session, **fields, kind=ActorKind.STAFF, verified=True, is_demo=True)
        staff.assign(session, account_id, cedar_ridge(session), Role.REVIEWER)
        return f"{sign_ins.cookie_name()}={sign_ins.create_sign_in(session, account_id)}"


async def _live(
    installation: Installation,
    writers: list[Writer],
    cookies: list[str],
    counts: Counts,
    a_second: int,
    seconds: int,
    kills: int,
) -> None:
    pause = len(writers) / a_second
    watching = [asyncio.create_task(_watch(installation.url, writer, counts)) for writer in writers]
    deciding = [asyncio.create_task(_decide(installation.url, cookie, counts)) for cookie in cookies]
    killing = asyncio.create_task(_kill(installation, kills, seconds))
    await asyncio.gather(*(_write(installation.url, writer, counts, pause) for writer in writers))
    await killing
    for _ in range(_DRAINED_WITHIN):
        await asyncio.sleep(1)
        if not await asyncio.to_thread(_undecided, writers):
            break
    for task in (*watching, *deciding):
        task.cancel()
    await asyncio.gather(*watching, *deciding, return_exceptions=True)


async def _write(url: str, writer: Writer, counts: Counts, pause: float) -> None:
    """Send each draft with SEND, at most one in `pause` seconds."""
    tab = LastingTab(url, writer.cookie, routes.INBOX, InboxState, writer.hear, counts)
    await asyncio.sleep(random.uniform(0, pause))
    due = time.monotonic()
    for draft_id in writer.drafts:
        began = time.monotonic()
        await tab.act(lambda tab, draft_id=draft_id: _send(tab, draft_id))
        counts.sends.append((time.monotonic() - began) * 1000)
        counts.sent += 1
        due += pause
        await asyncio.sleep(max(0.0, due - time.monotonic()))
    await tab.close()


async def _send(tab: Tab, draft_id: int) -> Update:
    tab.path = routes.fill(routes.SEND, draft_id)
    await tab.call(SendState.accept_terms, shows(SendState, "accepts", True), accepts=True)
    return await tab.call(SendState.send, leads_to("/messages/"))


async def _watch(url: str, writer: Writer, counts: Counts) -> None:
    """Keep an inbox open, which is live."""
    tab = LastingTab(url, writer.cookie, routes.INBOX, InboxState, writer.hear, counts)
    while True:
        await tab.act(_stay)


async def _stay(tab: Tab) -> Update:
    await asyncio.sleep(_PATIENCE / 2)
    return await tab.call(InboxState.reload, lambda update: True)


async def _decide(url: str, cookie: str, counts: Counts) -> None:
    """Approve the next letter, again and again, with the keys of the desk."""
    tab = LastingTab(url, cookie, routes.STAFF, DeskState, lambda _text: None, counts)
    at: Tab | None = None

    async def press(tab: Tab) -> Update:
        # A tab that was opened anew shows no letter yet.
        return await tab.call(DeskState.approve if tab is at else DeskState.next, _shows_a_letter)

    while True:
        is_open = _letter(await tab.act(press)) is not None
        at = tab.current if is_open else None
        if not is_open:
            await asyncio.sleep(0.2)


def _letter(update: Update) -> object:
    """The open letter in an update of the desk, None if there is none."""
    return update["delta"].get(DeskState.get_full_name(), {}).get(f"letter{FIELD_MARKER}")


def _shows_a_letter(update: Update) -> bool:
    """Whether an update says which letter is open, or that none is."""
    return f"letter{FIELD_MARKER}" in (update.get("delta") or {}).get(DeskState.get_full_name(), {})


async def _kill(installation: Installation, kills: int, seconds: int) -> None:
    for _ in range(kills):
        await asyncio.sleep(seconds / (kills + 1))
        workers = installation.workers()
        if len(workers) > 1:
            random.choice(workers).kill()


def _mine(writers: list[Writer]):
    return col(Message.account_id).in_([writer.person.actor.account_id for writer in writers])


def _undecided(writers: list[Writer]) -> int:
    waiting = select(func.count()).select_from(Message).where(_mine(writers), col(Message.status).not_in(_LET_THROUGH))
    return db.read(lambda session: session.exec(waiting).one())


def _violations(writers: list[Writer], each: int) -> list[str]:
    with db.reading() as session:
        found = [sentence for writer in writers for sentence in _wrong(session, writer, each)]
        standing = col(Decision.state).in_([DecisionState.PENDING, DecisionState.COMMITTED])
        twice = (
            select(Decision.message_id)
            .join(Message, col(Message.id) == Decision.message_id)
            .where(_mine(writers), standing)
            .group_by(col(Decision.message_id))
            .having(func.count() > 1)
        )
        found += [f"letter {message_id} was decided twice" for message_id in session.exec(twice)]
    return found + books.violations()


def _wrong(session: Session, writer: Writer, each: int) -> list[str]:
    mine = select(Message.status, func.count()).where(Message.account_id == writer.person.actor.account_id)
    statuses = dict(session.exec(mine.group_by(col(Message.status))).all())
    let_through = sum(statuses.get(status, 0) for status in _LET_THROUGH)
    (wallet,) = wallets.balances(session, writer.person.actor)
    return [
        *(
            []
            if let_through == each == sum(statuses.values())
            else [f"{writer.mark} has {statuses}, of {each} letters"]
        ),
        *([] if wallet.credits == 0 else [f"{writer.mark} has {wallet.credits} credits left"]),
        *(f"{writer.mark} was shown {count} times {word}" for word, count in writer.foreign.items()),
    ]
