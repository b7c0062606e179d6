"""Secrets that we hand out (cookies, emailed links) and the keyed hashes of them that we keep instead."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from rxconnect.config import settings


def new() -> str:
    """256 random bits, fit for a cookie or an address."""
    return secrets.token_urlsafe(32)


def hashed(purpose: str, secret: str) -> str:
    """What the database keeps: 64 hex digits that cannot be turned back without our key, different for each purpose."""
    return hmac.new(settings().secret_key.encode(), f"{purpose}\0{secret}".encode(), hashlib.sha256).hexdigest()
