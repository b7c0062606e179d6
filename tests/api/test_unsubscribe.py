"""Unsubscribing by one click, as mail programs do it: without a cookie, from anywhere, and never by a GET."""

from __future__ import annotations

import random
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import select

from rxconnect import db, routes
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.notices import OPTIONAL, NoticeKind, Pace
from rxconnect.models import Account, NoticeChoice
from rxconnect.services.notices import choices, unsubscribing

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def elsewhere(visitor):
    """A mail provider's server."""
    return visitor(is_here=False)


def path_of(sam, kind):
    parts = urlsplit(unsubscribing.address(sam, kind))
    return f"{parts.path}?{parts.query}"


def chosen():
    with db.reading() as session:
        return {row.kind: row.pace for row in session.exec(select(NoticeChoice))}


@pytest.mark.parametrize("kind", OPTIONAL)
def test_one_click_switches_that_kind_off_and_nothing_else(elsewhere, sam, kind):
    answer = elsewhere.post(path_of(sam, kind), data=ONE_CLICK)
    assert answer.status_code == 200
    assert "location" not in answer.headers
    assert "set-cookie" not in answer.headers
    assert chosen() == {kind: "off"}
    assert elsewhere.post(path_of(sam, kind), data=ONE_CLICK).status_code == 200


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_get_changes_nothing_and_shows_a_button(elsewhere, sam, method):
    answer = getattr(elsewhere, method)(path_of(sam, "reply"))
    assert answer.status_code == 200
    assert chosen() == {}
    if method == "get":
        assert '<form method="post"' in answer.text
        assert 'value="One-Click"' in answer.text
        assert "A reply" in answer.text
        assert "style=" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://mail.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"cookie": "rxconnect=x"},
    ],
)
def test_it_works_from_a_mail_program_that_is_a_web_page(elsewhere, sam, headers):
    assert elsewhere.post(path_of(sam, "reply"), data=ONE_CLICK, headers=headers).status_code == 200
    assert chosen() == {"reply": "off"}


def test_a_form_in_parts_and_an_empty_one_work_too(elsewhere, sam):
    assert elsewhere.post(path_of(sam, "reply"), files={"List-Unsubscribe": (None, "One-Click")}).status_code == 200
    assert elsewhere.post(path_of(sam, "moved")).status_code == 200
    assert chosen() == {"reply": "off", "moved": "off"}


def test_the_daily_email_switches_off_every_kind_that_came_daily(elsewhere, sam):
    with db.reading() as session:
        account = session.get_one(Account, sam)
    me = Actor(sam, account.name, account.email, ActorKind.FAMILY)
    for kind in (NoticeKind.REPLY, NoticeKind.DELIVERED):
        db.write(choices.choose, me, kind, Pace.DAILY)
    assert elsewhere.post(path_of(sam, "daily"), data=ONE_CLICK).status_code == 200
    assert chosen() == {"reply": "off", "delivered": "off"}


def test_a_token_that_we_did_not_make_changes_nothing(elsewhere, sam, database):
    token = parse_qs(urlsplit(unsubscribing.address(sam, "reply")).query)["token"][0]
    number, _kind, signature = token.split(".")
    must = [
        f"{number}.{kind}.{unsubscribing.signing.sign('unsubscribe', sam, kind)}"
        for kind in ("refund", "sign-in", "", "x")
    ]
    forged = [
        *must,
        f"{number}.moved.{signature}",
        f"{sam + 1}.reply.{signature}",
        f"+{number}.reply.{signature}",
        f"{number}.reply.{signature[:-1]}",
        f"{number}.reply.{signature.upper()}",
        f"{number}.reply.{'é' * 32}",
        f"{'9' * 5000}.reply.{signature}",
        "",
        ".",
        "..",
        "\0",
    ]
    chance = random.Random(3)
    forged += [f"{number}.reply.{chance.randbytes(16).hex()}" for _ in range(20)]
    for one in forged:
        for send in (elsewhere.get, elsewhere.post):
            assert send(routes.UNSUBSCRIBE, params={"token": one}).status_code == 404, one
    assert chosen() == {}


def test_the_token_is_another_for_each_account_kind_and_world(sam, setting):
    made = {
        unsubscribing.address(sam, "reply"),
        unsubscribing.address(sam, "moved"),
        unsubscribing.address(sam + 1, "reply"),
    }
    before = unsubscribing.address(sam, "reply")
    setting(secret_key="another secret of sixteen characters")
    assert len(made | {unsubscribing.address(sam, "reply")}) == 4
    with pytest.raises(unsubscribing.NotFound):
        unsubscribing.read(parse_qs(urlsplit(before).query)["token"][0])
