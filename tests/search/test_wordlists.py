"""The words that a process keeps in memory: it notices whatever happens to the database behind its back."""

import os
import shutil
import subprocess
import sys

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain.inmates import InmateQuery, Person
from rxconnect.models import DirectoryVersion, Facility, NameWord
from rxconnect.services.directory import inmates, lookups
from rxconnect.services.directory.facilities import get_by_key
from tests.worlds import disconnect, installed

# Two slips of the pen each, which only the words in memory can tell.
SLIPS = {"Featherstone": "Faetherstoen", "Zuckerberg": "Zukcerebrg", "Aberdeen": "Abredene"}


def book(*last_names, key="cedar"):
    with db.transaction() as session:
        if not session.exec(select(Facility.id).where(Facility.key == key)).first():
            session.add(Facility(key=key, name=key, state="OR", opening="open"))
            session.flush()
        first = len(session.exec(select(NameWord.id)).all())
        people = [Person(str(10_000 + first + n), "Omar", last) for n, last in enumerate(last_names)]
        inmates.add_to_roster(session, get_by_key(session, key).id, people)


def found(last):
    """The last names of the people found everywhere by two slips in this one."""
    query = InmateQuery(last_name=SLIPS[last], is_everywhere=True)
    return [match.last for match in db.read(lookups.find_inmates, query)]


def test_new_words_are_found_at_once(database):
    book("Aberdeen")
    assert found("Featherstone") == []

    book("Featherstone")

    assert [found("Featherstone"), found("Aberdeen")] == [["Featherstone"], ["Aberdeen"]]


def test_words_that_another_process_added_are_found_at_once(database, tmp_path):
    book("Aberdeen")
    assert found("Featherstone") == []
    roster = tmp_path / "roster.csv"
    roster.write_text("number,first_name,last_name\n7,Omar,Featherstone\n8,Omar,Aberdeen\n")

    command = [sys.executable, "-m", "rxconnect", "import", "roster", "--facility", "cedar", "--yes", str(roster)]
    subprocess.run(command, check=True, capture_output=True, env=os.environ)

    assert found("Featherstone") == ["Featherstone"]


def test_a_change_that_was_undone_leaves_no_trace(database):
    book("Aberdeen")
    found("Aberdeen")
    with pytest.raises(RuntimeError), db.all_or_nothing():
        book("Featherstone")
        assert found("Featherstone") == ["Featherstone"]
        raise RuntimeError
    assert found("Featherstone") == []

    book("Zuckerberg")

    assert [found("Featherstone"), found("Zuckerberg")] == [[], ["Zuckerberg"]]


def test_another_database_has_lists_of_its_own(database, tmp_path, migrated_file):
    book("Aberdeen", "Featherstone")
    assert found("Featherstone") == ["Featherstone"]

    (tmp_path / "other").mkdir()
    shutil.copy(migrated_file, tmp_path / "other" / "rxconnect.db")
    with installed(data_dir=tmp_path / "other"):
        book("Zuckerberg")

        assert [found("Featherstone"), found("Zuckerberg")] == [[], ["Zuckerberg"]]


@pytest.fixture
def restore(database, tmp_path):
    """`restore()` brings back the database as it was when only Aberdeen was known, and the process knew more by then."""

    def bring_back():
        disconnect()
        shutil.copy(tmp_path / "backup.db", database / "rxconnect.db")

    book("Aberdeen")
    # Closing the last connection brings all of it into the one file.
    disconnect()
    shutil.copy(database / "rxconnect.db", tmp_path / "backup.db")
    return bring_back


def test_an_older_database_that_was_restored_is_noticed(restore):
    book("Featherstone")
    found("Featherstone")
    restore()

    assert [found("Featherstone"), found("Aberdeen")] == [[], ["Aberdeen"]]
    book("Zuckerberg")
    assert found("Zuckerberg") == ["Zuckerberg"]


def test_a_roster_that_was_corrected_after_a_restore_is_noticed(restore):
    """As many new words, of which the last is the same."""
    book("Feathrestoen", "Zuckerberg")
    found("Zuckerberg")
    restore()

    book("Featherstone", "Zuckerberg")

    assert [found("Featherstone"), found("Zuckerberg")] == [["Featherstone"], ["Zuckerberg"]]


def test_the_mark_changes_with_every_change_of_people(database):
    marks = set()
    for last in SLIPS:
        book(last)
        with db.reading() as session:
            marks.add(session.exec(select(DirectoryVersion.people)).one())

    assert len(marks) == 3
