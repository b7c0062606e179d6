"""The forms that change an email address, posted by a browser without any script."""

from __future__ import annotations

import pytest

from rxconnect import db, routes
from rxconnect.domain import clock
from rxconnect.models import Account
from rxconnect.services.accounts import sign_ins
from rxconnect.services.notices import emails
from tests.api.conftest import PASSWORD
from tests.api.html import Reader

NEW = "sam.rivera@example.org"


@pytest.fixture
def browser(visitor, sam):
    with db.transaction() as session:
        session.get_one(Account, sam).email_verified_at = clock.now()
    client = visitor()
    client.cookies.set(sign_ins.cookie_name(), db.write(sign_ins.create_sign_in, sam))
    return client


def ask(client, **fields):
    return client.post(routes.CHANGE_EMAIL, data={"email": NEW, "password": PASSWORD} | fields)


def link_to(address):
    links = [one.link for one in db.read(emails.outbox) if one.recipient == address and "token=" in one.link]
    return links[0].removeprefix("http://localhost:8000")


def test_the_form_shows_the_address_of_now_and_leads_on(browser):
    assert Reader(browser.get(routes.CHANGE_EMAIL).text).texts["present-email"] == "sam@example.com"
    answer = ask(browser)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{routes.EMAIL_CHANGED}?done=asked")
    assert "both mailboxes" in browser.get(answer.headers["location"]).text


def test_who_is_not_signed_in_is_led_to_sign_in(visitor, database):
    for answer in (visitor().get(routes.CHANGE_EMAIL), ask(visitor())):
        assert answer.headers["location"].startswith(routes.SIGN_IN)
    assert visitor().get(routes.ACCOUNT).headers["location"].startswith(routes.SIGN_IN)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"password": ""}, "password"),
        ({"password": "wrong wrong"}, "password"),
        ({"email": ""}, "email"),
        ({"email": "x" * 2_000}, "email"),
        ({"email": "sam@example.com"}, "email"),
    ],
)
def test_a_refusal_stands_at_its_field_and_the_password_is_not_shown_again(browser, fields, where):
    answer = ask(browser, **fields)
    page = Reader(answer.text)
    assert answer.status_code == 422
    assert page.texts[f"{where}-problem"]
    assert "value" not in page.inputs["password"]
    assert page.texts["present-email"] == "sam@example.com"


def test_opening_a_link_changes_nothing_and_pressing_the_button_does(browser, visitor):
    ask(browser)
    stranger = visitor()
    for address in ("sam@example.com", NEW):
        assert stranger.get(link_to(address)).status_code == 200
    first = stranger.post(link_to(NEW))
    assert first.headers["location"] == f"{routes.EMAIL_CHANGED}?done=old"
    assert "old address" in stranger.get(first.headers["location"]).text
    assert stranger.post(link_to("sam@example.com")).headers["location"] == f"{routes.EMAIL_CHANGED}?done=changed"
    assert Reader(browser.get(routes.CHANGE_EMAIL).text).texts["present-email"] == NEW


def test_a_reader_who_did_not_ask_stops_it(browser, visitor):
    ask(browser)
    link = link_to("sam@example.com")
    answer = visitor().post(link, data={"act": "stop"})
    assert answer.headers["location"] == f"{routes.EMAIL_CHANGED}?done=stopped"
    gone = visitor().post(link)
    assert gone.status_code == 422
    assert "too old" in Reader(gone.text).texts["form-problem"]


@pytest.mark.parametrize("query", ["", "?token=none", f"?token={'x' * 900}", "?token=%00"])
def test_a_forged_link_is_refused_on_the_page(visitor, database, query):
    answer = visitor().post(f"{routes.CONFIRM_EMAIL}{query}")
    assert answer.status_code == 422


def test_another_site_cannot_post_the_form(visitor, browser):
    browser.headers["origin"] = "https://evil.example"
    assert ask(browser).status_code == 403
