"""The forms of the door, posted by a browser without any script."""

from __future__ import annotations

import pytest
from sqlmodel import func, select
from starlette.requests import Request

from rxconnect import db
from rxconnect.api.callers import address_of
from rxconnect.api.signed_in import signed_in
from rxconnect.domain.accounts import ActorKind
from rxconnect.domain.browsers import Browser
from rxconnect.models import Attempt
from rxconnect.services.accounts import accounts, sign_ins
from rxconnect.services.notices import emails
from tests.api.conftest import PAGES, PASSWORD
from tests.api.html import Reader

NEW = "a letter home 7"
AS_SCRIPT = {"accept": "application/json"}


def sign_in(visitor, password=PASSWORD, query="", **fields):
    return visitor.post(f"/sign-in{query}", data={"email": "sam@example.com", "password": password} | fields)


def is_signed_in(visitor):
    return visitor.get("/").headers["location"] == "/dashboard"


def count_tries(session):
    return session.exec(select(func.count()).select_from(Attempt)).one()


def newest_link():
    return next(e.link for e in db.read(emails.outbox) if "token=" in e.link).removeprefix("http://localhost:8000")


def test_signing_in_leads_to_the_dashboard_with_a_cookie_that_scripts_cannot_read(visitor, sam):
    response = sign_in(sams := visitor())
    assert (response.status_code, response.headers["location"]) == (303, "/dashboard")
    cookie = response.headers["set-cookie"].lower()
    assert cookie.startswith("rxconnect=")
    assert {"httponly", "samesite=lax", "path=/", "max-age=2592000"} <= set(cookie.split("; "))
    assert "secure" not in cookie
    assert is_signed_in(sams)


def test_behind_tls_the_cookie_is_bound_to_the_host_and_browsers_are_told_to_stay(visitor, sam, setting):

    setting(public_url="https://messages.example.org")
    safe = visitor(base_url="https://messages.example.org")
    response = sign_in(safe)
    assert response.headers["set-cookie"].startswith("__Host-rxconnect=")
    assert "; Secure" in response.headers["set-cookie"]
    assert response.headers["strict-transport-security"]
    assert is_signed_in(safe)
    gone = safe.post("/sign-out").headers["set-cookie"]
    assert gone.startswith('__Host-rxconnect=""')
    assert "; Secure" in gone


def test_staff_land_on_their_own_page(visitor, database):
    fields = {"email": "sam@example.com", "name": "Robin", "password": PASSWORD, "kind": ActorKind.STAFF}
    db.write(accounts.create_account, **fields, is_demo=True)
    robin = visitor()
    assert sign_in(robin).headers["location"] == "/staff"
    assert robin.get("/").headers["location"] == "/staff"


def test_home_leads_who_is_not_signed_in_to_signing_in(visitor, database):
    response = visitor().get("/")
    assert (response.status_code, response.headers["location"]) == (303, "/sign-in")


def test_a_wrong_password_shows_the_same_page_with_the_email_kept_and_the_password_not(visitor, sam):
    response = sign_in(visitor(), password="wrong wrong", next="/compose/7")
    page = Reader(response.text)
    assert response.status_code == 422
    assert page.inputs["email"]["value"] == "sam@example.com"
    assert page.inputs["next"]["value"] == "/compose/7"
    assert "value" not in page.inputs["password"]
    assert page.texts["form-problem"].startswith("This email address and password do not belong together.")
    assert "wrong wrong" not in response.text
    assert response.headers["cache-control"] == "no-store"
    assert "set-cookie" not in response.headers


def test_too_many_guesses_are_told_when_to_come_back(visitor, sam):
    for _ in range(5):
        sign_in(visitor(), password="wrong wrong")
    response = sign_in(visitor())
    assert response.status_code == 429
    assert 0 < int(response.headers["retry-after"]) <= 15
    assert "seconds" in Reader(response.text).texts["form-problem"]


def test_a_device_that_has_signed_in_before_is_let_in_whatever_others_guess_at_its_address(visitor, sam):
    sams = visitor()
    sign_in(sams)
    sams.post("/sign-out")
    for _ in range(5):
        sign_in(visitor(), password="wrong wrong")
    assert sign_in(visitor()).status_code == 429
    assert sign_in(sams).status_code == 303


