"""The files of photos, in the storage that the settings choose: a folder, or S3. A row always comes before its files.

Names are random, so that they say nothing and cannot be guessed. Any other world than the installation's own keeps its photos in
its own folder, whatever the settings are.
"""

from __future__ import annotations

import secrets

from rxconnect import world
from rxconnect.config import settings
from rxconnect.domain.photos import Size
from rxconnect.services.photos.folder import Folder
from rxconnect.services.photos.port import Storage

FOLDER = "photos"


def _connect() -> Storage:
    # Imported here, because few installations use it, and it starts threads of its own.
    from rxconnect.services.photos.s3 import S3

    return S3(settings())


_bucket: world.PerWorld[Storage] = world.PerWorld(_connect)


def current() -> Storage:
    """The storage of the current world."""
    here = world.current()
    return _bucket() if here.is_own and settings().s3_bucket else Folder(here.folder / FOLDER)


def new_store() -> str:
    """A random beginning for the names of a photo's files."""
    return secrets.token_hex(16)


def name_of(store: str, size: Size) -> str:
    """The name of a photo's file of this size."""
    return f"{store}-{size}.jpg"


def read(store: str, size: Size) -> bytes:
    """A photo's file. Raises `NotFound` and `PhotoNotShown`."""
    return current().get(name_of(store, size))


def delete_all(store: str) -> None:
    """Delete a photo's files. Raises `Unavailable`."""
    for size in Size:
        current().delete(name_of(store, size))
