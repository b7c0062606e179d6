"""The forms of a second factor and of invitations, posted by a browser without any script."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from pyotp import TOTP
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import FRESH_FOR, Role
from rxconnect.models import SignIn, StaffPost
from rxconnect.services.accounts import accounts
from rxconnect.services.notices import emails
from rxconnect.services.second_factors import recovery_codes
from rxconnect.services.team import invitations
from tests.api.html import Reader
from tests.authenticator import Authenticator
from tests.staff import PASSWORD, code_at, new_member


@pytest.fixture
def robin(facility):
    return new_member(facility_id=facility(name="Alder County Jail"))


@pytest.fixture
def newcomer(facility):
    return new_member("kim@example.com", facility(), has_app=False)


def enter_password(browser, member, query=""):
    return browser.post(f"/sign-in{query}", data={"email": member.email, "password": PASSWORD})


def signed_in(browser, member):
    enter_password(browser, member)
    assert browser.post("/sign-in/code", data={"one_time_code": code_at()}).status_code == 303
    return browser


def make_old():
    """As if every password had been given an hour ago."""
    with db.transaction() as session:
        for row in session.exec(select(SignIn)):
            row.password_at = clock.now() - FRESH_FOR - timedelta(minutes=1)


def location(response):
    return response.headers["location"]


def options(browser, purpose):
    return browser.post(f"/passkey-options?purpose={purpose}")


def test_after_the_password_comes_the_second_step_and_then_the_first_page(visitor, robin):
    browser = visitor()
    response = enter_password(browser, robin, "?next=/staff/team")
    assert location(response) == "/sign-in/code?next=/staff/team"
    cookie = next(one.lower() for one in response.headers.get_list("set-cookie") if one.startswith("rxconnect-step"))
    assert {"httponly", "samesite=lax", "path=/", "max-age=900"} <= set(cookie.split("; "))
    assert "rxconnect" not in browser.cookies
    assert location(browser.get("/")) == "/sign-in"
    assert browser.get("/sign-in/code").status_code == 200
    response = browser.post("/sign-in/code?next=/staff/team", data={"one_time_code": code_at()})
    assert location(response) == "/staff/team"
    assert location(browser.get("/")) == "/staff"
    assert "rxconnect-step" not in browser.cookies


def test_a_wrong_code_is_told_beside_its_field_and_not_written_back(visitor, robin):
    enter_password(browser := visitor(), robin)
    response = browser.post("/sign-in/code", data={"one_time_code": "000000"})
    page = Reader(response.text)
    assert response.status_code == 422
    assert "does not fit" in page.texts["one_time_code-problem"]
    assert page.inputs["one_time_code"].get("value", "") == ""
    assert "rxconnect" not in browser.cookies


def test_a_recovery_code_works_there_too(visitor, robin):
    (code, *_) = db.write(recovery_codes.renew, robin.account_id)
    enter_password(browser := visitor(), robin)
    assert location(browser.post("/sign-in/code", data={"one_time_code": code})) == "/staff"


def test_the_second_step_without_the_first_leads_to_the_first(visitor, robin):
    assert location(visitor().get("/sign-in/code")) == "/sign-in?done=late"
    response = visitor().post("/sign-in/code", data={"one_time_code": code_at()})
    assert location(response).startswith("/sign-in?")


def test_behind_tls_the_cookie_of_the_step_is_bound_to_the_host(visitor, robin, setting):
    setting(public_url="https://messages.example.org")
    response = enter_password(visitor(base_url="https://messages.example.org"), robin)
    cookie = next(one for one in response.headers.get_list("set-cookie") if "step" in one)
    assert cookie.startswith("__Host-rxconnect-step=")
    assert "; Secure" in cookie


def test_at_the_first_sign_in_an_app_is_set_up_with_the_key_that_the_page_shows(visitor, newcomer):
    browser = visitor()
    enter_password(browser, newcomer)
    assert location(browser.get("/sign-in/code")) == "/second-factor"
    page = browser.get("/second-factor")
    assert page.headers["cache-control"] == "no-store"
    secret = Reader(page.text).texts["code-app-secret"].replace(" ", "")
    picture = browser.get("/second-factor/qr.svg")
    assert (picture.headers["content-type"], picture.headers["cache-control"]) == ("image/svg+xml", "no-store")
    refused = browser.post("/second-factor", data={"one_time_code": "000000"})
    assert Reader(refused.text).texts["code-app-secret"].replace(" ", "") == secret
    response = browser.post("/second-factor", data={"one_time_code": TOTP(secret).at(clock.now())})
    assert location(response) == "/recovery-codes?done=first"
    assert "make your recovery codes" in browser.get(location(response)).text


def test_a_passkey_is_made_and_signs_in_alone_afterwards(visitor, newcomer):
    browser, device = visitor(), Authenticator()
    enter_password(browser, newcomer)
    answer = device.make(options(browser, "register").text)
    assert location(browser.post("/second-factor", data={"credential": answer})) == "/recovery-codes?done=first"
    other = visitor()
    answer = device.sign(options(other, "sign in").text)
    assert location(other.post("/sign-in?next=/staff/profile", data={"credential": answer})) == "/staff/profile"
    assert visitor().post("/sign-in", data={"credential": answer}).status_code == 422


def test_a_passkey_is_the_second_step_too(visitor, robin):
    device = Authenticator()
    browser = signed_in(visitor(), robin)
    assert location(browser.post("/second-factor", data={"credential": device.make(options(browser, "register").text)}))
    other = visitor()
    enter_password(other, robin)
    answer = device.sign(options(other, "second step").text)
    assert location(other.post("/sign-in/code", data={"credential": answer})) == "/staff"


@pytest.mark.parametrize("purpose", ["second step", "confirm", "register", "", "x" * 300])
def test_options_are_for_those_whom_they_concern(visitor, sam, purpose):
    response = options(visitor(), purpose)
    assert response.status_code == 422
    assert "sign in" in response.json()["problem"]


def test_options_to_sign_in_name_nobody(visitor, robin):
    assert not json.loads(options(visitor(), "sign in").text).get("allowCredentials")


def test_the_key_and_its_picture_are_for_nobody_else(visitor, robin):
    stranger = visitor()
    assert stranger.get("/second-factor/qr.svg").status_code == 404
    assert location(stranger.get("/second-factor")) == "/sign-in/code"
    enter_password(browser := visitor(), robin)
    assert browser.get("/second-factor/qr.svg").status_code == 404
    assert location(browser.get("/second-factor")) == "/sign-in/code"


def test_recovery_codes_are_shown_once(visitor, robin):
    browser = signed_in(visitor(), robin)
    assert Reader(browser.get("/recovery-codes").text).texts.get("recovery-codes") is None
    response = browser.post("/recovery-codes")
    codes = Reader(response.text).texts["recovery-codes"].splitlines()
    assert (len(codes), response.headers["cache-control"]) == (10, "no-store")
    assert codes[0] not in browser.get("/recovery-codes").text
    enter_password(other := visitor(), robin)
    assert location(other.post("/sign-in/code", data={"one_time_code": codes[0]})) == "/staff"


@pytest.mark.parametrize("page", ["/second-factor", "/recovery-codes", "/change-password"])
def test_a_while_after_the_password_both_are_asked_for_first(visitor, robin, page):
    browser = signed_in(visitor(), robin)
    make_old()
    for response in (browser.get(page), browser.post(page, data={"one_time_code": "1", "new_password": "x"})):
        assert location(response) == f"/staff/confirm?next={page}"
    with clock.at(clock.now() + timedelta(seconds=30)):
        form = {"password": PASSWORD, "one_time_code": code_at()}
    assert browser.post("/staff/confirm", data={"password": PASSWORD}).status_code == 422
    assert location(browser.post(f"/staff/confirm?next={page}", data=form)) == page
    assert browser.get(page).status_code == 200


def test_the_form_of_families_asks_staff_for_both(visitor, robin):
    browser = signed_in(visitor(), robin)
    assert location(browser.get("/confirm?next=/staff/team")) == "/staff/confirm?next=/staff/team"
    make_old()
    assert location(browser.post("/confirm", data={"password": PASSWORD})) == "/staff/confirm?next=/staff"
    assert location(browser.get("/recovery-codes")) == "/staff/confirm?next=/recovery-codes"


def test_a_family_confirms_with_the_password_alone(visitor, sam):
    browser = visitor()
    browser.post("/sign-in", data={"email": "sam@example.com", "password": "walla walla washington 98"})
    response = browser.post("/confirm?next=/credits", data={"password": "walla walla washington 98"})
    assert location(response) == "/credits"
    for page in ("/second-factor", "/recovery-codes"):
        assert location(browser.get(page)) != page


def test_an_invitation_leads_to_the_second_step(visitor, actor, facility):
    place = facility()
    administrator = actor(role=Role.ADMINISTRATOR, facility_id=place)
    db.write(invitations.invite, administrator, place, email="lee@example.com", name="Lee Ono", role="reviewer")
    link = db.read(emails.outbox)[0].link.removeprefix("http://localhost:8000")
    browser = visitor()
    assert Reader(browser.get(link).text).inputs["name"]["value"] == "Lee Ono"
    refused = Reader(browser.post(link, data={"name": "Lee Ono", "password": "short"}).text)
    assert "at least 10" in refused.texts["password-problem"]
    assert location(browser.post(link, data={"name": "Lee Ono", "password": PASSWORD})) == "/sign-in/code"
    assert location(browser.get("/sign-in/code")) == "/second-factor"
    again = visitor().post(link, data={"name": "Lee Ono", "password": PASSWORD})
    assert "used before" in again.text


def test_suspended_staff_hear_why_they_cannot_sign_in(visitor, robin):
    with db.transaction() as session:
        session.exec(select(StaffPost)).one().suspended_at = clock.now()
    response = enter_password(visitor(), robin)
    assert "Your access is suspended" in Reader(response.text).texts["form-problem"]


def test_the_people_of_the_demonstration_need_no_second_step(visitor, robin):
    with db.transaction() as session:
        session.get_one(accounts.Account, robin.account_id).is_demo = True
    assert location(enter_password(visitor(), robin)) == "/staff"


def test_a_form_is_limited_in_what_it_reads_of_a_passkey(visitor, robin):
    assert visitor().post("/sign-in", data={"credential": "x" * 20_000}).status_code == 422
