"""Photos in S3: a real client and moto's real server, also while that is gone, cut off in a call, or does not answer."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import db, world
from rxconnect.config import settings
from rxconnect.domain import clock
from rxconnect.domain.errors import NotFound, PhotoNotShown, PhotoNotStored, Unavailable
from rxconnect.domain.photos import Size
from rxconnect.domain.terms import VERSION
from rxconnect.models import Photo
from rxconnect.services.messages import drafts
from rxconnect.services.photos import s3, storage, sweep
from rxconnect.services.photos.folder import Folder
from rxconnect.services.photos.port import Storage
from rxconnect.services.screening import submissions
from tests import s3_server
from tests.photographs import add_photo
from tests.s3_server import S3Server


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with s3_server.running() as running:
        yield running


@pytest.fixture
def bucket(server, database, setting) -> Iterator[S3Server]:
    """The server, with an empty bucket that is the installation's storage."""
    setting(**server.new_bucket())
    yield server
    server.wire.mend()


@pytest.fixture
def impatient(monkeypatch, bucket) -> S3Server:
    """The same, where no call waits as long as a page may."""
    for limit in ("_CONNECT", "_CALL", "_RETRY"):
        monkeypatch.setattr(s3, limit, timedelta(seconds=0.5))
    return bucket


@pytest.fixture(params=["folder", "s3"])
def kind(request, database) -> Storage:
    if request.param == "s3":
        request.getfixturevalue("bucket")
    return storage.current()


def names():
    return {one.name for one in storage.current().files()}


def name():
    return storage.name_of(storage.new_store(), Size.VIEW)


def test_a_storage_gives_what_it_took_until_it_is_deleted(kind):
    one, other = name(), name()
    kind.put(one, b"first")
    kind.put(one, b"second")
    kind.put(other, b"")
    assert (kind.get(one), kind.get(other)) == (b"second", b"")
    assert {(found.name, found.store, found.is_whole) for found in kind.files()} == {
        (each, each[:32], True) for each in (one, other)
    }
    for _time in range(2):
        kind.delete(one)
    with pytest.raises(NotFound):
        kind.get(one)
    assert names() == {other}


@pytest.mark.parametrize("wrong", ["../rxconnect.db", "a.jpg", "", f"{'0' * 32}-view.png"])
def test_no_other_name_leads_anywhere(kind, wrong):
    for use in (kind.get, kind.delete, lambda given: kind.put(given, b"x")):
        with pytest.raises(NotFound):
            use(wrong)


def test_only_the_installations_own_world_uses_the_bucket(bucket, tmp_path):
    with world.World("0123456789abcdef-0", "sqlite://", tmp_path).bound():
        assert isinstance(storage.current(), Folder)
    assert isinstance(storage.current(), s3.S3)


def test_a_photo_goes_into_the_bucket_and_its_orphans_are_swept(bucket, pair, database):
    writer = pair()
    photo = add_photo(writer.family, writer.draft())
    with db.reading() as session:
        store = session.get_one(Photo, photo.id).store
    assert names() == {storage.name_of(store, size) for size in Size}
    assert storage.read(store, Size.THUMB).startswith(b"\xff\xd8")
    assert not (database / "photos").exists()
    storage.current().put(name(), b"nobody's")
    assert sweep.sweep_files().done == 1
    assert len(names()) == 3


@pytest.mark.parametrize("fault", ["cut", "swallow"])
def test_while_the_bucket_is_gone_a_photo_is_not_stored_and_the_draft_is_kept(impatient, pair, fault):
    writer, key = pair(), secrets.token_hex(16)
    draft_id = writer.draft("Hello", "We miss you.")
    kept = add_photo(writer.family, draft_id)
    with db.reading() as session:
        store = session.get_one(Photo, kept.id).store
    getattr(impatient.wire, fault)()
    with pytest.raises(PhotoNotStored) as refused:
        add_photo(writer.family, draft_id, key=key)
    with pytest.raises(PhotoNotShown) as unread:
        storage.read(store, Size.VIEW)
    for use in (names, lambda: storage.delete_all(storage.new_store()), sweep.sweep_files):
        with pytest.raises(Unavailable):
            use()
    draft = db.read(drafts.get, writer.family, draft_id)
    assert (draft.body, [photo.id for photo in draft.photos]) == ("We miss you.", [kept.id])
    told = f"{refused.value} {unread.value} {settings()!r}"
    assert not [word for word in (s3_server.SECRET, store, "Signature") if word in told]
    impatient.wire.mend()
    assert storage.read(store, Size.VIEW)
    add_photo(writer.family, draft_id, key=key)
    with clock.at(clock.now() + timedelta(hours=2)):
        sweep.sweep_rows()
        sweep.sweep_files()
    assert len(names()) == 6


def test_a_bucket_that_does_not_exist_takes_nothing(bucket, setting):
    assert names() == set()
    setting(s3_bucket="another-bucket")
    other = s3.S3(settings())
    with pytest.raises(PhotoNotStored, match="FileNotFoundError"):
        other.put(name(), b"x")
    with pytest.raises(Unavailable):
        list(other.files())


def test_families_who_upload_while_the_bucket_comes_and_goes_lose_nothing_and_leave_nothing(impatient, pair):
    writers = [pair(credits=10) for _ in range(3)]
    letters = {writer.contact_id: writer.draft() for writer in writers}
    uploads = [(writer, letters[writer.contact_id], secrets.token_hex(16)) for writer in writers for _ in range(3)]
    tally = Tally(len(uploads))
    breaker = threading.Thread(target=come_and_go, args=(impatient.wire, tally), daemon=True)
    impatient.wire.cut()
    breaker.start()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: insist(tally, *one), uploads))
    breaker.join()
    for writer in writers:
        db.write(submissions.send, writer.family, letters[writer.contact_id], accepted_terms=VERSION)
        assert writer.credits() == (6, 4)
    with clock.at(clock.now() + timedelta(hours=2)):
        sweep.sweep_rows()
        sweep.sweep_files()
    with db.reading() as session:
        photos = session.exec(select(Photo)).all()
    assert (len(photos), tally.refused >= 2) == (9, True)
    assert names() == {storage.name_of(photo.store, size) for photo in photos for size in Size}


class Tally:
    """How often an upload was refused, and how many are stored."""

    def __init__(self, uploads: int):
        self.refused = self.stored = 0
        self._uploads, self._changed = uploads, threading.Condition()

    def count(self, *, is_stored: bool) -> None:
        with self._changed:
            self.stored += is_stored
            self.refused += not is_stored
            self._changed.notify_all()

    def until(self, *, refused: int = 0, stored: int = 0) -> None:
        """Wait for so many of either, or for the last upload."""
        with self._changed:
            self._changed.wait_for(
                lambda: self.stored == self._uploads or (self.refused >= refused and self.stored >= stored)
            )


def insist(tally, writer, draft_id, key):
    """Upload under one key until it works, as the page does."""
    for _try in range(100):
        try:
            add_photo(writer.family, draft_id, key=key)
        except Unavailable:
            tally.count(is_stored=False)
        else:
            tally.count(is_stored=True)
            return
    raise AssertionError("the photo was never stored")


def come_and_go(wire, tally):
    """Mend the wire when uploads were refused, and cut it when some more were stored."""
    for turn in range(1, 4):
        wire.cut()
        tally.until(refused=2 * turn)
        wire.mend()
        tally.until(stored=2 * turn)
