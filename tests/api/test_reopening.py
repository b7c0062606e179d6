"""Signing in to a closed account asks before it opens again, without any script."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rxconnect import db, routes
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.errors import SecondStepNeeded
from rxconnect.models import Account
from rxconnect.services.accounts import pending_sign_ins, sign_ins
from rxconnect.services.leaving import closings
from tests.api.conftest import PASSWORD
from tests.api.html import Reader
from tests.api.test_account_forms import is_signed_in, newest_link, sign_in


@pytest.fixture
def closed(sam) -> int:
    """The account sam@example.com, which its owner has closed."""
    actor = Actor(sam, "Sam Rivera", "sam@example.com", ActorKind.FAMILY)
    closings.close_account(actor, PASSWORD)
    return sam


def is_closed(account_id) -> bool:
    with db.reading() as session:
        return session.get_one(Account, account_id).closed_at is not None


def test_the_right_password_leads_to_the_question_and_opens_nothing(visitor, closed):
    sams = visitor()
    response = sign_in(sams, next="/inbox")
    assert (response.status_code, response.headers["location"]) == (303, "/sign-in/reopen?next=/inbox")
    told = Reader(sams.get(response.headers["location"]).text).texts["closed-since"]
    assert told.startswith("You closed this account on ")
    assert is_closed(closed)
    assert not is_signed_in(sams)


def test_open_it_again_signs_in_and_goes_on_where_one_wanted_to(visitor, closed):
    sams = visitor()
    address = sign_in(sams, next="/inbox").headers["location"]
    response = sams.post(address, data={"answer": "open"})
    assert (response.status_code, response.headers["location"]) == (303, "/inbox")
    assert not is_closed(closed)
    assert is_signed_in(sams)
    # A second press, and the browser's Back.
    assert sams.post(address, data={"answer": "open"}).status_code == 303
    assert sams.get(address).headers["location"] == routes.HOME
    assert is_signed_in(sams)


@pytest.mark.parametrize("answer", ["keep", "", "OPEN"])
def test_any_other_answer_leaves_it_closed_and_uses_the_question_up(visitor, closed, answer):
    sams = visitor()
    address = sign_in(sams).headers["location"]
    step = sams.cookies[pending_sign_ins.cookie_name()]
    response = sams.post(address, data={"answer": answer})
    assert response.headers["location"] == "/sign-in?done=still-closed"
    sams.cookies.set(pending_sign_ins.cookie_name(), step)
    sams.post(address, data={"answer": "open"})
    assert is_closed(closed)
    assert not is_signed_in(sams)


def test_without_the_password_a_closed_account_looks_like_any_other(visitor, closed):
    wrong = sign_in(visitor(), password="wrong wrong")
    nobody = visitor().post("/sign-in", data={"email": "nobody@example.com", "password": "wrong wrong"})
    assert wrong.status_code == nobody.status_code == 422
    assert wrong.text.replace("sam@", "nobody@") == nobody.text
    for cookie in ("", "x", "x" * 4000):
        stranger = visitor()
        stranger.cookies.set(pending_sign_ins.cookie_name(), cookie)
        assert stranger.get(routes.REOPEN).headers["location"] == "/sign-in?done=late"
        stranger.post(routes.REOPEN, data={"answer": "open"})
    assert is_closed(closed)


def test_guesses_at_a_closed_account_wait_as_at_any_other(visitor, closed):
    for _ in range(5):
        sign_in(visitor(), password="wrong wrong")
    assert sign_in(visitor()).status_code == 429


def test_the_question_ends_with_its_time(visitor, closed):
    sams = visitor()
    address = sign_in(sams).headers["location"]
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert sams.get(address).headers["location"] == "/sign-in?done=late"
        response = sams.post(address, data={"answer": "open"})
        assert response.headers["location"].startswith("/sign-in?")
    assert is_closed(closed)


def test_the_page_of_the_second_step_opens_no_closed_account(visitor, closed):
    sams = visitor()
    sign_in(sams)
    for address in (routes.SECOND_STEP, routes.SECOND_FACTOR):
        assert sams.get(address).headers["location"] != address
        sams.post(address, data={"one_time_code": "123456"})
        assert is_closed(closed)
        assert not is_signed_in(sams)


def test_a_token_of_the_second_step_does_not_get_around_it_here(visitor, database):
    with db.transaction() as session:
        account = Account(email="r@example.org", name="Robin", kind=ActorKind.STAFF, password_hash="x")
        session.add(account)
        session.flush()
        token = pending_sign_ins.begin(session, account.id)
    robin = visitor()
    robin.cookies.set(pending_sign_ins.cookie_name(), token)
    robin.post(routes.REOPEN, data={"answer": "open"})
    assert robin.get("/").headers["location"] == "/sign-in"


def test_signing_up_with_the_password_of_a_closed_account_asks_too(visitor, closed):
    form = {"email": "sam@example.com", "name": "Sam", "password": PASSWORD}
    sams = visitor()
    assert sams.post("/sign-up", data=form).headers["location"] == "/sign-in/reopen"
    assert is_closed(closed)
    wrong = visitor().post("/sign-up", data=form | {"password": "another long one 7"})
    assert wrong.status_code == 422
    assert "reopen" not in wrong.text


def test_a_link_for_a_new_password_asks_too(visitor, closed):
    sams = visitor()
    sams.post("/forgot-password", data={"email": "sam@example.com"})
    link = newest_link()
    response = sams.post(link, data={"new_password": "a letter home 7"})
    assert response.headers["location"] == "/sign-in/reopen"
    assert is_closed(closed)
    sams.post("/sign-in/reopen", data={"answer": "open"})
    assert not is_closed(closed)


def test_a_new_password_ends_a_question_that_waits_elsewhere(visitor, closed):
    thief, sams = visitor(), visitor()
    address = sign_in(thief).headers["location"]
    sams.post("/forgot-password", data={"email": "sam@example.com"})
    sams.post(newest_link(), data={"new_password": "a letter home 7"})
    thief.post(address, data={"answer": "open"})
    assert is_closed(closed)
    assert not is_signed_in(thief)


def test_two_answers_at_once_make_one_sign_in(visitor, closed):
    sams, other = visitor(), visitor()
    address = sign_in(sams).headers["location"]
    other.cookies.set(pending_sign_ins.cookie_name(), sams.cookies[pending_sign_ins.cookie_name()])
    sams.post(address, data={"answer": "open"})
    assert other.post(address, data={"answer": "open"}).headers["location"].startswith("/sign-in")
    assert not is_signed_in(other)


def test_what_a_right_password_opens_is_told_apart(closed):
    with pytest.raises(SecondStepNeeded):
        sign_ins.Opened("t", SecondStepNeeded).complete_token()
    assert sign_ins.Opened("t").complete_token() == "t"