def test_the_devices_cookie_is_hidden_from_scripts_and_outlives_signing_out(visitor, sam):
    sams = visitor()
    cookie = next(each.lower() for each in sign_in(sams).headers.get_list("set-cookie") if "device" in each)
    assert {"httponly", "samesite=lax", "path=/"} <= set(cookie.split("; "))
    device = sams.cookies["rxconnect-device"]
    sams.post("/sign-out")
    assert "rxconnect" not in sams.cookies
    assert sams.cookies["rxconnect-device"] == device
    sign_in(sams)
    assert sams.cookies["rxconnect-device"] == device


@pytest.mark.parametrize("way", ["/sign-out", "/sign-out-everywhere"])
def test_signing_out_clears_what_our_pages_kept_in_the_browser_and_no_cookies(visitor, sam, way):
    sams = visitor()
    sign_in(sams)
    assert sams.post(way).headers["clear-site-data"] == '"cache", "storage"'


def test_signing_in_again_in_the_same_browser_replaces_its_earlier_sign_in(visitor, sam):
    here, there = visitor(), visitor()
    sign_in(here), sign_in(there)
    earlier = here.cookies["rxconnect"]
    sign_in(here)
    assert db.read(sign_ins.actor_for, earlier) is None
    assert (is_signed_in(here), is_signed_in(there)) == (True, True)


def test_somebody_else_who_signs_in_here_replaces_the_sign_in_of_the_first(visitor, sam):
    computer = visitor()
    sign_in(computer)
    earlier = computer.cookies["rxconnect"]
    computer.post("/sign-up", data={"email": "rosa@example.com", "name": "Rosa", "password": PASSWORD})
    assert db.read(sign_ins.actor_for, earlier) is None
    assert is_signed_in(computer)


def test_a_sign_in_that_another_of_the_same_browser_overtook_leads_to_the_door_and_blames_no_password(sam):
    token = db.write(sign_ins.create_sign_in, sam)
    db.write(sign_ins.sign_out, token)
    response = signed_in(Request({"type": "http", "headers": []}), token, "/inbox", Browser("192.0.2.7"))
    assert (response.status_code, response.headers["location"]) == (303, "/")
    assert "set-cookie" not in response.headers


def test_a_cookie_that_was_deleted_does_not_leave_its_sign_in_alive(visitor, sam):
    sams = visitor()
    sign_in(sams)
    earlier = sams.cookies["rxconnect"]
    del sams.cookies["rxconnect"]
    sign_in(sams)
    assert db.read(sign_ins.actor_for, earlier) is None


def test_a_new_device_is_told_of_by_email_and_neither_the_first_nor_a_known_one(visitor, sam):
    def told():
        return [each.body for each in db.read(emails.outbox) if each.subject.startswith("A new device")]

    sams = visitor()
    sign_in(sams), sign_in(sams)
    assert told() == []
    android = "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"
    other = visitor()
    other.headers["user-agent"] = android
    sign_in(other)
    (body,) = told()
    assert "Chrome on Android" in body
    sign_in(other), sign_in(sams)
    assert len(told()) == 1


def test_the_first_device_of_someone_who_has_just_signed_up_is_not_told_of(visitor, database):
    visitor().post("/sign-up", data={"email": "rosa@example.com", "name": "Rosa", "password": PASSWORD})
    assert [each.subject for each in db.read(emails.outbox)] == ["Please confirm your email address"]


@pytest.mark.parametrize("next_", ["/compose/7", "/find/inmate?step=2#x", "/credits/review/ab12"])
def test_signing_in_goes_on_to_where_one_was_headed(visitor, sam, next_):
    assert sign_in(visitor(), next=next_).headers["location"] == next_
    assert sign_in(visitor(), query="?next=/inbox").headers["location"] == "/inbox"


@pytest.mark.parametrize(
    "next_",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        "/.//evil.example",
        " //evil.example",
        "evil",
        "/x\r\nSet-Cookie: a=b",
        "/\u202eevil",
        "",
    ],
)
def test_signing_in_never_leads_to_another_site(visitor, sam, next_):
    response = sign_in(visitor(), next=next_)
    assert (response.status_code, response.headers["location"]) == (303, "/dashboard")


