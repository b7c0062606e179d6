"""Worlds for tests: an installation with other settings, and others beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rxconnect import config, db, world
from rxconnect.config import settings
from rxconnect.world import World


@contextmanager
def installed(**changes: object) -> Iterator[World]:
    """An installation with the settings of the environment and these changes, this process's own inside the block."""
    with (
        config.using(config.read(**changes)),
        world.installed(World("", settings().database, settings().data_dir)) as own,
    ):
        yield own


def disconnect() -> None:
    """Close every connection to the database, whose file may then be replaced; caches and engines stay."""
    db.write_engine().dispose()
    db.read_engine().dispose()
