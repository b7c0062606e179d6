"""The kiosk's forms, posted by a browser without any script: the code, number and PIN, the own PIN, and the sign-out."""

from __future__ import annotations

import pytest

from rxconnect import db
from rxconnect.domain.accounts import SYSTEM
from rxconnect.models import Contact, Draft, Message
from rxconnect.services.accounts import passwords
from rxconnect.services.accounts import sign_ins as door
from rxconnect.services.kiosk import devices, pins, sign_ins
from tests import kiosks
from tests.api.html import Reader

OWN = "739182"


@pytest.fixture
def place(facility):
    return facility(name="Cedar Ridge")


@pytest.fixture
def tablet(visitor, place):
    """A browser that is a kiosk."""
    browser = visitor()
    code = db.write(devices.make, SYSTEM, place, "Day room").code
    assert location(browser.post("/kiosk/device", data={"device_code": code})) == "/kiosk?done=ready"
    return browser


@pytest.fixture
def marcus(place, inmate):
    """Somebody with a PIN of their own."""
    inmate_id = inmate(place, number="20418873", first_name="Marcus", last_name="Delgado")
    return kiosks.add_person(inmate_id, passwords.hash_password(pins.peppered(inmate_id, OWN)))


def location(response):
    assert response.status_code == 303
    return response.headers["location"]


def enter(browser, number="20418873", pin=OWN):
    return browser.post("/kiosk", data={"number": number, "pin": pin})


def test_a_browser_that_is_no_kiosk_is_led_to_the_form_for_its_code(visitor, marcus):
    assert location(visitor().get("/kiosk")) == "/kiosk/device"
    assert location(enter(visitor())) == "/kiosk/device"
    assert visitor().get("/kiosk/device").status_code == 200


def test_a_wrong_code_is_told_beside_its_field(visitor, database):
    response = visitor().post("/kiosk/device", data={"device_code": "AAAA-AAAA-AAAA"})
    assert response.status_code == 422
    assert "opens no kiosk" in Reader(response.text).texts["device_code-problem"]


def test_the_kiosks_cookie_lasts_and_scripts_cannot_read_it(tablet, place):
    code = db.write(devices.make, SYSTEM, place, "Day room").code
    response = tablet.post("/kiosk/device", data={"device_code": code})
    (cookie,) = response.headers.get_list("set-cookie")
    assert {"httponly", "samesite=lax", "path=/", f"max-age={400 * 24 * 3600}"} <= set(cookie.lower().split("; "))
    assert Reader(tablet.get("/kiosk").text).texts["kiosk-place"] == "Cedar Ridge"


def test_number_and_pin_lead_to_the_letters_and_the_sign_out_back(tablet, marcus):
    response = enter(tablet)
    assert location(response) == "/kiosk/inbox"
    assert location(tablet.get("/kiosk")) == "/kiosk/inbox"
    response = tablet.post("/kiosk/sign-out")
    assert location(response) == "/kiosk?done=signed-out"
    assert response.headers["clear-site-data"] == '"storage"'
    assert sign_ins.cookie_name() not in tablet.cookies
    assert tablet.get("/kiosk").status_code == 200


def mark_in(tablet):
    return sign_ins.mark_of(sign_ins.hash_token(tablet.cookies[sign_ins.cookie_name()]))


@pytest.mark.parametrize("done", ["signed-out", "ended"])
def test_a_sign_out_that_was_lost_on_the_way_is_done_by_the_page_that_follows(tablet, marcus, done):
    enter(tablet)
    token = tablet.cookies[sign_ins.cookie_name()]
    response = tablet.get("/kiosk", params={"done": done, "of": mark_in(tablet)})
    assert (location(response), sign_ins.cookie_name() in tablet.cookies) == (f"/kiosk?done={done}", False)
    assert tablet.get("/kiosk", params={"done": done}).status_code == 200
    assert db.read(sign_ins.actor_for, token) is None
    assert tablet.get("/kiosk").status_code == 200


