"""An administrator uploads a roster on a server with two workers, and the worker that imports it is killed, twice."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Page, expect
from sqlmodel import func, select

from rxconnect import db, routes
from rxconnect.domain.accounts import Role
from rxconnect.models import Inmate, RosterImport, RosterUpload, SchedulerLease
from rxconnect.services.accounts import staff
from rxconnect.services.directory import facilities
from tests import redis_server
from tests.e2e.actions import button, enter, person, visit
from tests.e2e.conftest import copied
from tests.e2e.servers import MortalServer
from tests.worlds import installed

# So many that there is time for a kill while they are read, and while they are stored.
_PEOPLE = 20_000
# Two workers have to find out, one after the other, that they run the jobs now.
_PATIENCE = 120  # seconds
_LETTERS = ["".join(letters) for letters in itertools.product("BDLMN", "aeiou", "dlmnr", "aeiou", "ns")]


@pytest.fixture
def server(demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MortalServer]:
    """Two workers with Redis, on a copy of the demonstration's data."""
    copied(demonstration, tmp_path)
    monkeypatch.setenv("RXCONNECT_DATA_DIR", str(tmp_path))
    with redis_server.skipped_without(), redis_server.running() as redis, installed():
        one = MortalServer(tmp_path, RXCONNECT_WORKERS="2", RXCONNECT_REDIS_URL=redis.url)
        yield one
        one.kill()


def test_an_import_whose_worker_is_killed_begins_again_and_stores_everybody_once(
    server: MortalServer, desktop: Page, tmp_path: Path
):
    alder = db.write(facilities.create_facility, key="alder", name="Alder County Jail", opening="listed", state="OR")
    chief = person("admin@example.com")
    with db.transaction() as session:
        staff.assign(session, chief.actor.account_id, alder, Role.ADMINISTRATOR)
    enter(desktop, server.url, chief)
    visit(desktop, f"{server.url}{routes.with_query(routes.ROSTERS, facility=alder)}")
    desktop.get_by_label("File", exact=True).set_input_files(_list(tmp_path))
    button(desktop, "Look at the file").click()
    button(desktop, "Import").click(timeout=60_000)

    killed = [_kill_when(server, lambda row: row.tries == 1 and row.share > 0 and not row.rows)]
    assert _stored(alder) == 0
    killed.append(_kill_when(server, lambda row: row.tries == 2 and row.rows == _PEOPLE))

    expect(desktop.get_by_text(f"New people: {_PEOPLE:,}")).to_be_visible(timeout=_PATIENCE * 1_000)
    row = _upload()
    assert (row.tries, row.imported_at is not None, _stored(alder)) == (3, True, _PEOPLE)
    assert len({*killed}) == 2
    with db.reading() as session:
        assert len(session.exec(select(RosterImport).where(RosterImport.facility_id == alder)).all()) == 1


def _list(folder: Path) -> Path:
    names = itertools.product(_LETTERS, _LETTERS)
    rows = (f"A{number},{first},{last},1980-02-{number % 28 + 1:02}" for number, (first, last) in enumerate(names, 1))
    path = folder / "list.csv"
    path.write_text("\n".join(["Number,First Name,Last Name,DOB", *itertools.islice(rows, _PEOPLE), ""]))
    return path


def _kill_when(server: MortalServer, is_time: Callable[[RosterUpload], bool]) -> int:
    """SIGKILL the worker that runs the jobs, in the moment when the upload is so far. Returns which one it was."""
    until = time.monotonic() + _PATIENCE
    while not is_time(row := _upload()):
        assert row.imported_at is None, "the import was over before the kill"
        assert time.monotonic() < until, row
        time.sleep(0.002)
    with db.reading() as session:
        worker = int(session.get_one(SchedulerLease, 1).holder.split(":")[1])
    assert worker in [process.pid for process in server.processes[1:]]
    psutil.Process(worker).kill()
    return worker


def _upload() -> RosterUpload:
    with db.reading() as session:
        return session.exec(select(RosterUpload)).one()


def _stored(facility: int) -> int:
    with db.reading() as session:
        return session.exec(select(func.count()).select_from(Inmate).where(Inmate.facility_id == facility)).one()
