"""Two administrators press a button about rosters at the same moment. Each press does what its page said, or is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import text
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import NotFound
from rxconnect.domain.imports import UndoView
from rxconnect.models import RosterImport
from rxconnect.search import directory
from rxconnect.services.imports import uploads
from tests.services.review.test_races import at_once

TIMES = 5


@pytest.fixture(params=["sqlite", "postgresql"])
def pine(request, database, use, facility):
    use(request.param)
    return facility(key="pine", opening="listed")


@pytest.fixture
def keepers(pine, actor):
    """Two administrators."""
    return [actor(role=Role.ADMINISTRATOR, facility_id=pine) for _ in range(2)]


def upload(keeper, pine, people):
    rows = [f"{number},Lee,Pat,1980-01-07" for number in range(1, people + 1)]
    lines = "\n".join(["Number,Last Name,First Name,DOB", *rows, ""]).encode()
    return uploads.keep_upload(keeper, pine, f"{people}.csv", [lines]).id


def add(keeper, upload_id):
    return uploads.import_upload(keeper, upload_id, accept_suspicious=True)


def test_an_import_is_taken_back_once(pine, keepers):
    with ThreadPoolExecutor(2) as pool:
        for number in range(1, TIMES + 1):
            made = add(keepers[0], upload(keepers[0], pine, 10 * number))
            presses = at_once(pool, *[partial(db.write, uploads.take_back, keeper, made.id) for keeper in keepers])
            (done,) = (one for one in presses if isinstance(one, UndoView))
            assert (done.removed, presses.count("NotFound")) == (10 * number, 1)


@pytest.mark.parametrize("pine", ["postgresql"], indirect=True)
def test_an_import_that_comes_meanwhile_is_not_taken_back_instead(pine, keepers):
    shown = add(keepers[0], upload(keepers[0], pine, 10))
    with ThreadPoolExecutor(1) as pool:
        with db.transaction() as session:
            # Another import is being stored.
            directory.lock_directory(session)
            pressed = pool.submit(db.write, uploads.take_back, keepers[0], shown.id)
            while not session.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar():
                pass
            session.add(RosterImport(facility_id=pine, at=clock.now(), file_name="another.csv", digest="", report={}))
        with pytest.raises(NotFound):
            pressed.result()
    with db.reading() as session:
        assert session.exec(select(RosterImport.undone_at)).all() == [None, None]
