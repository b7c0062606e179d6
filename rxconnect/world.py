"""A world: one database, with everything that this process keeps for it.

The installation has a world of its own, which the settings describe. Any other world is a copy of a template: an SQLite
file in a folder of its own, on one machine, to be thrown away (`open_copy`, `close`). It always has the sandbox as its
card processor, and its mail goes nowhere, whatever the installation uses.

No function passes a world as an argument. `current()` returns the bound one, or the installation's own if none is
bound. Two edges bind it: `api/worlds.py`, where a request enters, and the Gate (`state/middleware.py`), where an event
does. From there it reaches worker threads by itself, since asyncio and anyio copy the context; a thread that is started
in another way needs a copy (`contextvars.copy_context().run`), or it works in the installation's own world.

State that depends on the database is never a module's global but a `PerWorld`, which is closed together with its world.
"""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import RLock
from typing import Any, Generic, TypeVar

from rxconnect.config import ProcessorName, settings
from rxconnect.domain import clock
from rxconnect.domain.errors import NotDriving, Unavailable

T = TypeVar("T")

DATABASE = "rxconnect.db"
# The most seconds that it takes to create or to remove a world.
_UNDER_WAY = 60
# A random token, and the seconds by which the clock is behind.
_NAME = re.compile(r"[0-9a-f]{16}-([0-9]+)")


@dataclass(eq=False)
class World:
    """One database. `name` is "" for the installation's own; `database` is an address of SQLAlchemy.

    `folder` holds the sandbox's file and the outbox; `behind` is how far the clock is behind the real one.
    """

    name: str
    database: str
    folder: Path
    behind: timedelta = timedelta(0)
    _kept: dict[PerWorld[Any], Any] = field(default_factory=dict, repr=False)
    _making: RLock = field(default_factory=RLock, repr=False)
    _has_ended: bool = False

    @property
    def is_own(self) -> bool:
        """Whether this is the installation's own world."""
        return not self.name

    @property
    def is_open(self) -> bool:
        """Whether it still exists. Any process of this machine may have closed it."""
        return self.is_own or self.folder.exists()

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a SQLite file, which has only one writer at a time."""
        return self.database.startswith("sqlite")

    @property
    def is_demo(self) -> bool:
        """Whether its people are invented, so that its outbox and its passwords are public."""
        return not self.is_own or settings().is_demo

    @property
    def processor(self) -> ProcessorName:
        """Which card processor takes its payments."""
        return settings().processor if self.is_own else ProcessorName.SANDBOX

    def bind(self, *, may_write: bool = True, driver: str | None = "", is_load: bool = False) -> None:
        """Make this the current world for the rest of the current task, which handles one event.

        Unless `may_write`, every write transaction is refused, and the refusal names the `driver` (`NotDriving`). If the event
        is the load of a page (`is_load`), they are dry runs instead, so that the page shows all the same.
        """
        _current.set(self)
        clock.behind.set(self.behind)
        _refusal.set(None if may_write else (driver,))
        _is_dry_run.set(is_load and not may_write)

    @contextmanager
    def bound(self, *, may_write: bool = True, driver: str | None = "") -> Iterator[World]:
        """Make this the current world inside the block, as `bind` does."""
        world, behind = _current.set(self), clock.behind.set(self.behind)
        refusal, is_dry_run = _refusal.set(None if may_write else (driver,)), _is_dry_run.set(False)
        try:
            yield self
        finally:
            _is_dry_run.reset(is_dry_run)
            _current.reset(world)
            clock.behind.reset(behind)
            _refusal.reset(refusal)

    def end(self) -> None:
        """Close every `PerWorld` value of this world in this process. Its files stay."""
        with self._making:
            self._has_ended = True
            kept, self._kept = self._kept, {}
        for per_world, value in reversed(kept.items()):
            per_world.close(value)

    def keep(self, per_world: PerWorld[T]) -> T:
        """Create and store this world's value of `per_world`. Raises `Unavailable` once the world has ended."""
        with self._making:
            if self._has_ended:
                raise Unavailable(f"the world {self.name} is closed")
            if per_world not in self._kept:
                self._kept[per_world] = per_world.make()
            return self._kept[per_world]


class PerWorld(Generic[T]):
    """A global with one value for each world: `_lists = PerWorld(_Lists)`, then `_lists()` returns the current world's.

    `make` creates the value at its first use in a world, and `close` gets it when that world ends.
    """

    def __init__(self, make: Callable[[], T], close: Callable[[T], None] = lambda _: None):
        self.make, self.close = make, close

    def __call__(self) -> T:
        """The current world's value."""
        world = current()
        kept = world._kept.get(self)
        return world.keep(self) if kept is None else kept