def test_a_page_that_the_last_person_left_open_does_not_sign_out_the_next_one(tablet, marcus, place, inmate):
    enter(tablet)
    stale = mark_in(tablet)
    tablet.post("/kiosk/sign-out", params={"of": stale})
    theo = inmate(place, number="20418874", first_name="Theo")
    kiosks.add_person(theo, passwords.hash_password(pins.peppered(theo, OWN)))
    enter(tablet, "20418874")
    for answer in (
        tablet.get("/kiosk", params={"done": "ended"}),
        tablet.get("/kiosk", params={"done": "ended", "of": stale}),
        tablet.post("/kiosk/sign-out", params={"of": stale}),
    ):
        assert location(answer) == "/kiosk/inbox"
    assert db.read(sign_ins.actor_for, tablet.cookies[sign_ins.cookie_name()]).name.startswith("Theo")
    assert location(tablet.post("/kiosk/sign-out", params={"of": mark_in(tablet)})) == "/kiosk?done=signed-out"


def test_a_sign_in_that_ended_while_the_tablet_was_away_is_named_once(tablet, marcus):
    enter(tablet)
    db.write(sign_ins.sign_out, tablet.cookies[sign_ins.cookie_name()])
    assert location(tablet.get("/kiosk")) == "/kiosk?done=ended"
    assert tablet.get("/kiosk").status_code == 200


def test_a_wrong_pin_writes_neither_number_nor_pin_back(tablet, marcus):
    response = enter(tablet, pin="739183")
    page = Reader(response.text)
    assert response.status_code == 422
    assert "do not belong together" in page.texts["form-problem"]
    assert "20418873" not in response.text
    assert "739183" not in response.text
    assert response.headers["cache-control"] == "no-store"


def test_wrong_pin_number_of_nobody_and_somebody_released_get_the_same_page(tablet, place, inmate, marcus):
    released = inmate(place, number="30000001", custody="released")
    kiosks.add_person(released, passwords.hash_password(pins.peppered(released, OWN)))
    inmate(place, number="30000002")
    answers = {
        enter(tablet, *tried).text
        for tried in (("20418873", "1"), ("99999999", OWN), ("30000001", OWN), ("30000002", OWN))
    }
    assert len(answers) == 1


def test_the_first_pin_leads_to_the_form_for_the_own_one(tablet, place, marcus):
    first = db.write(pins.give_by_number, SYSTEM, place, "20418873").pin
    assert location(enter(tablet, pin=first)) == "/kiosk/pin"
    assert location(tablet.get("/kiosk")) == "/kiosk/pin"
    refused = tablet.post("/kiosk/pin", data={"new_pin": "1234", "pin_again": "1234"})
    assert "easy to guess" in Reader(refused.text).texts["new_pin-problem"]
    assert location(tablet.post("/kiosk/pin", data={"new_pin": "902158", "pin_again": "902158"})) == "/kiosk/inbox"
    assert location(tablet.get("/kiosk/pin")) == "/kiosk"


def test_the_form_for_the_own_pin_opens_for_nobody_else(tablet, marcus):
    assert location(tablet.get("/kiosk/pin")) == "/kiosk"
    response = tablet.post("/kiosk/pin", data={"new_pin": "902158", "pin_again": "902158"})
    assert location(response) == "/kiosk?done=ended"


def test_after_many_wrong_pins_the_answer_says_how_long_to_wait(tablet, marcus):
    for _ in range(5):
        enter(tablet, pin="739183")
    response = enter(tablet)
    assert response.status_code == 429
    assert int(response.headers["retry-after"]) <= 15


def test_a_kiosk_opens_no_page_and_no_form_of_families_and_staff_and_the_reverse(tablet, visitor, marcus, sam):
    enter(tablet)
    assert location(tablet.get("/")) == "/sign-in"
    assert location(tablet.post("/change-password", data={"current_password": OWN, "new_password": OWN})).startswith(
        "/sign-in"
    )
    family = visitor()
    family.cookies.set(door.cookie_name(), db.write(door.create_sign_in, sam))
    assert location(family.get("/kiosk")) == "/kiosk/device"
    # Not even with the tokens in each other's cookies.
    family.cookies.set(sign_ins.cookie_name(), family.cookies[door.cookie_name()])
    family.cookies.set(devices.cookie_name(), family.cookies[door.cookie_name()])
    assert location(family.get("/kiosk")) == "/kiosk/device"
    tablet.cookies.set(door.cookie_name(), tablet.cookies[sign_ins.cookie_name()])
    assert location(tablet.get("/")) == "/sign-in"


