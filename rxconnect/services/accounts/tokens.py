"""Secrets that we hand out (cookies, emailed links), and their keyed hashes, which the database keeps instead."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from rxconnect import world
from rxconnect.config import settings


def new() -> str:
    """256 random bits, fit for a cookie or an address."""
    return secrets.token_urlsafe(32)


def hashed(purpose: str, secret: str) -> str:
    """The keyed hash of a secret: 64 hex digits, different for each purpose and world.

    Without our key no guess can be checked. Account ids repeat in each world, so a signature of one is worth nothing in
    another.
    """
    text = "\0".join(filter(None, (purpose, secret, world.current().name)))
    return hmac.new(settings().secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()