_current: ContextVar[World | None] = ContextVar("world", default=None)
# What a refusal says of who may write in the current world (`NotDriving.driver`), or None if the caller may write.
_refusal: ContextVar[tuple[str | None] | None] = ContextVar("refusal", default=None)
# Whether write transactions are rolled back at their end, and not refused.
_is_dry_run: ContextVar[bool] = ContextVar("is dry run", default=False)
# The worlds that this process has open, by name.
_open: dict[str, World] = {}
_opening = RLock()


def current() -> World:
    """The world of the current request or event; otherwise the installation's own."""
    return _current.get() or own()


def must_write() -> None:
    """Raise `NotDriving` when the current world was bound for somebody who may not write in it."""
    if refusal := _refusal.get():
        raise NotDriving(*refusal)


def is_dry_run() -> bool:
    """Whether the caller may not write but loads a page: what its transactions write is rolled back at their end."""
    return _is_dry_run.get()


def own() -> World:
    """The installation's own world, as the settings describe it."""
    if world := _open.get(""):
        return world
    with _opening:
        return _open.setdefault("", World("", settings().database, settings().data_dir))


def world_of(name: str) -> World:
    """The open world with this name, which any process of this machine may have opened; "" is the installation's own.

    Raises `Unavailable` when it is closed. The browser then reconnects, and gets its new world.
    """
    if not name:
        return own()
    if not _NAME.fullmatch(name) or not (worlds_folder() / name).exists():
        _end_and_forget(name)
        raise Unavailable(f"the world {name} is closed")
    return _opened(name)


def open_worlds() -> list[World]:
    """Every world of this machine, the installation's own first."""
    # This is read before the folders, so that a world that is opened in between does not count as closed.
    known = _open.keys() - {""}
    folders = {folder.name for folder in worlds_folder().glob("*") if _NAME.fullmatch(folder.name)}
    for name in known - folders:
        _end_and_forget(name)
    return [own(), *map(_opened, sorted(folders))]


def open_copy(template: Path, *, behind: timedelta = timedelta(0)) -> World:
    """Create a world whose database starts as a copy of `template`: a file (`db.template_database`), or a folder that contains one.

    `behind` is the age of the template. The world's clock is behind by as much, so that its data looks recent.
    """
    name = f"{secrets.token_hex(8)}-{round(behind.total_seconds())}"
    # The folder gets its final name last, so that other processes see it only when it is complete.
    unfinished = worlds_folder() / f"{name}-unfinished"
    unfinished.mkdir(mode=0o700, parents=True)
    for file in template.iterdir() if template.is_dir() else [template]:
        if file.is_dir():
            shutil.copytree(file, unfinished / file.name)
        else:
            shutil.copyfile(file, unfinished / (file.name if template.is_dir() else DATABASE))
    unfinished.rename(worlds_folder() / name)
    return _opened(name)


def close(world: World) -> None:
    """Close a world and delete its files. Other processes notice it when they next look the world up."""
    if world.is_own:
        raise ValueError("the installation's own world is never thrown away")
    # The rename is atomic, so that no process sees a half-deleted world.
    removed = world.folder.rename(world.folder.with_name(f"{world.name}-closed"))
    _end_and_forget(world.name)
    shutil.rmtree(removed)


@contextmanager
def unfinished_folder() -> Iterator[Path]:
    """A folder for files that are to become a world, for the length of the block. `sweep` removes it after a crash."""
    worlds_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=worlds_folder(), suffix="-unfinished") as folder:
        yield Path(folder)


def sweep() -> None:
    """Remove the files of worlds that a killed process was creating or removing."""
    for folder in [*worlds_folder().glob("*-closed"), *worlds_folder().glob("*-unfinished")]:
        # Another process may still be working on it.
        with suppress(FileNotFoundError):
            if time.time() - folder.stat().st_mtime > _UNDER_WAY:
                shutil.rmtree(folder)


@contextmanager
def installed(world: World) -> Iterator[World]:
    """Make `world` the installation's own inside the block, and end every world that was opened there: for tests."""
    global _open
    before, _open = _open, {"": world}
    try:
        yield world
    finally:
        inside, _open = _open, before
        for one in inside.values():
            one.end()


def worlds_folder() -> Path:
    """The folder of this machine's worlds other than the installation's own."""
    return own().folder / "worlds"


def _opened(name: str) -> World:
    """The world with this folder name. It is added to this process's open worlds if needed."""
    folder, seconds = worlds_folder() / name, _NAME.fullmatch(name)
    assert seconds is not None
    with _opening:
        if name not in _open:
            _open[name] = World(name, f"sqlite:///{folder / DATABASE}", folder, timedelta(seconds=int(seconds[1])))
        return _open[name]


def _end_and_forget(name: str) -> None:
    with _opening:
        world = _open.pop(name, None)
    if world:
        world.end()
