"""Purchases with canary card numbers in a real browser, then a search of every place that could leak one.

The numbers are published test numbers. Typed card data goes from the browser to the processor's own address only. It
must be in no frame, no other request, no file, no database, no backup, no Redis, no log and no receipt.
"""

from __future__ import annotations

import re
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, WebSocket, expect
from redis import Redis

from rxconnect import routes
from rxconnect.domain.cards import grouped_number
from rxconnect.payments.published import BY_NAME, TEST_CARDS
from tests import postgres, printing, redis_server
from tests.e2e.actions import button, enter, fill_card, new_purchase, new_writer, visit
from tests.e2e.servers import free_port, start, wait_until_healthy
from tests.redis_server import RedisServer
from tests.worlds import installed

AMEX = BY_NAME["amex"].number
NUMBERS = [AMEX, *(BY_NAME[name].number for name in ("visa", "mastercard", "discover", "visa debit"))]
CVV = "9073"
# Has a valid check digit and is not a published test number, so it stands for a real card.
UNKNOWN = "4539148803436467"
# Random ids contain any four digits by chance, so a CVV only counts when it stands alone.
_CVV_ALONE = re.compile(rf"(?<![0-9A-Za-z.]){CVV}(?![0-9A-Za-z])")
_PROCESSOR = "/sandbox/"
# A line of the payment page's list of test cards, as stored in Redis: a number, then its explanation.
_LISTED = re.compile(
    "|".join(f"{grouped_number(card.number)}.{{1,40}}?{re.escape(card.explanation)}" for card in TEST_CARDS), re.DOTALL
)

Place = tuple[str, str]


def digits(text: str) -> str:
    """The text without the separators between a card's digits."""
    return re.sub(r"(?<=[0-9])[ -](?=[0-9])", "", text)


def betrays(text: str) -> bool:
    """Whether the text contains a canary, outside the demonstration's list of accepted numbers."""
    plain = digits(_LISTED.sub("", text))
    return any(number in plain for number in (*NUMBERS, UNKNOWN)) or bool(_CVV_ALONE.search(text))


@dataclass
class Seen:
    """A browser's traffic, and the documents that it downloaded."""

    frames: list[str] = field(default_factory=list)
    requests: list[Place] = field(default_factory=list)
    documents: list[Place] = field(default_factory=list)
    # The downloaded receipt's number. It must be found in every place, or a search there would prove nothing.
    receipt_number: str = ""

    def listen(self, page: Page) -> None:
        """Record all that the page sends and receives from now on."""
        page.on("websocket", self._listen_to)
        page.on("request", self._keep)

    def places(self) -> Iterator[Place]:
        """All traffic except that with the processor."""
        yield from (("a socket's frame", frame) for frame in self.frames)
        yield from ((f"a request to {url}", body) for url, body in self.requests if _PROCESSOR not in url)
        yield from self.documents

    def told_processor(self) -> int:
        """The number of requests to the processor with a canary."""
        return sum(_PROCESSOR in url and betrays(body) for url, body in self.requests)

    def _listen_to(self, socket: WebSocket) -> None:
        def keep(payload: str | bytes) -> None:
            self.frames.append(payload.decode("latin-1") if isinstance(payload, bytes) else payload)

        socket.on("framesent", keep)
        socket.on("framereceived", keep)

    def _keep(self, request: Request) -> None:
        body = (request.post_data_buffer or b"").decode("latin-1")
        self.requests.append((request.url, f"{request.url} {request.headers} {body}"))


