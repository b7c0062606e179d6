"""The switch before and after signing in: what was typed stays, and who signs in keeps the language that they chose."""

from __future__ import annotations

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.i18n import PSEUDO
from rxconnect.models import Account, Facility
from rxconnect.services.accounts import passwords
from rxconnect.services.accounts import sign_ins as door
from rxconnect.services.kiosk import devices, pins
from tests import kiosks
from tests.api.conftest import PASSWORD
from tests.api.html import Reader, built_page
from tests.rooms import seat_of

COOKIE = "rxconnect-language"
SAM = {"email": "sam@example.com", "password": PASSWORD}
PAGES = {"sign-in": ["email", "password", "next"], "kiosk": ["number", "pin"], "kiosk/inbox": []}
PIN = "739182"


@pytest.fixture
def spoken(database, static_dir, setting):
    """English and the pseudo-language, each with its own build."""
    setting(languages=f"en,{PSEUDO}")
    for page, names in PAGES.items():
        folder = static_dir.with_name(PSEUDO) / page
        folder.mkdir(parents=True)
        for file in (folder / "index.html", folder.with_name(f"{folder.name}.html")):
            file.write_text(built_page(page, names) + "<!-- foreign --><script>hola()</script>")


@pytest.fixture
def tablet(spoken, visitor, facility, inmate):
    """A kiosk of a facility that writes in the pseudo-language, and Marcus, who has a PIN there."""
    place = facility(name="Cedar Ridge")
    with db.transaction() as session:
        session.get_one(Facility, place).language = PSEUDO
    inmate_id = inmate(place, number="20418873", first_name="Marcus", last_name="Delgado")
    kiosks.add_person(inmate_id, passwords.hash_password(pins.peppered(inmate_id, PIN)))
    browser = visitor()
    browser.cookies.set(devices.cookie_name(), kiosks.add_device(place))
    return browser


def is_foreign(response) -> bool:
    assert response.status_code == 200
    return "<!-- foreign -->" in response.text


def language_of(email: str) -> str:
    with db.reading() as session:
        return session.exec(select(Account.language).where(Account.email == email)).one()


def test_the_page_before_signing_in_comes_back_in_the_other_language_with_what_was_typed(spoken, visitor):
    browser = visitor()
    typed = {"email": "rosa@", "password": "secret", "next": "/cards", "language": PSEUDO}
    page = browser.post("/sign-in", data=typed)
    assert is_foreign(page)
    fields = Reader(page.text).inputs
    assert (fields["email"]["value"], fields["next"]["value"]) == ("rosa@", "/cards")
    assert "value" not in fields["password"]
    assert "problem" not in Reader(page.text).texts
    # The policy names the scripts of this page, and the next page stays in its language.
    following = browser.get("/sign-in")
    assert is_foreign(following)
    assert page.headers["content-security-policy"] == following.headers["content-security-policy"]


def test_a_language_that_is_not_offered_is_a_field_that_means_nothing(spoken, visitor, sam):
    assert visitor().post("/sign-in", data=SAM | {"language": "tlh"}).status_code == 303


def test_the_language_that_was_just_chosen_comes_along_with_the_sign_in(spoken, visitor, sam):
    visitor().post("/sign-in", data=SAM)
    assert language_of("sam@example.com") == "en"
    browser = visitor()
    browser.post("/sign-in", data={"language": PSEUDO})
    browser.post("/sign-in", data=SAM)
    assert language_of("sam@example.com") == PSEUDO
    # Only a choice does that: the next person in this browser keeps their own.
    browser.post("/sign-out")
    assert browser.cookies[COOKIE] == PSEUDO
    with db.transaction() as session:
        session.exec(select(Account).where(Account.email == "sam@example.com")).one().language = "en"
    browser.post("/sign-in", data=SAM)
    assert (language_of("sam@example.com"), browser.cookies[COOKIE]) == ("en", "en")


def test_a_kiosk_speaks_its_facilitys_language_until_somebody_chooses(tablet):
    first = tablet.get("/kiosk")
    assert first.status_code == 303
    assert is_foreign(tablet.get("/kiosk"))
    typed = tablet.post("/kiosk", data={"number": "20418873", "pin": PIN, "language": "en"})
    assert not is_foreign(typed)
    fields = Reader(typed.text).inputs
    assert "value" not in fields["pin"]


def test_a_kiosk_remembers_the_language_of_each_person_and_goes_back_for_the_next(tablet):
    tablet.get("/kiosk")
    tablet.post("/kiosk", data={"language": "en"})
    assert tablet.post("/kiosk", data={"number": "20418873", "pin": PIN}).headers["location"] == "/kiosk/inbox"
    assert tablet.cookies[COOKIE] == "en"
    tablet.post("/kiosk/sign-out")
    assert tablet.cookies[COOKIE] == PSEUDO
    assert is_foreign(tablet.get("/kiosk"))
    tablet.post("/kiosk", data={"number": "20418873", "pin": PIN})
    assert tablet.cookies[COOKIE] == "en"
    # Somebody who is signed in changes it for themselves.
    tablet.post("/language", data={"language": PSEUDO}, headers={"referer": "http://127.0.0.1:8000/kiosk/inbox"})
    assert tablet.cookies[COOKIE] == PSEUDO


def test_a_seat_of_a_demo_session_changes_its_own_language_alone(spoken, visitor, open_room):
    room, browser = open_room(), visitor()
    watcher = room.join()
    browser.cookies.set(door.seat_cookie_name(), watcher)
    referer = {"referer": "http://127.0.0.1:8000/dashboard"}
    changed = browser.post("/language", data={"language": PSEUDO}, headers=referer)
    assert (changed.status_code, changed.headers["location"]) == (303, "/dashboard")
    assert (seat_of(watcher).language, seat_of(room.trainer).language) == (PSEUDO, "en")
