"""Pushes: to known services alone, once, readable by the browser alone, and to nobody who has signed out."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import BrowserRefused, NotAllowed
from rxconnect.domain.notices import NoticeKind, Pace
from rxconnect.models import Account, Push, PushSubscription
from rxconnect.services.accounts import sign_ins
from rxconnect.services.notices import choices
from rxconnect.services.notices.notices import notify
from rxconnect.services.paper import replies
from rxconnect.services.push import push_keys, pushes, subscriptions
from rxconnect.services.push.push_services import KNOWN, Answer, PushServices
from tests.push_receiver import Browser, Receiver

KNOWN_ENDPOINTS = [
    "https://fcm.googleapis.com/fcm/send/abc",
    "https://updates.push.services.mozilla.com/wpush/v2/abc",
    "https://web.push.apple.com/abc",
    "https://wns2-by3p.notify.windows.com/w/?token=abc",
]
STRANGE_ENDPOINTS = [
    "http://fcm.googleapis.com/x",
    "https://evil.example/x",
    "https://fcm.googleapis.com.evil.example/x",
    "https://evil-push.apple.com.example/x",
    "https://push.apple.com.evil.example/x",
    "https://xpush.apple.com/x",
    "https://push.apple.com/x",
    "https://fcm.googleapis.com@evil.example/x",
    "https://user:word@fcm.googleapis.com/x",
    "https://fcm.googleapis.com:8443/x",
    "https://fcm.googleapis.com/x#y",
    "https://127.0.0.1/x",
    "https://[::1]/x",
    "https://169.254.169.254/latest",
    "https://localhost/x",
    "https://[fcm.googleapis.com/x",
    "https://fcm.googleapis.com:99999/x",
    "https://fcm。googleapis。com/x",
    "https:fcm.googleapis.com",
    "file:///etc/passwd",
    "",
]


@pytest.fixture(autouse=True)
def _key(database):
    assert push_keys.make()


@pytest.fixture
def sam(actor):
    return signed_in(actor())


def signed_in(actor):
    token = db.write(sign_ins.create_sign_in, actor.account_id)
    return db.read(sign_ins.actor_for, token)


def subscribe(actor, browser, services):
    db.write(subscriptions.subscribe, actor, endpoint=browser.endpoint, **browser.keys, services=services)


def tell(actor, subject="Marcus wrote to you", kind=NoticeKind.REPLY):
    with db.transaction() as session:
        notify(session, session.get_one(Account, actor.account_id), kind, lambda: (subject, "Body"), path="/messages/7")


def count(table):
    with db.reading() as session:
        return len(session.exec(select(table)).all())


def trying(tmp_path, work):
    """Run `work(receiver)` with a push service that listens."""

    async def run():
        async with Receiver(tmp_path) as receiver:
            return await work(receiver)

    return asyncio.run(run())


def test_a_notice_reaches_the_browser_which_alone_can_read_it(tmp_path, sam):
    async def work(receiver):
        browser = receiver.browser()
        await asyncio.to_thread(subscribe, sam, browser, receiver.services)
        await asyncio.to_thread(tell, sam)
        batches = await asyncio.gather(*(pushes.deliver_due(services=receiver.services) for _ in range(4)))
        assert [batch.errors for batch in batches] == [[]] * 4
        assert sum(batch.done for batch in batches) == 1
        ((path, headers, body),) = receiver.posts
        assert path == "/push/1"
        assert browser.read(body) == {"title": "RxConnect", "body": "Marcus wrote to you", "path": "/messages/7"}
        assert b"Marcus" not in body
        assert (headers["content-encoding"], headers["ttl"]) == ("aes128gcm", "86400")
        assert headers["host"] == f"localhost:{receiver.port}"
        assert receiver.verifies(headers)
        assert "cookie" not in headers

    trying(tmp_path, work)
    assert (count(Push), count(PushSubscription)) == (0, 1)


def test_a_reply_is_pushed_without_a_word_of_it_or_its_facility(tmp_path, pair):
    family = pair(facility_fields={"name": "Cedar Ridge"})
    reader = signed_in(family.family)

    async def work(receiver):
        browser = receiver.browser()
        await asyncio.to_thread(subscribe, reader, browser, receiver.services)
        about = (family.reviewer, family.inmate_id, reader.account_id)
        await asyncio.to_thread(
            lambda: db.write(replies.deliver_reply, *about, subject="Xanthippe", body="The garden is in bloom.")
        )
        await pushes.deliver_due(services=receiver.services)
        return browser.read(receiver.posts[0][2])

    told = trying(tmp_path, work)
    assert told["body"] == "Marcus wrote to you"
    assert not any(word in str(told) for word in ("Xanthippe", "garden", "Cedar"))


def test_what_comes_daily_or_never_is_not_pushed(sam):
    browser = Browser(KNOWN_ENDPOINTS[0])
    subscribe(sam, browser, KNOWN)
    for pace in (Pace.DAILY, Pace.OFF):
        db.write(choices.choose, sam, NoticeKind.REPLY, pace)
        tell(sam)
    assert count(Push) == 0


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten_with_all_that_waits_for_it(tmp_path, sam, status):
    async def work(receiver):
        receiver.answers["/push/1"] = status
        await asyncio.to_thread(subscribe, sam, receiver.browser(), receiver.services)
        await asyncio.to_thread(tell, sam)
        await asyncio.to_thread(tell, sam)
        assert (await pushes.deliver_due(services=receiver.services)).errors == []

    trying(tmp_path, work)
    assert (count(Push), count(PushSubscription)) == (0, 0)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_service_is_tried_again_later(tmp_path, sam, status):
    async def work(receiver):
        receiver.answers["/push/1"] = status
        await asyncio.to_thread(subscribe, sam, receiver.browser(), receiver.services)
        await asyncio.to_thread(tell, sam)
        for _ in range(2):
            assert (await pushes.deliver_due(services=receiver.services)).done == 0
        assert len(receiver.posts) == 1
        receiver.answers.clear()
        with clock.at(clock.now() + timedelta(minutes=2)):
            assert (await pushes.deliver_due(services=receiver.services)).done == 1

    trying(tmp_path, work)
    assert count(Push) == 0


@pytest.mark.parametrize("status", [301, 302, 307, 400, 413])
def test_a_redirect_is_not_followed_and_a_refusal_not_repeated(tmp_path, sam, status):
    async def work(receiver):
        receiver.answers["/push/1"] = status
        await asyncio.to_thread(subscribe, sam, receiver.browser(), receiver.services)
        await asyncio.to_thread(tell, sam)
        assert (await pushes.deliver_due(services=receiver.services)).done == 0
        assert [path for path, _headers, _body in receiver.posts] == ["/push/1"]

    trying(tmp_path, work)
    assert (count(Push), count(PushSubscription)) == (0, 1)


def test_a_certificate_that_nobody_trusts_and_a_private_address_get_nothing(tmp_path, database):
    async def work(receiver):
        endpoint = receiver.browser().endpoint
        untrusted = dataclasses.replace(receiver.services, trusted=None)
        assert await untrusted.post(endpoint, b"x", {}) is Answer.LATER
        public_only = dataclasses.replace(receiver.services, may_be_private=False)
        assert await public_only.post(endpoint, b"x", {}) is Answer.LATER
        assert receiver.posts == []
        assert await receiver.services.post(endpoint, b"x", {}) is Answer.TAKEN

    trying(tmp_path, work)


@pytest.mark.parametrize("endpoint", STRANGE_ENDPOINTS)
def test_an_address_of_no_known_push_service_is_refused_and_never_posted_to(sam, endpoint):
    browser = Browser(endpoint)
    with pytest.raises(BrowserRefused):
        subscribe(sam, browser, KNOWN)
    assert asyncio.run(PushServices().post(endpoint, b"x", {})) is Answer.GONE


@pytest.mark.parametrize("endpoint", KNOWN_ENDPOINTS)
def test_the_push_services_of_the_known_browsers_are_accepted(sam, endpoint):
    subscribe(sam, Browser(endpoint), KNOWN)
    assert db.read(subscriptions.is_subscribed, sam)


@pytest.mark.parametrize(
    "keys", [{"p256dh": ""}, {"p256dh": "AAAA"}, {"p256dh": "B" * 87}, {"auth": ""}, {"auth": "AAAA"}, {"auth": "é"}]
)
def test_keys_that_cannot_be_a_browsers_are_refused(sam, keys):
    browser = Browser(KNOWN_ENDPOINTS[0])
    browser.keys |= keys
    with pytest.raises(BrowserRefused):
        subscribe(sam, browser, KNOWN)


def test_a_browser_shows_the_notices_of_who_turned_it_on_last(sam, actor):
    browser, bo = Browser(KNOWN_ENDPOINTS[0]), signed_in(actor())
    subscribe(sam, browser, KNOWN)
    subscribe(bo, browser, KNOWN)
    tell(sam)
    assert count(Push) == 0
    tell(bo)
    assert count(Push) == 1


def test_signing_out_ends_pushes_also_of_what_waits(tmp_path, sam):
    async def work(receiver):
        await asyncio.to_thread(subscribe, sam, receiver.browser(), receiver.services)
        await asyncio.to_thread(tell, sam)
        await asyncio.to_thread(lambda: db.write(sign_ins.sign_out_everywhere, sam))
        await asyncio.to_thread(tell, sam)
        await pushes.deliver_due(services=receiver.services)
        assert receiver.posts == []

    trying(tmp_path, work)
    assert count(Push) == 0


def test_only_a_familys_browser_can_be_subscribed_and_only_so_many(sam, actor, facility):
    reviewer = signed_in(actor(role=Role.REVIEWER, facility_id=facility()))
    with pytest.raises(NotAllowed):
        subscribe(reviewer, Browser(KNOWN_ENDPOINTS[0]), KNOWN)
    for number in range(20):
        subscribe(signed_in(sam), Browser(f"{KNOWN_ENDPOINTS[0]}{number}"), KNOWN)
    with pytest.raises(BrowserRefused):
        subscribe(signed_in(sam), Browser(KNOWN_ENDPOINTS[1]), KNOWN)
    db.write(subscriptions.unsubscribe, sam)


def test_without_a_key_nothing_is_offered(sam, database, setting):
    (database / "push-key").unlink()
    assert (push_keys.public_key(), push_keys.secret()) == ("", "")
    with pytest.raises(NotAllowed):
        subscribe(sam, Browser(KNOWN_ENDPOINTS[0]), KNOWN)


def test_the_key_is_made_once_is_private_and_may_be_a_setting(database, setting):
    file = database / "push-key"
    assert file.stat().st_mode & 0o777 == 0o600
    before, secret = push_keys.public_key(), push_keys.secret()
    assert not push_keys.make()
    file.unlink()
    setting(push_key=secret)
    assert push_keys.public_key() == before
    assert not push_keys.make()