def test_signing_up_signs_in_and_an_email_in_use_is_told_beside_its_field(visitor, sam):
    rosa = visitor()
    fields = {"email": "rosa@example.com", "name": "Rosa <b>", "password": PASSWORD}
    assert rosa.post("/sign-up", data=fields).headers["location"] == "/dashboard"
    assert is_signed_in(rosa)
    response = visitor().post("/sign-up", data=fields | {"password": "another one 12"})
    page = Reader(response.text)
    assert response.status_code == 422
    assert "already" in page.texts["email-problem"]
    assert page.inputs["name"]["value"] == "Rosa <b>"


def test_an_email_in_use_comes_with_a_link_to_signing_in_that_leads_on_as_the_form_would(visitor, sam):
    fields = {"email": "sam@example.com", "name": "Sam", "password": "another one 12"}
    for query, address in (("", "/sign-in"), ("?next=/credits", "/sign-in?next=/credits")):
        told = visitor().post(f"/sign-up{query}", data=fields).text
        assert f'here already. <a href="{address}">Please sign in instead.</a></p>' in told


def test_a_script_gets_a_refusal_as_sentences_and_never_what_was_typed(visitor, sam):
    fields = {"email": "sam@example.com", "name": "Sam", "password": "another one 12"}
    response = visitor().post("/sign-up", data=fields, headers=AS_SCRIPT)
    assert (response.status_code, response.headers["cache-control"]) == (422, "no-store")
    assert response.json() == {
        "problems": {"email": "An account with this email address is here already."},
        "links": {"email": ["Please sign in instead.", "/sign-in"]},
    }


def test_a_script_is_told_where_a_form_leads_and_gets_the_same_cookie(visitor, sam):
    sams = visitor()
    data = {"email": "sam@example.com", "password": PASSWORD}
    response = sams.post("/sign-in?next=/credits", data=data, headers=AS_SCRIPT)
    assert (response.status_code, response.json()) == (200, {"next": "/credits"})
    assert {"httponly", "samesite=lax"} <= set(response.headers["set-cookie"].lower().split("; "))
    assert is_signed_in(sams)
    late = visitor().post("/change-password", data={}, headers=AS_SCRIPT)
    assert late.json() == {"next": "/sign-in?next=/change-password&done=ended"}


def test_pressing_sign_up_twice_signs_in(visitor, database):
    twice = visitor()
    for _ in range(2):
        response = twice.post("/sign-up", data={"email": "rosa@example.com", "name": "Rosa", "password": PASSWORD})
        assert response.headers["location"] == "/dashboard"
    assert len(db.read(emails.outbox)) == 1


def test_signing_out_ends_the_sign_in_on_the_server_too(visitor, sam):
    sams = visitor()
    sign_in(sams)
    stolen = sams.cookies["rxconnect"]
    response = sams.post("/sign-out")
    assert (response.status_code, response.headers["location"]) == (303, "/sign-in?done=signed-out")
    assert "rxconnect" not in sams.cookies
    assert db.read(sign_ins.actor_for, stolen) is None
    assert Reader(sams.get("/sign-in?done=signed-out").text).texts["form-notice"].startswith("You are signed out")


def test_two_browsers_signing_out_one_and_then_everywhere(visitor, sam):
    phone, desktop, library = visitor(), visitor(), visitor()
    for each in (phone, desktop, library):
        sign_in(each)
    phone.post("/sign-out")
    assert [is_signed_in(each) for each in (phone, desktop, library)] == [False, True, True]
    desktop.post("/sign-out-everywhere")
    assert [is_signed_in(each) for each in (phone, desktop, library)] == [False, False, False]


def test_a_link_or_an_image_cannot_sign_anyone_out(visitor, sam):
    sams = visitor()
    sign_in(sams)
    sams.get("/sign-out")
    sams.get("/sign-out-everywhere")
    assert is_signed_in(sams)


def test_a_forgotten_password_is_replaced_through_the_emailed_link_once(visitor, sam):
    sams, thief = visitor(), visitor()
    sign_in(thief)
    response = sams.post("/forgot-password", data={"email": "sam@example.com"})
    assert response.headers["location"] == "/forgot-password?done=1"
    assert "on its way" in Reader(sams.get("/forgot-password?done=1").text).texts["form-notice"]
    link = newest_link()
    page = Reader(sams.get(link).text)
    token = page.inputs["token"]["value"]
    assert link == f"/reset-password?token={token}"
    done = sams.post("/reset-password", data={"token": token, "new_password": NEW})
    assert done.headers["location"] == "/dashboard"
    assert (is_signed_in(sams), is_signed_in(thief)) == (True, False)
    again = thief.post(link, data={"new_password": "another one 12"})
    assert again.status_code == 422
    assert "used before" in Reader(again.text).texts["form-problem"]
    assert (is_signed_in(sams), is_signed_in(thief)) == (True, False)
    assert sign_in(sams, password=NEW).status_code == 303


