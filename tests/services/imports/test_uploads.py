"""A roster file that staff upload: kept, previewed, corrected, imported with a report, and taken back."""

import errno
import re
import shutil
from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import BadFile, NotAllowed, NotFound, Unavailable
from rxconnect.domain.imports import Suspicious
from rxconnect.i18n import PSEUDO, using_language
from rxconnect.models import Inmate, RosterImport, RosterUpload
from rxconnect.services.imports import uploads

ROWS = [f"{n},Lee,P{chr(96 + n)},1980-01-{n:02}" for n in range(1, 11)]


def content(*rows, header="Ref,Last Name,First Name,DOB"):
    return ["\n".join([header, *rows, ""]).encode()]


@pytest.fixture
def pine(facility):
    return facility(key="pine", name="Pine", opening="listed")


@pytest.fixture
def desk(actor, pine):
    return actor(role=Role.ADMINISTRATOR, facility_id=pine)


def kept(database):
    return sorted(path.name for path in (database / "uploads").rglob("*") if path.is_file())


def test_a_file_is_previewed_corrected_imported_and_taken_back(database, desk, pine):
    upload = uploads.keep_upload(desk, pine, "C:/lists/May\n list.csv", content(*ROWS))
    assert kept(database) == ["May_ list.csv"]
    with pytest.raises(BadFile, match="no column for number"):
        uploads.preview_upload(desk, upload.id)

    shown = uploads.preview_upload(desk, upload.id, {"number": "Ref"})

    assert shown.columns == [
        ("Ref", "number"),
        ("Last Name", "last_name"),
        ("First Name", "first_name"),
        ("DOB", "birth_date"),
    ]
    assert (len(shown.people), shown.people[0]) == (10, ("1", "Pa Lee", "1980-01-01", "", ""))
    assert (shown.counts["new"], shown.suspicious) == (10, [])
    told = []
    report = uploads.import_upload(desk, upload.id, progress=lambda done, total: told.append((done, total)))
    assert (report.counts["new"], report.may_undo, report.file_name) == (10, True, "May_ list.csv")
    assert told[-1] == (20, 20)
    with pytest.raises(NotFound):
        uploads.import_upload(desk, upload.id)
    assert db.write(uploads.take_back, desk, report.id).removed == 10
    with db.reading() as session:
        assert session.exec(select(Inmate)).all() == []
    assert db.read(uploads.my_imports, desk, pine)[0].is_undone
    # The page that waits for the import still asks what came of it.
    assert uploads.clear_old().done == 0
    assert db.read(uploads.get_upload, desk, upload.id).is_imported
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert uploads.clear_old().done == 1
    assert kept(database) == []


def test_a_preview_and_its_report_have_no_word_of_english_for_a_reader_of_another_language(desk, pine):
    header = "Number,Last Name,First Name,DOB,Note,Status"
    names = [
        "Lee,Ann",
        "Lee,Bo",
        "Ray,Cy",
        "Ray,Di",
        "Cole,Ed",
        "Cole,Fay",
        "Dale,Gus",
        "Dale,Hal",
        "Farr,Ida",
        "Farr,Jo",
    ]
    rows = [f"{number},{name},1980-01-{number:02},,Held" for number, name in enumerate(names, 1)]
    uploads.import_upload(desk, uploads.keep_upload(desk, pine, "a.csv", content(*rows, header=header)).id)
    odd = [
        "1,Lee,Ann,soon,,Held",
        "1,Lee,Ann,1980-01-01,,Gone home",
        "2,Lee,Bo,1980-01-02,,Zxx",
        ",Nobody,Nat,1980-02-02,,Held",
        "3,R<y,Cy,1980-01-03,,Held",
        "40,Suharto,,03/04/1990,x,Held",
        "26-9,Dale,Gus,1980-01-07,,Held",
        "5,Other,Person,1970-07-07,,Held",
        "6,Cole,Fay,1980-01-06,,Held,more,cells",
        "7,Vine,Vic,1980-01-06,,Released",
        "Released inmates,,,,,",
        "Total: 9,,,,,",
    ]
    upload = uploads.keep_upload(desk, pine, "b.csv", content(*odd, header=header))
    with using_language(PSEUDO):
        shown = uploads.preview_upload(desk, upload.id)
        report = uploads.import_upload(desk, upload.id, accept_suspicious=True)
    told = [*shown.notes, *shown.suspicious, *shown.merges, *report.notes, *(row.reason for row in shown.bad)]
    assert len(told) > 20
    in_file = words_in("Pine pine", header, *rows, *odd)
    commands = re.compile(r'--\w+ "[^"]*"|=\w+')
    assert {word for word in words_in(*(commands.sub("", one) for one in told)) if word.isascii()} - in_file == set()


def words_in(*texts):
    return {word for text in texts for word in re.findall(r"[^\W\d_]{2,}", text)}


def test_a_report_is_read_in_the_language_of_its_reader_and_one_of_before_as_it_was_kept(desk, pine):
    for name, rows in (("a.csv", ROWS), ("b.csv", ROWS[:9])):
        upload = uploads.keep_upload(desk, pine, name, content(*rows, header="Number,Last Name,First Name,DOB"))
        uploads.import_upload(desk, upload.id)
    with db.transaction() as session:
        row = session.exec(select(RosterImport)).first()
        row.report = row.report | {"notes": ["An {older} note."], "bad": [[3, "the name is missing", ""]]}
    with using_language("es"):
        newest, oldest = db.read(uploads.my_imports, desk, pine)
    assert newest.notes[0].startswith("1 persona ya no está en la lista (10 Pj Lee).")
    assert (oldest.notes, oldest.bad[0].reason) == (["An {older} note."], "the name is missing")


