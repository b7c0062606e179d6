"""The virus scanner: what it finds is not kept, and while it does not answer, a photo waits and says so."""

import socket

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain.errors import Invalid, PhotoRefused
from rxconnect.domain.photos import PhotoProblem, PhotoState
from rxconnect.domain.terms import VERSION
from rxconnect.models import Photo
from rxconnect.services.messages import drafts
from rxconnect.services.photos import draft_photos, storage, sweep, waiting
from rxconnect.services.screening import submissions
from tests.clamd import EICAR, scanner
from tests.photographs import add_photo, encoded


@pytest.fixture
def silence():
    """An address at which nobody answers."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{closed.getsockname()[1]}"


def test_what_the_scanner_finds_is_refused_and_what_it_passes_is_kept(pair, setting):
    writer = pair()
    draft_id = writer.draft()
    with scanner() as address:
        setting(clamd=address)
        assert add_photo(writer.family, draft_id).state == PhotoState.READY
        with pytest.raises(PhotoRefused) as refused:
            add_photo(writer.family, draft_id, encoded() + EICAR)
    assert refused.value.problem is PhotoProblem.INFECTED
    assert len(list(storage.current().files())) == 3


def test_files_that_a_killed_process_left_of_a_refused_photo_are_swept(pair, setting, silence):
    writer = pair()
    setting(clamd=silence)
    photo = add_photo(writer.family, writer.draft())
    assert db.write(waiting._settle, photo.id, False)
    assert sweep.sweep_files().done == 3
    assert list(storage.current().files()) == []


def test_a_photo_waits_for_a_silent_scanner_and_goes_on_when_it_answers(pair, setting, silence):
    writer = pair()
    draft_id = writer.draft()
    setting(clamd=silence)
    assert "does not answer" in add_photo(writer.family, draft_id).note
    with pytest.raises(Invalid) as refused:
        db.write(submissions.send, writer.family, draft_id, accepted_terms=VERSION)
    assert list(refused.value.fields) == ["photos"]
    assert waiting.scan_due().done == 0
    with scanner(int(silence.rpartition(":")[2])):
        assert waiting.scan_due().done == 1
        assert db.write(submissions.send, writer.family, draft_id, accepted_terms=VERSION)


def test_what_the_scanner_finds_later_loses_its_files_and_must_be_removed(pair, setting, silence):
    writer = pair()
    draft_id = writer.draft()
    setting(clamd=silence)
    photo = add_photo(writer.family, draft_id)
    with db.reading() as session:
        store = session.exec(select(Photo.store)).one()
    storage.current().put(f"{store}-view.jpg", encoded() + EICAR)
    with scanner(int(silence.rpartition(":")[2])):
        assert waiting.scan_due().done == 1
    assert list(storage.current().files()) == []
    (shown,) = db.read(drafts.get, writer.family, draft_id).photos
    assert "remove it" in shown.note
    with pytest.raises(Invalid):
        db.write(submissions.send, writer.family, draft_id, accepted_terms=VERSION)
    db.write(draft_photos.remove, writer.family, photo.id)
    assert db.write(submissions.send, writer.family, draft_id, accepted_terms=VERSION)
    assert sweep.sweep_rows().errors == []
