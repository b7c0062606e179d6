"""Photos under attack and in a crowd: hostile pictures, a phone's photo, and fifty families while workers are killed.

All of it goes over HTTP to a real server, which runs with a scanner of our own.
"""

from __future__ import annotations

import http.client
import io
import json
import os
import secrets
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import psutil
from PIL import Image
from sqlmodel import Session, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor
from rxconnect.domain.inmates import InmateQuery, Person
from rxconnect.domain.photos import Size
from rxconnect.domain.terms import VERSION
from rxconnect.models import Photo
from rxconnect.services.accounts import sign_ins
from rxconnect.services.directory import contacts, facilities, inmates
from rxconnect.services.messages import drafts
from rxconnect.services.money import ledger, wallets
from rxconnect.services.photos import storage, sweep
from rxconnect.services.screening import submissions
from tests import people
from tests.bench.servers import Server, running, used
from tests.clamd import scanner
from tests.photographs import encoded
from tests.services.conftest import give_credits
from tests.soak import hostile_pictures

_TRACES = (
    hostile_pictures.SECRET,
    b"Exif",
    b"ns.adobe.com",
    b"ICC_PROFILE",
    b"Photoshop",
    b"EICAR",
    b"<script",
    b"alert(1)",
)
# MB, seconds and milliseconds.
MOST_MEMORY, MOST_SECONDS, MOST_WAIT = 150, 1.5, 50
_ALLOWED_MARKERS = {0xC0, 0xC2, 0xC4, 0xDA, 0xDB, 0xE0, 0xDD}


@dataclass
class Found:
    """What was tried and measured, and the violations."""

    tried: int = 0
    kept: int = 0
    memory: float = 0.0
    decoder: float = 0.0
    seconds: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    idle: list[float] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)


class Family:
    """An account with a browser."""

    def __init__(self, server: str, name: str, facility_id: int, credits: int = 0):
        self.server, self.facility_id = urlsplit(server), facility_id
        with db.transaction() as session:
            self.actor: Actor = people.add(session, f"{secrets.token_hex(6)}@example.org", name)
        self.token = db.write(sign_ins.create_sign_in, self.actor.account_id)
        db.write(facilities.add_location, self.actor, facility_id)
        (found,), _more = db.read(inmates.find, self.actor, facility_id, InmateQuery(number="P00001"))
        self.contact_id = db.write(contacts.add_at_my_location, self.actor, found.id).id
        if credits:
            give_credits(self.actor, facility_id, credits)

    def draft(self) -> int:
        draft_id = db.write(drafts.get_or_create_empty, self.actor, self.contact_id)
        db.write(drafts.save, self.actor, draft_id, subject="Pictures", body="From the weekend.")
        return draft_id

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes, dict[str, str]]:
        """One request. Raises `OSError` or `HTTPException` when the server is gone."""
        connection = http.client.HTTPConnection(self.server.hostname or "", self.server.port, timeout=90)
        try:
            headers = {"Cookie": f"rxconnect={self.token}", "Origin": self.server.geturl()}
            connection.request(method, path, body, headers)
            reply = connection.getresponse()
            return reply.status, reply.read(), dict(reply.getheaders())
        finally:
            connection.close()

    def upload(self, draft_id: int, content: bytes, key: str) -> tuple[int, dict]:
        status, told, _headers = self.ask("POST", f"/drafts/{draft_id}/photos?key={key}", content)
        return status, json.loads(told) if told.startswith(b"{") else {}

    def insist(self, draft_id: int, content: bytes) -> bool:
        """Upload as the page's script does: under the same key, until the server answers."""
        key = secrets.token_hex(16)
        for _ in range(40):
            with suppress(OSError, http.client.HTTPException):
                status, _told = self.upload(draft_id, content, key)
                if status == 200:
                    return True
                if status < 500 and status not in (408, 429):
                    return False
            time.sleep(0.5)
        return False