def shop(page: Page, url: str, families: int) -> Seen:
    """Let so many families buy twice: with a new card, then with the same card, stored, and its CVV typed again.

    Every second card is the one with the CVV to search for. At the end, enter a wrong number and download one receipt.
    """
    seen = Seen()
    seen.listen(page)
    for turn in range(families):
        number = AMEX if turn % 2 == 0 else NUMBERS[1 + turn // 2 % (len(NUMBERS) - 1)]
        cvv = CVV if number == AMEX else "739"
        buyer = new_writer()
        enter(page, url, buyer)
        visit(page, f"{url}{routes.fill(routes.PAYMENT, new_purchase(buyer))}")
        fill_card(page, number, cvv=cvv)
        button(page, "Continue").click()
        _submit(page)
        visit(page, f"{url}{routes.fill(routes.PAYMENT, new_purchase(buyer))}")
        expect(page.get_by_role("radio", name=re.compile(f"ending {number[-4:]}"))).to_be_checked()
        page.get_by_label("CVV").fill(cvv)
        button(page, "Confirm").click()
        _submit(page)
        if turn == 0:
            _take_away(page, url, seen)
    buyer = new_writer()
    enter(page, url, buyer)
    visit(page, f"{url}{routes.fill(routes.PAYMENT, new_purchase(buyer))}")
    fill_card(page, UNKNOWN, cvv=CVV)
    button(page, "Continue").click()
    expect(page.get_by_label("Card number")).to_have_attribute("aria-invalid", "true")
    return seen


@dataclass(frozen=True)
class Installation:
    """A running server on its own data directory, with or without PostgreSQL and Redis."""

    url: str
    data: Path
    database: str = ""
    redis: RedisServer | None = None

    def places(self) -> Iterator[Place]:
        """All places where it stores data."""
        yield from in_files(self.data)
        with tempfile.TemporaryDirectory() as folder:
            yield from in_backups(self.data, Path(folder))
        if self.database:
            yield from in_dump(self.database)
        if self.redis:
            yield from in_redis(self.redis)


@contextmanager
def small_installation(data: Path) -> Iterator[Installation]:
    """A server with default settings. Inside the block, this process's services use its database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RXCONNECT_DATA_DIR", str(data))
        port, log = free_port(), data / "server.log"
        with installed():
            server = start(data, port, log)
            try:
                wait_until_healthy(f"http://localhost:{port}", server, log)
                yield Installation(f"http://localhost:{port}", data)
            finally:
                server.terminate()
                server.wait(timeout=30)


@contextmanager
def large_installation(data: Path) -> Iterator[Installation]:
    """A server with several workers, PostgreSQL and Redis. Raises `NoPostgres` and `NoRedis`."""
    with redis_server.running() as redis, postgres.running() as database, pytest.MonkeyPatch.context() as patch:
        patch.setenv("RXCONNECT_REDIS_URL", redis.url)
        patch.setenv("RXCONNECT_DATABASE_URL", database)
        with small_installation(data) as installation:
            yield replace(installation, database=database, redis=redis)


def in_files(folder: Path) -> Iterator[Place]:
    """Each file in a folder, and each value of its SQLite files."""
    for path in filter(Path.is_file, folder.rglob("*")):
        yield str(path), path.read_bytes().decode("latin-1")
        if path.suffix == ".db":
            yield from ((str(path), value) for value in _values(path))


def in_backups(data: Path, folder: Path) -> Iterator[Place]:
    """A backup of every database, made by SQLite."""
    for path in data.glob("*.db"):
        copy = folder / f"backup-{path.name}"
        with closing(sqlite3.connect(path)) as ours, closing(sqlite3.connect(copy)) as theirs:
            ours.backup(theirs)
        yield str(copy), copy.read_bytes().decode("latin-1")
        yield from ((str(copy), value) for value in _values(copy))


def in_dump(address: str) -> Iterator[Place]:
    """A dump of a PostgreSQL database, made by `pg_dump`."""
    dumped = subprocess.run(["pg_dump", address], capture_output=True, text=True, check=True)
    yield "the dump", dumped.stdout


def in_redis(server: RedisServer) -> Iterator[Place]:
    """Every command that Redis received, and its current data."""
    yield from in_files(server.folder)
    with Redis.from_url(server.url) as client:
        for key in client.scan_iter():
            yield f"Redis, {key!r}", repr(client.dump(key))


def in_the_browser(page: Page) -> Iterator[Place]:
    """The data left in a browser for its next user."""
    yield (
        "the browser's storage",
        page.evaluate("JSON.stringify({...localStorage, ...sessionStorage}) + document.cookie"),
    )


def betrayed(places: Iterable[Place]) -> list[str]:
    """The distinct places that contain a canary."""
    return sorted({place for place, text in places if betrays(text)})


def mentioning(text: str, places: Iterable[Place]) -> set[str]:
    """The names of the places that contain this text."""
    return {Path(place).name for place, held in places if text in held}


def _submit(page: Page) -> None:
    button(page, "Submit").click()
    expect(page.get_by_role("heading", name="Receipt", level=1)).to_be_visible()


def _take_away(page: Page, url: str, seen: Seen) -> None:
    """Download the receipt on the screen, as page and PDF, and the history as CSV."""
    seen.receipt_number = number = page.url.rpartition("/")[2]
    main = page.get_by_role("main")
    # The heading appears before the receipt does.
    expect(main).to_contain_text(number)
    page_text = main.inner_text()
    pdf = page.context.request.get(f"{url}{routes.fill(routes.RECEIPT, number)}.pdf").body()
    table = page.context.request.get(f"{url}{routes.RECEIPTS_CSV}").text()
    seen.documents += [
        ("the receipt's page", page_text),
        ("the receipt's PDF", pdf_text(pdf)),
        ("the history's CSV", table),
    ]


def pdf_text(pdf: bytes) -> str:
    """A PDF's bytes and its text. A PDF stores letters as numbers, which each font's own table translates."""
    plain = printing.inside(pdf).decode("latin-1")
    fonts = [
        {int(code, 16): chr(int(letter, 16)) for code, letter in re.findall(r"<(\w{4})> <(\w{4})>", table)}
        for table in re.findall(r"beginbfchar(.*?)endbfchar", plain, re.DOTALL)
    ]
    lines = ["".join(re.findall(r"<(\w+)>", line)) for line in re.findall(r"\[(<.*?)\]\s*TJ", plain)]
    said = [
        "".join(font.get(int(code, 16), "") for code in re.findall("....", line)) for line in lines for font in fonts
    ]
    return "\n".join([plain, *said])


def _values(database: Path) -> Iterator[str]:
    with closing(sqlite3.connect(database)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                yield from map(str, row)
