"""Turning pushes on and off over HTTP: our own pages alone, for the signed-in family."""

from __future__ import annotations

import pytest
from sqlmodel import select

from rxconnect import db, routes
from rxconnect.models import PushSubscription
from rxconnect.services.push import push_keys
from tests.api.conftest import PASSWORD
from tests.push_receiver import Browser

BROWSER = Browser("https://fcm.googleapis.com/fcm/send/abc")
GIVEN = {"endpoint": BROWSER.endpoint, "expirationTime": None, "keys": BROWSER.keys}


@pytest.fixture
def signed_in(visitor, sam):
    push_keys.make()
    client = visitor()
    client.post("/sign-in", data={"email": "sam@example.com", "password": PASSWORD})
    return client


def subscribed():
    with db.reading() as session:
        return [row.endpoint for row in session.exec(select(PushSubscription))]


def test_a_browser_is_turned_on_and_off(signed_in):
    assert signed_in.post(routes.PUSH_ON, json=GIVEN).status_code == 200
    assert subscribed() == [BROWSER.endpoint]
    assert signed_in.post(routes.PUSH_ON, json=GIVEN).status_code == 200
    assert subscribed() == [BROWSER.endpoint]
    assert signed_in.post(routes.PUSH_OFF, json={}).status_code == 200
    assert subscribed() == []


def test_nobody_without_a_sign_in_and_no_other_site_turns_anything_on(signed_in, visitor):
    assert visitor().post(routes.PUSH_ON, json=GIVEN).status_code == 401
    assert signed_in.post(routes.PUSH_ON, json=GIVEN, headers={"origin": "https://evil.example"}).status_code == 403
    assert subscribed() == []


@pytest.mark.parametrize(
    "given",
    [
        [],
        {},
        {"endpoint": 7, "keys": BROWSER.keys},
        {"endpoint": "https://fcm.googleapis.com/" + "x" * 1000, "keys": BROWSER.keys},
        {"endpoint": BROWSER.endpoint, "keys": {}},
        {"endpoint": BROWSER.endpoint, "keys": {"p256dh": "x" * 200, "auth": "x"}},
    ],
)
def test_what_is_no_subscription_is_refused(signed_in, given):
    assert signed_in.post(routes.PUSH_ON, json=given).status_code == 400
    assert subscribed() == []


def test_an_unknown_push_service_is_refused_in_a_sentence(signed_in):
    answer = signed_in.post(routes.PUSH_ON, json=GIVEN | {"endpoint": "https://evil.example/x"})
    assert answer.status_code == 422
    assert "cannot show notices" in answer.json()["problem"]
    assert subscribed() == []
