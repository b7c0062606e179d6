"""Photos over HTTP: who uploads what, what is refused before it is read, and who is given which file."""

import re
import secrets
import tempfile
import threading
from contextlib import ExitStack

import pytest

from rxconnect import db
from rxconnect.api import bodies, photos
from rxconnect.domain import refusals
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.errors import PhotoNotShown
from rxconnect.domain.photos import MOST_BYTES
from rxconnect.services.accounts import sign_ins
from rxconnect.services.messages import drafts
from tests.photographs import encoded, picture


@pytest.fixture
def writing(visitor, sam):
    """A browser in which Sam is writing, who that is, and the draft."""
    writer = Actor(sam, "Sam Rivera", "sam@example.com", ActorKind.FAMILY)
    client = visitor()
    client.cookies.set(sign_ins.cookie_name(), db.write(sign_ins.create_sign_in, sam))
    return client, writer, db.write(drafts.get_or_create_empty, writer)


def upload(client, draft_id, content, key=None, **more):
    return client.post(f"/drafts/{draft_id}/photos?key={key or secrets.token_hex(16)}", content=content, **more)


def key_of(writer, draft_id):
    return db.read(drafts.get, writer, draft_id).photos[0].key


def test_an_upload_is_stored_once_and_served_to_its_owner_alone(writing, visitor, actor):
    client, sam, draft_id = writing
    key = secrets.token_hex(16)
    first, again = (upload(client, draft_id, encoded(), key) for _ in range(2))
    assert (first.status_code, first.json()) == (200, again.json())
    address = f"/photos/{key_of(sam, draft_id)}?size=thumb"
    got = client.get(address)
    assert (got.status_code, got.headers["content-type"]) == (200, "image/jpeg")
    assert got.headers["cache-control"] == "private, max-age=604800, immutable"
    assert got.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["cross-origin-resource-policy"] == "same-origin"
    other = visitor()
    assert other.get(address).status_code == 404
    for kind in (ActorKind.FAMILY, ActorKind.STAFF):
        other.cookies.set(sign_ins.cookie_name(), db.write(sign_ins.create_sign_in, actor(kind=kind).account_id))
        refused = other.get(address)
        assert (refused.status_code, refused.headers["cache-control"], refused.content) == (404, "no-store", b"")
    for nothing in ("/photos/x?size=thumb", address.replace("thumb", "huge"), f"/photos/{'0' * 32}?size=view"):
        assert client.get(nothing).status_code == 404


def test_what_is_no_photo_is_refused_with_a_sentence_and_what_is_too_large_before_it_is_read(writing):
    client, _sam, draft_id = writing
    reply = upload(client, draft_id, b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")
    assert reply.status_code == 422
    assert "SVG" in reply.json()["problem"]
    told = {"Content-Length": str(MOST_BYTES + 1)}
    assert upload(client, draft_id, b"x", headers=told).status_code == 413


def test_nobody_uploads_without_a_sign_in_or_to_the_draft_of_another(writing, visitor, actor):
    client, _sam, draft_id = writing
    stranger = visitor()
    assert upload(stranger, draft_id, encoded()).status_code == 401
    assert upload(stranger, draft_id, b"x" * 100_000).status_code == 401
    stranger.cookies.set(sign_ins.cookie_name(), db.write(sign_ins.create_sign_in, actor(name="Bo Lee").account_id))
    assert upload(stranger, draft_id, encoded()).status_code == 404
    assert upload(client, 2**70, encoded()).status_code == 404
    assert upload(client, draft_id, encoded(), "not-a-key").status_code == 404
    assert upload(client, draft_id, encoded(), headers={"Origin": "https://evil.example"}).status_code == 403


def test_one_account_has_at_most_four_uploads_at_once_and_its_page_tries_the_next_again(writing):
    client, sam, draft_id = writing
    with ExitStack() as others:
        for _ in range(4):
            assert others.enter_context(photos._counted(sam)) is False
        reply = upload(client, draft_id, encoded())
        assert (reply.status_code, reply.json()) == (429, {})
    assert upload(client, draft_id, encoded()).status_code == 200
    assert not photos._under_way


def test_an_upload_is_withdrawn_by_its_key_by_its_owner_alone(writing, visitor, actor):
    client, sam, draft_id = writing
    key, stranger = secrets.token_hex(16), visitor()
    address = f"/drafts/{draft_id}/photos?key={key}"
    upload(client, draft_id, encoded(), key)
    assert stranger.delete(address).status_code == 401
    stranger.cookies.set(sign_ins.cookie_name(), db.write(sign_ins.create_sign_in, actor(name="Bo Lee").account_id))
    assert stranger.delete(address).status_code == 404
    assert client.delete(address, headers={"Origin": "https://evil.example"}).status_code == 403
    assert len(db.read(drafts.get, sam, draft_id).photos) == 1
    assert [client.delete(address).status_code for _time in range(2)] == [200, 200]
    assert db.read(drafts.get, sam, draft_id).photos == []
    assert client.delete(f"/drafts/{draft_id}/photos?key=x").status_code == 404


def test_while_the_storage_fails_an_upload_and_a_photo_say_so_and_later_both_work(writing, database):
    client, sam, draft_id = writing
    key = secrets.token_hex(16)
    upload(client, draft_id, encoded())
    address = f"/photos/{key_of(sam, draft_id)}?size=view"
    folder, away = database / "photos", database / "away"
    folder.rename(away)
    folder.write_text("not a folder")
    refused, shown = upload(client, draft_id, encoded(), key), client.get(address)
    assert (refused.status_code, "Your letter is kept." in refused.json()["problem"]) == (503, True)
    assert (shown.status_code, shown.headers["content-type"]) == (503, "image/svg+xml")
    assert (shown.headers["cache-control"], shown.headers["retry-after"]) == ("no-store", "60")
    lines = re.findall("<tspan[^>]*>([^<]*)</tspan>", shown.text)
    assert " ".join(lines) == refusals.sentence(PhotoNotShown())
    assert len(db.read(drafts.get, sam, draft_id).photos) == 1
    folder.unlink()
    away.rename(folder)
    assert client.get(address).status_code == 200
    assert upload(client, draft_id, encoded(), key).status_code == 200


def test_the_file_of_an_upload_is_made_in_a_worker_thread_so_that_nobody_waits_for_the_disk(writing, monkeypatch):
    client, _sam, draft_id = writing
    threads, make = set(), tempfile.TemporaryFile

    def watched(**options):
        threads.add(threading.current_thread().name)
        return make(**options)

    monkeypatch.setattr(bodies.tempfile, "TemporaryFile", watched)
    assert upload(client, draft_id, encoded(drawn=picture(1600, 1200))).status_code == 200
    assert threads
    assert not [name for name in threads if "worker" not in name]