@contextmanager
def served(data: Path) -> Iterator[tuple[Server, int]]:
    """A server with a scanner on new data, and a facility that takes photos."""
    with scanner() as address, used(data):
        os.environ["RXCONNECT_CLAMD"] = address
        try:
            db.upgrade()
            place = db.write(facilities.create_facility, name="Photo County Jail", opening="open", most_photos=10)
            db.write(inmates.add_to_roster, place, [Person(number="P00001", first_name="Marcus", last_name="Rivera")])
            with running(data) as server:
                yield server, place
        finally:
            del os.environ["RXCONNECT_CLAMD"]


def hostile(data: Path) -> Found:
    """Upload every hostile picture. Whatever is kept must be three JPEGs of ours, and whatever is not gets a sentence."""
    found = Found()
    with served(data) as (server, place):
        family = Family(server.url, "Ann Lee", place)
        family.upload(family.draft(), encoded(), secrets.token_hex(16))
        with _watching_memory(server, found):
            for name, content in hostile_pictures.every():
                found.tried += 1
                draft_id = db.write(drafts.get_or_create_empty, family.actor, family.contact_id)
                status, told = family.upload(draft_id, content, secrets.token_hex(16))
                if status == 200:
                    found.kept += 1
                    found.violations += [f"{name}: {what}" for what in _faults_of_photo(family, told["id"])]
                elif status != 422 or len(told.get("problem", "")) < 20:
                    found.violations.append(f"{name}: status {status} {told}")
        with db.reading() as session:
            stores = set(session.exec(select(Photo.store)))
        found.violations += [
            f"a file of nobody: {one.name}" for one in storage.current().files() if one.store not in stores
        ]
        if len(list(storage.current().files())) != 3 * len(stores):
            found.violations.append("a photo has not three files")
    return found


def _faults_of_photo(family: Family, photo_id: int) -> Iterator[str]:
    with db.reading() as session:
        key = session.get_one(Photo, photo_id).key
    for size in Size:
        status, content, headers = family.ask("GET", f"/photos/{key}?size={size}")
        if status != 200 or headers.get("content-type", headers.get("Content-Type")) != "image/jpeg":
            yield f"{size} is not served: {status}"
            continue
        if traces := [trace for trace in _TRACES if trace in content]:
            yield f"{size} holds {traces}"
        with Image.open(io.BytesIO(content)) as picture:
            picture.load()
            if (
                picture.format != "JPEG"
                or picture.mode != "RGB"
                or max(picture.size) > size.longest_side
                or picture.getexif()
            ):
                yield f"{size} is {picture.format} {picture.mode} {picture.size}"
        if markers := _markers(content) - _ALLOWED_MARKERS:
            yield f"{size} has the markers {sorted(map(hex, markers))}"