@pytest.mark.parametrize("path", ["/kiosk", "/kiosk/device", "/kiosk/inbox"])
def test_no_page_of_a_kiosk_stays_in_the_browser(tablet, path):
    assert tablet.get(path).headers["cache-control"] == "no-store"


def test_behind_tls_the_cookies_are_bound_to_the_host(visitor, place, marcus, setting):
    setting(public_url="https://messages.example.org")
    browser = visitor(base_url="https://messages.example.org")
    code = db.write(devices.make, SYSTEM, place, "Day room").code
    made = browser.post("/kiosk/device", data={"device_code": code})
    cookies = [*made.headers.get_list("set-cookie"), *enter(browser).headers.get_list("set-cookie")]
    names = [cookie.partition("=")[0] for cookie in cookies if "secure" in cookie.lower()]
    assert {"__Host-rxconnect-kiosk", "__Host-rxconnect-kiosk-device"} <= set(names)


def test_five_hundred_people_in_turn_leave_nothing_in_a_cookie_or_a_page(tablet, place, monkeypatch):
    # Hashing a PIN takes 20 ms on purpose, and the disk need not keep any of this.
    monkeypatch.setattr(passwords, "verify", lambda known, given: known is not None)
    monkeypatch.setattr(db, "write", db.write_unsynced)
    words = [f"Q{turn:03}x" for turn in range(500)]
    kiosks.add_crowd(place, words)
    left = set()
    for word in words:
        response = enter(tablet, number=word)
        assert location(response) == "/kiosk/inbox"
        token = tablet.cookies[sign_ins.cookie_name()]
        out = tablet.post("/kiosk/sign-out")
        # The language is the facility's again.
        assert set(tablet.cookies) - {"rxconnect-language"} == {devices.cookie_name()}
        assert tablet.cookies.get("rxconnect-language") in (None, "en")
        heard = f"{response.headers}{response.text}{out.headers}{out.text}"
        assert token not in left
        assert word not in heard
        left.add(token)
    page = tablet.get("/kiosk").text
    assert not any(trace in page for trace in (*words, *left))


@pytest.fixture
def written(place, marcus, sam):
    """The draft of a reply to a family whose letter has arrived."""
    with db.transaction() as session:
        contact = Contact(account_id=sam, inmate_id=marcus.inmate_id)
        session.add(contact)
        session.flush()
        letter = {"account_id": sam, "facility_id": place, "contact_id": contact.id, "direction": "outgoing"}
        session.add(Message(**letter, status="delivered", subject="Hi", body="Hi", search_text="hi"))
        draft = Draft(account_id=marcus.account_id, contact_id=contact.id)
        session.add(draft)
        session.flush()
        return draft.id


def save(browser, draft_id, body="I am well."):
    words = {"tab": "a1", "number": 1, "base": 0, "contact": None, "subject": "", "body": body}
    return browser.post(f"/kiosk/replies/{draft_id}/keep", json=words)


def test_a_reply_is_saved_while_it_is_typed(tablet, written):
    assert save(tablet, written).status_code == 401
    enter(tablet)
    told = save(tablet, written).json()
    assert (told["version"], told["tab"], told["number"]) == (1, "a1", 1)
    assert "left" in told["figures"]["left"]
    with db.reading() as session:
        assert session.get_one(Draft, written).body == "I am well."


def test_nobody_saves_a_reply_for_anybody_else(tablet, visitor, place, inmate, written, sam):
    other = inmate(place, number="30000001")
    kiosks.add_person(other, passwords.hash_password(pins.peppered(other, OWN)))
    enter(tablet, "30000001")
    assert save(tablet, written).status_code == 404
    family = visitor()
    family.cookies.set(door.cookie_name(), db.write(door.create_sign_in, sam))
    assert save(family, written).status_code == 401
    with db.reading() as session:
        assert session.get_one(Draft, written).body == ""
