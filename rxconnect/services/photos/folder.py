"""A storage in a folder. A file is written beside its place, brought to the disk, and then moved there."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from rxconnect.domain.errors import NotFound, PhotoNotShown, PhotoNotStored, Unavailable
from rxconnect.services.photos.port import NAME, Stored, place_of


class Folder:
    """The storage. Each method does what `Storage` says."""

    def __init__(self, place: Path):
        self._place = place

    def put(self, name: str, content: bytes) -> None:
        """As `Storage`."""
        whole = self._place / place_of(name)
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
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise PhotoNotStored(f"a photo cannot be stored: {error.strerror}") from error

    def get(self, name: str) -> bytes:
        """As `Storage`."""
        try:
            return (self._place / place_of(name)).read_bytes()
        except FileNotFoundError:
            raise NotFound("photo") from None
        except OSError as error:
            raise PhotoNotShown(f"a photo cannot be read: {error.strerror}") from error

    def delete(self, name: str) -> None:
        """As `Storage`."""
        try:
            (self._place / place_of(name)).unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable(f"a photo cannot be deleted: {error.strerror}") from error

    def files(self) -> Iterator[Stored]:
        """As `Storage`."""
        for path in self._place.glob("??/*"):
            if found := NAME.fullmatch(path.name):
                yield Stored(path.name, found[1], path.name.endswith(".jpg"))


def _sync(folder: Path) -> None:
    """Bring a folder's list of names to the disk."""
    listed = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(listed)
    finally:
        os.close(listed)
