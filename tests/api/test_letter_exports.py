"""Letters to take away: one's own, as a PDF or an archive with the hash of each file; and nobody else's."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import pytest

from rxconnect import db, routes
from rxconnect.api import downloads
from rxconnect.documents.letters import conversation_html, letter_html
from rxconnect.domain import letter_exports as domain
from rxconnect.domain.messages import Reason
from rxconnect.domain.terms import VERSION
from rxconnect.services.accounts import sign_ins
from rxconnect.services.directory import contacts
from rxconnect.services.exports import letter_exports
from rxconnect.services.paper import replies
from rxconnect.services.photos import storage
from rxconnect.services.review import review
from rxconnect.services.screening import submissions
from tests.photographs import draft_with_photos
from tests.printing import take_pango_away
from tests.privileged import privileged_at
from tests.services.conftest import pair

__all__ = ["pair"]


@pytest.fixture
def writer(pair):
    return pair(credits=60)


@pytest.fixture
def browser(visitor):
    """`browser(actor)`: a browser in which somebody is signed in."""

    def signed_in(who):
        client = visitor()
        client.cookies.set(sign_ins.cookie_name(), db.write(sign_ins.create_sign_in, who.account_id))
        return client

    return signed_in


def address(route, an_id):
    return routes.fill(route, an_id)


def unzipped(answer):
    """The files of an archive by name, and its manifest."""
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    return files, json.loads(files["manifest.json"])["letters"]


def test_a_letter_and_a_conversation_come_as_pdfs(printer, writer, browser):
    sent, client = writer.send("The garden", "Tomatoes, <b>many</b> & more."), browser(writer.family)
    person = "-".join(sent.contact.split())
    for route, an_id, name in (
        (routes.MESSAGE_PDF, sent.id, f"RxConnect-letter-{person}-{sent.date}.pdf"),
        (routes.THREAD_PDF, writer.contact_id, f"RxConnect-letters-{person}-{sent.date}.pdf"),
    ):
        answer = client.get(address(route, an_id))
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert answer.headers["cache-control"] == "no-store"
        assert answer.content.startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    ("person", "plain", "encoded"),
    [
        ("Marcus Delgado", "RxConnect-letter-Marcus-Delgado-2026-03-03.pdf", ""),
        (
            'Zoë O\'Neil "Z"; /../',
            "RxConnect-letter-Zoe-O-Neil-Z-2026-03-03.pdf",
            "; filename*=UTF-8''RxConnect-letter-Zo%C3%AB-O-Neil-Z-2026-03-03.pdf",
        ),
        (
            "王 小明\r\n",
            "RxConnect-letter-2026-03-03.pdf",
            "; filename*=UTF-8''RxConnect-letter-%E7%8E%8B-%E5%B0%8F%E6%98%8E-2026-03-03.pdf",
        ),
    ],
)
def test_a_file_has_the_name_of_the_person_whatever_it_is(person, plain, encoded):
    name = domain.file_name("letter", person, "2026-03-03", "pdf")
    assert downloads._disposition(name) == f'attachment; filename="{plain}"{encoded}'


def test_what_is_printed_is_the_words_and_what_became_of_them(writer):
    sent = writer.send("The garden", "Tomatoes, <b>many</b> & more.")
    db.write(review.reject, writer.reviewer, sent.id, Reason.CODED)
    html = letter_html(db.read(letter_exports.letter, writer.family, sent.id))
    assert "Tomatoes, &lt;b&gt;many&lt;/b&gt; &amp; more." in html
    assert "Not delivered · 1 credit returned" in html
    assert "<button" not in html


def test_a_conversation_is_printed_from_the_oldest_on_and_says_what_is_left_out(writer, monkeypatch):
    for subject in ("One", "Two", "Three"):
        writer.send(subject)
    found = db.read(letter_exports.conversation, writer.family, writer.contact_id)
    html = conversation_html(found)
    assert html.index(">One<") < html.index(">Two<") < html.index(">Three<")
    assert "newest" not in html
    monkeypatch.setattr(letter_exports, "MOST_IN_PDF", 2)
    short = conversation_html(db.read(letter_exports.conversation, writer.family, writer.contact_id))
    assert ">One<" not in short
    assert "These are the newest 2 of 3 letters." in short
    assert domain.MOST_IN_PDF > 20


def test_an_archive_has_every_letter_photo_and_hash(writer, browser):
    draft_id = draft_with_photos(writer.family, writer.contact_id, 2)
    db.write(submissions.send, writer.family, draft_id, accepted_terms=VERSION)
    reply = {"subject": "Thanks", "body": "I saw them.\nTwice."}
    db.write(replies.deliver_reply, writer.reviewer, writer.inmate_id, writer.family.account_id, **reply)
    answer = browser(writer.family).get(address(routes.THREAD_ZIP, writer.contact_id))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    files, letters = unzipped(answer)
    assert [letter["direction"] for letter in letters] == ["outgoing", "incoming"]
    assert sorted(files) == [
        *("letters/0001.txt", "letters/0002.txt", "manifest.json"),
        *("photos/0001-1.jpg", "photos/0001-2.jpg"),
    ]
    for part in (part for letter in letters for part in (letter, *letter["photos"])):
        assert hashlib.sha256(files[part["file"]]).hexdigest() == part["sha256"]
    assert files["photos/0001-1.jpg"].startswith(b"\xff\xd8")
    assert "I saw them.\r\nTwice." in files["letters/0002.txt"].decode()


def test_a_photo_whose_file_is_gone_does_not_break_the_archive(writer, browser):
    draft_id = draft_with_photos(writer.family, writer.contact_id, 1)
    message_id = db.write(submissions.send, writer.family, draft_id, accepted_terms=VERSION)
    (photo,) = db.read(letter_exports.letter, writer.family, message_id).photos
    storage.delete_all(photo.store)
    _files, (letter,) = unzipped(browser(writer.family).get(address(routes.THREAD_ZIP, writer.contact_id)))
    assert [one["file"] for one in letter["photos"]] == [None]


def test_an_archive_that_needs_several_transactions_has_all_in_order(writer, browser, monkeypatch):
    monkeypatch.setattr(letter_exports, "_AT_ONCE", 2)
    for number in range(5):
        writer.send(f"Number {number}")
    _files, letters = unzipped(browser(writer.family).get(address(routes.THREAD_ZIP, writer.contact_id)))
    assert [letter["subject"] for letter in letters] == [f"Number {number}" for number in range(5)]


def test_a_removed_contact_leaves_its_letters_to_take_along(writer, browser):
    writer.send("Kept")
    db.write(contacts.remove, writer.family, writer.contact_id)
    _files, letters = unzipped(browser(writer.family).get(address(routes.THREAD_ZIP, writer.contact_id)))
    assert [letter["subject"] for letter in letters] == ["Kept"]


def test_a_lawyer_takes_their_own_privileged_letter_along_marked_as_such(writer, browser, actor):
    letter = privileged_at(writer.facility_id)
    lawyer = letter.lawyer
    html = letter_html(db.read(letter_exports.letter, lawyer, letter.letters[0]))
    assert "Privileged: between a lawyer and a client." in html


@pytest.mark.parametrize("route", [routes.MESSAGE_PDF, routes.THREAD_PDF, routes.THREAD_ZIP])
def test_anothers_letters_are_answered_exactly_like_none(writer, browser, actor, route):
    sent = writer.send()
    an_id = sent.id if route == routes.MESSAGE_PDF else writer.contact_id
    stranger = browser(actor())
    theirs, none = stranger.get(address(route, an_id)), stranger.get(address(route, 999_999))
    assert theirs.status_code == none.status_code == 404
    assert theirs.content == none.content
    # Staff read letters at the desk, where it is recorded, and nowhere else.
    assert browser(writer.reviewer).get(address(route, an_id)).status_code == 404


@pytest.mark.parametrize("an_id", ["0", "-1", "x", "1e9", "9" * 30, "%00", "1%2F2"])
def test_what_is_no_id_finds_nothing(writer, browser, an_id):
    client = browser(writer.family)
    for route in (routes.MESSAGE_PDF, routes.THREAD_PDF, routes.THREAD_ZIP):
        assert client.get(address(route, an_id)).status_code == 404


def test_who_is_not_signed_in_is_led_to_sign_in_and_back_to_the_page(visitor, database):
    answer = visitor().get(address(routes.THREAD_ZIP, 7))
    assert answer.headers["location"] == routes.with_query(routes.SIGN_IN, next=routes.fill(routes.THREAD, 7))


def test_many_downloads_in_an_hour_are_refused(writer, browser, monkeypatch):
    monkeypatch.setattr(downloads, "_PDFS_PER_HOUR", 2)
    client = browser(writer.family)
    answers = [client.get(address(routes.THREAD_ZIP, writer.contact_id)).status_code for _ in range(3)]
    assert answers == [200, 200, 429]


def test_without_the_printers_library_the_page_says_so(writer, browser, monkeypatch):
    sent = writer.send()
    take_pango_away(monkeypatch)
    answer = browser(writer.family).get(address(routes.MESSAGE_PDF, sent.id))
    assert answer.status_code == 503
