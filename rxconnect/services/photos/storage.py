"""The files of photos, behind a port: a storage takes, gives and deletes bytes by name. A row always comes before its files.

Names are random, so that they say nothing and cannot be guessed. A world keeps its photos in its own folder.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from rxconnect import world
from rxconnect.domain.errors import NotFound, Unavailable
from rxconnect.domain.photos import Size

FOLDER = "photos"
_NAME = re.compile(r"([0-9a-f]{32})-[a-z]+\.jpg(?:\.[0-9a-f]{8}\.part)?")


class Stored(NamedTuple):
    """A file of a storage: the `store` of its photo, and whether it is whole."""

    name: str
    store: str
    is_whole: bool


class Storage(Protocol):
    """Where the files of photos lie."""

    def put(self, name: str, content: bytes) -> None:
        """Store a file for good. A file of this name is replaced at once. Raises `Unavailable`."""

    def get(self, name: str) -> bytes:
        """A file's content. Raises `NotFound` and `Unavailable`."""

    def delete(self, name: str) -> None:
        """Delete a file, if it is there."""

    def files(self) -> Iterator[Stored]:
        """Every file, also those that a killed process began to write."""


class Folder:
    """A folder. A file is written beside its place, brought to the disk, and then moved there."""

    def __init__(self, place: Path):
        self._place = place

    def put(self, name: str, content: bytes) -> None:
        """As `Storage`."""
        whole = self._path(name)
        part = whole.with_name(f"{name}.{secrets.token_hex(4)}.part")
        try:
            whole.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with part.open("xb") as file:
                os.fchmod(file.fileno(), 0o600)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(whole)
            _sync(whole.parent)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise Unavailable(f"a photo cannot be stored: {error.strerror}") from error

    def get(self, name: str) -> bytes:
        """As `Storage`."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            raise NotFound("photo") from None
        except OSError as error:
            raise Unavailable(f"a photo cannot be read: {error.strerror}") from error

    def delete(self, name: str) -> None:
        """As `Storage`."""
        self._path(name).unlink(missing_ok=True)

    def files(self) -> Iterator[Stored]:
        """As `Storage`."""
        for path in self._place.glob("??/*"):
            if found := _NAME.fullmatch(path.name):
                yield Stored(path.name, found[1], path.name.endswith(".jpg"))

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise NotFound("photo")
        return self._place / name[:2] / name


def current() -> Storage:
    """The storage of the current world."""
    return Folder(world.current().folder / FOLDER)


def new_store() -> str:
    """A random beginning for the names of a photo's files."""
    return secrets.token_hex(16)


def name_of(store: str, size: Size) -> str:
    """The name of a photo's file of this size."""
    return f"{store}-{size}.jpg"


def read(store: str, size: Size) -> bytes:
    """A photo's file. Raises `NotFound` and `Unavailable`."""
    return current().get(name_of(store, size))


def delete_all(store: str) -> None:
    """Delete a photo's files."""
    for size in Size:
        current().delete(name_of(store, size))


def _sync(folder: Path) -> None:
    """Bring a folder's list of names to the disk."""
    listed = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(listed)
    finally:
        os.close(listed)
