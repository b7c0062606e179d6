"""The template of sessions: made once for each version, and never left half made."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from rxconnect import db, world
from rxconnect.demo import scenarios, templates
from rxconnect.domain import clock
from rxconnect.domain.photos import Size
from rxconnect.models import Account, Photo
from rxconnect.payments.sandbox import Sandbox
from rxconnect.services.money import ledger, processor
from rxconnect.services.photos import storage


@pytest.fixture
def home(database, demo_template):
    """A folder with a copy of the template, for tests that change it."""
    return shutil.copytree(demo_template, database / "templates")


@pytest.fixture
def no_process(monkeypatch):
    """Counts the templates that would be made, and puts fake ones in their place."""
    made = []

    def run(command, **_options):
        made.append(command)
        folder = templates.Path(command[-1], "packed-1700000000")
        folder.mkdir()
        (folder / "rxconnect.db").write_bytes(b"")

    monkeypatch.setattr(templates.subprocess, "run", run)
    return made


def test_a_template_that_is_there_is_not_made_again(home, no_process):
    assert templates.get_or_make_template().parent == home
    assert no_process == []


def test_a_new_version_makes_a_new_one_and_removes_the_old(home, no_process, monkeypatch):
    monkeypatch.setattr(templates, "_source_hash", lambda: "another")
    assert templates.get_or_make_template() == home / "another-1700000000"
    assert [folder.name for folder in home.iterdir() if folder.is_dir()] == ["another-1700000000"]


def test_of_two_that_need_it_at_once_one_makes_it(database, no_process):
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(lambda _number: templates.get_or_make_template(), range(2))
    assert (first == second, len(no_process)) == (True, 1)


def test_what_a_killed_process_has_left_of_one_is_removed(database, no_process):
    (database / "templates" / "tmp1234").mkdir(parents=True)
    made = templates.get_or_make_template()
    assert [folder for folder in made.parent.iterdir() if folder.is_dir()] == [made]


def test_one_that_cannot_be_made_leaves_nothing(database, monkeypatch):
    def fails(*_args, **_options):
        raise OSError("no space left")

    monkeypatch.setattr(templates.subprocess, "run", fails)
    with pytest.raises(OSError, match="space"):
        templates.get_or_make_template()
    assert [file.name for file in (database / "templates").iterdir()] == ["lock"]


def test_the_clock_of_a_world_stands_where_its_template_was_made(home):
    made = templates.get_or_make_template()
    made.rename(made.with_name(f"{made.name.rpartition('-')[0]}-1600000000"))
    with templates.open_world(scenarios.load("blank"), "en").bound():
        assert clock.now().year == 2020


def test_its_money_adds_up_and_its_processor_knows_the_payments(demos):
    with templates.open_world(scenarios.load("blank"), "en").bound():
        assert db.read(ledger.check_ledger).is_sound
        assert isinstance(processor.current(), Sandbox)


def test_its_people_speak_the_sessions_language(demos):
    with templates.open_world(scenarios.load("blank"), "es").bound(), db.reading() as session:
        speaking = set(session.exec(select(Account.name).where(Account.language == "es")))
    assert speaking == {
        *("Rosa Delgado", "Denise Walker", "Paul Lindgren", "Ruth Okafor", "Marcus Delgado"),
        # She reads Spanish in every language of a session.
        "Luz Ibáñez",
    }


def test_a_copied_world_has_the_photos_of_its_letters(home):
    made = world.open_copy(templates.get_or_make_template())
    with made.bound(), db.reading() as session:
        photos = session.exec(select(Photo)).all()
        assert len(photos) == 4
        assert all(storage.read(photo.store, size) for photo in photos for size in Size)
