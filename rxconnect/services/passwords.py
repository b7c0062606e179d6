"""Passwords: which are accepted, and their Argon2id hashes."""

from __future__ import annotations

import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from rxconnect.domain.accounts import PASSWORD_MAX, PASSWORD_MIN
from rxconnect.domain.text import composed

# OWASP's first choice: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(memory_cost=19456, time_cost=2, parallelism=1)

# The most used ones that are long enough to pass otherwise.
_COMMON = frozenset(
    {
        "0123456789",
        "1234567890",
        "12345678910",
        "123456789a",
        "0987654321",
        "1111111111",
        "0000000000",
        "1q2w3e4r5t",
        "1qaz2wsx3edc",
        "a123456789",
        "iloveyou12",
        "iloveyou123",
        "password01",
        "password12",
        "password123",
        "password1234",
        "passwordpassword",
        "qwerty1234",
        "qwerty12345",
        "qwertyuiop",
        "welcome123",
    }
)


def problem(password: str, email: str) -> str:
    """A sentence that says why `password` cannot be accepted for the account of `email`, or ""."""
    if not password:
        return "Please choose a password."
    if len(password) < PASSWORD_MIN:
        return f"Please use at least {PASSWORD_MIN} characters. A few words in a row work well."
    if len(password) > PASSWORD_MAX:
        return f"Please use at most {PASSWORD_MAX:,} characters; this has {len(password):,}."
    if password.casefold() == email.casefold():
        return "Please choose a password that is not your email address."
    if password.casefold() in _COMMON:
        return "This is one of the passwords that are guessed first. Please choose another one."
    return ""


def hashed(password: str) -> str:
    """The hash to keep. Takes some 20 ms and 19 MiB on purpose, so never call it while holding a write transaction."""
    return _HASHER.hash(_composed(password))


def verify(password_hash: str | None, password: str) -> bool:
    """Whether `password` belongs to the hash. None, for an account that does not exist, is refused as slowly."""
    try:
        matches = _HASHER.verify(password_hash or _nobodys_hash(), _composed(password))
    except (VerificationError, InvalidHashError):
        return False
    return matches and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return hashed(secrets.token_urlsafe())


def _composed(password: str) -> str:
    """One spelling for what looks the same, since keyboards differ in how they compose accents (NIST SP 800-63B)."""
    return composed(password, "NFKC")
