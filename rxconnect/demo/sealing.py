"""Seals the file that a demo session is taken with, so that it opens in this installation alone, and only unchanged.

A file is `_KIND`, the name of the key, a nonce, and the content under AES-256-GCM. Nothing of it is unpacked, or looked at in any
other way, before the cipher has proved that this installation made every byte.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlmodel import Session

from rxconnect import db, world
from rxconnect.config import settings
from rxconnect.domain.demo import WORLD_FILE_MAX
from rxconnect.domain.errors import Invalid
from rxconnect.domain.problems import Problem
from rxconnect.models import DemoKey

_KIND = b"RxConnect demo session 1\n"
# Bytes; the nonce as in NIST SP 800-38D.
_NAME, _NONCE, _MB = 8, 12, 1024 * 1024


def seal(content: bytes) -> bytes:
    """The file with this content. Opens its own transactions."""
    key, nonce = _key(), os.urandom(_NONCE)
    return _KIND + _name_of(key) + nonce + AESGCM(key).encrypt(nonce, content, _KIND)


def unseal(file: bytes) -> bytes:
    """The content of a file. Opens its own transactions.

    Raises `Invalid` for what is no such file, is too large, was altered, or was made by another installation.
    """
    if not file:
        raise Invalid(world_file=Problem.WORLD_FILE_MISSING())
    if len(file) > WORLD_FILE_MAX:
        raise Invalid(world_file=Problem.WORLD_FILE_TOO_LARGE(most=WORLD_FILE_MAX // _MB))
    if not file.startswith(_KIND):
        raise Invalid(world_file=Problem.WORLD_FILE_UNKNOWN())
    key, sealed = _key(), file[len(_KIND) :]
    named, nonce, sealed = sealed[:_NAME], sealed[_NAME : _NAME + _NONCE], sealed[_NAME + _NONCE :]
    is_ours = hmac.compare_digest(named, _name_of(key))
    try:
        content = AESGCM(key).decrypt(nonce, sealed, _KIND)
    except (InvalidTag, ValueError):
        # A file that ends within its nonce is a ValueError.
        problem = Problem.WORLD_FILE_ALTERED() if is_ours or len(named) < _NAME else Problem.WORLD_FILE_OF_OTHERS()
        raise Invalid(world_file=problem) from None
    if not is_ours:
        raise Invalid(world_file=Problem.WORLD_FILE_ALTERED())
    return content


def _key() -> bytes:
    with world.own().bound():
        salt = db.read(_find_salt) or db.write(_get_or_make_salt)
    return hmac.new(settings().secret_key.encode(), f"demo session file\0{salt}".encode(), hashlib.sha256).digest()


def _name_of(key: bytes) -> bytes:
    """Tells our files from those of others. It says nothing about the key."""
    return hmac.new(key, b"name", hashlib.sha256).digest()[:_NAME]


def _find_salt(session: Session) -> str:
    row = session.get(DemoKey, 1)
    return row.salt if row else ""


def _get_or_make_salt(session: Session) -> str:
    # Another process may be doing the same.
    db.add_once(session, DemoKey(salt=secrets.token_hex(32)))
    return session.get_one(DemoKey, 1, populate_existing=True).salt