def test_a_refused_new_password_keeps_the_token_in_the_form(visitor, sam):
    sams = visitor()
    sams.post("/forgot-password", data={"email": "sam@example.com"})
    page = Reader(sams.post(newest_link(), data={"new_password": "short"}).text)
    assert "at least 10" in page.texts["new_password-problem"]
    assert "/reset-password?token=" + page.inputs["token"]["value"] == newest_link()


def test_forgetting_a_password_answers_alike_for_nobody(visitor, sam):
    answers = [visitor().post("/forgot-password", data={"email": e}) for e in ("sam@example.com", "no@example.com")]
    assert [(a.status_code, a.headers["location"], a.text) for a in answers] == [
        (303, "/forgot-password?done=1", "")
    ] * 2


def test_looking_at_a_verification_link_uses_nothing_up_and_pressing_the_button_does(visitor, database):
    rosa = visitor()
    rosa.post("/sign-up", data={"email": "rosa@example.com", "name": "Rosa", "password": PASSWORD})
    link, cookie = newest_link(), rosa.cookies["rxconnect"]
    visitor().get(link)
    assert not db.read(sign_ins.actor_for, cookie).email_verified
    token = Reader(visitor().get(link).text).inputs["token"]["value"]
    assert visitor().post("/verify-email", data={"token": token}).headers["location"] == "/email-confirmed"
    assert db.read(sign_ins.actor_for, cookie).email_verified


def test_changing_the_password_keeps_this_browser_signed_in_and_ends_the_others(visitor, sam):
    here, there = visitor(), visitor()
    sign_in(here), sign_in(there)
    wrong = here.post("/change-password", data={"current_password": "wrong wrong", "new_password": NEW})
    assert "not your current password" in Reader(wrong.text).texts["current_password-problem"]
    response = here.post("/change-password", data={"current_password": PASSWORD, "new_password": NEW})
    assert response.headers["location"] == "/change-password?done=1"
    assert (is_signed_in(here), is_signed_in(there)) == (True, False)


def test_changing_the_password_when_the_sign_in_has_ended_leads_to_signing_in_and_back_and_says_why(visitor, sam):
    response = visitor().post("/change-password", data={"current_password": PASSWORD, "new_password": NEW})
    assert (response.status_code, response.headers["location"]) == (303, "/sign-in?next=/change-password&done=ended")
    page = Reader(visitor().get(response.headers["location"]).text)
    assert page.texts["form-notice"] == "You were signed out, so nothing was changed. Please sign in again."
    assert page.inputs["next"]["value"] == "/change-password"


def test_a_stranger_who_followed_a_link_is_asked_to_sign_in_and_one_who_came_by_themselves_is_not(visitor, sam):
    followed, came = (Reader(visitor().get(f"/sign-in{query}").text) for query in ("?next=/inbox", ""))
    assert followed.texts["form-notice"] == "Please sign in to see that page."
    assert "form-notice" not in came.texts


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/forgot-password", "/reset-password", "/verify-email"])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0",
        "\x01\x02\x1b",
        "\u202e\u2066right",
        "<script>alert(1)</script>",
        '"><img src=x>',
        "🙂" * 200,
        "x" * 10_000,
    ],
)
def test_no_field_can_hold_anything_that_breaks_a_form(visitor, sam, path, text):
    names = ("email", "name", "password", "new_password", "token")
    response = visitor().post(path, data=dict.fromkeys(names, text))
    assert response.status_code == 422
    page = Reader(response.text)
    assert any(page.texts.values())
    assert "img" not in page.tags
    if "email" in page.inputs and "\0" not in text:
        assert page.inputs["email"]["value"] == text


