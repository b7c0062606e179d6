"""Attacks on a running server, each of which once stalled it, filled its disk or got in. Only on loopback, and bounded.

Every attack takes a `Target` and returns a sentence for each violation. `make soak` runs them with the counts of the
first report, and the tests with smaller ones.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx
import psutil
from reflex.state import FrontendEventExceptionState
from reflex.utils.format import format_event_handler
from simple_websocket import AioClient

from rxconnect import logs, routes
from tests.bench.tabs import CONNECT, NAMESPACE, event_frame
from tests.soak import sockets

# Seconds within which a visitor must get an answer during an attack; and the most CPU milliseconds for one text.
_ANSWERED_WITHIN, _CPU_MS = 1.0, 50
_NEVER = 60.0
# Megabytes by which 10,000 visitors may increase the server's memory.
_GROWS_BY = 50
_FORMS = {
    routes.SIGN_IN: ("email", "password"),
    routes.SIGN_UP: ("email", "name", "password"),
    routes.FORGOT_PASSWORD: ("email",),
    routes.RESET_PASSWORD: ("new_password", "token"),
    routes.VERIFY_EMAIL: ("token",),
}
# Texts that are slow where code takes quadratic time.
HARD_TEXTS: dict[str, Callable[[int], str]] = {
    "marks": lambda length: "e" + "\u0301\u0323" * (length // 2),
    "emoji joined by ZWJ": lambda length: "👩\u200d" * (length // 2),
    "right to left": lambda length: "\u05d0\u202e" * (length // 2),
    "blanks": lambda length: " " * length,
    "digits": lambda length: "7" * length,
    "one letter": lambda length: "a" * length,
    "unclosed brackets": lambda length: "([{<" * (length // 4),
}


@dataclass(frozen=True)
class Target:
    """A server to attack: its address, its log, and by how much the counts of the first report are divided."""

    url: str
    log: Path
    divided_by: int = 1

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 80

    @property
    def is_measured(self) -> bool:
        """Whether times are checked. Tests share a busy machine, so they only check that an answer comes."""
        return self.divided_by == 1

    def logged(self, since: int) -> str:
        """The log after its first `since` bytes."""
        return self.log.read_bytes()[since:].decode()

    def memory(self) -> int:
        """The unshared memory of the server's processes, in bytes."""
        return sum(process.memory_full_info().uss for process in _processes(self.port))

    def cpu_seconds(self) -> float:
        """The CPU time of all the server's processes."""
        return sum(sum(process.cpu_times()[:2]) for process in _processes(self.port))


def half_sent(target: Target) -> list[str]:
    """Send thousands of unfinished forms, unfinished heads, and silent connections."""
    return [sentence for begun in _BEGINNINGS for sentence in sockets.in_a_loop(_half_sent(target, begun))]


