"""Challenges for passkeys. Each names what it is for and whom, is good for five minutes, and works once.

It is signed, not stored, so that visitors who ask for one write nothing to the database. Only used ones are counted.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from enum import StrEnum

from sqlmodel import Session

from rxconnect.config import settings
from rxconnect.domain import clock
from rxconnect.domain.errors import Throttled
from rxconnect.services.accounts import throttle

_LASTS = timedelta(minutes=5)
_RANDOM, _TIME = 16, 8  # bytes


class Purpose(StrEnum):
    """What a passkey is asked for."""

    SIGN_IN = "sign in"
    SECOND_STEP = "second step"
    CONFIRM = "confirm"
    REGISTER = "register"


def new_challenge(purpose: Purpose, key: str) -> bytes:
    """A challenge for the browser that `key` names; for `SIGN_IN` it is "" and names none."""
    ends = int((clock.now() + _LASTS).timestamp())
    signed = secrets.token_bytes(_RANDOM) + ends.to_bytes(_TIME, "big")
    return signed + _signature(signed, purpose, key)


def use_challenge(session: Session, challenge: bytes, purpose: Purpose, key: str) -> bool:
    """Use a challenge up. Returns whether it is one of ours, for this purpose and browser, not too old, and unused."""
    signed, signature = challenge[: _RANDOM + _TIME], challenge[_RANDOM + _TIME :]
    ends = int.from_bytes(signed[_RANDOM:], "big")
    is_ours = hmac.compare_digest(signature, _signature(signed, purpose, key))
    if not is_ours or ends <= clock.now().timestamp():
        return False
    try:
        throttle.count_attempt(session, "passkey challenge", signature.hex(), 1, throttle.LONGEST)
    except Throttled:
        return False
    return True


def _signature(signed: bytes, purpose: Purpose, key: str) -> bytes:
    about = signed + f"\0challenge\0{purpose}\0{key}".encode()
    return hmac.new(settings().secret_key.encode(), about, hashlib.sha256).digest()
