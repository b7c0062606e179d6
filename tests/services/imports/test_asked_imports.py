"""Imports that the page asks for: carried out by a job, told while they run, and begun again after a kill."""

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import NotAllowed, NotFound, Unavailable
from rxconnect.i18n import using_language
from rxconnect.models import Inmate, RosterUpload
from rxconnect.services.imports import asked_imports, imports, uploads

ROWS = [f"{n},Lee,P{chr(96 + n)},1980-01-{n:02}" for n in range(1, 11)]


class Killed(BaseException):
    """Ends the job as a kill does: nothing behind it runs."""


@pytest.fixture
def pine(facility):
    return facility(key="pine", name="Pine", opening="listed")


@pytest.fixture
def desk(actor, pine):
    return actor(role=Role.ADMINISTRATOR, facility_id=pine)


@pytest.fixture
def asked(desk, pine):
    """The id of an upload whose import was asked for; `asked(rows)` adds another."""

    def ask(rows=ROWS, accept=False):
        body = "\n".join(["Number,Last Name,First Name,DOB", *rows, ""]).encode()
        upload = uploads.keep_upload(desk, pine, "list.csv", [body])
        db.write(asked_imports.ask, desk, upload.id, accept_suspicious=accept)
        return upload.id

    return ask


def shown(desk, upload_id):
    return db.read(uploads.get_upload, desk, upload_id)


def held():
    with db.reading() as session:
        return len(session.exec(select(Inmate)).all())


def test_each_step_of_an_import_is_told_as_it_is(desk, asked, monkeypatch):
    upload_id, seen = asked(), []
    stored = imports.import_rosters

    def look_first(*args, **kwargs):
        seen.append((shown(desk, upload_id).progress, held()))
        return stored(*args, **kwargs)

    monkeypatch.setattr(imports, "import_rosters", look_first)
    assert (shown(desk, upload_id).progress, held()) == ("0 percent of the file is read. Nothing has changed yet.", 0)
    assert asked_imports.import_due().done == 1
    assert seen == [("All 10 rows are read. Their people are being stored now, all at once.", 0)]
    now = shown(desk, upload_id)
    assert (now.is_asked, now.is_imported, now.rows, held()) == (False, True, 10, 10)
    assert asked_imports.import_due().done == 0


def test_after_a_kill_an_import_begins_again_and_tells_nothing_of_the_first_try(desk, asked, monkeypatch):
    upload_id = asked()
    with monkeypatch.context() as patch:

        def kill(*args, **kwargs):
            raise Killed

        patch.setattr(imports, "import_rosters", kill)
        with pytest.raises(Killed):
            asked_imports.import_due()
    assert (shown(desk, upload_id).is_asked, held()) == (True, 0)
    db.write(asked_imports._begin, upload_id)
    assert shown(desk, upload_id).progress.startswith("0 percent")
    asked_imports.import_due()
    assert (shown(desk, upload_id).is_imported, held()) == (True, 10)


def test_a_kill_after_the_people_are_stored_stores_nobody_twice(desk, pine, asked, monkeypatch):
    upload_id = asked()
    with monkeypatch.context() as patch:

        def kill(*args, **kwargs):
            raise Killed

        patch.setattr(uploads, "_mark_imported", kill)
        with pytest.raises(Killed):
            asked_imports.import_due()
    asked_imports.import_due()
    assert (shown(desk, upload_id).is_imported, held(), len(db.read(uploads.my_imports, desk, pine))) == (True, 10, 1)


def test_a_file_that_ends_its_worker_each_time_is_given_up(desk, asked):
    upload_id = asked()
    for _ in range(3):
        assert db.write(asked_imports._begin, upload_id)
    asked_imports.import_due()
    assert (shown(desk, upload_id).is_asked, shown(desk, upload_id).is_imported) == (False, False)
    assert "could not be imported" in shown(desk, upload_id).refusal


def test_while_the_database_is_away_nothing_is_given_up(desk, asked, monkeypatch):
    upload_id = asked()
    with monkeypatch.context() as patch:

        def fail(*args, **kwargs):
            raise Unavailable("gone")

        patch.setattr(imports, "import_rosters", fail)
        for _ in range(5):
            with pytest.raises(Unavailable):
                asked_imports.import_due()
    assert asked_imports.import_due().done == 1
    assert shown(desk, upload_id).is_imported


def test_what_looks_wrong_is_refused_with_its_reason_and_can_be_asked_for_again(desk, asked):
    asked()
    asked_imports.import_due()
    upload_id = asked(ROWS[:4])
    asked_imports.import_due()
    assert "looks wrong" in shown(desk, upload_id).refusal
    with using_language("es"):
        assert "Esto parece equivocado" in shown(desk, upload_id).refusal
    db.write(asked_imports.ask, desk, upload_id, accept_suspicious=True)
    assert shown(desk, upload_id).refusal == ""
    asked_imports.import_due()
    assert shown(desk, upload_id).is_imported


def test_nobody_else_asks_and_a_second_press_changes_nothing(desk, asked, actor, pine):
    upload_id = asked()
    with pytest.raises((NotAllowed, NotFound)):
        db.write(asked_imports.ask, actor(role=Role.REVIEWER, facility_id=pine), upload_id, accept_suspicious=True)
    db.write(asked_imports.ask, desk, upload_id, accept_suspicious=True)
    with db.reading() as session:
        assert not session.get_one(RosterUpload, upload_id).is_accepted
    asked_imports.import_due()
    with pytest.raises(NotFound):
        db.write(asked_imports.ask, desk, upload_id, accept_suspicious=False)