@pytest.mark.parametrize(
    "body",
    [b"", b"&&&=&=", b"%", b"email=%ff%fe&password=%00", b"\xff\xfe\x00", b"email[]=a&email=b", b"a=b&" * 1000],
)
def test_a_body_that_is_no_form_is_answered_in_words(visitor, sam, body):
    headers = {"content-type": "application/x-www-form-urlencoded"}
    response = visitor().post("/sign-in", content=body, headers=headers)
    assert response.status_code in (413, 422)
    assert any(Reader(response.text).texts.values())


def test_a_form_larger_than_64_kilobytes_is_refused_without_being_read(visitor, sam):
    response = sign_in(visitor(), password="x" * 70_000)
    assert response.status_code == 413
    assert "more text than this form can take" in response.text


# These lead whoever is not at this step to another page.
STEPS = {"sign-in/code", "second-factor", "kiosk", "kiosk/pin"}


@pytest.mark.parametrize(
    ("page", "field"), [(page, field) for page, fields in PAGES.items() if page not in STEPS for field in fields]
)
def test_a_text_far_too_long_is_refused_at_its_field_before_anything_is_done_with_it(visitor, sam, page, field):
    client = visitor()
    sign_in(client)
    good = {"email": "sam@example.com", "name": "Sam", "password": PASSWORD, "new_password": NEW}
    tries = db.read(count_tries)
    response = client.post(f"/{page}", data=good | {"current_password": PASSWORD, field: "x" * 60_000})
    if field not in ("next", "token"):
        assert response.status_code == 422
        assert Reader(response.text).texts[f"{field}-problem"].endswith("characters; this has 60,000.")
        assert db.read(count_tries) == tries


def test_what_was_typed_is_kept_when_another_field_is_far_too_long(visitor):
    response = visitor().post("/sign-up", data={"email": "sam@example.com", "name": "Sam" * 1000, "password": "x"})
    page = Reader(response.text)
    assert page.inputs["email"]["value"] == "sam@example.com"
    assert page.inputs["name"]["value"] == "Sam" * 1000


@pytest.mark.parametrize("name", ["next", "token"])
def test_what_no_address_of_ours_holds_is_not_put_into_a_page(visitor, name):
    text = visitor().get("/reset-password", params={name: "x" * 60_000}).text
    assert "xxx" not in text


def test_tries_are_counted_by_what_our_own_proxy_saw(visitor, sam, setting):

    def seen(peer, forwarded):
        scope = {"type": "http", "client": (peer, 1), "headers": [(b"x-forwarded-for", forwarded.encode())]}
        return address_of(Request(scope))

    assert seen("10.0.0.1", "203.0.113.9") == "10.0.0.1"
    setting(public_url="https://messages.example.org")
    assert seen("10.0.0.1", "6.6.6.6, 203.0.113.9") == "203.0.113.9"
    assert seen("8.8.8.8", "6.6.6.6") == "8.8.8.8"
    assert seen("10.0.0.1", "nonsense") == "10.0.0.1"
    assert seen("10.0.0.1", "2001:db8:1:2:3:4:5:6") == seen("10.0.0.1", "2001:db8:1:2::9") == "2001:db8:1:2::/64"


def test_the_password_given_again_leads_back_to_where_one_was(visitor, sam):
    sams = visitor()
    sign_in(sams)
    actor = db.read(sign_ins.actor_for, sams.cookies["rxconnect"])
    wrong = sams.post("/confirm?next=/credits/auto-reload/3", data={"password": "wrong wrong"})
    assert wrong.status_code == 422
    assert "not your password" in Reader(wrong.text).texts["password-problem"]
    none = sams.post("/confirm", data={})
    assert "enter your password" in Reader(none.text).texts["password-problem"]
    response = sams.post("/confirm?next=/credits/auto-reload/3", data={"password": PASSWORD})
    assert (response.status_code, response.headers["location"]) == (303, "/credits/auto-reload/3")
    assert db.read(sign_ins.actor_for, sams.cookies["rxconnect"]).password_at > actor.password_at
    assert sams.post("/confirm?next=//evil.example", data={"password": PASSWORD}).headers["location"] == "/dashboard"


def test_who_was_signed_out_meanwhile_signs_in_and_goes_on_where_they_were(visitor, sam):
    response = visitor().post("/confirm?next=/credits/auto-reload/3", data={"password": PASSWORD})
    assert response.headers["location"] == "/sign-in?next=/credits/auto-reload/3"
