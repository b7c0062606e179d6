"""A world is downloaded by its trainer alone, and a file is opened by the form, without any script."""

from __future__ import annotations

from html import unescape

import pytest

from rxconnect import db, routes
from rxconnect.config import settings
from rxconnect.demo import endings, sessions, summaries, views
from rxconnect.domain.accounts import Role
from rxconnect.domain.demo import PER_ADDRESS, WORLD_FILE_MAX
from rxconnect.services.accounts import sign_ins
from tests.api.html import Reader, built_page
from tests.rooms import find, seat_of


@pytest.fixture
def static_dir(static_dir):
    """The built frontend, with the page that opens a file."""
    (static_dir / "demo").mkdir()
    (static_dir / "demo/open.html").write_text(built_page("demo/open", ["world_file", "name"]))
    return static_dir


@pytest.fixture
def taken(open_room) -> bytes:
    """The file of a session that somebody else has started."""
    return sessions.take_world(seat_of(open_room(starter="somebody else").trainer))[1]


@pytest.fixture
def browser_of(visitor):
    """`browser_of(token)`: the browser with this seat's cookie."""

    def opened(token: str):
        browser = visitor()
        browser.cookies.set("rxconnect-seat", token)
        return browser

    return opened


def post(browser, file: bytes, **fields):
    return browser.post(
        routes.DEMO_OPEN, data={"name": "Nina", "guests": "yes"} | fields, files={"world_file": ("x.rxdemo", file)}
    )


def shown(response) -> str:
    return unescape(response.text)


def test_the_trainer_downloads_the_world_from_the_room_and_nobody_else(visitor, browser_of, open_room):
    room = open_room()
    response = browser_of(room.trainer).get(routes.DEMO_WORLD)
    assert response.status_code == 200
    assert f'filename="{room.code.lower()}.rxdemo"' in response.headers["content-disposition"]
    assert response.headers["cache-control"] == "no-store"
    assert browser_of(room.join()).get(routes.DEMO_WORLD).status_code == 404
    assert visitor().get(routes.DEMO_WORLD).status_code == 404


def test_a_file_leads_to_the_room_of_a_new_session(visitor, taken):
    response = post(nina := visitor(), taken, guests="no")
    assert (response.status_code, response.headers["location"]) == (303, routes.DEMO_ROOM)
    seat = seat_of(nina.cookies["rxconnect-seat"])
    view = db.read(views.view, seat)
    assert (seat.name, seat.is_trainer, view.title, view.allows_guests) == ("Nina", True, "Blank", False)


def test_an_altered_file_is_refused_beside_the_file_and_the_name_stays(visitor, taken):
    response = post(visitor(), taken[:-1] + bytes([taken[-1] ^ 1]))
    page = Reader(response.text)
    assert response.status_code == 422
    assert "not as it was when you took it with you" in page.texts["world_file-problem"]
    assert page.inputs["name"]["value"] == "Nina"
    assert "set-cookie" not in response.headers


def test_without_a_file_or_a_name_it_says_what_is_missing(visitor, taken):
    assert "Choose the file" in Reader(post(visitor(), b"").text).texts["world_file-problem"]
    assert Reader(post(visitor(), taken, name=" ").text).texts["name-problem"]


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"])
def test_what_is_no_upload_is_refused(visitor, kind):
    response = visitor().post(routes.DEMO_OPEN, content=b"name=Nina&" * 9_000, headers={"content-type": kind})
    assert response.status_code in (400, 413, 422)


def test_a_file_that_is_far_too_large_is_not_even_read(visitor, demos):
    response = post(visitor(), b"\0" * (WORLD_FILE_MAX + 100_000))
    assert response.status_code == 413
    assert "larger than any that fits here" in shown(response)


def test_only_so_many_are_opened(visitor, taken):
    for _ in range(PER_ADDRESS):
        assert post(visitor(), taken).status_code == 303
    response = post(visitor(), taken)
    assert response.status_code == 429
    assert f"You have {PER_ADDRESS} demo sessions open." in shown(response)


def test_a_seat_opens_nothing_beside_its_room(browser_of, open_room, taken):
    room = open_room()
    assert post(browser_of(room.trainer), taken).headers["location"] == routes.DEMO_ROOM


def test_another_site_opens_nothing(visitor, taken):
    assert post(visitor(is_here=False), taken).status_code == 403


def test_in_production_a_trainer_opens_a_file_and_nobody_else(visitor, taken, actor, facility, monkeypatch):
    in_production = settings().model_copy(update={"mode": "production"})
    monkeypatch.setattr("rxconnect.api.demo_forms.settings", lambda: in_production)
    assert post(visitor(), taken).status_code == 401
    here = facility()
    for role, status in ((Role.REVIEWER, 403), (Role.TRAINER, 303)):
        browser = visitor()
        account_id = actor(role=role, facility_id=here).account_id
        browser.cookies.set("rxconnect", db.write(sign_ins.create_sign_in, account_id))
        assert post(browser, taken).status_code == status


def test_after_the_end_only_the_trainers_browser_gets_the_world(visitor, browser_of, open_room):
    room = open_room()
    number = summaries.number_of(seat_of(room.trainer).session_id)
    address = routes.fill(routes.DEMO_SUMMARY_WORLD, number)
    (trainer, ben) = (browser_of(room.trainer), browser_of(room.join()))
    response = trainer.post(routes.DEMO_END)
    led = next(one for one in response.headers.get_list("set-cookie") if one.startswith("rxconnect-led="))
    assert {"httponly", "samesite=lax", "path=/"} <= set(led.lower().split("; "))
    trainer.cookies.delete("rxconnect-seat")
    for _ in range(2):
        endings.end_due()
    response = trainer.get(address)
    assert response.status_code == 200
    assert f'filename="{room.code.lower()}.rxdemo"' in response.headers["content-disposition"]
    assert post(visitor(), response.content).status_code == 303
    assert not find(room.trainer)
    for browser in (visitor(), ben):
        assert browser.get(address).status_code == 404
    ben.cookies.set("rxconnect-led", ben.cookies["rxconnect-seat"])
    assert ben.get(address).status_code == 404


def test_a_trainer_of_one_session_gets_no_world_of_another(visitor, open_room):
    first, second = open_room(), open_room()
    address = routes.fill(routes.DEMO_SUMMARY_WORLD, summaries.number_of(seat_of(second.trainer).session_id))
    for room in (first, second):
        db.write(sessions.end, seat_of(room.trainer))
    browser = visitor()
    browser.cookies.set("rxconnect-led", first.trainer)
    assert browser.get(address).status_code == 404


def test_a_world_is_not_packed_again_and_again(browser_of, open_room, monkeypatch):
    monkeypatch.setattr("rxconnect.api.demo_files._WORLDS_PER_HOUR", 1)
    trainer = browser_of(open_room().trainer)
    assert [trainer.get(routes.DEMO_WORLD).status_code for _ in range(2)] == [200, 429]
