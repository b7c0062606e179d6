"""Drafts that a browser saves as they are typed: each request has its own answer, and nobody saves for anybody else."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import Engine, event

from rxconnect import db
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.messages import DRAFT_MAX
from rxconnect.services.accounts import sign_ins
from rxconnect.services.messages import drafts


@pytest.fixture
def writing(visitor, sam):
    """A browser in which Sam is writing, who that is, and the draft."""
    writer = Actor(sam, "Sam Rivera", "sam@example.com", ActorKind.FAMILY)
    client = visitor()
    client.cookies.set(sign_ins.cookie_name(), db.write(sign_ins.create_sign_in, sam))
    return client, writer, db.write(drafts.get_or_create_empty, writer)


def words(**changed):
    return {"tab": "a1", "number": 1, "base": 0, "contact": None, "subject": "Hi", "body": "Words"} | changed


def keep(client, draft_id, **changed):
    return client.post(f"/drafts/{draft_id}/keep", json=words(**changed))


def test_a_change_is_kept_and_confirmed_by_its_number(writing):
    client, sam, draft_id = writing
    reply = keep(client, draft_id, number=7)
    assert reply.status_code == 200
    told = reply.json()
    assert (told["version"], told["tab"], told["number"]) == (1, "a1", 7)
    assert told["figures"]["left"] == "5 characters"
    assert reply.headers["cache-control"] == "no-store"
    draft = db.read(drafts.get, sam, draft_id)
    assert (draft.subject, draft.body) == ("Hi", "Words")


def test_whoever_was_not_first_gets_the_words_of_the_other(writing):
    client, sam, draft_id = writing
    keep(client, draft_id, body="First")
    told = keep(client, draft_id, tab="b2", body="Second").json()
    assert (told["tab"], told["subject"], told["body"]) == ("a1", "Hi", "First")
    assert db.read(drafts.get, sam, draft_id).body == "First"


@pytest.mark.parametrize("text", ["👩‍👧‍👦 é", "שלום\nأهلا", "\t <b>&amp;</b> \r\n", " ", ""])
def test_every_sign_is_kept_as_it_was_typed(writing, text):
    client, sam, draft_id = writing
    keep(client, draft_id, subject=text, body=text)
    draft = db.read(drafts.get, sam, draft_id)
    assert (draft.subject, draft.body) == (text, text)


def test_half_a_character_costs_no_words(writing):
    client, sam, draft_id = writing
    body = json.dumps(words()).replace("Words", "We\\u0000 miss \\ud83dyou")
    assert client.post(f"/drafts/{draft_id}/keep", content=body).status_code == 200
    assert db.read(drafts.get, sam, draft_id).body == "We miss you"


@pytest.mark.parametrize("length", [DRAFT_MAX + 1, 9 * DRAFT_MAX])
def test_what_is_too_long_is_refused_in_a_sentence(writing, length):
    client, sam, draft_id = writing
    reply = keep(client, draft_id, body="x" * length)
    assert reply.status_code in (413, 422)
    assert "A draft holds 50,000 characters" in reply.json()["problem"]
    assert db.read(drafts.get, sam, draft_id).body == ""


def test_nobody_saves_without_a_sign_in_or_into_the_draft_of_another(writing, actor):
    client, sam, draft_id = writing
    client.cookies.clear()
    assert keep(client, draft_id).status_code == 401
    client.cookies.set(sign_ins.cookie_name(), db.write(sign_ins.create_sign_in, actor(name="Bo Lee").account_id))
    assert keep(client, draft_id).status_code == 404
    for nothing in (999_999, 2**31, 2**70, "9" * 5000, "x", "٣"):
        assert keep(client, nothing).status_code == 404
    assert db.read(drafts.get, sam, draft_id).body == ""


@pytest.mark.parametrize(
    "changed",
    [
        {"tab": ""},
        {"tab": "a" * 41},
        {"tab": "A<script>"},
        {"number": -1},
        {"number": "1"},
        {"base": 2**31},
        {"contact": "1"},
        {"body": None},
        {"body": ["x"]},
        {"more": 1},
    ],
)
def test_what_no_page_of_ours_sends_changes_nothing(writing, changed):
    client, sam, draft_id = writing
    assert keep(client, draft_id, **changed).status_code == 400
    assert db.read(drafts.get, sam, draft_id).body == ""


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "\xff", "[" * 100_000])
def test_what_is_no_json_changes_nothing(writing, body):
    client, _sam, draft_id = writing
    assert client.post(f"/drafts/{draft_id}/keep", content=body).status_code == 400


def test_another_websites_page_saves_nothing(writing):
    client, sam, draft_id = writing
    reply = client.post(f"/drafts/{draft_id}/keep", json=words(), headers={"Origin": "https://evil.example"})
    assert reply.status_code == 403
    assert db.read(drafts.get, sam, draft_id).body == ""


def test_a_pause_in_the_typing_takes_one_transaction(writing):
    client, _sam, draft_id = writing
    begun: list[object] = []

    def begins(connection: object) -> None:
        begun.append(connection)

    event.listen(Engine, "begin", begins)
    try:
        keep(client, draft_id)
    finally:
        event.remove(Engine, "begin", begins)
    assert len(begun) == 1
