"""The port of a storage of photos: it takes, gives and deletes bytes by name. `folder` and `s3` are the two kinds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from rxconnect.domain.errors import NotFound

# A file's name: the `store` of its photo and its size. While a folder writes it, it has another ending.
NAME = re.compile(r"([0-9a-f]{32})-[a-z]+\.jpg(?:\.[0-9a-f]{8}\.part)?")


class Stored(NamedTuple):
    """A file of a storage: the `store` of its photo, and whether it is whole."""

    name: str
    store: str
    is_whole: bool


class Storage(Protocol):
    """Where the files of photos lie."""

    def put(self, name: str, content: bytes) -> None:
        """Store a file for good. A file of this name is replaced at once. Raises `PhotoNotStored`."""

    def get(self, name: str) -> bytes:
        """A file's content. Raises `NotFound` and `PhotoNotShown`."""

    def delete(self, name: str) -> None:
        """Delete a file, if it is there. Raises `Unavailable`."""

    def files(self) -> Iterator[Stored]:
        """Every file, also those that a killed process began to write. Raises `Unavailable`."""


def place_of(name: str) -> str:
    """Where a file lies in its storage: in one of 256 folders. Raises `NotFound` for a name that no file has."""
    if not NAME.fullmatch(name):
        raise NotFound("photo")
    return f"{name[:2]}/{name}"
