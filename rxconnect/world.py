"""A world: one database, with everything that this process keeps for it.

The installation has a world of its own, which the settings describe. Any other world is a copy of a template: an SQLite
file in a folder of its own, on one machine, to be thrown away (`open_copy`, `close`). It always has the sandbox as its card
processor, and its mail goes nowhere, whatever the installation uses.

Nothing passes a world as an argument. `current()` answers the bound one, and the installation's own where none is bound.
Two edges bind it: `api/worlds.py`, where a request enters, and the Gate (`state/middleware.py`), where an event does. From
there it reaches worker threads by itself, since asyncio and anyio copy the context; a thread that is started in another way
needs a copy (`contextvars.copy_context().run`), or it works in the installation's own world.

What depends on the database is never a module's global but a `PerWorld`: it ends together with its world.
"""

from __future__ import annotations

import re
import secrets
import shutil
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
# Seconds that it may take to make a world, or to throw it away.
_UNDER_WAY = 60
# Something that nobody guesses, and by how many seconds the clock is behind.
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
        """Whether nobody has thrown it away, in this process or another."""
        return self.is_own or self.folder.exists()

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of SQLite, which one transaction at a time can write to."""
        return self.database.startswith("sqlite")

    @property
    def is_demo(self) -> bool:
        """Whether its people are invented, so that anybody may see its outbox and its passwords."""
        return not self.is_own or settings().is_demo

    @property
    def processor(self) -> ProcessorName:
        """Which card processor takes its payments."""
        return settings().processor if self.is_own else ProcessorName.SANDBOX

    def bind(self, *, may_write: bool = True, driver: str = "") -> None:
        """Make this the current world from here on, for the event whose task this is.

        Unless it `may_write`, every writing transaction is refused, with the name of the `driver` in the refusal.
        """
        _current.set(self)
        clock.behind.set(self.behind)
        _only_driver.set(None if may_write else driver)

    @contextmanager
    def bound(self, *, may_write: bool = True, driver: str = "") -> Iterator[World]:
        """Make this the current world inside the block, as `bind` does."""
        world, behind = _current.set(self), clock.behind.set(self.behind)
        only_driver = _only_driver.set(None if may_write else driver)
        try:
            yield self
        finally:
            _current.reset(world)
            clock.behind.reset(behind)
            _only_driver.reset(only_driver)

    def end(self) -> None:
        """Close what is kept for this world. Its files stay, and nothing uses them here any more."""
        with self._making:
            self._has_ended = True
            kept, self._kept = self._kept, {}
        for per_world, value in reversed(kept.items()):
            per_world.close(value)

    def keep(self, per_world: PerWorld[T]) -> T:
        """Make and keep this world's own. Raises `Unavailable` once the world has ended."""
        with self._making:
            if self._has_ended:
                raise Unavailable(f"the world {self.name} is closed")
            if per_world not in self._kept:
                self._kept[per_world] = per_world.make()
            return self._kept[per_world]


class PerWorld(Generic[T]):
    """What each world has one of, where a module would have a global: `_lists = PerWorld(_Lists)`, then `_lists()`.

    It is made by `make` when it is first asked for in a world, and given to `close` when that world ends.
    """

    def __init__(self, make: Callable[[], T], close: Callable[[T], None] = lambda _: None):
        self.make, self.close = make, close

    def __call__(self) -> T:
        """The current world's."""
        world = current()
        kept = world._kept.get(self)
        return world.keep(self) if kept is None else kept


_current: ContextVar[World | None] = ContextVar("world", default=None)
# The name of the one person who may write in the current world, when that is somebody else ("" for nobody).
_only_driver: ContextVar[str | None] = ContextVar("only driver", default=None)
# Of this process, by name.
_open: dict[str, World] = {}
_opening = RLock()


def current() -> World:
    """The world of the request or the event that is being handled; else the installation's own."""
    return _current.get() or own()


def must_write() -> None:
    """Raise `NotDriving` when the current world was bound for somebody who may not write in it."""
    driver = _only_driver.get()
    if driver is not None:
        raise NotDriving(driver)


def own() -> World:
    """The installation's own world, as the settings describe it."""
    if world := _open.get(""):
        return world
    with _opening:
        return _open.setdefault("", World("", settings().database, settings().data_dir))


def world_of(name: str) -> World:
    """The open world of that name, whichever process of this machine has opened it; "" is the installation's own.

    Raises `Unavailable` when it is closed: the browser comes back, and finds out where it belongs now.
    """
    if not name:
        return own()
    if not _NAME.fullmatch(name) or not (_home() / name).exists():
        _forget(name)
        raise Unavailable(f"the world {name} is closed")
    return _known(name)


def open_worlds() -> list[World]:
    """Every world of this machine, the installation's own first."""
    # Looked at before the folders: what is opened in between is not taken for closed.
    known = _open.keys() - {""}
    folders = {folder.name for folder in _home().glob("*") if _NAME.fullmatch(folder.name)}
    for name in known - folders:
        _forget(name)
    return [own(), *map(_known, sorted(folders))]


def open_copy(template: Path, *, behind: timedelta = timedelta(0)) -> World:
    """A new world, whose database begins as a copy of `template`: a file (`db.template`), or a folder with one beside others.

    With a template that was made `behind` ago, whatever happened there an hour before happened an hour ago here.
    """
    name = f"{secrets.token_hex(8)}-{round(behind.total_seconds())}"
    # Other processes see the folder only when everything is in it.
    unfinished = _home() / f"{name}-unfinished"
    unfinished.mkdir(mode=0o700, parents=True)
    for file in template.iterdir() if template.is_dir() else [template]:
        shutil.copyfile(file, unfinished / (file.name if template.is_dir() else DATABASE))
    unfinished.rename(_home() / name)
    return _known(name)


def close(world: World) -> None:
    """Throw a world away, with all its files. Other processes notice when they next look for it."""
    if world.is_own:
        raise ValueError("the installation's own world is never thrown away")
    # In one step, so that nobody finds a half of it.
    removed = world.folder.rename(world.folder.with_name(f"{world.name}-closed"))
    _forget(world.name)
    shutil.rmtree(removed)


def sweep() -> None:
    """Remove what is left of worlds that were being made or thrown away when a process was killed."""
    for folder in [*_home().glob("*-closed"), *_home().glob("*-unfinished")]:
        # Whoever is still at it needs a moment.
        with suppress(FileNotFoundError):
            if time.time() - folder.stat().st_mtime > _UNDER_WAY:
                shutil.rmtree(folder)


@contextmanager
def installed(world: World) -> Iterator[World]:
    """Let `world` be the installation's own inside the block, and end every world that was opened there: for tests."""
    global _open
    before, _open = _open, {"": world}
    try:
        yield world
    finally:
        inside, _open = _open, before
        for one in inside.values():
            one.end()


def _home() -> Path:
    return own().folder / "worlds"


def _known(name: str) -> World:
    """The world whose files are in the folder of this name, as this process knows it from now on."""
    folder, seconds = _home() / name, _NAME.fullmatch(name)
    assert seconds is not None
    with _opening:
        if name not in _open:
            _open[name] = World(name, f"sqlite:///{folder / DATABASE}", folder, timedelta(seconds=int(seconds[1])))
        return _open[name]


def _forget(name: str) -> None:
    with _opening:
        world = _open.pop(name, None)
    if world:
        world.end()
