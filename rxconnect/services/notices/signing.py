"""Keyed tokens in emails: who reads an email has them, and nobody can make them up."""

from __future__ import annotations

import hashlib
import hmac

from rxconnect import world
from rxconnect.config import settings

# 128 bits, as hex digits.
_LENGTH = 32


def sign(purpose: str, *about: object) -> str:
    """The token for a purpose and what it is about: 32 hex digits, different in each world."""
    text = "\0".join(map(str, (purpose, *about, world.current().name)))
    return hmac.new(settings().secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()[:_LENGTH]


def is_signed(token: str, purpose: str, *about: object) -> bool:
    """Whether the token is the one for this, compared in constant time."""
    return hmac.compare_digest(token.encode(), sign(purpose, *about).encode())