def _markers(jpeg: bytes) -> set[int]:
    """The markers before the first pixels of a JPEG: those of comments and metadata would be among them."""
    at, found = 2, set()
    while jpeg[at] == 0xFF and jpeg[at + 1] != 0xDA:
        found.add(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return found


def phone(data: Path, times: int = 10) -> Found:
    """A 12-megapixel photo to its preview, while somebody else loads a small page again and again."""
    found = Found()
    noise = Image.effect_noise((4032, 3024), 40).convert("RGB")
    content = encoded(drawn=noise, quality=88)
    with served(data) as (server, place):
        family, other = (Family(server.url, name, place) for name in ("Ann Lee", "Bo Lee"))
        family.upload(family.draft(), encoded(), secrets.token_hex(16))
        _load(other, found.idle, time.monotonic() + 5)
        for _ in range(times):
            found.tried += 1
            draft_id, done = db.write(drafts.get_or_create_empty, family.actor, family.contact_id), threading.Event()
            watcher = threading.Thread(target=_load, args=(other, found.waits, time.monotonic() + 60, done))
            watcher.start()
            began = time.perf_counter()
            status, told = family.upload(draft_id, content, secrets.token_hex(16))
            with db.reading() as session:
                key = session.get_one(Photo, told["id"]).key
            family.ask("GET", f"/photos/{key}?size=thumb")
            found.seconds.append(time.perf_counter() - began)
            done.set()
            watcher.join()
            found.violations += [] if status == 200 else [f"status {status} {told}"]
    return found


def _load(who: Family, waits: list[float], until: float, done: threading.Event | None = None) -> None:
    while time.monotonic() < until and not (done and done.is_set()):
        began = time.perf_counter()
        who.ask("GET", "/sign-in")
        waits.append(1000 * (time.perf_counter() - began))
        time.sleep(0.01)


def crowd(data: Path, families: int = 50, photos: int = 10, kills: int = 3) -> Found:
    """Families upload at once while workers are killed; then each sends its letter. Nothing is lost, left over or mispaid."""
    found, content = Found(), encoded(drawn=Image.effect_noise((1600, 1200), 40).convert("RGB"), quality=85)
    with served(data) as (server, place):
        writers = [Family(server.url, f"Family {number}", place, credits=photos + 5) for number in range(families)]
        letters = {writer: writer.draft() for writer in writers}
        jobs = [writer for writer in writers for _ in range(photos)]
        ended = threading.Event()
        killer = threading.Thread(target=_kill_workers, args=(server, kills, ended))
        killer.start()
        with ThreadPoolExecutor(families) as pool:
            kept = list(pool.map(lambda writer: writer.insist(letters[writer], content), jobs))
        ended.set()
        killer.join()
        found.tried, found.kept = len(jobs), sum(kept)
        for writer in writers:
            db.write(submissions.send, writer.actor, letters[writer], accepted_terms=VERSION)
            (wallet,) = db.read(wallets.balances, writer.actor)
            if (wallet.credits, wallet.held) != (4, photos + 1):
                found.violations.append(f"{writer.actor.name} has {wallet.credits} credits and {wallet.held} held")
    with used(data), clock.at(clock.now() + timedelta(hours=2)):
        while sweep.sweep_rows().done:
            pass
        sweep.sweep_files()
    with used(data), db.reading() as session:
        found.violations += _lost(session, {one.actor.account_id for one in writers}, photos)
        found.violations += ledger.check_ledger(session).differences
    return found


def _lost(session: Session, writers: set[int], photos: int) -> Iterator[str]:
    """What is not as it should be. The demonstration's own letters have photos too."""
    every = session.exec(select(Photo)).all()
    rows = [row for row in every if row.account_id in writers]
    if len(rows) != len(writers) * photos or {row.message_id is None for row in rows} != {False}:
        yield f"{len(rows)} photos, {sum(row.message_id is None for row in rows)} of them in no letter"
    if len({row.item_id for row in rows}) != len(rows):
        yield "not every photo is an item"
    files = {one.name for one in storage.current().files()}
    wanted = {storage.name_of(row.store, size) for row in every for size in Size}
    yield from (f"lost: {name}" for name in wanted - files)
    yield from (f"orphaned: {name}" for name in files - wanted)


def _kill_workers(server: Server, kills: int, ended: threading.Event) -> None:
    random = Random(7)
    for _ in range(kills):
        if ended.wait(random.uniform(2, 6)):
            return
        for worker in _workers(server):
            with suppress(ProcessLookupError):
                os.kill(worker.pid, signal.SIGKILL)


def _workers(server: Server) -> list[psutil.Process]:
    return [child for child in server.process.children() if "decoder" not in " ".join(child.cmdline())]


@contextmanager
def _watching_memory(server: Server, found: Found) -> Iterator[None]:
    """Measure inside the block how far the workers' memory rises, and the most of a decoder, in MB."""
    workers = _workers(server)
    before = sum(one.memory_info().rss for one in workers)
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.02):
            with suppress(psutil.Error):
                found.memory = max(found.memory, (sum(one.memory_info().rss for one in workers) - before) / 2**20)
                for worker in workers:
                    for child in worker.children():
                        found.decoder = max(found.decoder, child.memory_info().rss / 2**20)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
