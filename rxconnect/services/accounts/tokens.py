"""Secret tokens for cookies and emailed links, and their keyed hashes. The database stores only the hashes."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from rxconnect import world
from rxconnect.config import settings


def new_token() -> str:
    """A random token of 256 bits, safe in a cookie or a URL."""
    return secrets.token_urlsafe(32)


def keyed_hash(purpose: str, secret: str) -> str:
    """The keyed hash of a secret: 64 hex digits, different for each purpose and world.

    Nobody can check a guess without our key. The world is hashed too, because account ids repeat in each world.
    """
    text = "\0".join(filter(None, (purpose, secret, world.current().name)))
    return hmac.new(settings().secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()
