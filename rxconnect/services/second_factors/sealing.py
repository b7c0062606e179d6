"""Encrypts secrets that the database stores and we must read again, with a key made from the installation's secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from rxconnect import world
from rxconnect.config import settings

_NONCE = 12  # bytes, NIST SP 800-38D


def seal(purpose: str, row: str, secret: str) -> str:
    """Encrypt a secret of a row with AES-256-GCM. It can only be read as that row's, for that purpose, in this world."""
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(_key()).encrypt(nonce, secret.encode(), _about(purpose, row))
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(purpose: str, row: str, sealed: str) -> str | None:
    """The secret; None when it was sealed with another installation's secret, or for another row."""
    data = base64.urlsafe_b64decode(sealed)
    try:
        return AESGCM(_key()).decrypt(data[:_NONCE], data[_NONCE:], _about(purpose, row)).decode()
    except InvalidTag:
        return None


def _key() -> bytes:
    return hmac.new(settings().secret_key.encode(), b"sealing", hashlib.sha256).digest()


def _about(purpose: str, row: str) -> bytes:
    return "\0".join((purpose, row, world.current().name)).encode()
