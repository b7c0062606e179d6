"""Uploads of photos: what is kept of a file, what is refused, and what a repeated or cut-off upload leaves."""

import io
import secrets
import tempfile
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from PIL import Image, ImageCms
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.errors import Invalid, NotAllowed, NotFound, PhotoRefused, Unavailable
from rxconnect.domain.photos import PhotoProblem, PhotoState, Size
from rxconnect.domain.problems import Problem
from rxconnect.models import Photo
from rxconnect.services.messages import drafts
from rxconnect.services.photos import draft_photos, pictures, storage, sweep, uploads
from rxconnect.services.photos.pictures import Pictures
from tests.photographs import HEIC, add_photo, encoded, picture

# Byte strings that stand in files with metadata, and in none that we keep.
_TRACES = (b"Exif", b"http://ns.adobe.com", b"ICC_PROFILE", b"Photoshop", b"secret place")


def stored_of(writer, draft_id):
    """The files of the draft's photos, by size."""
    with db.reading() as session:
        (photo,) = session.exec(select(Photo).where(Photo.draft_id == draft_id)).all()
    return {size: storage.read(photo.store, size) for size in Size}


def files():
    return list(storage.current().files())


def test_a_photo_is_kept_in_three_sizes_without_a_trace_of_its_metadata(pair):
    writer = pair()
    draft_id = writer.draft()
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "secret place"
    exif.get_ifd(0x8825)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    extras = {"exif": exif, "icc_profile": profile, "comment": b"secret place", "xmp": b"<x>secret place</x>"}
    shown = add_photo(writer.family, draft_id, encoded(drawn=picture(3000, 2000), **extras))
    kept = stored_of(writer, draft_id)
    sizes = {size: Image.open(io.BytesIO(content)).size for size, content in kept.items()}
    # The orientation 6 is a quarter turn to the right.
    assert sizes == {Size.FULL: (1707, 2560), Size.VIEW: (854, 1280), Size.THUMB: (214, 320)}
    assert (shown.width, shown.height, shown.note, shown.label) == (854, 1280, "", "Photo 1")
    for content in kept.values():
        opened = Image.open(io.BytesIO(content))
        assert set(opened.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
        assert not opened.getexif()
        assert not [trace for trace in _TRACES if trace in content]
    red, green, _blue = Image.open(io.BytesIO(kept[Size.VIEW])).getpixel((700, 100))
    assert red > 200 > green + 20 or green > 150  # the bright corner, which was on the left, is at the top right


@pytest.mark.parametrize("form", ["PNG", "WEBP", "GIF", "TIFF"])
def test_other_forms_are_kept_as_jpeg_or_refused_with_a_sentence(pair, form):
    writer = pair()
    draft_id = writer.draft()
    if form == "TIFF":
        with pytest.raises(PhotoRefused) as refused:
            add_photo(writer.family, draft_id, encoded(form))
        assert "JPEG, PNG, WebP, GIF and HEIC" in refused.value.problem.sentence
        assert files() == []
        return
    add_photo(writer.family, draft_id, encoded(form, picture(mode="RGBA" if form != "GIF" else "P")))
    assert {Image.open(io.BytesIO(one)).format for one in stored_of(writer, draft_id).values()} == {"JPEG"}


def test_a_photo_of_an_iphone_is_kept_as_jpeg_without_its_place(pair):
    writer = pair()
    draft_id = writer.draft()
    assert b"Quillfeather" in HEIC
    add_photo(writer.family, draft_id, HEIC)
    kept = stored_of(writer, draft_id)
    assert {Image.open(io.BytesIO(one)).format for one in kept.values()} == {"JPEG"}
    assert Image.open(io.BytesIO(kept[Size.VIEW])).size == (64, 48)
    assert not [one for one in kept.values() if b"Quillfeather" in one or b"Exif" in one]


def test_a_repeated_upload_finds_the_photo_of_the_first(pair):
    writer = pair()
    draft_id, key = writer.draft(), secrets.token_hex(16)
    first = add_photo(writer.family, draft_id, key=key)
    assert add_photo(writer.family, draft_id, b"anything", key=key) == first
    assert len(files()) == 3


def test_an_upload_that_was_cut_off_is_completed_by_the_next_try_or_swept(pair):
    writer = pair()
    draft_id, key = writer.draft(), secrets.token_hex(16)
    photo, is_new = db.write(uploads._begin, writer.family, draft_id, key)
    storage.current().put(storage.name_of(photo.store, Size.FULL), b"half")
    assert is_new
    assert db.read(drafts.get, writer.family, draft_id).photos == []
    assert add_photo(writer.family, draft_id, key=key).state == PhotoState.READY
    assert (sweep.sweep_files().done, len(files())) == (1, 3)
    kept = {one.store for one in files()}
    other, _ = db.write(uploads._begin, writer.family, draft_id, secrets.token_hex(16))
    storage.current().put(storage.name_of(other.store, Size.FULL), b"half")
    assert sweep.sweep_rows().done == 0
    with clock.at(clock.now() + timedelta(hours=2)):
        assert sweep.sweep_rows().done == 1
    assert {one.store for one in files()} == kept


def test_two_tries_of_one_upload_have_files_of_their_own_and_the_last_ones_stay(pair):
    writer = pair()
    draft_id, key = writer.draft(), secrets.token_hex(16)
    slow, _ = db.write(uploads._begin, writer.family, draft_id, key)
    made = Pictures(dict.fromkeys(Size, encoded()), 64, 48)
    photo = add_photo(writer.family, draft_id, key=key)
    kept = stored_of(writer, draft_id)
    storage.current().put(storage.name_of(slow.store, Size.FULL), b"late")
    with pytest.raises(Unavailable):
        db.write(uploads._finish, writer.family, slow.id, slow.store, made, is_scanned=True)
    storage.delete_all(slow.store)
    db.write(uploads._forget, slow.id, slow.store)
    assert stored_of(writer, draft_id) == kept
    assert db.read(draft_photos.get, writer.family, photo.id) == photo


@pytest.mark.parametrize("what_is_there", ["nothing", "a try", "the photo"])
def test_an_upload_that_is_withdrawn_stores_nothing_whatever_the_server_has_of_it(pair, what_is_there):
    writer = pair(facility_fields={"most_photos": 1})
    draft_id, key = writer.draft(), secrets.token_hex(16)
    if what_is_there == "the photo":
        add_photo(writer.family, draft_id, key=key)
    row = db.write(uploads._begin, writer.family, draft_id, key)[0] if what_is_there == "a try" else None
    for _time in range(2):
        db.write(uploads.withdraw, writer.family, draft_id, key)
    if row:
        made = Pictures(dict.fromkeys(Size, encoded()), 64, 48)
        with pytest.raises(NotFound):
            db.write(uploads._finish, writer.family, row.id, row.store, made, is_scanned=True)
        db.write(uploads._forget, row.id, row.store)
    if what_is_there != "the photo":
        with pytest.raises(NotFound):
            add_photo(writer.family, draft_id, key=key)
    assert db.read(drafts.get, writer.family, draft_id).photos == []
    # There is room for another.
    assert add_photo(writer.family, draft_id).state == PhotoState.READY
    with clock.at(clock.now() + timedelta(hours=2)):
        assert sweep.sweep_rows().done == 1
    assert len(files()) == 3


def test_nobody_withdraws_the_upload_of_another(pair, actor):
    writer, key = pair(), secrets.token_hex(16)
    draft_id = writer.draft()
    add_photo(writer.family, draft_id, key=key)
    with pytest.raises(NotFound):
        db.write(uploads.withdraw, actor(name="Bo Lee"), draft_id, key)
    with pytest.raises(NotAllowed):
        db.write(uploads.withdraw, writer.reviewer, draft_id, key)
    assert len(db.read(drafts.get, writer.family, draft_id).photos) == 1


def test_files_without_a_row_are_swept_and_those_with_one_stay(pair):
    writer = pair()
    draft_id = writer.draft()
    add_photo(writer.family, draft_id)
    storage.current().put(storage.name_of(storage.new_store(), Size.VIEW), b"nobody's")
    assert (sweep.sweep_files().done, len(files())) == (1, 3)


def test_a_refused_file_leaves_neither_a_row_nor_a_file(pair):
    writer = pair()
    draft_id = writer.draft()
    for content, problem in (
        (b"", PhotoProblem.EMPTY),
        (b"hello, I am no picture", PhotoProblem.NO_PICTURE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", PhotoProblem.DRAWING),
        (encoded()[:100], PhotoProblem.DAMAGED),
    ):
        with pytest.raises(PhotoRefused) as refused:
            add_photo(writer.family, draft_id, content)
        assert refused.value.problem is problem
    with db.reading() as session:
        assert session.exec(select(Photo)).all() == []
    assert files() == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_not_the_photos_fault(pair, monkeypatch):
    writer = pair()
    draft_id, content = writer.draft(), encoded()
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        monkeypatch.setattr(pictures.tempfile, "TemporaryFile", partial(open, "/dev/full", "r+b", buffering=0))
        with pytest.raises(Unavailable, match="No space left"):
            uploads.upload(writer.family, draft_id, secrets.token_hex(16), file, size=len(content))


def test_a_draft_has_at_most_the_facilitys_number(pair):
    writer = pair(facility_fields={"most_photos": 1})
    draft_id = writer.draft()
    first = add_photo(writer.family, draft_id)
    with pytest.raises(Invalid) as refused:
        add_photo(writer.family, draft_id)
    assert refused.value.fields["photos"].problem is Problem.TOO_MANY_PHOTOS
    db.write(draft_photos.remove, writer.family, first.id)
    add_photo(writer.family, draft_id)
    with pytest.raises(Invalid):
        db.write(draft_photos.restore, writer.family, first.id)


def test_nobody_adds_to_the_draft_of_another_and_staff_to_none(pair, actor):
    writer = pair()
    draft_id = writer.draft()
    with pytest.raises(NotFound):
        add_photo(actor(name="Bo Lee"), draft_id)
    with pytest.raises(NotAllowed):
        add_photo(writer.reviewer, draft_id)


def test_order_captions_removal_and_undo(pair):
    writer = pair()
    draft_id = writer.draft()
    one, two = (add_photo(writer.family, draft_id).id for _ in range(2))
    db.write(draft_photos.move, writer.family, two, 1)
    db.write(draft_photos.add_caption, writer.family, two, "  In the\ngarden ")
    photos = db.read(drafts.get, writer.family, draft_id).photos
    assert [(photo.id, photo.label) for photo in photos] == [(two, "Photo 1: In the garden"), (one, "Photo 2")]
    db.write(draft_photos.remove, writer.family, two)
    assert [photo.id for photo in db.read(drafts.get, writer.family, draft_id).photos] == [one]
    db.write(draft_photos.restore, writer.family, two)
    assert [photo.id for photo in db.read(drafts.get, writer.family, draft_id).photos] == [two, one]
    with pytest.raises(NotFound):
        db.write(draft_photos.move, writer.family, 999, 1)
    with pytest.raises(Invalid):
        db.write(draft_photos.add_caption, writer.family, two, "x" * 121)


def test_removed_and_discarded_photos_are_swept_after_their_time(pair):
    writer = pair()
    kept, discarded = writer.draft(), writer.draft("Other")
    photo = add_photo(writer.family, kept)
    add_photo(writer.family, discarded)
    db.write(draft_photos.remove, writer.family, photo.id)
    db.write(drafts.discard, writer.family, discarded)
    # The draft may come back for a minute, with its photos.
    assert sweep.sweep_rows().done == 0
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert sweep.sweep_rows().done == 1
    assert len(files()) == 3
    with clock.at(clock.now() + timedelta(hours=2)):
        assert sweep.sweep_rows().done == 1
    assert files() == []
