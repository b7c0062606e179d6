"""Secrets that we hand out (cookies, emailed links), and their keyed hashes, which the database keeps instead."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from rxconnect.config import settings


def new() -> str:
    """256 random bits, fit for a cookie or an address."""
    return secrets.token_urlsafe(32)


def hashed(purpose: str, secret: str) -> str:
    """The keyed hash of a secret: 64 hex digits, different for each purpose. Without our key no guess can be checked."""
    return hmac.new(settings().secret_key.encode(), f"{purpose}\0{secret}".encode(), hashlib.sha256).hexdigest()
