"""Passwords that are hashed quickly: a hash is slow on purpose, and hundreds of tests need one without being about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from argon2 import PasswordHasher

from rxconnect.services.accounts import passwords

_SLOW = passwords._HASHER
# The same algorithm, with as little memory as it takes.
_QUICK = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1)


@contextmanager
def _hashing_with(hasher: PasswordHasher) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", hasher)
        # The hash for nobody takes as long as anybody's.
        passwords._dummy_hash.cache_clear()
        yield
    passwords._dummy_hash.cache_clear()


@pytest.fixture(autouse=True, scope="session")
def quick_hashes() -> Iterator[None]:
    """This process hashes quickly. The servers that tests start do not."""
    with _hashing_with(_QUICK):
        yield


@pytest.fixture
def slow_hashes(quick_hashes: None) -> Iterator[None]:
    """In this test a hash is as slow as for everybody, since it is about that."""
    with _hashing_with(_SLOW):
        yield
