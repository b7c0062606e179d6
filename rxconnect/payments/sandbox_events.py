"""The sandbox's webhook events, signed as Stripe signs its own: `t=<seconds>,v1=<HMAC-SHA256 of "t.body">`."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import sqlite3
import time

from rxconnect.payments.port import About, Event, ForgedEvent

# An older signature may be a replay by an eavesdropper. Stripe's libraries use five minutes too.
TOLERANCE_SECONDS = 300
_HEADER = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")


def write_event(run: sqlite3.Connection, about: About, object_id: str) -> None:
    """Store an event, in the caller's transaction."""
    run.execute(
        "INSERT INTO event (id, about, object_id) VALUES (?, ?, ?)", (f"evt_{secrets.token_hex(16)}", about, object_id)
    )


def signing_key(run: sqlite3.Connection) -> str:
    """The sandbox's signing key, created at first use."""
    run.execute("INSERT INTO secret SELECT ? WHERE NOT EXISTS (SELECT 1 FROM secret)", (secrets.token_hex(32),))
    return run.execute("SELECT webhook FROM secret").fetchone()["webhook"]


def signed_events(run: sqlite3.Connection) -> list[tuple[bytes, str]]:
    """Every event, oldest first, with a fresh signature."""
    key = signing_key(run)
    bodies = [
        json.dumps({"id": row["id"], "about": row["about"], "object": row["object_id"]}).encode()
        for row in run.execute("SELECT * FROM event ORDER BY place")
    ]
    return [(body, signature_of(body, key, int(time.time()))) for body in bodies]


def signature_of(body: bytes, key: str, at: int) -> str:
    """The signature of a body at the time `at`, in seconds since 1970."""
    code = hmac.new(key.encode(), str(at).encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={code}"


def verified_event(body: bytes, signature: str, key: str) -> Event:
    """Verify a signed body and return its event. Raises `ForgedEvent`."""
    header = _HEADER.fullmatch(signature)
    if not header or not hmac.compare_digest(signature_of(body, key, int(header[1])), signature):
        raise ForgedEvent("the signature is not ours")
    if abs(time.time() - int(header[1])) > TOLERANCE_SECONDS:
        raise ForgedEvent("the signature is too old")
    try:
        event = json.loads(body)
        return Event(event["id"], About(event["about"]), event["object"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ForgedEvent("the event cannot be read") from error