def test_what_looks_wrong_has_to_be_accepted(desk, pine):
    for rows in (ROWS, ROWS[:4]):
        upload = uploads.keep_upload(desk, pine, "list.csv", content(*rows))
        shown = uploads.preview_upload(desk, upload.id, {"number": "Ref"})
        if rows is ROWS:
            uploads.import_upload(desk, upload.id)
    assert "6 of 10 people" in shown.suspicious[0]
    with pytest.raises(Suspicious):
        uploads.import_upload(desk, upload.id)
    assert uploads.import_upload(desk, upload.id, accept_suspicious=True).counts["missing"] == 6
    newest, oldest = db.read(uploads.my_imports, desk, pine)
    with pytest.raises(NotFound):
        db.write(uploads.take_back, desk, oldest.id)
    assert db.write(uploads.take_back, desk, newest.id).restored == 6


def test_nobody_else_sees_or_imports_it(desk, pine, actor, facility):
    upload = uploads.keep_upload(desk, pine, "list.csv", content(*ROWS))
    elsewhere = facility(key="oak")
    for other in (
        actor(),
        actor(role=Role.REVIEWER, facility_id=pine),
        actor(role=Role.ADMINISTRATOR, facility_id=elsewhere),
    ):
        with pytest.raises(NotAllowed):
            uploads.keep_upload(other, pine, "list.csv", content(*ROWS))
        with pytest.raises((NotAllowed, NotFound)):
            uploads.preview_upload(other, upload.id)
        with pytest.raises((NotAllowed, NotFound)):
            uploads.import_upload(other, upload.id)
        with pytest.raises(NotAllowed):
            db.read(uploads.my_imports, other, pine)


def test_a_file_is_kept_for_a_day_and_each_upload_has_its_own(database, desk, pine):
    uploads.keep_upload(desk, pine, "list.csv", content(*ROWS))
    with clock.at(clock.now() + timedelta(hours=23)):
        uploads.keep_upload(desk, pine, "list.csv", content(*ROWS))
        assert uploads.clear_old().done == 0
        assert kept(database) == ["list.csv", "list.csv"]
    with clock.at(clock.now() + timedelta(hours=25)):
        assert uploads.clear_old().done == 1
        assert kept(database) == ["list.csv"]
    with clock.at(clock.now() + timedelta(days=3)):
        assert uploads.clear_old().done == 1
    assert kept(database) == []
    with db.reading() as session:
        assert session.exec(select(RosterUpload)).all() == []


def test_the_deletion_of_an_old_upload_does_not_take_a_new_one_of_the_same_file(database, desk, pine, monkeypatch):
    uploads.keep_upload(desk, pine, "list.csv", content(*ROWS))
    deleted, new = shutil.rmtree, []

    def upload_first(folder, **how):
        # The old row is gone, and its folder is not: somebody uploads the same file at this moment.
        if not new:
            new.append(uploads.keep_upload(desk, pine, "list.csv", content(*ROWS)))
        deleted(folder, **how)

    monkeypatch.setattr(shutil, "rmtree", upload_first)
    with clock.at(clock.now() + timedelta(hours=25)):
        assert uploads.clear_old().done == 1
        assert uploads.preview_upload(desk, new[0].id, {"number": "Ref"}).counts["new"] == 10


def test_an_upload_that_somebody_works_with_is_not_deleted(database, desk, pine):
    upload = uploads.keep_upload(desk, pine, "list.csv", content(*ROWS))
    with clock.at(clock.now() + timedelta(hours=23)):
        uploads.preview_upload(desk, upload.id, {"number": "Ref"})
    with clock.at(clock.now() + timedelta(hours=25)):

        def progress(_done, _total):
            uploads.clear_old()

        assert uploads.import_upload(desk, upload.id, progress=progress).counts["new"] == 10


def test_a_file_that_is_too_large_leaves_nothing(database, desk, pine, monkeypatch):
    monkeypatch.setattr(uploads, "most_mb", lambda: 0)
    with pytest.raises(BadFile, match="larger than"):
        uploads.keep_upload(desk, pine, "list.csv", content(*ROWS))
    assert kept(database) == []


def test_a_file_for_which_there_is_no_room_leaves_nothing(database, desk, pine):
    def chunks():
        yield b"Number,Last Name,First Name\n"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(Unavailable, match="No space left"):
        uploads.keep_upload(desk, pine, "list.csv", chunks())
    assert kept(database) == []


def test_what_a_kill_or_a_full_database_left_behind_goes_after_a_day(database, desk, pine):
    uploads.keep_upload(desk, pine, "list.csv", content(*ROWS))
    place = database / "uploads"
    (place / "tmpabc").write_bytes(b"Number,")
    (place / ("0" * 64)).mkdir()
    (place / ("0" * 64) / "other.csv").write_bytes(b"Number,Last Name\n")
    assert uploads.clear_old().done == 0
    with clock.at(clock.now() + timedelta(hours=23)):
        uploads.keep_upload(desk, pine, "list.csv", content(*ROWS))
    with clock.at(clock.now() + timedelta(hours=25)):
        # The first upload, and the two that nothing in the database knows of.
        assert uploads.clear_old().done == 3
    assert kept(database) == ["list.csv"]