def long_texts_in_forms(target: Target) -> list[str]:
    """Send sixty thousand bytes in every field of every form, without an account."""
    found = []
    fields = [(path, field) for path, names in _FORMS.items() for field in names]
    with httpx.Client(base_url=target.url, headers={"Origin": target.url}, timeout=60) as client:
        for name, text in HARD_TEXTS.items():
            before = target.cpu_seconds()
            for path, field in fields:
                given = {
                    "email": "a@example.org",
                    "name": "A",
                    "password": "walla walla washington 98",
                    "new_password": "walla 98 98",
                }
                body = urlencode(given | {field: _of_size(text, 60_000)})
                answer = client.post(path, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
                if answer.status_code not in (413, 422):
                    found.append(f"{name} in {field} of {path} was answered with {answer.status_code}.")
            each = (target.cpu_seconds() - before) * 1000 / len(fields)
            if target.is_measured and each > _CPU_MS:
                found.append(f"{name} in a form cost {each:.0f} ms of CPU.")
    return found


def flooded_log(target: Target) -> list[str]:
    """Send long forged browser errors that try to break the log, and every other input that causes an error line."""
    return sockets.in_a_loop(_flooded_log(target, 200 // target.divided_by + 50))


def another_websites_requests(target: Target) -> list[str]:
    """Send every form and open every socket as a page of another website would, and as a client without an `Origin`."""
    strange = (
        {},
        {"Origin": "null"},
        {"Origin": target.url.replace("http:", "https:")},
        {"Origin": "https://evil.example"},
        {"Referer": f"{target.url}/sign-in"},
        {"Sec-Fetch-Site": "cross-site"},
    )
    paths = [
        *_FORMS,
        routes.SIGN_OUT,
        routes.SIGN_OUT_EVERYWHERE,
        "/sandbox/tokens",
        "/_upload",
        "/_event",
        "/ping",
        "/x",
    ]
    found = []
    with httpx.Client(base_url=target.url, timeout=30) as client:
        for path, headers, method in itertools.product(paths, strange, ("POST", "PUT", "DELETE", "PATCH")):
            status = client.request(method, path, headers=headers, content=b"email=a").status_code
            if status != 403:
                found.append(f"{method} {path} with {headers} was answered with {status}.")
        for headers in strange:
            status = client.get(f"{NAMESPACE}/?EIO=4&transport=websocket", headers=_UPGRADE | headers).status_code
            if status != 403:
                found.append(f"A socket with {headers} was answered with {status}.")
        for headers in ({}, {"Origin": target.url}):
            status = client.get(f"{NAMESPACE}/?EIO=4&transport=polling&token=x", headers=headers).status_code
            if status != 400:
                found.append(f"Polling with {headers} was answered with {status}.")
    return found


def crowds_of_visitors(target: Target) -> list[str]:
    """Open and close many sockets of visitors, then some with far too long data."""
    found, before = [], target.memory()
    count = 10_000 // target.divided_by
    if (answered := sockets.come_and_go(target.url, count)) < count:
        found.append(f"Of {count:,} visitors {answered:,} were answered.")
    if answered := sockets.come_and_go(target.url, 300 // target.divided_by, junk=800_000):
        found.append(f"{answered} visitors were answered although they sent 800 kB of junk.")
    grown = (target.memory() - before) / 1024 / 1024
    if target.is_measured and grown > _GROWS_BY:
        found.append(f"The server has grown by {grown:.0f} MB.")
    return found


def hard_text_in_events(target: Target) -> list[str]:
    """Compare the wait for a page alone and while two others send slow text as fast as their connections allow."""
    found = []
    for name in ("marks", "emoji joined by ZWJ"):
        alone, attacked = sockets.waits(target.url, HARD_TEXTS[name](50_000), 40 / target.divided_by)
        if target.is_measured and attacked > 3 * alone + _CPU_MS:
            found.append(f"{name}: somebody waited {attacked:.0f} ms for a page, and {alone:.0f} ms alone.")
    return found


ATTACKS: dict[str, Callable[[Target], list[str]]] = {
    "4,300 half-sent forms, heads and silent connections": half_sent,
    "60 kB of hard text in every field of every form": long_texts_in_forms,
    "250 made-up errors of browsers, 100 kB each": flooded_log,
    "every form and socket from elsewhere": another_websites_requests,
    "a tab that changes hands 1,000 times": lambda target: sockets.change_hands(target.url, 1_000 // target.divided_by),
    "what a backup holds, presented to the socket": lambda target: sockets.present_a_backup(target.url),
    "10,000 visitors, and 300 with junk of 800 kB": crowds_of_visitors,
    "more visitors at once than may stay": lambda target: sockets.crowd(target.url, 105),
    "two lines of 115 kB/s with hard text": hard_text_in_events,
}

_UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}
_HEAD = (
    "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n"
)
_BEGINNINGS = {
    "forms": _HEAD + "Content-Length: 1000\r\n\r\nemail=a",
    "forms in chunks": _HEAD + "Transfer-Encoding: chunked\r\n\r\n5\r\nemail\r\n",
    "heads": _HEAD,
    "silent connections": "",
}


async def _half_sent(target: Target, begun: str) -> list[str]:
    count, log_before = 4_300 // target.divided_by, target.log.stat().st_size
    first = _BEGINNINGS[begun].format(port=target.port).encode()
    waiting, slowest = [], 0.0
    try:
        for number in range(count):
            waiting.append(asyncio.create_task(_begin(target.port, first)))
            if number % 200 == 199:
                # Not all at once, or this process itself would delay the visitor.
                await asyncio.sleep(0.1)
                slowest = max(slowest, await _visit(target.port))
        for _ in range(10):
            slowest = max(slowest, await _visit(target.port))
            await asyncio.sleep(0.3)
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    found = []
    if slowest > (_ANSWERED_WITHIN if target.is_measured else _NEVER):
        found.append(f"With {count:,} half-sent {begun} a new visitor waited {slowest:.1f} s.")
    if lines := target.logged(log_before).count("\n"):
        found.append(f"{count:,} half-sent {begun} wrote {lines:,} lines of log.")
    return found


async def _begin(port: int, first: bytes) -> None:
    """Send the beginning of a request, and hold the connection until the server closes it."""
    with suppress(OSError):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(first)
            await reader.read()
        finally:
            writer.close()


async def _visit(port: int) -> float:
    """The seconds that a new visitor waits for the sign-in page."""
    began = time.monotonic()
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(_NEVER):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
            answer = await reader.read()
            writer.close()
            if b" 200 " in answer[:20]:
                return time.monotonic() - began
    return _NEVER + 1


async def _flooded_log(target: Target, count: int) -> list[str]:
    before = target.log.stat().st_size
    nasty = "TypeError: \x1b[31m\x1b]0;owned\x07\r\n2026-01-01 [error] invented\u2028\u202e" * 1_300
    handler = format_event_handler(FrontendEventExceptionState.event_handlers["handle_frontend_exception"])
    async with _socket(target) as socket:
        await socket.send(f"{CONNECT}{{}}")
        for _ in range(count):
            await socket.send(event_frame(handler, "/sign-in", {"info": nasty, "component_stack": ""}))
        for _ in range(5):
            await socket.send(f"42{NAMESPACE}," + json.dumps(["client_error", {"error_type": "x", "message": nasty}]))
            await socket.send(f"42{NAMESPACE}," + json.dumps(["event", nasty[:50_000]]))
        await asyncio.sleep(3)
    written = target.logged(before)
    lines = written.splitlines()
    found = [
        f"A line of the log has {len(line.encode()):,} bytes." for line in lines if len(line.encode()) > logs.MOST_BYTES
    ]
    if any(not line.isprintable() for line in lines):
        found.append("A browser wrote control characters into the log.")
    if len(lines) > logs.PER_ADDRESS + 20:
        found.append(f"{count:,} made-up errors wrote {len(lines):,} lines.")
    if not any("a browser failed" in line for line in lines):
        found.append("Nothing was logged at all.")
    if any(line.startswith("2026-01-01") for line in lines):
        found.append("A browser wrote a line of its own.")
    return found


@asynccontextmanager
async def _socket(target: Target) -> AsyncIterator[AioClient]:
    address = f"ws://127.0.0.1:{target.port}{NAMESPACE}/?EIO=4&transport=websocket&token={uuid.uuid4()}"
    socket = await AioClient.connect(address, headers={"Origin": target.url})
    try:
        yield socket
    finally:
        with suppress(Exception):
            await socket.close()


def _of_size(text: Callable[[int], str], most: int) -> str:
    """The longest such text that fits into so many bytes of a form."""
    return text(most // max(1, len(urlencode({"": text(100)})) // 100))


def _processes(port: int) -> list[psutil.Process]:
    """The processes that listen on a port, with their children."""
    listening = (one for one in psutil.net_connections("tcp") if one.status == psutil.CONN_LISTEN)
    listeners = [psutil.Process(pid) for pid in {one.pid for one in listening if one.laddr.port == port and one.pid}]
    return list({*listeners, *(child for listener in listeners for child in listener.children(recursive=True))})


def tally(found: list[str]) -> list[str]:
    """Merge equal sentences, with their counts."""
    return [sentence if times == 1 else f"{sentence} ({times} times)" for sentence, times in Counter(found).items()]
