"""Bad input to public routes: invalid card forms, and webhooks that the processor did not sign.

All inputs go through the real routes. None may be accepted, and none may cause an error 5xx.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

from sqlmodel import func, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from rxconnect import db, routes
from rxconnect.api import webhooks, wrap
from rxconnect.config import settings
from rxconnect.models import Journal
from rxconnect.payments import sandbox_routes
from rxconnect.services.money import processor
from tests.payments.test_contract import forgeries, malformed
from tests.payments.worlds import SandboxWorld
from tests.services.buying import VISA, buy, later
from tests.soak import worlds

_ADDRESS = "http://127.0.0.1:8000"
# Has a valid check digit and is not a published test number, so it stands for a real card.
_REAL = "4539578763621486"
_STRANGE = (
    "",
    " ",
    "\x00",
    "\ud800",
    "٤٢٤٢",
    "💳",
    "<script>",
    "' OR 1=1 --",
    "%s",
    "NaN",
    "-1",
    "4" * 3000,
    "ß",
    "\u202e",
    "½",
)
_WRONG_TYPES: tuple[Any, ...] = (None, 4242, 4.2, True, [], {}, [VISA], {"$ne": ""})
_PATHS = ("/sandbox/tokens", "/sandbox/cvc-tokens")


def browser(static: Path) -> TestClient:
    """A client on our own site, for an app with the routes of the sandbox and the webhook."""
    app = wrap(Starlette(), static_dir=static, extra_routes=[*sandbox_routes.ROUTES, *webhooks.ROUTES])
    return TestClient(app, base_url=_ADDRESS, headers={"origin": _ADDRESS}, raise_server_exceptions=False)


def soak(static: Path, *, forms: int) -> list[str]:
    """Send so many bad forms, and over a hundred forged or repeated events. Returns the violations."""
    with worlds.database(""):
        world = worlds.build()
        client = browser(static)
        return [*_bad_forms(client, forms), *_bad_events(client, world)]


def _bad_forms(client: TestClient, count: int) -> list[str]:
    kept, found, random = _kept(), [], Random(1)
    for number in range(count):
        path, body, headers = _bad_form(random)
        answer = client.post(path, content=body, headers=headers)
        if not 400 <= answer.status_code < 500 or "token" in answer.text.partition(":")[0]:
            found.append(f"Form {number}, {body[:80]!r} to {path}, was answered with {answer.status_code}.")
    return found if _kept() == kept else [*found, "A bad form left something behind."]


def _bad_form(random: Random) -> tuple[str, bytes, dict[str, str]]:
    """A form that must be refused: its address, its body and its headers."""
    path = random.choice(_PATHS)
    good = (
        {"number": VISA, "expiry": later(), "cvv": "737", "postcode": "99362"} if path == _PATHS[0] else {"cvv": "737"}
    )
    body = json.dumps(good).encode()
    match random.randrange(5):
        case 0:
            field = random.choice(list(good))
            return path, json.dumps(good | {field: _bad_value(field, random)}).encode(), {}
        case 1:
            return path, body[: random.randrange(len(body))], {}
        case 2:
            return path, random.randbytes(random.randrange(200)), {}
        case 3:
            origin = random.choice(
                ["https://evil.example", "null", f"{_ADDRESS}.evil.example", "http://127.0.0.1:8001", ""]
            )
            return path, body, {"origin": origin}
        case _:
            return path, body + b" " * random.randint(4097, 9000), {}


def _bad_value(field: str, random: Random) -> Any:
    wrong = {
        "number": (_REAL, VISA[:-1], f"{VISA}0", "4242424242424241", VISA[::-1]),
        "expiry": ("13/39", "00/39", "12/19", "1239/", "12", "0/0", "12/3999"),
        "cvv": ("73", "73737", "7a7", "７３７", "7 3"),
        "postcode": ("9936", "ABCDE", "99362-", "993620", "9936２"),
    }
    return random.choice([*wrong[field], *_STRANGE, *_WRONG_TYPES])


def _bad_events(client: TestClient, world: worlds.World) -> list[str]:
    """Send forged events, which must be refused, and repeated real ones, which must change nothing."""
    buy(world.family()[0], world.place)
    events = processor.sandbox().events()
    for event in events:
        _post(client, *event)
    before = _journals(), _kept()
    answers = [_post(client, *forged) for event in events[-1:] for forged in forgeries(*event)]
    found = [f"A forged event was answered with {code}." for code in answers if code != 400]
    found += _malformed_events(client, *events[-1])
    replays = [_post(client, *event) for _ in range(100 // len(events) + 1) for event in events]
    found += [f"An event that came again was answered with {code}." for code in replays if code != 200]
    if len(answers) < 100 or len(replays) < 100:
        found.append("Too few events were tried.")
    return found if (_journals(), _kept()) == before else [*found, "An event changed what it must not."]


def _malformed_events(client: TestClient, body: bytes, signature: str) -> list[str]:
    """Send malformed bodies with a valid signature, which must be refused."""
    event, sandbox = processor.sandbox().read_event(body, signature), SandboxWorld(settings().data_dir)
    bodies = malformed(body, (event.id, event.object_id))
    answers = [(other, _post(client, other, sandbox.sign(other))) for other in bodies]
    return [f"A malformed event, {other[:80]!r}, was answered with {code}." for other, code in answers if code != 400]


def _post(client: TestClient, body: bytes, signature: str) -> int:
    # No client can send other characters in a header.
    headers = {"stripe-signature": signature.encode("utf-8", "replace")}
    return client.post(routes.WEBHOOK, content=body, headers=headers).status_code


def _journals() -> int:
    return db.read(lambda session: session.exec(select(func.count()).select_from(Journal)).one())


def _kept() -> list[int]:
    """The numbers of cards and CVVs for which the sandbox has tokens."""
    with closing(sqlite3.connect(settings().data_dir / "sandbox.db")) as file:
        return [file.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("card", "cvc")]
