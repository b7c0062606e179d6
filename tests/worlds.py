"""Worlds for tests: installations with other settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rxconnect import config, db, world
from rxconnect.config import settings
from rxconnect.world import World


@contextmanager
def installed(**changes: object) -> Iterator[World]:
    """Use an installation inside the block, with the environment's settings and these changes."""
    with (
        config.using(config.read_settings(**changes)),
        world.installed(World("", settings().database, settings().data_dir)) as own,
    ):
        yield own


def disconnect() -> None:
    """Close every connection to the database, so that its file can be replaced. Caches and engines stay."""
    db.write_engine().dispose()
    db.read_engine().dispose()
