import os
from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.errors import BadFile
from rxconnect.models import Email, Inmate, TakenFile
from rxconnect.services.imports import folders
from rxconnect.terminal import roster_report
from tests.soak import folder_kills

HEADER = "number,first_name,last_name,facility"


@pytest.fixture
def inbox(tmp_path, facility, setting):
    """A folder for lists of two facilities, in an installation whose operator has an address."""
    setting(operator_email="operator@example.org")
    for key in ("oak", "elm"):
        facility(key=key, state="OR")
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def deliver(inbox, name, *people, facility="oak"):
    rows = (f"{number},Ann,{last},{facility}" for number, last in enumerate(people, 1) if last)
    (inbox / name).write_text("\n".join([HEADER, *rows, ""]))
    return inbox / name


def take(inbox, hours=0.1):
    """Take the new files, so many hours from now."""
    with clock.at(clock.now() + timedelta(hours=hours)):
        return list(folders.import_folder(inbox, render=roster_report))


def people():
    with db.reading() as session:
        return {(row.last_name, row.custody) for row in session.exec(select(Inmate))}


def letters():
    with db.reading() as session:
        return [email.subject for email in session.exec(select(Email))]


def test_a_file_is_taken_once_and_kept_with_its_report(inbox, database):
    content = deliver(inbox, "monday.csv", "Lee", "Ray").read_bytes()

    (taken,) = take(inbox)

    assert (taken.name, taken.is_refused, taken.looks_wrong) == ("monday.csv", False, False)
    assert "2 rows: 2 new" in taken.report
    with db.reading() as session:
        (file,) = session.exec(select(TakenFile))
    kept = database / "rosters" / file.sha256
    assert (kept / "monday.csv").read_bytes() == content
    assert "2 rows: 2 new" in (kept / "report-all-1.txt").read_text()
    assert (take(inbox), take(inbox, hours=100), letters()) == ([], [], [])


def test_a_file_is_left_alone_until_it_has_stopped_growing(inbox):
    path = deliver(inbox, "monday.csv", "Lee")
    os.utime(path, (1, 1))
    deliver(inbox, "tuesday.csv.part", "Lee")

    assert take(inbox, hours=0) == []
    assert [taken.name for taken in take(inbox)] == ["monday.csv"]


def test_a_copy_under_another_name_is_the_same_file(inbox):
    deliver(inbox, "monday.csv", "Lee")
    take(inbox)
    deliver(inbox, "copy of monday.csv", "Lee")

    assert take(inbox) == []


def test_files_are_taken_in_the_order_in_which_they_were_written(inbox):
    for age, name, last in ((50, "a.csv", "Ray"), (90, "b.csv", "Lee")):
        path = deliver(inbox, name, last, "Poe", "Fox", "Kim", "Orr", "Ito")
        os.utime(path, (path.stat().st_mtime - age,) * 2)

    assert [taken.name for taken in take(inbox)] == ["b.csv", "a.csv"]


def test_the_same_list_on_another_day_is_another_list(inbox):
    deliver(inbox, "monday.csv", "Lee")
    take(inbox)
    with clock.at(clock.now() + timedelta(hours=24)):
        path = deliver(inbox, "tuesday.csv", "Lee")
        os.utime(path, (clock.now().timestamp(),) * 2)

    (taken,) = take(inbox, hours=25)

    assert "1 unchanged" in taken.report


def test_an_old_list_that_comes_back_is_refused_and_the_operator_told(inbox):
    for day, (name, count) in enumerate((("monday.csv", 6), ("tuesday.csv", 7), ("wednesday.csv", 6))):
        path = deliver(inbox, name, *["Lee", "Ray", "Poe", "Fox", "Kim", "Orr", "Ito"][:count])
        when = clock.now() + timedelta(hours=24 * day)
        os.utime(path, (when.timestamp(),) * 2)
        taken = take(inbox, hours=24 * day + 1)
        assert len(taken) == 1

    assert taken[0].is_refused
    assert "byte for byte monday.csv" in taken[0].report
    assert letters() == ["The list wednesday.csv was not imported"]
    assert ("Ito", "held") in people()


def test_what_looks_wrong_is_not_imported_and_mailed_once(inbox):
    deliver(inbox, "monday.csv", "Lee", "Ray", "Poe", "Fox", "Kim", "Orr")
    take(inbox)
    deliver(inbox, "tuesday.csv", "Lee")

    (taken,) = take(inbox)

    assert (taken.is_refused, len(people()), {custody for _, custody in people()}) == (True, 6, {"held"})
    assert taken.report.startswith("This looks wrong, so nothing was changed: ")
    assert take(inbox) == []
    assert letters() == ["The list tuesday.csv was not imported"]


def test_a_bad_file_does_not_stop_the_others(inbox):
    (inbox / "a.pdf").write_bytes(b"%PDF-1.7\n")
    (inbox / "b.csv").write_text(f"{HEADER}\n1,Ann,Lee,oak\n2,,,oak\n")
    os.utime(inbox / "a.pdf", (1, 1))

    assert [(taken.name, taken.is_refused, taken.looks_wrong) for taken in take(inbox)] == [
        ("a.pdf", True, True),
        ("b.csv", False, True),
    ]
    assert letters() == ["The list a.pdf was not imported", "The list b.csv was imported, but look at it"]


def test_two_commands_do_not_take_files_at_once(inbox, database):
    first = folders.import_folder(inbox, render=roster_report)
    deliver(inbox, "monday.csv", "Lee")
    with clock.at(clock.now() + timedelta(hours=1)):
        next(first)

        with pytest.raises(BadFile, match="this one did nothing"):
            take(inbox)


def test_a_kill_between_two_steps_stores_and_mails_everything_once(database, tmp_path_factory):
    kills, found = folder_kills.soak(tmp_path_factory.mktemp("kills"), every=17)

    assert kills >= 5
    assert found == []
