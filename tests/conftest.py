"""What every test may use: a real, migrated database of its own, and rows to begin with."""

from __future__ import annotations

import itertools
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlmodel import func, select

from rxconnect import config, db, live, logs
from rxconnect.config import settings
from rxconnect.domain.accounts import Actor, ActorKind, Role
from rxconnect.models import Facility, Inmate
from rxconnect.search import directory
from rxconnect.search.normalise import number_key
from tests import people
from tests.databases import postgres_server, use  # noqa: F401 - fixtures for every folder
from tests.demos import demo_template, demos  # noqa: F401 - fixtures for every folder
from tests.hashes import quick_hashes, slow_hashes  # noqa: F401 - as well
from tests.once import made_once
from tests.printing import printer  # noqa: F401 - a fixture for every folder
from tests.rooms import open_room  # noqa: F401 - as well
from tests.worlds import installed

_count = itertools.count(1)


# Where files are in memory, no commit of a test waits for a disk. A container may have too little of it.
_MEMORY, _ENOUGH = Path("/dev/shm"), 4 << 30


def pytest_configure() -> None:
    """Put the folders of tests into memory, unless somebody has said where they are to be."""
    if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: the quick ones speak first, and Playwright leaves an event loop running behind it."""
    items.sort(key=lambda item: "e2e" in item.path.parts)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    """Keep reports readable for xdist, which cannot send the half characters that hostile events put into the log."""
    report = yield
    report.sections = [(name, text.encode(errors="backslashreplace").decode()) for name, text in report.sections]
    return report


@pytest.fixture(autouse=True)
def _lines_of_its_own() -> None:
    """No test finds the log's minute used up by others; what has not set the log up goes on without."""
    if any(isinstance(handler, logs.Lines) for handler in logging.getLogger().handlers):
        logs.configure_logging()


@pytest.fixture(autouse=True)
def _no_listener_is_left() -> Iterator[None]:
    """What a test listens with hears nothing of the next one."""
    yield
    live._listeners.clear()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with every table and no row: copying it is far quicker than migrating again."""
    return made_once(tmp_path_factory, "migrated", _migrate) / "rxconnect.db"


def _migrate(folder: Path) -> None:
    with installed(data_dir=folder, database_url=""):
        db.upgrade()


@pytest.fixture
def database(tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installation with an empty, migrated database for one test. Yields its data directory."""
    # The environment is for the processes that a test starts.
    monkeypatch.setenv("RXCONNECT_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("RXCONNECT_DATABASE_URL", raising=False)
    shutil.copy(migrated_file, tmp_path / "rxconnect.db")
    with installed():
        yield tmp_path


@pytest.fixture
def setting() -> Iterator[Callable[..., None]]:
    """`setting(public_url=…)`: from then on, until the test ends, the settings are these too."""
    with ExitStack() as stack:
        yield lambda **changes: stack.enter_context(
            config.using(config.read_settings(**settings().model_dump() | changes))
        )


@pytest.fixture
def facility(database: Path) -> Callable[..., int]:
    """`facility(name=…, price_cents=…)` adds an open facility and returns its id."""

    def add(**fields: object) -> int:
        number = next(_count)
        row = Facility(**{"key": f"facility-{number}", "name": f"Facility {number}", "opening": "open"} | fields)
        return _add(row)

    return add


@pytest.fixture
def inmate(database: Path) -> Callable[..., int]:
    """`inmate(facility_id, first_name=…, number=…)` puts a person on a facility's roster and returns the id."""

    def add(facility_id: int, **fields: object) -> int:
        row = {"number": f"A{next(_count):05}", "first_name": "Marcus", "last_name": "Rivera"} | fields
        row |= {"facility_id": facility_id, "number_key": number_key(str(row["number"]))}
        with db.transaction() as session:
            directory.lock_directory(session)
            directory.insert_people(session, [row])
            directory.write_sheets(session, [facility_id])
            return session.exec(select(func.max(Inmate.id))).one() or 0

    return add


@pytest.fixture
def actor(database: Path) -> Callable[..., Actor]:
    """`actor(name=…)` adds a family account with a verified email address and returns its actor; `actor(kind=…)` another.

    `actor(role=…, facility_id=…)` adds a member of staff, without a post where there is no facility.
    It has no password, and cannot sign in: use `accounts.create_account` where that matters.
    """

    def add(
        role: Role | None = None,
        facility_id: int | None = None,
        name: str = "Sam Rivera",
        kind: ActorKind = ActorKind.FAMILY,
    ) -> Actor:
        with db.transaction() as session:
            return people.add(session, f"person-{next(_count)}@example.org", name, role, facility_id, kind)

    return add


def _add(row: Facility) -> int:
    with db.transaction() as session:
        session.add(row)
        session.flush()
        assert row.id is not None
        return row.id
